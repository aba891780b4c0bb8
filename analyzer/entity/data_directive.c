#include "base/glob.h"
#include "base/map.h"
#include "entity/data.h"

/*
 * Languages of directives: a name, words, maybe a block of more directives. What the words mean is
 * data: `directives:` of the dialect has a pattern for a name, one part for each word:
 *     key       the word is a key, what follows its value; header: likewise, in lower case
 *     endpoint  host and port; host "*" and no port where the word says nothing of them
 *     words     the rest as a list of words        text     the rest as one text
 *     options   the rest, each a=b or a flag        NAME     the word, under that name
 *     NAME...   the rest as one text, under that name
 *     @NAME     in front: the directive, its name included, goes to the list NAME
 * Words behind the last part are one text under `more`.
 * The words in front of a block are its label, a key, or stand in it under the name of the pattern.
 * Without a pattern a directive is its words as one text, or `true` without any.
 */

struct word {
    struct slice text;
    struct span span;
    bool masked; /* a template stands in it */
};

enum { TOP = 2 }; /* depth of what stands in no block */

struct words {
    VEC(struct word) list;
    uint32_t at;
};

/* A map under construction, whose keys are found by hash: tables of thousands of lines are common.
 */
struct body {
    struct data *data;
    struct value *map;
    struct map index; /* of this map and those that keys lead to */
};

static enum node_role role_of(const struct data *data, TSNode node) {
    return node_role(data->builder->roles, node);
}

/* Without quotes, and without a backslash in front of what would mean something else. */
static struct slice unquoted(struct arena *arena, struct slice text) {
    struct strbuf out;
    char quote = 0;
    bool plain = true;
    if (text.size > 1 && text.data[0] == '`' && text.data[text.size - 1] == '`')
        return arena_copy(arena, slice_sub(text, 1, text.size - 1));
    for (size_t i = 0; i < text.size && plain; i++)
        plain = !memchr("\"'\\", text.data[i], 3);
    if (plain)
        return arena_copy(arena, text);
    strbuf_init(&out, arena);
    strbuf_add_text(&out, "");
    for (size_t i = 0; i < text.size; i++) {
        char byte = text.data[i];
        bool escapes = byte == '\\' && quote != '\'' && i + 1 < text.size;
        if (escapes && memchr("\"'\\ ;{}#", text.data[i + 1], 8))
            byte = text.data[++i];
        else if (quote ? byte == quote
                       : (byte == '"' || byte == '\'') &&
                             slice_find_byte(slice_from(text, i + 1), byte) != SLICE_NPOS) {
            quote = quote ? 0 : byte;
            continue;
        }
        strbuf_add_byte(&out, byte);
    }
    return strbuf_slice(&out);
}

static void word_add(struct data *data, struct words *words, TSNode node) {
    struct span span = node_span(node);
    struct slice source = slice_sub(data->source, span.from, span.to);
    bool masked = data->source.data != data->text.data &&
                  !slice_equal(source, slice_sub(data->text, span.from, span.to));
    struct slice text = masked ? source : unquoted(data->arena, source);
    vec_push(data->scratch, &words->list, ((struct word){text, span, masked}));
}

static bool words_left(const struct words *words) {
    return words->at < words->list.count;
}

static struct value *word_value(struct data *data, const struct word *word) {
    struct value *value = value_make_literal(data, LITERAL_STRING, word->text, word->span);
    if (word->masked)
        value->kind = VALUE_UNKNOWN;
    return value;
}

static struct value *flag_value(struct data *data, struct span span) {
    return value_make_literal(data, LITERAL_BOOL, SLICE("true"), span);
}

static struct span words_span(const struct words *words) {
    const struct word *last = &words->list.items[words->list.count - 1];
    if (!words_left(words))
        return (struct span){last->span.to, last->span.to};
    return (struct span){words->list.items[words->at].span.from, last->span.to};
}

/* The rest as one text. */
static struct value *words_text(struct data *data, struct words *words) {
    struct strbuf out;
    struct span span = words_span(words);
    bool masked = false;
    strbuf_init(&out, data->arena);
    strbuf_add_text(&out, "");
    for (; words_left(words); words->at++) {
        const struct word *word = &words->list.items[words->at];
        if (out.size)
            strbuf_add_byte(&out, ' ');
        strbuf_add(&out, word->text);
        masked |= word->masked;
    }
    struct value *value = value_make_literal(data, LITERAL_STRING, strbuf_slice(&out), span);
    if (masked)
        value->kind = VALUE_UNKNOWN;
    return value;
}

