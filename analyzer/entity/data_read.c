#include "entity/data.h"

static void scratch_release(void *arena) {
    arena_release(arena);
}

static void document_read(struct data *data, TSNode node, struct value **values, uint32_t *count) {
    data->anchors.count = 0;
    struct value *value = data_value(data, node);
    if (value->kind == VALUE_MAP || value->kind == VALUE_LIST)
        values[(*count)++] = value;
}

/* All values first, then the tree goes: entities may hold scripts, which are parsed in turn. */
static struct value **documents_read(struct data *data, TSNode root, uint32_t *count) {
    const struct node_roles *roles = data->builder->roles;
    *count = 0;
    if (node_role(roles, root) != ROLE_STREAM) {
        struct value **one = ARENA_NEW(data->scratch, struct value *);
        document_read(data, root, one, count);
        return one;
    }
    uint32_t children_count;
    struct node_child *children = node_children(data->scratch, root, true, &children_count);
    struct value **values = ARENA_ARRAY(data->scratch, struct value *, children_count + 1);
    for (uint32_t i = 0; i < children_count; i++)
        if (node_role(roles, children[i].node) == ROLE_DOCUMENT)
            document_read(data, children[i].node, values, count);
    return values;
}

void data_read(struct builder *builder) {
    struct builder masked = *builder;
    const struct language_record *language =
        dialect_language(builder->reader->dialects, builder->dialect->language);
    if (language && language->masked)
        masked.text = data_mask(builder->arena, builder->text);
    struct slice words = dialect_property(builder->dialect, "read_as");
    if (words.size)
        masked.text = mask_words(builder->arena, masked.text, words);
    struct arena *scratch = ARENA_NEW(builder->arena, struct arena);
    arena_init(scratch, builder->reader->failure, 0);
    arena_on_release(builder->arena, scratch_release, scratch);
    struct syntax *syntax = builder_parse(&masked);
    if (!syntax)
        return;
    struct data data = {.builder = &masked,
                        .arena = builder->arena,
                        .scratch = scratch,
                        .source = builder->text,
                        .text = masked.text,
                        .language = language,
                        .strings = language ? (enum string_style)language->strings : STRINGS_PLAIN,
                        .functions = dialect_has_words(builder->dialect, "function"),
                        .bare = slice_is(dialect_property(builder->dialect, "formulas"), "bare")};
    data.branched =
        masked.text.data != builder->text.data && slice_contains(builder->text, SLICE("else"));
    uint32_t count;
    struct value **values = documents_read(&data, syntax->root, &count);
    syntax_close(syntax);
    for (uint32_t i = 0; i < count; i++)
        data_entities(&data, values[i], values[i]->span);
    arena_release(scratch);
}
