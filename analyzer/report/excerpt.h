/*
 * excerpt: the source line of a finding, with carets under what is meant.
 */
#ifndef BERM_REPORT_EXCERPT_H
#define BERM_REPORT_EXCERPT_H

#include "report/report.h"

enum {
    EXCERPT_TAB = 4,      /* columns of a tab stop */
    EXCERPT_WINDOW = 512, /* bytes of a line that are looked at on each side of the caret */
};

/* A stretch of one line of one side of a file. */
struct spot {
    struct slice path;
    struct slice line; /* its text, without line end; SLICE_NONE when there is nothing to show */
    uint32_t number;   /* 1-based */
    size_t from, to;   /* bytes of the line that get carets; from == to: none */
    bool before;
};

/* Where the finding is, and the other side of it (number 0 if there is none to show). */
void excerpt_find(const struct report *report, const struct finding *finding, struct spot *main,
                  struct spot *other);

/* Two lines, "- 12 | text" and its carets, cut to `width` columns around the carets. */
void excerpt_add(struct strbuf *out, const struct spot *spot, uint32_t digits, uint32_t width);

#endif