static struct value *words_list(struct data *data, struct words *words) {
    struct value *list = ARENA_NEW(data->arena, struct value);
    uint32_t capacity = 0;
    *list = (struct value){.kind = VALUE_LIST, .span = words_span(words)};
    for (; words_left(words); words->at++) {
        const struct word *word = &words->list.items[words->at];
        value_add(data->arena, list, &capacity,
                  (struct value_item){SLICE_NONE, word->span, word_value(data, word)});
    }
    return list;
}

static struct value *map_new(struct data *data, struct span span) {
    struct value *map = ARENA_NEW(data->arena, struct value);
    *map = (struct value){.kind = VALUE_MAP, .span = span};
    return map;
}

static void map_put(struct data *data, struct value *map, struct slice key, struct span span,
                    const struct value *value) {
    uint32_t room = value_room(map);
    hcl_add(data, map, &room, (struct value_item){key, span, value});
}

/* 443, 10.0.0.1:443, [::1]:443, *:443; anything with a slash is a path. */
static void endpoint_put(struct data *data, struct value *map, const struct word *word) {
    struct slice text = word->text, host = text, port = SLICE_NONE;
    size_t colon = slice_find_last_byte(text, ':'), bracket = slice_find_last_byte(text, ']');
    int64_t number;
    if (slice_find_byte(text, '/') != SLICE_NPOS) {
    } else if (slice_to_int(text, &number)) {
        port = text;
        host = SLICE("*");
    } else if (colon != SLICE_NPOS && (bracket == SLICE_NPOS || colon > bracket)) {
        port = slice_from(text, colon + 1);
        host = colon ? slice_sub(text, 0, colon) : SLICE("*");
    }
    struct word part = {host, word->span, word->masked};
    map_put(data, map, SLICE("host"), word->span, word_value(data, &part));
    part.text = port;
    if (port.size)
        map_put(data, map, SLICE("port"), word->span, word_value(data, &part));
}

static void list_append(struct data *data, struct value *list, struct value_item item) {
    uint32_t room = value_room(list);
    item.key = SLICE_NONE;
    value_add(data->arena, list, &room, item);
}

static struct value *block_list(struct data *data, const struct value *only) {
    struct value *list = map_new(data, only->span);
    list->kind = VALUE_LIST;
    list->block = true;
    list_append(data, list, (struct value_item){SLICE_NONE, only->span, only});
    return list;
}

/* What stands again makes a list; where keys lead to values, what is below a key does. */
static void body_put(struct body *body, struct value *map, struct value_item item, uint32_t keys) {
    struct data *data = body->data;
    struct slice owner = slice_make((const char *)&map, sizeof map);
    struct slice key = ARENA_CONCAT(data->scratch, owner, item.key);
    uint32_t at = map_set_default(&body->index, key, map->count);
    if (at == map->count) {
        uint32_t room = value_room(map);
        struct value_item first = item;
        if (keys && item.value->kind == VALUE_MAP) { /* its keys have to be known to the index */
            first.value = map_new(data, item.value->span);
            value_add(data->arena, map, &room, first);
            for (uint32_t i = 0; i < item.value->count; i++)
                body_put(body, (struct value *)first.value, item.value->items[i], keys - 1);
            return;
        }
        value_add(data->arena, map, &room, first);
        return;
    }
    struct value_item *known = &map->items[at];
    struct value *held = (struct value *)known->value;
    if (keys && held->kind == VALUE_MAP && item.value->kind == VALUE_MAP) {
        for (uint32_t i = 0; i < item.value->count; i++)
            body_put(body, held, item.value->items[i], keys - 1);
    } else if (held->kind == VALUE_LIST && item.value->kind == VALUE_LIST &&
               held->block == item.value->block) {
        for (uint32_t i = 0; i < item.value->count; i++)
            list_append(data, held, item.value->items[i]);
    } else {
        if (held->kind != VALUE_LIST || !held->block) {
            held = ARENA_NEW(data->arena, struct value);
            *held = (struct value){.kind = VALUE_LIST, .block = true, .span = known->span};
            list_append(data, held, *known);
            known->value = held;
        }
        list_append(data, held, item);
    }
}

