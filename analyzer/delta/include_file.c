#include "delta/include_file.h"

#include "base/path.h"

struct slice include_property(const struct dialect *dialect, const char *key) {
    return dialect && dialect->record ? dialect_property(dialect, key) : SLICE_NONE;
}

/* ---- what a thing names ---- */

static bool add_text(const struct value *value, void *context) {
    struct texts *texts = context;
    struct slice text = value_literal(value);
    for (uint32_t i = 0; i < texts->list.count; i++)
        if (slice_equal(texts->list.items[i], text))
            return true;
    if (text.size && texts->list.count < INCLUDE_FILES)
        vec_push(texts->arena, &texts->list, text);
    return true;
}

static void add_texts(const struct value *value, struct texts *texts) {
    add_text(value, texts);
    for (uint32_t i = 0; value->kind == VALUE_LIST && i < value->count; i++)
        add_text(value->items[i].value, texts);
}

static bool visit_texts(const struct value *value, void *context) {
    add_texts(value, context);
    return true;
}

void include_texts(const struct entity *entity, const struct value *body, const char *property,
                   struct texts *texts) {
    struct slice rest = include_property(entity->dialect, property), part;
    while (slice_split(&rest, ',', &part)) {
        part = slice_trim(part);
        size_t equals = slice_find_byte(part, '=');
        if (equals != SLICE_NPOS && slice_equal(slice_sub(part, 0, equals), entity->kind))
            value_each(body, slice_from(part, equals + 1), visit_texts, texts);
    }
}

/* ---- where that is ---- */

static bool is_of_repository(const struct dialect *dialect, struct slice text) {
    struct slice marks = include_property(dialect, "calls_mark"), mark;
    if (slice_contains(text, SLICE("://")) || slice_find_byte(text, '@') != SLICE_NPOS ||
        slice_find_byte(text, '$') != SLICE_NPOS)
        return false;
    if (!marks.size)
        return true;
    while (slice_split(&marks, ',', &mark))
        if (slice_starts(text, slice_trim(mark)))
            return true;
    return false;
}

bool include_read(const struct unit_sources *sources, bool before, struct slice path,
                  struct source *source) {
    const struct tree *tree = before ? &sources->change->before : &sources->change->after;
    if (slice_is_none(path) || !tree->read ||
        tree->read(tree->self, path, &source->bytes) != TREE_PRESENT)
        return false;
    source->path = path;
    source->dialect = language_detect(sources->dialects, path, source->bytes);
    return true;
}

/* False if it is nothing of the repository, or cannot be read. */
bool include_find(const struct unit_sources *sources, bool before, const struct dialect *dialect,
                  struct slice from, struct slice text, struct source *source) {
    struct slice names = include_property(dialect, "calls_file"), name;
    bool beside = slice_is(include_property(dialect, "calls_in"), "file") && text.data[0] != '/';
    if (!include_property(dialect, "calls").size || !is_of_repository(dialect, text))
        return false;
    while (slice_starts(text, SLICE("/")))
        text = slice_from(text, 1);
    struct slice path = path_join(sources->arena, beside ? path_directory(from) : SLICE(""), text);
    if (include_read(sources, before, path, source))
        return true;
    while (!slice_is_none(path) && slice_split(&names, ',', &name))
        if (include_read(sources, before, path_join(sources->arena, path, slice_trim(name)),
                         source))
            return true;
    return false;
}

void include_entities(const struct unit_sources *sources, const struct dialect *dialect,
                      const struct source *source, include_visitor *visit, void *context) {
    uint32_t count = 0;
    const struct block *blocks = reader_blocks(sources->reader, dialect, source->bytes, &count);
    for (uint32_t i = 0; i < count; i++) {
        const struct entity_list *list = entity_read(sources->reader, dialect, blocks[i].bytes);
        for (uint32_t k = 0; k < list->count; k++)
            visit(source, &blocks[i], list, k, context);
    }
}
