#include "syntax/roles.h"

#include "base/vec.h"
#include "language/record.h"

struct wanted_role {
    struct slice name;
    TSSymbolType type;
    uint8_t role;
    uint8_t *of_symbol; /* the table it goes to */
};

struct wanted_roles {
    VEC(struct wanted_role) list;
};

/* Symbols are asked for their names once: a grammar has hundreds of them. The last record of a
 * name counts. */
static void roles_set(const TSLanguage *language, const struct wanted_roles *wanted) {
    uint32_t count = ts_language_symbol_count(language);
    for (uint32_t symbol = 0; symbol < count; symbol++) {
        TSSymbolType type = ts_language_symbol_type(language, (TSSymbol)symbol);
        if (type != TSSymbolTypeRegular && type != TSSymbolTypeAnonymous)
            continue;
        struct slice name = slice_of(ts_language_symbol_name(language, (TSSymbol)symbol));
        for (uint32_t i = 0; i < wanted->list.count; i++)
            if (wanted->list.items[i].type == type && slice_equal(wanted->list.items[i].name, name))
                wanted->list.items[i].of_symbol[symbol] = wanted->list.items[i].role;
    }
}

static void field_add(struct node_roles *roles, uint32_t role, struct slice name) {
    TSFieldId id = ts_language_field_id_for_name(roles->language, name.data, (uint32_t)name.size);
    for (uint32_t i = 0; id && i < FIELD_SPELLINGS; i++)
        if (!roles->fields[role][i] || roles->fields[role][i] == id) {
            roles->fields[role][i] = id;
            return;
        }
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
    uint8_t *exchange = ARENA_ARRAY(arena, uint8_t, roles->symbol_count + 1);
    roles->exchange = exchange;
    const struct knowledge *knowledge = dialects_knowledge(dialects);
    struct wanted_roles wanted = {{0}};
    VEC(struct role_word) words = {0};
    for (uint32_t i = 0; i < knowledge->count; i++) {
        const struct image *image = &knowledge->images[i];
        uint32_t count;
        const struct node_role_record *records = image_section(image, IMAGE_NODE_ROLES, &count);
        for (uint32_t n = 0; n < count; n++) {
            if (!slice_equal(image_string(image, records[n].language), language))
                continue;
            struct slice name = image_string(image, records[n].name);
            if (records[n].kind == NODE_RECORD_FIELD)
                field_add(roles, records[n].role, name);
            else if (records[n].kind == NODE_RECORD_WORD)
                vec_push(arena, &words, ((struct role_word){name, (uint8_t)records[n].role}));
            else
                vec_push(arena, &wanted.list,
                         ((struct wanted_role){
                             name,
                             records[n].kind == NODE_RECORD_TOKEN ? TSSymbolTypeAnonymous
                                                                  : TSSymbolTypeRegular,
                             (uint8_t)records[n].role,
                             records[n].kind == NODE_RECORD_EXCHANGE ? exchange : of_symbol}));
        }
    }
    roles->words = words.items;
    roles->word_count = words.count;
    roles_set(roles->language, &wanted);
    return roles;
}