/* a=b, a flag, or where the dialect has `flags:` a word that is none of them and the word behind.
 */
static void options_put(struct data *data, struct value *map, struct words *words) {
    const struct dialect *dialect = data->builder->dialect;
    bool known = dialect_has_words(dialect, "flag");
    struct body body = {.data = data, .map = map};
    map_init(&body.index, data->scratch);
    while (words_left(words)) {
        const struct word *word = &words->list.items[words->at++];
        size_t equal = known ? SLICE_NPOS : slice_find_byte(word->text, '=');
        struct slice key = slice_sub(word->text, 0, equal);
        struct value *value = flag_value(data, word->span);
        if (equal != SLICE_NPOS && equal > 0) {
            struct word rest = {slice_from(word->text, equal + 1), word->span, word->masked};
            value = word_value(data, &rest);
        } else if (known && words_left(words) &&
                   slice_is_none(dialect_word(dialect, "flag", key))) {
            value = word_value(data, &words->list.items[words->at++]);
        }
        body_put(&body, map, (struct value_item){key.size ? key : word->text, word->span, value},
                 0);
    }
}

static struct slice lower_case(struct arena *arena, struct slice text) {
    struct slice copy = arena_copy(arena, text);
    for (size_t i = 0; i < copy.size; i++)
        if (copy.data[i] >= 'A' && copy.data[i] <= 'Z')
            ((char *)copy.data)[i] = (char)(copy.data[i] + ('a' - 'A'));
    return copy;
}

static bool pattern_next(struct slice *pattern, struct slice *part) {
    while (slice_split(pattern, ' ', part))
        if (part->size)
            return true;
    return false;
}

/* The map that the parts of a pattern make of words, the first part being one of a map's. */
static struct value *words_map(struct data *data, struct words *words, struct slice part,
                               struct slice pattern) {
    struct value *map = map_new(data, words_span(words));
    do {
        const struct word *word = &words->list.items[words->at];
        if (slice_is(part, "options")) {
            options_put(data, map, words);
        } else if (slice_ends(part, SLICE("..."))) {
            struct span span = words_span(words);
            map_put(data, map, slice_sub(part, 0, part.size - 3), span, words_text(data, words));
        } else {
            words->at++;
            if (slice_is(part, "endpoint"))
                endpoint_put(data, map, word);
            else
                map_put(data, map, part, word->span, word_value(data, word));
        }
    } while (words_left(words) && pattern_next(&pattern, &part));
    if (words_left(words)) {
        struct span span = words_span(words);
        map_put(data, map, SLICE("more"), span, words_text(data, words));
    }
    return map;
}

/* *keys: how many keys lead to the value. */
static struct value *words_value(struct data *data, struct words *words, struct slice pattern,
                                 uint32_t *keys) {
    struct slice part;
    if (!words_left(words))
        return flag_value(data, words_span(words));
    if (!pattern_next(&pattern, &part) || slice_is(part, "text"))
        return words_text(data, words);
    if (slice_is(part, "words"))
        return words_list(data, words);
    bool header = slice_is(part, "header");
    if (!header && !slice_is(part, "key")) { /* one of several, if there are more */
        struct value *map = words_map(data, words, part, pattern);
        return block_list(data, map);
    }
    const struct word *word = &words->list.items[words->at++];
    struct value *map = map_new(data, word->span);
    ++*keys;
    struct span span = {word->span.from, words_span(words).to};
    map_put(data, map, header ? lower_case(data->arena, word->text) : word->text, span,
            words_value(data, words, pattern, keys));
    return map;
}

/* The labels of blocks whose order counts, as `sequences:` of the dialect says. */
static void sequence_put(struct body *body, struct slice name, struct slice label,
                         struct span span) {
    struct data *data = body->data;
    struct slice pattern = dialect_word(data->builder->dialect, "sequence", name);
    if (slice_is_none(pattern) || !glob_match(pattern, label))
        return;
    struct value *list = map_new(data, span);
    list->kind = VALUE_LIST;
    list_append(data, list,
                (struct value_item){SLICE_NONE, span,
                                    value_make_literal(data, LITERAL_STRING, label, span)});
    struct slice key = ARENA_CONCAT(data->arena, name, SLICE("_order"));
    body_put(body, body->map, (struct value_item){key, span, list}, 0);
}

