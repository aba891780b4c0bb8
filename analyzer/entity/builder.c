#include "entity/builder.h"

#include "entity/cache.h"
#include "syntax/shelf.h"

static void parse_release(void *syntax) {
    syntax_drop(syntax);
}

/* What stands in an embedded text is no declaration of the file. */
static void note_gap(struct builder *builder, uint32_t offset, struct slice reason) {
    builder_note(builder, offset, reason);
    for (uint32_t i = 0; builder->depth == 0 && i < builder->list->notes.count; i++)
        builder->list->notes.items[i].partial |=
            slice_equal(builder->list->notes.items[i].reason, reason);
}

struct syntax *builder_parse(struct builder *builder) {
    struct syntax *syntax = ARENA_NEW(builder->arena, struct syntax);
    arena_on_release(builder->arena, parse_release, syntax); /* first: registering may fail too */
    const struct language_record *record =
        dialect_language(builder->reader->dialects, builder->dialect->language);
    struct syntax_language language = {.grammar = builder->dialect->language};
    if (record) {
        language.nesting = (enum nesting_kind)record->nesting;
        language.max_lines = record->max_lines;
    }
    shelf_parse(cache_shelf(builder->reader->cache), builder->reader->failure, builder->roles,
                &language, builder->text, syntax);
    builder->list->reads += syntax->reads;
    if (!slice_is_none(syntax->reason)) {
        struct slice reason = arena_copy(builder->arena, syntax->reason);
        uint32_t line = syntax->reason_line ? syntax->reason_line : 1;
        syntax_close(syntax);
        size_t offset = 0;
        for (uint32_t i = 1; i < line; i++)
            offset += slice_find_byte(slice_from(builder->text, offset), '\n') + 1;
        note_gap(builder, (uint32_t)offset, reason);
        return NULL;
    }
    uint32_t byte;
    if (syntax_first_error(syntax->root, &byte))
        note_gap(builder, byte, SLICE("syntax not understood"));
    return syntax;
}

/* Index of the text's line that holds the offset. */
static uint32_t line_index(const struct builder *builder, uint32_t offset) {
    uint32_t low = 0, high = builder->embedding->line_count;
    while (low + 1 < high) {
        uint32_t middle = low + (high - low) / 2;
        if (builder->text_lines[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    return low;
}

uint32_t builder_offset(const struct builder *builder, uint32_t offset) {
    if (builder->at)
        return builder->at->from;
    if (!builder->embedding || !builder->embedding->line_count)
        return offset;
    uint32_t line = line_index(builder, offset);
    uint32_t mapped = builder->embedding->line_starts[line] + offset - builder->text_lines[line];
    uint32_t size = (uint32_t)builder->list->block.size;
    return mapped < size ? mapped : size;
}

static struct span span_map(const struct builder *builder, struct span span) {
    if (builder->at)
        return *builder->at;
    struct span mapped = {builder_offset(builder, span.from), builder_offset(builder, span.to)};
    if (mapped.to < mapped.from)
        mapped.to = mapped.from;
    return mapped;
}

/* Values of an embedded text carry spans of that text: they are moved in place once, before
 * anybody else sees them. */
static void value_map_spans(const struct builder *builder, struct value *value) {
    value->span = span_map(builder, value->span);
    for (uint32_t i = 0; i < value->count; i++) {
        value->items[i].span = span_map(builder, value->items[i].span);
        if (!i || value->items[i].value != value->items[i - 1].value) /* one for several keys */
            value_map_spans(builder, (struct value *)value->items[i].value);
    }
}

static uint32_t order_next(struct builder *builder, uint32_t scope) {
    uint32_t slot = scope == ENTITY_NONE ? 0 : scope + 1;
    while (builder->list->children.count <= slot)
        vec_push(builder->arena, &builder->list->children, 0);
    return builder->list->children.items[slot]++;
}

uint32_t builder_add(struct builder *builder, struct entity entity) {
    static const struct value empty = {.kind = VALUE_MAP};
    entity.dialect = builder->dialect;
    if (entity.scope == ENTITY_NONE)
        entity.scope = builder->scope;
    if (!entity.weight)
        entity.weight = builder->weight;
    if (slice_is_none(entity.host))
        entity.host = builder->host;
    if (!entity.body)
        entity.body = &empty;
    else if (builder->embedding || builder->at)
        value_map_spans(builder, (struct value *)entity.body);
    entity.span = span_map(builder, entity.span);
    entity.body_hash = value_hash(entity.body);
    entity.order = order_next(builder, entity.scope);
    vec_push(builder->arena, &builder->list->items, entity);
    return builder->list->items.count - 1;
}

void builder_note(struct builder *builder, uint32_t offset, struct slice reason) {
    struct note note = {.path = SLICE(""),
                        .line =
                            slice_line_at(builder->list->block, builder_offset(builder, offset)),
                        .reason = reason};
    for (uint32_t i = 0; i < builder->list->notes.count; i++)
        if (builder->list->notes.items[i].line == note.line &&
            slice_equal(builder->list->notes.items[i].reason, reason))
            return;
    vec_push(builder->arena, &builder->list->notes, note);
}
