/*
 * The children of a node, taken from the runtime's own tree. Asking for children is most of what
 * readers do with a tree, and a cursor of the public interface costs 800 instructions for each: it
 * climbs over the hidden nodes that repetitions are made of, and once more for the name of the
 * field. Here they cost 60.
 *
 * The headers are those of the runtime that is compiled in (grammars/package-lock.json pins it), so
 * they say what its trees look like; tests/unit/test_children.c compares with a cursor.
 */
#include "base/vec.h"
#include "syntax/roles.h"

#include <tree-sitter/lib/src/language.h>
#include <tree-sitter/lib/src/tree.h>

enum { LEVELS = 16 }; /* of hidden nodes without taking memory */

/* A node whose children are being taken: the one asked for, or a hidden one inside of it, whose
 * children count as those of the one asked for. */
struct level {
    const Subtree *next, *stop;
    uint32_t end;    /* byte behind the node */
    uint32_t place;  /* of the next child among those the grammar names: not comments */
    TSFieldId field; /* the hidden node stands in */
    const TSSymbol *aliases;
    const TSFieldMapEntry *fields, *fields_end;
};

struct levels {
    struct arena *arena;
    const TSLanguage *language;
    VEC(struct level) list;
    struct level room[LEVELS];
};

static struct level *level_add(struct levels *levels, const SubtreeHeapData *node, uint32_t start,
                               TSFieldId field) {
    vec_reserve(levels->arena, &levels->list, levels->list.count + 1);
    struct level *level = &levels->list.items[levels->list.count++];
    level->stop = (const Subtree *)(const void *)node; /* children lie in front of their parent */
    level->next = level->stop - node->child_count;
    level->end = start + node->size.bytes;
    level->place = 0;
    level->field = field;
    level->aliases = NULL;
    level->fields = level->fields_end = NULL;
    if (node->production_id) {
        level->aliases = ts_language_alias_sequence(levels->language, node->production_id);
        ts_language_field_map(levels->language, node->production_id, &level->fields,
                              &level->fields_end);
    }
    return level;
}

static TSFieldId field_at(const struct level *level) {
    for (const TSFieldMapEntry *field = level->fields; field < level->fields_end; field++)
        if (field->child_index == level->place && !field->inherited)
            return field->field_id;
    return level->field;
}

/* What children.c asks of a subtree, whichever of its two forms it has. */
struct shape {
    uint32_t padding, size; /* bytes */
    bool visible, extra;
    const SubtreeHeapData *inner; /* of a hidden node with something to show */
};

static inline struct shape shape_of(Subtree node) {
    if (node.data.is_inline)
        return (struct shape){node.data.padding_bytes, node.data.size_bytes, node.data.visible,
                              node.data.extra, NULL};
    bool inner = node.ptr->child_count && node.ptr->visible_child_count;
    return (struct shape){node.ptr->padding.bytes, node.ptr->size.bytes, node.ptr->visible,
                          node.ptr->extra, inner ? node.ptr : NULL};
}

/* Symbols of one name and kind play one role (roles.c): which of them is the public one does not
 * matter. */
enum node_role node_role(const struct node_roles *roles, TSNode node) {
    TSSymbol alias = (TSSymbol)node.context[3];
    TSSymbol symbol = alias ? alias : ts_subtree_symbol(*(const Subtree *)node.id);
    return symbol < roles->symbol_count ? (enum node_role)roles->of_symbol[symbol] : ROLE_NONE;
}

static bool is_kept(TSNode node) {
    return ts_node_is_named(node) || ts_node_is_missing(node);
}

struct node_child *node_children(struct arena *arena, TSNode node, bool skip_anonymous,
                                 uint32_t *count) {
    uint32_t limit = ts_node_child_count(node), found = 0, at = ts_node_start_byte(node);
    *count = 0;
    if (!limit)
        return NULL;
    struct node_child *children = arena_take(arena, sizeof *children * limit);
    struct levels levels;
    levels.arena = arena;
    levels.language = node.tree->language;
    levels.list.items = levels.room;
    levels.list.count = 0;
    levels.list.capacity = LEVELS;
    const SubtreeHeapData *heap = ((const Subtree *)node.id)->ptr;
    struct level *level = level_add(&levels, heap, at, 0);
    bool first = true; /* the padding of a first child is its parent's */
    for (;;) {
        if (level->next == level->stop) {
            at = level->end;
            if (!--levels.list.count)
                break;
            level = &levels.list.items[levels.list.count - 1];
            continue;
        }
        const Subtree *child = level->next++;
        struct shape shape = shape_of(*child);
        TSSymbol alias = 0;
        TSFieldId field = 0;
        at += first ? 0 : shape.padding;
        if (!shape.extra) {
            alias = level->aliases ? level->aliases[level->place] : 0;
            field = skip_anonymous ? 0 : field_at(level);
            level->place++;
        }
        first = !alias && !shape.visible && shape.inner;
        if (first) {
            level = level_add(&levels, shape.inner, at, field);
            continue;
        }
        if (alias || shape.visible) {
            struct node_child *slot = &children[found];
            slot->node = (TSNode){{at, 0, 0, alias}, child, node.tree};
            slot->field = field;
            found += !skip_anonymous || is_kept(slot->node);
        }
        at += shape.size;
    }
    *count = found;
    return children;
}
