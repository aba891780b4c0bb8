/*
 * strbuf: text under construction, in an arena. Always NUL-terminated once something was added.
 */
#ifndef BERM_BASE_STRBUF_H
#define BERM_BASE_STRBUF_H

#include "base/arena.h"

struct strbuf {
    struct arena *arena;
    char *data;
    size_t size, capacity;
};

void strbuf_init(struct strbuf *buf, struct arena *arena);
/* Room for that many bytes: no copies on the way. */
void strbuf_init_sized(struct strbuf *buf, struct arena *arena, size_t size);
void strbuf_add(struct strbuf *buf, struct slice text);
void strbuf_add_text(struct strbuf *buf, const char *text);
void strbuf_add_byte(struct strbuf *buf, char byte);
void strbuf_add_repeat(struct strbuf *buf, char byte, size_t count);
void strbuf_addf(struct strbuf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct slice strbuf_slice(const struct strbuf *buf); /* "" when nothing was added */

#endif
