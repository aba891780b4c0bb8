#include "entity/data.h"

static enum node_role role_of(const struct data *data, TSNode node) {
    return node_role(data->builder->roles, node);
}

struct reference {
    struct span span;
    uint32_t depth;
};

/* References of an expression: each variable with the members that follow it. */
struct references {
    VEC(struct reference) list;
    VEC(struct slice) bound; /* names that "for" expressions bind */
};

static void reference_bind(struct data *data, struct references *refs, TSNode intro) {
    uint32_t count;
    struct node_child *children = node_children(data->scratch, intro, true, &count);
    for (uint32_t i = 0; i < count; i++)
        if (role_of(data, children[i].node) == ROLE_IDENTIFIER)
            vec_push(data->scratch, &refs->bound, node_text(children[i].node, data->text));
}

static void reference_step(struct data *data, struct references *refs, TSNode node,
                           uint32_t depth) {
    enum node_role role = role_of(data, node);
    struct span span = node_span(node);
    if (role == ROLE_ITERATION_NAMES) {
        reference_bind(data, refs, node);
    } else if (role == ROLE_VARIABLE) {
        vec_push(data->scratch, &refs->list, ((struct reference){span, depth}));
    } else if (role == ROLE_MEMBER || role == ROLE_INDEX) {
        for (uint32_t i = refs->list.count; i-- > 0 && i + 8 >= refs->list.count;)
            if (refs->list.items[i].depth == depth && refs->list.items[i].span.to == span.from) {
                refs->list.items[i].span.to = span.to;
                break;
            }
    }
}

/* Iterative: chains of operators make trees as deep as they are long. */
static void references_find(struct data *data, TSNode root, struct references *refs) {
    TSTreeCursor cursor = ts_tree_cursor_new(root);
    uint32_t depth = 0;
    for (bool inside = true; inside;) {
        reference_step(data, refs, ts_tree_cursor_current_node(&cursor), depth);
        if (ts_tree_cursor_goto_first_child(&cursor)) {
            depth++;
            continue;
        }
        while (!ts_tree_cursor_goto_next_sibling(&cursor)) {
            if (depth == 0 || !ts_tree_cursor_goto_parent(&cursor)) {
                inside = false;
                break;
            }
            depth--;
        }
    }
    ts_tree_cursor_delete(&cursor);
}

static struct slice without_space(struct data *data, struct slice text) {
    struct strbuf out;
    strbuf_init(&out, data->arena);
    for (size_t i = 0; i < text.size; i++)
        if (!memchr(" \t\r\n", text.data[i], 4))
            strbuf_add_byte(&out, text.data[i]);
    return strbuf_slice(&out);
}

static struct value *reference_make(struct data *data, struct span span) {
    struct value *value = ARENA_NEW(data->arena, struct value);
    *value = (struct value){.kind = VALUE_REFERENCE,
                            .text = without_space(data, slice_sub(data->text, span.from, span.to)),
                            .span = span};
    return value;
}

static bool reference_bound(const struct references *refs, struct slice text) {
    size_t end = 0;
    while (end < text.size && text.data[end] != '.' && text.data[end] != '[')
        end++;
    for (uint32_t i = 0; i < refs->bound.count; i++)
        if (slice_equal(refs->bound.items[i], slice_sub(text, 0, end)))
            return true;
    return false;
}

static struct value *expression_value(struct data *data, TSNode node, struct slice text) {
    struct value *value = value_new(data, VALUE_EXPRESSION, node);
    value->text = text;
    struct references refs = {0};
    references_find(data, node, &refs);
    uint32_t capacity = 0;
    for (uint32_t i = 0; i < refs.list.count; i++) {
        struct value *reference = reference_make(data, refs.list.items[i].span);
        if (!reference_bound(&refs, reference->text))
            value_add(data->arena, value, &capacity,
                      (struct value_item){SLICE_NONE, reference->span, reference});
    }
    return value;
}

enum { SOURCE_DEPTH = 64 }; /* strings in interpolations in strings .. */

/* The end of the string that begins at `at`, its quotes included. */
static size_t string_end(struct slice text, size_t at) {
    char open[SOURCE_DEPTH] = {'"'};
    uint32_t depth = 1;
    for (at++; at < text.size && depth; at++) {
        char byte = text.data[at], inside = open[depth - 1];
        bool push = inside == '"' ? (byte == '$' || byte == '%') && at + 1 < text.size &&
                                        text.data[at + 1] == '{' && text.data[at - 1] != byte
                                  : byte == '"' || byte == '{';
        if (byte == '\\' && inside == '"') {
            at++;
        } else if (push && depth < SOURCE_DEPTH) {
            at += inside == '"';
            open[depth++] = byte == '"' ? '"' : '}';
        } else if (byte == inside) {
            depth--;
        }
    }
    return at;
}

