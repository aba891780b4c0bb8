/*
 * examples: the examples of rules are their tests. Each is made into a change in memory, compared
 * and matched like any other (without policy, score and tier), and its expectation checked.
 */
#ifndef BERM_API_EXAMPLES_H
#define BERM_API_EXAMPLES_H

#include "entity/entity.h"
#include "rule/catalogue.h"

struct example_results {
    uint32_t run, failed;
    VEC(struct slice) lines; /* one a failure: "FILE:LINE: RULE: EXAMPLE: what was found instead" */
};

/*
 * Runs the examples of every rule whose id begins with `prefix`. Lines live in `arena`; everything
 * else is let go after each example. The reader's failure must be the arena's.
 */
void examples_run(struct arena *arena, struct reader *reader, const struct catalogue *catalogue,
                  struct slice prefix, struct example_results *results);

/*
 * As above, and besides each example is judged once more with the index and the block cut switched
 * off; a different result is a failure too.
 */
void examples_compare(struct arena *arena, struct reader *reader, const struct catalogue *catalogue,
                      struct slice prefix, struct example_results *results);

#endif
