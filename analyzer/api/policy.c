/* berm_policy: a parsed policy; what it may tighten is the built-in score table. */
#include "api/object.h"

enum { POLICY_BYTES = 1 << 20 };

struct making {
    struct berm_policy *policy;
    const char *file, *where;
    struct slice text;
};

static void make(void *context) {
    struct making *making = context;
    struct berm_policy *policy = making->policy;
    struct arena *arena = &policy->arena;
    if (making->file)
        making->text = call_read_file(arena, making->file, POLICY_BYTES);
    const char *where = arena_text(arena, slice_of(making->file ? making->file : making->where));
    struct knowledge knowledge = {.images = {image_builtin()}, .count = 1};
    struct score_table table;
    score_table_load(&knowledge, &table);
    policy->policy = policy_parse(arena, &table, arena_copy(arena, making->text), where);
}

static berm_status policy_make(berm_policy **out, struct making *making, berm_error *error) {
    *out = NULL;
    making->policy = OBJECT_NEW(struct berm_policy);
    if (!making->policy)
        return call_out_of_memory(error);
    struct call call = {{&making->policy->failure}, make, making};
    berm_status status = call_run(&call, error);
    if (status == BERM_OK)
        *out = making->policy;
    else
        berm_policy_free(making->policy);
    return status;
}

berm_status berm_policy_parse(berm_policy **out, const char *text, size_t size, const char *where,
                              berm_error *error) {
    struct making making = {.where = where ? where : "policy", .text = {text ? text : "", size}};
    return policy_make(out, &making, error);
}

berm_status berm_policy_load(berm_policy **out, const char *file, berm_error *error) {
    struct making making = {.file = file};
    return policy_make(out, &making, error);
}

void berm_policy_free(berm_policy *policy) {
    object_free(policy);
}
