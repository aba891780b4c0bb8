/* Stand-ins, weak, until the evaluator is there: a strong definition takes their place. */
#include "fact/predicate.h"

#define PENDING __attribute__((weak))

predicate_ref PENDING predicate_compile(const struct predicate_compiler *compiler,
                                        const struct yaml_node *node) {
    (void)compiler;
    (void)node;
    return 0;
}
predicate_ref PENDING predicate_all(const struct predicate_compiler *compiler,
                                    const predicate_ref *refs, uint32_t count) {
    (void)compiler;
    (void)refs;
    (void)count;
    return 0;
}
void PENDING predicate_context_init(struct predicate_context *context, struct arena *arena,
                                    const struct knowledge *knowledge) {
    context->arena = arena;
    context->knowledge = knowledge;
}
enum predicate_result PENDING predicate_evaluate(struct predicate_context *context,
                                                 const struct image *image, predicate_ref ref,
                                                 const struct predicate_subject *subject,
                                                 struct predicate_match *match) {
    (void)context;
    (void)image;
    (void)ref;
    (void)subject;
    (void)match;
    return PREDICATE_NO;
}
