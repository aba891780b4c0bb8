/*
 * Functions that say where a configuration stands and find others near it. A path of the repository
 * is written as PLACE_ROOT and the path, so that it can be taken apart and put together as a text.
 */
#include "resolve/functions.h"

#include "base/path.h"

static const struct value *make_place(const struct call *call, struct slice path) {
    return make_text(call->evaluator,
                     ARENA_CONCAT(call->evaluator->arena, SLICE(PLACE_ROOT), path));
}

static bool is_there(const struct resolve_scope *scope, struct slice path) {
    struct slice bytes;
    return scope->tree->read(scope->tree->self, path, &bytes) == TREE_PRESENT;
}

static const struct value *run_find(const struct call *call) {
    const struct resolve_scope *scope = call->evaluator->scope;
    struct slice name = call->count ? call_text(call, 0) : SLICE("terragrunt.hcl");
    struct slice directory = scope->directory;
    for (uint32_t i = 0; scope->tree && directory.size && i < RESOLVE_DEPTH; i++) {
        directory = path_directory(directory);
        struct slice path = path_join(call->evaluator->arena, directory, name);
        if (!slice_is_none(path) && is_there(scope, path))
            return make_place(call, path);
    }
    return call->count == 2 ? call->arguments[1] : NULL;
}

static const struct value *run_own_place(const struct call *call) {
    const struct resolve_scope *scope = call->evaluator->scope;
    return scope->tree ? make_place(call, scope->directory) : NULL;
}

static const struct value *run_root_place(const struct call *call) {
    return call->evaluator->scope->tree ? make_place(call, SLICE("")) : NULL;
}

static const struct value *run_parent_place(const struct call *call) {
    struct slice includer = call->evaluator->scope->included;
    return slice_is_none(includer) ? NULL : make_place(call, includer);
}

/* From the directory of what is included to that of what includes it. */
static const struct value *run_relative(const struct call *call) {
    const struct resolve_scope *scope = call->evaluator->scope;
    struct slice above = scope->included, own = scope->directory;
    if (slice_is_none(above) || !path_is_below(own, above))
        return NULL;
    return make_text(call->evaluator, slice_from(own, above.size ? above.size + 1 : 0));
}

static const struct value *run_configuration(const struct call *call) {
    struct resolve_scope *scope = call->evaluator->scope;
    struct slice path = resolve_path(scope, scope->directory, call_text(call, 0));
    const struct value *value =
        slice_is_none(path) || !scope->configuration
            ? NULL
            : scope->configuration(scope->configuration_context, scope, path);
    return value || call->count < 2 ? value : call->arguments[1];
}

const struct function FUNCTIONS_OF_PLACES[] = {
    {"find_in_parent_folders", 0, 2, NEEDS_PLAIN, run_find},
    {"get_terragrunt_dir", 0, 0, NEEDS_PLAIN, run_own_place},
    {"get_original_terragrunt_dir", 0, 0, NEEDS_PLAIN, run_own_place},
    {"get_parent_terragrunt_dir", 0, 1, NEEDS_PLAIN, run_parent_place},
    {"get_repo_root", 0, 0, NEEDS_PLAIN, run_root_place},
    {"path_relative_to_include", 0, 1, NEEDS_PLAIN, run_relative},
    {"read_terragrunt_config", 1, 2, NEEDS_SHAPE, run_configuration},
    {.name = NULL},
};
