/*
 * visible: the one sink through which text of others reaches a terminal. Control, bidirectional,
 * zero-width and otherwise invisible characters come out as \n, \t, \x1b or \u{202e}, bytes that
 * are no UTF-8 as \xff. What begins a command in the log of a continuous integration ("::error",
 * "##[") has its first character escaped. Nothing else is changed.
 */
#ifndef BERM_REPORT_VISIBLE_H
#define BERM_REPORT_VISIBLE_H

#include "base/strbuf.h"

/* One character of a text, ready to be shown. */
struct glyph {
    char text[12];
    uint32_t size;  /* bytes of text */
    uint32_t width; /* columns */
    size_t length;  /* bytes it stands for */
};

/* at < text.size */
struct glyph visible_glyph(struct slice text, size_t at);

/* Columns of the text once escaped. */
uint32_t visible_width(struct slice text);
void visible_add(struct strbuf *out, struct slice text);
/* At most `columns` wide (at least 4), cut in the middle with "...". */
void visible_add_clipped(struct strbuf *out, struct slice text, uint32_t columns);
/*
 * Words of the text from column `at` on, wrapped at `width` columns with `indent` spaces before
 * every further line; white space of any kind separates words. Ends without a line end. A word
 * longer than a line is cut.
 */
void visible_wrap(struct strbuf *out, struct slice text, uint32_t at, uint32_t indent,
                  uint32_t width);

#endif
