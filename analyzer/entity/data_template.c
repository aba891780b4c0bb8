#include "base/glob.h"
#include "entity/data.h"

/* "^path" is looked for in the entity itself and in what it stands in, inside out. */
static const struct value *value_above(struct data *data, const struct value *value,
                                       struct slice path, const struct captures *captures) {
    if (!path.size || path.data[0] != '^')
        return value_at(value, path);
    const struct entity *items = data->builder->list->items.items;
    const struct value *found = NULL;
    for (uint32_t at = captures->above; at && !found; at = items[at - 1].scope + 1)
        found = value_at(items[at - 1].body, slice_from(path, 1));
    return found;
}

/* Text of whatever stands at the path: literals, references, expressions. */
static struct slice text_at(const struct value *found) {
    if (!found || found->kind == VALUE_MAP || found->kind == VALUE_LIST)
        return SLICE("");
    return slice_is_none(found->text) ? SLICE("") : found->text;
}

static struct slice filter_apply(struct slice text, struct slice filter) {
    if (slice_is(filter, "group")) {
        size_t slash = slice_find_last_byte(text, '/');
        return slash == SLICE_NPOS ? SLICE("") : slice_sub(text, 0, slash);
    }
    if (slice_starts(filter, SLICE("before")) && filter.size == 7) {
        size_t at = slice_find_byte(text, filter.data[6]);
        return at == SLICE_NPOS ? text : slice_sub(text, 0, at);
    }
    return text;
}

static struct slice alternative_text(struct data *data, struct slice part,
                                     const struct value *value, const struct captures *captures) {
    int64_t number;
    if (slice_to_int(part, &number))
        return number >= 1 && number <= captures->count ? captures->items[number - 1] : SLICE("");
    if (slice_is(part, "parent"))
        return captures->parent;
    if (slice_is(part, "parent-type"))
        return slice_is_none(captures->parent_type) ? SLICE("") : captures->parent_type;
    if (part.size > 1 && part.data[0] == '\'') /* as it stands */
        return slice_sub(part, 1, part.size - 1);
    size_t hash = slice_find_byte(part, '#');
    if (hash != SLICE_NPOS)
        return arena_format(data->arena, "%.*s%u", (int)hash, part.data, captures->index);
    size_t colon = slice_find_last_byte(part, ':');
    struct slice filter = colon == SLICE_NPOS ? SLICE("") : slice_from(part, colon + 1);
    if (colon != SLICE_NPOS)
        part = slice_sub(part, 0, colon);
    return filter_apply(text_at(value_above(data, value, part, captures)), filter);
}

static bool is_separator(char byte) {
    return byte == '/' || byte == '.';
}

/* What {..} stands for; a separator at either end shows only beside a text. */
static void braces_add(struct data *data, struct strbuf *out, struct slice inner,
                       const struct value *value, const struct captures *captures) {
    struct slice before = SLICE(""), after = SLICE("");
    if (inner.size > 1 && is_separator(inner.data[0])) {
        before = slice_sub(inner, 0, 1);
        inner = slice_from(inner, 1);
    }
    if (inner.size > 1 && is_separator(inner.data[inner.size - 1])) {
        after = slice_from(inner, inner.size - 1);
        inner.size--;
    }
    struct slice part, text = SLICE("");
    while (!text.size && slice_split(&inner, '|', &part))
        text = alternative_text(data, part, value, captures);
    if (!text.size)
        return;
    strbuf_add(out, before);
    strbuf_add(out, text);
    strbuf_add(out, after);
}

struct slice data_template(struct data *data, struct slice pattern, const struct value *value,
                           const struct captures *captures) {
    struct strbuf out;
    strbuf_init(&out, data->arena);
    for (size_t i = 0; i < pattern.size; i++) {
        size_t end =
            pattern.data[i] == '{' ? slice_find_byte(slice_from(pattern, i), '}') : SLICE_NPOS;
        if (end == SLICE_NPOS) {
            strbuf_add_byte(&out, pattern.data[i]);
            continue;
        }
        braces_add(data, &out, slice_sub(pattern, i + 1, i + end), value, captures);
        i += end;
    }
    return strbuf_slice(&out);
}

struct glob_search {
    struct slice pattern;
    bool found;
};

static bool glob_visit(const struct value *value, void *context) {
    struct glob_search *search = context;
    if (value->kind == VALUE_LIST)
        for (uint32_t i = 0; i < value->count && !search->found; i++)
            glob_visit(value->items[i].value, context);
    struct slice text = slice_is_none(value->text) ? SLICE("") : value->text;
    search->found |= glob_match(search->pattern, text);
    return !search->found;
}

static bool condition_holds(struct data *data, const struct condition_record *condition,
                            const struct value *value, const struct captures *captures) {
    const struct dialect *dialect = data->builder->dialect;
    struct slice path = dialect_string(dialect, condition->path);
    struct glob_search search = {dialect_string(dialect, condition->text), false};
    if (path.size && path.data[0] == '{') {
        struct slice text = data_template(data, path, value, captures);
        return text.size && glob_match(search.pattern, text);
    }
    const struct value *above =
        path.size && path.data[0] == '^' ? value_above(data, value, path, captures) : NULL;
    if (above)
        glob_visit(above, &search);
    else
        value_each(value, path, glob_visit, &search);
    return search.found;
}

bool data_conditions_hold(struct data *data, struct range range, const struct value *value,
                          const struct captures *captures) {
    const struct condition_record *conditions =
        dialect_records(data->builder->dialect, IMAGE_CONDITIONS, range);
    for (uint32_t i = 0; i < range.count; i++) {
        bool any = false;
        uint32_t last = i;
        for (uint32_t n = i; n < range.count && conditions[n].kind == conditions[i].kind &&
                             conditions[n].path == conditions[i].path;
             n++) {
            any |= condition_holds(data, &conditions[n], value, captures);
            last = n;
        }
        if (any == (conditions[i].kind == CONDITION_UNLESS))
            return false;
        i = last;
    }
    return true;
}
