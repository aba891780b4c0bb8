/*
 * patch: a unified or git patch as data. Parsing is linear in the bytes and decides nothing about
 * contents; a malformed patch raises BERM_ERROR_PATCH with file and line.
 */
#ifndef BERM_SOURCE_PATCH_H
#define BERM_SOURCE_PATCH_H

#include "source/change_builder.h"

struct patch_hunk {
    uint32_t old_start, old_count, new_start, new_count; /* lines, 1-based; counts checked */
    struct slice body; /* lines with their ' ', '+', '-' or '\' in front */
    uint32_t line;     /* of the "@@" in the patch */
};

struct patch_file {
    struct slice old_path, new_path; /* normalised; SLICE_NONE = no such file on that side */
    uint32_t old_mode, new_mode;     /* 0 = not said */
    struct slice old_id, new_id;     /* as abbreviated in the patch, or SLICE_NONE */
    bool renamed, copied, binary, combined;
    bool crlf; /* the patch itself has CRLF line ends: those of body lines are not content */
    VEC(struct patch_hunk) hunks;
    uint32_t line;
};

struct patch {
    VEC(struct patch_file) files;
    struct slice message, author; /* of the first mail or commit, SLICE_NONE if it has none */
    struct notes notes;
};

void patch_parse(struct arena *arena, struct slice text, const char *where, struct patch *patch);

/* One line of a hunk's body. */
struct patch_line {
    char mark;         /* ' ', '+' or '-' */
    struct slice text; /* without line feed */
    bool newline;      /* false: the file ends here without one */
};
bool patch_next_line(struct slice *body, bool crlf, struct patch_line *line);

/* The other side of a whole file; false if the hunks do not fit exactly. */
bool patch_apply(struct arena *arena, const struct patch_file *file, struct slice from,
                 bool reverse, struct slice *to);
/* What the hunks alone say about a side, at its line numbers if padding is affordable. */
struct slice patch_fragment(struct arena *arena, const struct patch_file *file, bool after);

/* Names as patches write them. */
bool patch_unquote(struct arena *arena, struct slice text, struct slice *name, size_t *used);

#endif
