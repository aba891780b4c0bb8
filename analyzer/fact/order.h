/*
 * order: which of two values is more. Knows amounts with units, address ranges, paths, globs,
 * sets, versions and named modes; says "unknown" rather than guess.
 */
#ifndef BERM_FACT_ORDER_H
#define BERM_FACT_ORDER_H

#include "fact/value.h"

/*
 *   number    10, -2.5, "65,536" is no number
 *   duration  10s 500ms 7d 1h30m 2w; PT1H30M P7D; a bare number is seconds
 *   quantity  1Gi 500m 2k (Kubernetes); 10GB 512MiB
 *   percent   5% 0.5%; a bare number is a percentage too
 *   cidr      one or a list, v4 and v6 apart, compared as sets of addresses
 *   path      losing components or gaining a wildcard widens; "/" holds everything
 *   glob      one or a list; inclusion is decided conservatively
 *   prefix    one or a list of texts, each of which stands for everything that begins with it
 *   set       a list without order; more elements widen
 *   list      a list with order: appended or inserted elements widen
 *   version   1.2.3, v15, 9.6-alpine: raised or lowered in the first part that differs
 *   major     the first number of a version, of its constraint (^1.2), or of the tag of an image
 *   image     an image without its tag and digest: another one is neither more nor less
 *   modes     named strengths, strongest first
 */
#define ORDERS(X)                                                                                  \
    X(NUMBER, "number")                                                                            \
    X(DURATION, "duration")                                                                        \
    X(QUANTITY, "quantity")                                                                        \
    X(PERCENT, "percent")                                                                          \
    X(CIDR, "cidr")                                                                                \
    X(PATH, "path")                                                                                \
    X(GLOB, "glob")                                                                                \
    X(PREFIX, "prefix")                                                                            \
    X(SET, "set")                                                                                  \
    X(LIST, "list")                                                                                \
    X(VERSION, "version")                                                                          \
    X(MAJOR, "major")                                                                              \
    X(IMAGE, "image")                                                                              \
    X(MODES, "modes")

#define ORDER_ENUM(name, text) ORDER_##name,
enum order { ORDERS(ORDER_ENUM) ORDER_COUNT };

enum order_relation {
    ORDER_UNKNOWN,   /* not comparable as this kind: a reference, another unit, not an address */
    ORDER_EQUAL,     /* the same in meaning: "60s" and "1m" */
    ORDER_MORE,      /* widened, raised, strengthened (modes) */
    ORDER_LESS,      /* narrowed, lowered, weakened (modes) */
    ORDER_UNRELATED, /* both lose and gain */
};

enum { ORDER_RELATION_BITS = 8, COMPARE_TIMES_MAX = 1000 };

struct order_result {
    enum order_relation relation;
    struct slice amount; /* "65,536 → 4,294,967,296 addresses", "6 → 1"; SLICE_NONE if none */
};

bool order_find(struct slice word, enum order *order);
const char *order_words(void); /* "number, duration, ..." for messages */

/* number, duration, quantity, percent */
bool order_has_amounts(enum order order);
/* Is one amount at least `times` the other? Nothing and something always are. */
bool order_differs_by(enum order order, const struct value *was, const struct value *is,
                      int64_t times);
/* `modes` is used by ORDER_MODES only. `was` and `is` may be NULL: unknown. The amount lives in the
 * arena. Cost: linear, sets and address lists n log n. */
struct order_result order_compare(struct arena *arena, enum order order, const struct value *was,
                                  const struct value *is, const struct slice *modes,
                                  uint32_t mode_count);

/* A number with or without a unit in millionths of its base unit (seconds, bytes or cores, per
 * cent); false if the text is none of them or out of range. */
bool order_number(struct slice text, enum order order, int64_t *millionths);

#endif