static size_t line_behind(struct slice text, size_t at) {
    size_t end = slice_find_byte(slice_from(text, at), '\n');
    return end == SLICE_NPOS ? text.size : at + end + 1;
}

/* The end of the heredoc that begins at `at`, its closing word included; `at` if it is none. */
static size_t heredoc_end(struct slice text, size_t at) {
    size_t from = at + 2 + (at + 2 < text.size && text.data[at + 2] == '-');
    struct slice word = slice_trim(slice_sub(text, from, line_behind(text, from)));
    if (!word.size || word.data[0] == '=' || slice_find_byte(word, ' ') != SLICE_NPOS)
        return at;
    for (size_t line = line_behind(text, from); line < text.size; line = line_behind(text, line)) {
        struct slice all = slice_sub(text, line, line_behind(text, line));
        size_t blank = 0;
        while (blank < all.size && (all.data[blank] == ' ' || all.data[blank] == '\t'))
            blank++;
        struct slice rest = slice_from(all, blank);
        if (slice_starts(rest, word) && !slice_starts(slice_from(rest, word.size), SLICE("_")))
            return line + blank + word.size;
    }
    return at;
}

static size_t comment_end(struct slice text, size_t at) {
    struct slice rest = slice_from(text, at);
    if (slice_starts(rest, SLICE("#")) || slice_starts(rest, SLICE("//")))
        return line_behind(text, at);
    if (!slice_starts(rest, SLICE("/*")))
        return at;
    size_t end = slice_find(rest, SLICE("*/"));
    return end == SLICE_NPOS ? text.size : at + end + 2;
}

/* White space outside of strings becomes one space, comments too; a heredoc keeps its lines. */
static struct slice source_text(struct arena *arena, struct slice text) {
    struct strbuf out;
    strbuf_init(&out, arena);
    bool space = false;
    for (size_t at = 0; at < text.size;) {
        char byte = text.data[at];
        size_t end = comment_end(text, at);
        if (end > at || memchr(" \t\r\n", byte, 4)) {
            space = true;
            at = end > at ? end : at + 1;
            continue;
        }
        end = at + 1;
        if (byte == '"')
            end = string_end(text, at);
        else if (byte == '<' && end < text.size && text.data[end] == '<')
            end = heredoc_end(text, at);
        bool lines = byte == '<' && end > at + 1;
        if (space && out.size)
            strbuf_add_byte(&out, ' ');
        space = false;
        end = end > at ? end : at + 1;
        strbuf_add(&out, slice_sub(text, at, end));
        if (lines)
            strbuf_add_byte(&out, '\n');
        at = end;
    }
    return strbuf_slice(&out);
}

static struct value *source_expression(struct data *data, TSNode node) {
    return expression_value(data, node, source_text(data->arena, node_text(node, data->text)));
}

/* "${x}" is x; anything else with an interpolation is an expression whose text is the template. */
static struct value *template_value(struct data *data, TSNode node, bool heredoc) {
    uint32_t count, parts = 0;
    struct node_child *children = node_children(data->scratch, node, true, &count);
    TSNode only = {0};
    bool plain = true;
    for (uint32_t i = 0; i < count; i++) {
        enum node_role role = role_of(data, children[i].node);
        if (role == ROLE_DELIMITER || role == ROLE_COMMENT)
            continue;
        parts++;
        only = children[i].node;
        plain &= role == ROLE_STRING_TEXT;
    }
    if (parts == 1 && !heredoc && role_of(data, only) == ROLE_INTERPOLATION) {
        uint32_t inner_count;
        struct node_child *inner = node_children(data->scratch, only, true, &inner_count);
        for (uint32_t i = 0; i < inner_count; i++)
            if (role_of(data, inner[i].node) == ROLE_EXPRESSION)
                return data_value(data, inner[i].node);
    }
    struct text text = text_decode(data->arena, heredoc ? TEXT_HEREDOC : TEXT_HCL, data->source,
                                   node_span(node), false);
    if (plain)
        return value_make_literal(data, LITERAL_STRING, text.bytes, node_span(node));
    struct value *value = expression_value(data, node, text.bytes);
    value->template = true;
    return value;
}