/* What stands in front of a block at the top: a, b c. */
static struct value *names_list(struct data *data, const struct words *words) {
    struct value *list = map_new(data, words->list.items[0].span);
    list->kind = VALUE_LIST;
    for (uint32_t i = 0; i < words->list.count; i++) {
        struct word word = words->list.items[i];
        struct slice rest = word.text;
        while (slice_split(&rest, ',', &word.text))
            if (word.text.size)
                list_append(data, list,
                            (struct value_item){SLICE_NONE, word.span, word_value(data, &word)});
    }
    return list;
}

static void block_put(struct body *body, struct words *words, TSNode node, TSNode block) {
    struct data *data = body->data;
    struct slice name = words->list.items[0].text;
    struct value *inner = directives_body(data, block);
    inner->block = true;
    inner->span = node_span(node);
    struct slice named = dialect_word(data->builder->dialect, "directive", name);
    struct slice top = dialect_property(data->builder->dialect, "top");
    words->at = 1;
    if (data->depth == TOP && top.size) {
        name = top;
        named = SLICE_NONE;
        words->at = 0;
        map_put(data, inner, SLICE("names"), inner->span, names_list(data, words));
    }
    if (slice_ends(named, SLICE("...")))
        named.size -= 3;
    if (words_left(words) && named.size) {
        map_put(data, inner, named, words_span(words), words_text(data, words));
    } else if (words_left(words)) {
        struct slice label = words_text(data, words)->text;
        struct value *outer = map_new(data, inner->span);
        outer->block = true;
        map_put(data, outer, label, inner->span, inner);
        sequence_put(body, name, label, inner->span);
        inner = outer;
    }
    struct value_item item = {name, inner->span, block_list(data, inner)};
    body_put(body, body->map, item, 0);
}

static void directive_read(struct body *body, TSNode node) {
    struct data *data = body->data;
    struct words words = {.at = 0};
    TSNode block = {0};
    struct value *code = NULL;
    uint32_t count, keys = 0;
    struct node_child *children = node_children(data->scratch, node, true, &count);
    for (uint32_t i = 0; i < count; i++) {
        enum node_role role = role_of(data, children[i].node);
        if (role == ROLE_WORD)
            word_add(data, &words, children[i].node);
        else if (role == ROLE_DIRECTIVES)
            block = children[i].node;
        else if (role == ROLE_TEXT)
            code = value_make_literal(
                data, LITERAL_STRING,
                text_normalise(data->arena, node_text(children[i].node, data->source)),
                node_span(children[i].node));
    }
    if (!words.list.count)
        return;
    if (slice_is(dialect_property(data->builder->dialect, "case"), "ignored"))
        words.list.items[0].text = lower_case(data->arena, words.list.items[0].text);
    if (!ts_node_is_null(block)) {
        block_put(body, &words, node, block);
        return;
    }
    struct slice name = words.list.items[0].text;
    struct slice pattern = dialect_word(data->builder->dialect, "directive", name);
    struct slice rest = pattern, first;
    words.at = 1;
    if (pattern_next(&rest, &first) && first.data[0] == '@') {
        name = slice_from(first, 1);
        pattern = rest;
        words.at = 0;
    }
    const struct value *value = code ? code : words_value(data, &words, pattern, &keys);
    body_put(body, body->map, (struct value_item){name, node_span(node), value}, keys);
}

static void body_merge(struct body *body, const struct value *other) {
    for (uint32_t i = 0; i < other->count; i++)
        body_put(body, body->map, other->items[i], 0);
}

struct value *directives_body(struct data *data, TSNode node) {
    struct body body = {.data = data, .map = value_new(data, VALUE_MAP, node)};
    if (data->depth >= DATA_DEPTH) {
        builder_note(data->builder, ts_node_start_byte(node), SLICE("nested too deeply"));
        return body.map;
    }
    data->depth++;
    map_init(&body.index, data->scratch);
    uint32_t count;
    struct node_child *children = node_children(data->scratch, node, true, &count);
    for (uint32_t i = 0; i < count; i++) {
        enum node_role role = role_of(data, children[i].node);
        if (role == ROLE_DIRECTIVE)
            directive_read(&body, children[i].node);
        else if (role == ROLE_DIRECTIVES) /* a block without a name: its own belong here */
            body_merge(&body, directives_body(data, children[i].node));
    }
    data->depth--;
    return body.map;
}
