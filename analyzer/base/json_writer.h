/*
 * json_writer: JSON text, written piece by piece into a strbuf. Deterministic, always
 * valid UTF-8: bytes that are none become U+FFFD. Control, bidirectional and invisible characters
 * are written as \uXXXX, so that a report can be shown on a terminal as it is.
 *
 *     json_open_object(w); json_key(w, "a"); json_number(w, 1); json_end(w);
 */
#ifndef BERM_BASE_JSON_WRITER_H
#define BERM_BASE_JSON_WRITER_H

#include "base/strbuf.h"

enum { JSON_DEPTH = 32 }; /* nesting of our own output; asserted, never reached by input */

struct json_writer {
    struct strbuf *out;
    uint32_t depth;
    bool first[JSON_DEPTH]; /* nothing written yet at this level */
    char close[JSON_DEPTH];
    bool after_key;
    bool pretty; /* one line a value, two spaces a level; set after json_init */
};

void json_init(struct json_writer *writer, struct strbuf *out);
void json_open_object(struct json_writer *writer);
void json_open_array(struct json_writer *writer);
void json_end(struct json_writer *writer); /* of the innermost object or array */
void json_key(struct json_writer *writer, const char *key);
void json_text(struct json_writer *writer, struct slice text); /* null for SLICE_NONE */
void json_number(struct json_writer *writer, int64_t number);
void json_tenths(struct json_writer *writer, uint32_t tenths);           /* 635 -> 63.5 */
void json_thousandths(struct json_writer *writer, uint32_t thousandths); /* 1250 -> 1.250 */
/* A value that is JSON already; nothing is checked. */
void json_raw(struct json_writer *writer, struct slice json);
void json_bool(struct json_writer *writer, bool value);
void json_nothing(struct json_writer *writer);

/* Key and value in one call. */
void json_put_string(struct json_writer *writer, const char *key, struct slice text);
void json_put_text(struct json_writer *writer, const char *key, const char *text);
void json_put_number(struct json_writer *writer, const char *key, int64_t number);
void json_put_tenths(struct json_writer *writer, const char *key, uint32_t tenths);
void json_put_bool(struct json_writer *writer, const char *key, bool value);

#endif
