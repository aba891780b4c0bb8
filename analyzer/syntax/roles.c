#include "syntax/roles.h"

#include "base/vec.h"
#include "language/record.h"

static void role_set(uint8_t *of_symbol, const TSLanguage *language, struct slice name,
                     const struct node_role_record *record) {
    TSSymbolType wanted =
        record->kind == NODE_RECORD_TOKEN ? TSSymbolTypeAnonymous : TSSymbolTypeRegular;
    uint32_t count = ts_language_symbol_count(language);
    for (uint32_t symbol = 0; symbol < count; symbol++)
        if (ts_language_symbol_type(language, (TSSymbol)symbol) == wanted &&
            slice_is(name, ts_language_symbol_name(language, (TSSymbol)symbol)))
            of_symbol[symbol] = (uint8_t)record->role;
}

struct node_roles *node_roles_new(struct arena *arena, const struct dialects *dialects,
                                  struct slice language) {
    struct node_roles *roles = ARENA_NEW(arena, struct node_roles);
    roles->language = grammar_find(language);
    if (!roles->language)
        return roles;
    roles->symbol_count = ts_language_symbol_count(roles->language);
    uint8_t *of_symbol = ARENA_ARRAY(arena, uint8_t, roles->symbol_count + 1);
    roles->of_symbol = of_symbol;
    const struct knowledge *knowledge = dialects_knowledge(dialects);
    for (uint32_t i = 0; i < knowledge->count; i++) {
        const struct image *image = &knowledge->images[i];
        uint32_t count;
        const struct node_role_record *records = image_section(image, IMAGE_NODE_ROLES, &count);
        for (uint32_t n = 0; n < count; n++) {
            if (!slice_equal(image_string(image, records[n].language), language))
                continue;
            struct slice name = image_string(image, records[n].name);
            if (records[n].kind == NODE_RECORD_FIELD)
                roles->fields[records[n].role] =
                    ts_language_field_id_for_name(roles->language, name.data, (uint32_t)name.size);
            else
                role_set(of_symbol, roles->language, name, &records[n]);
        }
    }
    return roles;
}

struct node_child *node_children(struct arena *arena, TSNode node, bool skip_anonymous,
                                 uint32_t *count) {
    VEC(struct node_child) children = {0};
    TSTreeCursor cursor = ts_tree_cursor_new(node);
    if (ts_tree_cursor_goto_first_child(&cursor)) {
        do {
            TSNode child = ts_tree_cursor_current_node(&cursor);
            if (!skip_anonymous || ts_node_is_named(child) || ts_node_is_missing(child))
                vec_push(
                    arena, &children,
                    ((struct node_child){
                        child, skip_anonymous ? 0 : ts_tree_cursor_current_field_id(&cursor)}));
        } while (ts_tree_cursor_goto_next_sibling(&cursor));
    }
    ts_tree_cursor_delete(&cursor);
    *count = children.count;
    return children.items;
}
