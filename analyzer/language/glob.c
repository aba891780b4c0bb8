#include "language/glob.h"

/* Where to go on when a later part does not match: the last star of each kind. */
struct star {
    size_t pattern, text; /* SLICE_NPOS = none */
};

static bool star_double(struct slice pattern, size_t at) {
    return at + 1 < pattern.size && pattern.data[at + 1] == '*';
}

/* One more byte for the star, if it may take it. */
static bool star_grow(struct star *star, struct slice text, bool crosses, size_t *p, size_t *t) {
    if (star->pattern == SLICE_NPOS || star->text >= text.size ||
        (!crosses && text.data[star->text] == '/'))
        return false;
    star->text++;
    *p = star->pattern;
    *t = star->text;
    return true;
}

bool glob_match(struct slice pattern, struct slice text) {
    struct star single = {SLICE_NPOS, 0}, wide = {SLICE_NPOS, 0};
    size_t p = 0, t = 0;
    while (t < text.size || p < pattern.size) {
        if (p < pattern.size && pattern.data[p] == '*') {
            bool twice = star_double(pattern, p);
            p += twice ? 2 : 1;
            if (twice && p < pattern.size && pattern.data[p] == '/' &&
                (t == 0 || text.data[t - 1] == '/')) {
                /* "**" + "/" may stand for nothing; otherwise it ends at a '/' */
                if (glob_match(slice_from(pattern, p + 1), slice_from(text, t)))
                    return true;
            }
            *(twice ? &wide : &single) = (struct star){p, t};
            if (twice)
                single.pattern = SLICE_NPOS;
        } else if (p < pattern.size && t < text.size &&
                   (pattern.data[p] == text.data[t] ||
                    (pattern.data[p] == '?' && text.data[t] != '/'))) {
            p++;
            t++;
        } else if (star_grow(&single, text, false, &p, &t)) {
            continue;
        } else if (star_grow(&wide, text, true, &p, &t)) {
            single.pattern = SLICE_NPOS;
        } else {
            return false;
        }
    }
    return true;
}
