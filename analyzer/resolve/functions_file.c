/*
 * Functions that read files of the repository. A path counts from the directory of the module where
 * it begins with path.module, else from that of the root. A file that is not known leaves the call
 * as it is; one that is too large to stand for itself stands there by its hash.
 */
#include "resolve/functions.h"

#include "base/path.h"

enum {
    FILE_LARGEST = 256 << 10, /* put in the place of its name */
    FILE_NESTING = 4,         /* templates in templates */
};

static struct slice path_of(const struct call *call) {
    const struct value *value = call->arguments[0];
    struct resolve_scope *scope = call->evaluator->scope;
    struct slice text = value->text, directory = scope->root;
    if (value->kind != VALUE_LITERAL && !(value->kind == VALUE_EXPRESSION && value->template))
        return SLICE_NONE;
    static const struct {
        const char *head;
        bool module;
    } heads[] = {{"${path.module}/", true}, {"${path.root}/", false}, {"${path.cwd}/", false}};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        if (slice_starts(text, slice_of(heads[i].head))) {
            directory = heads[i].module ? scope->directory : scope->root;
            text = slice_from(text, strlen(heads[i].head));
        }
    return scope->tree ? resolve_path(scope, directory, text) : SLICE_NONE;
}

static bool read_file(const struct call *call, struct slice *bytes) {
    const struct tree *tree = call->evaluator->scope->tree;
    struct slice path = path_of(call);
    if (slice_is_none(path) || tree->read(tree->self, path, bytes) != TREE_PRESENT)
        return false;
    return resolve_spend(call->evaluator->scope, bytes->size);
}

/* The call with what its file holds: the same only where the file is. */
static const struct value *stand_for(const struct call *call, struct slice bytes) {
    struct evaluator *evaluator = call->evaluator;
    const struct value *hash = hash_text(evaluator, SLICE("sha256"), bytes);
    struct strbuf out;
    strbuf_init(&out, evaluator->arena);
    strbuf_addf(&out, "%.*s(", SLICE_ARGS(call->name));
    for (uint32_t i = 0; i < call->count; i++) {
        if (i)
            strbuf_add_text(&out, ", ");
        write_value(evaluator, &out, call->arguments[i]);
    }
    strbuf_addf(&out, ") /* sha256:%.*s */", SLICE_ARGS(slice_sub(hash->text, 0, 16)));
    return make_open(evaluator, strbuf_slice(&out));
}

static const struct value *run_file(const struct call *call) {
    struct slice bytes;
    if (!read_file(call, &bytes))
        return NULL;
    return bytes.size > FILE_LARGEST ? stand_for(call, bytes) : make_text(call->evaluator, bytes);
}

/* filebase64, filemd5 and the like: the function of their name on what the file holds. */
static const struct value *run_file_form(const struct call *call) {
    struct slice bytes, form = slice_from(call->name, strlen("file"));
    if (!read_file(call, &bytes))
        return NULL;
    if (!slice_is(form, "base64"))
        return hash_text(call->evaluator, form, bytes);
    if (bytes.size > FILE_LARGEST)
        return stand_for(call, bytes);
    struct values arguments = {0};
    values_add(call->evaluator, &arguments, make_text(call->evaluator, bytes));
    return evaluate_call(call->evaluator, SLICE("base64encode"), &arguments);
}

static const struct value *run_fileexists(const struct call *call) {
    struct slice bytes, path = path_of(call);
    const struct tree *tree = call->evaluator->scope->tree;
    enum presence presence =
        slice_is_none(path) ? TREE_UNKNOWN : tree->read(tree->self, path, &bytes);
    return presence == TREE_UNKNOWN ? NULL : make_bool(presence == TREE_PRESENT);
}

/* A text with the names of a map in it, and no others. */
static const struct value *fill(const struct call *call, struct slice text,
                                const struct value *names) {
    struct evaluator *outer = call->evaluator;
    struct evaluator inner = {.scope = outer->scope, .arena = outer->arena, .depth = outer->depth};
    const struct binding *bound = NULL;
    if (names->kind != VALUE_MAP || outer->scope->files_open >= FILE_NESTING)
        return NULL;
    for (uint32_t i = 0; i < names->count; i++) {
        struct binding *binding = ARENA_NEW(outer->arena, struct binding);
        *binding = (struct binding){names->items[i].key, names->items[i].value, bound};
        bound = binding;
    }
    inner.bound = bound;
    outer->scope->files_open++;
    const struct value *value = evaluate_template(&inner, text);
    outer->scope->files_open--;
    return inner.failed || is_error(value) ? NULL : value;
}

static const struct value *run_templatefile(const struct call *call) {
    struct slice bytes;
    if (!read_file(call, &bytes))
        return NULL;
    const struct value *filled =
        bytes.size > FILE_LARGEST ? NULL : fill(call, bytes, call->arguments[1]);
    return filled ? filled : stand_for(call, bytes);
}

const struct function FUNCTIONS_OF_FILES[] = {
    {"file", 1, 1, NEEDS_ANY, run_file},
    {"fileexists", 1, 1, NEEDS_ANY, run_fileexists},
    {"filebase64", 1, 1, NEEDS_ANY, run_file_form},
    {"filemd5", 1, 1, NEEDS_ANY, run_file_form},
    {"filesha1", 1, 1, NEEDS_ANY, run_file_form},
    {"filesha256", 1, 1, NEEDS_ANY, run_file_form},
    {"filesha512", 1, 1, NEEDS_ANY, run_file_form},
    {"filebase64sha256", 1, 1, NEEDS_ANY, run_file_form},
    {"filebase64sha512", 1, 1, NEEDS_ANY, run_file_form},
    {"templatefile", 2, 2, NEEDS_ANY, run_templatefile},
    {.name = NULL},
};