/* jsonencode({...}) is its argument, tagged, for the functions the dialect calls transparent. */
static struct value *call_value(struct data *data, TSNode node) {
    uint32_t count;
    struct node_child *children = node_children(data->scratch, node, true, &count);
    struct slice name = SLICE("");
    TSNode argument = {0};
    uint32_t arguments = 0;
    for (uint32_t i = 0; i < count; i++) {
        enum node_role role = role_of(data, children[i].node);
        if (role == ROLE_IDENTIFIER)
            name = node_text(children[i].node, data->text);
        if (role != ROLE_ARGUMENTS)
            continue;
        uint32_t inner_count;
        struct node_child *inner =
            node_children(data->scratch, children[i].node, true, &inner_count);
        for (uint32_t n = 0; n < inner_count; n++)
            if (role_of(data, inner[n].node) != ROLE_COMMENT) {
                argument = inner[n].node;
                arguments++;
            }
    }
    struct slice known = dialect_word(data->builder->dialect, "transparent", name);
    if (arguments != 1 || slice_is_none(known))
        return source_expression(data, node);
    struct value *value = data_value(data, argument);
    if (known.size && value->kind != VALUE_LITERAL && value->kind != VALUE_NULL)
        value->tag = known;
    return value;
}

/* -1 is a literal; every other operation an expression. */
static struct value *operation_value(struct data *data, TSNode node) {
    struct slice text = without_space(data, node_text(node, data->text));
    bool number = text.size > 1 && text.data[0] == '-';
    for (size_t i = 1; i < text.size; i++)
        number &= (text.data[i] >= '0' && text.data[i] <= '9') || text.data[i] == '.';
    if (number)
        return value_make_literal(data, LITERAL_NUMBER, text, node_span(node));
    return source_expression(data, node);
}

struct value *hcl_expression(struct data *data, TSNode node) {
    uint32_t count, parts = 0;
    struct node_child *children = node_children(data->scratch, node, true, &count);
    TSNode first = node;
    bool chain = true;
    for (uint32_t i = 0; i < count; i++) {
        enum node_role role = role_of(data, children[i].node);
        if (role == ROLE_COMMENT)
            continue;
        if (parts == 0)
            first = children[i].node;
        chain &= parts == 0 ? role == ROLE_VARIABLE : role == ROLE_MEMBER || role == ROLE_INDEX;
        parts++;
    }
    if (parts == 0)
        return value_new(data, VALUE_UNKNOWN, node);
    if (chain)
        return reference_make(data, node_span(node));
    if (parts > 1)
        return source_expression(data, node);
    switch (role_of(data, first)) {
    case ROLE_TEMPLATE:
    case ROLE_STRING:
        return template_value(data, first, false);
    case ROLE_HEREDOC:
        return template_value(data, first, true);
    case ROLE_CALL:
        return call_value(data, first);
    case ROLE_OPERATION:
        return operation_value(data, first);
    case ROLE_EXPRESSION:
    case ROLE_MAP:
    case ROLE_LIST:
    case ROLE_NUMBER:
    case ROLE_BOOL:
    case ROLE_NULL:
        return data_value(data, first);
    default:
        return source_expression(data, node);
    }
}

/* Blocks of one name, collected into a list at the place of the first. */
struct block_group {
    struct slice name;
    struct value *list;
    uint32_t capacity;
};

struct body_reader {
    struct value *map;
    uint32_t capacity;
    VEC(struct block_group) groups;
};

static struct block_group *group_of(struct data *data, struct body_reader *body, struct slice name,
                                    TSNode node) {
    for (uint32_t i = 0; i < body->groups.count; i++)
        if (slice_equal(body->groups.items[i].name, name))
            return &body->groups.items[i];
    struct value *list = (struct value *)value_get(body->map, name);
    if (!list || list->kind != VALUE_LIST || !list->block) {
        list = value_new(data, VALUE_LIST, node);
        list->block = true;
        value_add(data->arena, body->map, &body->capacity,
                  (struct value_item){name, node_span(node), list});
    }
    vec_push(data->scratch, &body->groups, ((struct block_group){name, list, value_room(list)}));
    return &body->groups.items[body->groups.count - 1];
}

static struct slice label_text(struct data *data, TSNode label) {
    if (role_of(data, label) != ROLE_STRING)
        return arena_copy(data->arena, node_text(label, data->text));
    enum text_form form = text_form_at(data->strings, data->source, node_span(label));
    return text_decode(data->arena, form, data->source, node_span(label), false).bytes;
}

/* A name that stands again makes a list of what it has. */
void hcl_add(struct data *data, struct value *map, uint32_t *capacity, struct value_item item) {
    struct value_item *known = NULL;
    for (uint32_t i = 0; i < map->count && !known; i++)
        if (slice_equal(map->items[i].key, item.key))
            known = &map->items[i];
    if (!known) {
        value_add(data->arena, map, capacity, item);
        return;
    }
    struct value *list = (struct value *)known->value;
    uint32_t room = value_room(list);
    if (list->kind != VALUE_LIST || !list->block) {
        list = ARENA_NEW(data->arena, struct value);
        *list = (struct value){.kind = VALUE_LIST, .block = true, .span = known->span};
        room = 0;
        value_add(data->arena, list, &room,
                  (struct value_item){SLICE_NONE, known->span, known->value});
        known->value = list;
    }
    value_add(data->arena, list, &room, (struct value_item){SLICE_NONE, item.span, item.value});
}

/* What stands in brackets belongs to what they stand in. */
static void body_merge(struct data *data, struct body_reader *body, const struct value *inner) {
    for (uint32_t i = 0; i < inner->count; i++)
        hcl_add(data, body->map, &body->capacity, inner->items[i]);
    for (uint32_t i = 0; i < body->groups.count; i++) /* their lists may have moved */
        body->groups.items[i].capacity = value_room(body->groups.items[i].list);
}

/* resource "a" "b" {} is {a: {b: {}}} in the list of "resource". */
static void block_read(struct data *data, struct body_reader *body, TSNode node) {
    uint32_t count;
    struct node_child *children = node_children(data->scratch, node, true, &count);
    VEC(struct slice) labels = {0};
    struct value *inner = NULL;
    for (uint32_t i = 0; i < count; i++) {
        enum node_role role = role_of(data, children[i].node);
        if (role == ROLE_IDENTIFIER || role == ROLE_STRING)
            vec_push(data->scratch, &labels, label_text(data, children[i].node));
        else if (role == ROLE_BODY && !inner)
            inner = hcl_body(data, children[i].node);
        else if (role == ROLE_BODY) /* of the arguments before */
            body_merge(data, &(struct body_reader){.map = inner, .capacity = value_room(inner)},
                       hcl_body(data, children[i].node));
    }
    if (!labels.count)
        return;
    if (!inner)
        inner = value_new(data, VALUE_MAP, node);
    inner->block = true;
    inner->span = node_span(node);
    for (uint32_t i = labels.count; i-- > 1;) {
        struct value *outer = value_new(data, VALUE_MAP, node);
        uint32_t capacity = 0;
        outer->block = true;
        value_add(data->arena, outer, &capacity,
                  (struct value_item){labels.items[i], node_span(node), inner});
        inner = outer;
    }
    struct block_group *group = group_of(data, body, labels.items[0], node);
    value_add(data->arena, group->list, &group->capacity,
              (struct value_item){SLICE_NONE, node_span(node), inner});
}

static void attribute_read(struct data *data, struct body_reader *body, TSNode node) {
    uint32_t count;
    struct node_child *children = node_children(data->scratch, node, true, &count);
    struct slice name = SLICE_NONE;
    const struct value *value = NULL;
    for (uint32_t i = 0; i < count; i++) {
        enum node_role role = role_of(data, children[i].node);
        if (role == ROLE_IDENTIFIER && slice_is_none(name))
            name = arena_copy(data->arena, node_text(children[i].node, data->text));
        else if (role == ROLE_EXPRESSION && !value)
            value = data_value(data, children[i].node);
    }
    if (slice_is_none(name))
        return;
    if (!value)
        value = value_new(data, VALUE_UNKNOWN, node);
    value_add(data->arena, body->map, &body->capacity,
              (struct value_item){name, node_span(node), value});
}

struct value *hcl_body(struct data *data, TSNode node) {
    struct body_reader body = {.map = value_new(data, VALUE_MAP, node)};
    if (data->depth >= DATA_DEPTH)
        return body.map;
    data->depth++;
    uint32_t count;
    struct node_child *children = node_children(data->scratch, node, true, &count);
    for (uint32_t i = 0; i < count; i++) {
        enum node_role role = role_of(data, children[i].node);
        if (role == ROLE_ATTRIBUTE)
            attribute_read(data, &body, children[i].node);
        else if (role == ROLE_BLOCK)
            block_read(data, &body, children[i].node);
        else if (role == ROLE_PAIR || role == ROLE_BODY)
            body_merge(data, &body, data_value(data, children[i].node));
    }
    data->depth--;
    return body.map;
}
