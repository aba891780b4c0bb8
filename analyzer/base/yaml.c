#include "base/yaml.h"

#include "base/map.h"
#include "base/vec.h"

#include <yaml.h>

enum { YAML_DEPTH = 64, YAML_BYTES = 1 << 20, YAML_LINEAR_KEYS = 8 };

typedef VEC(struct yaml_entry) yaml_entries;

/* A list or map that is still open. */
struct yaml_frame {
    struct yaml_node *node;
    yaml_entries entries;
    bool has_key; /* a map's key was read, its value was not */
    struct yaml_entry key;
    struct map keys; /* only filled beyond YAML_LINEAR_KEYS */
};

/* Parser and event live in libyaml's own memory; the arena's release frees them if a failure
 * unwinds past us. */
struct yaml_reader {
    struct arena *arena;
    struct slice bytes;
    const char *where;
    enum berm_status status;
    bool parser_open, event_open;
    yaml_parser_t parser;
    yaml_event_t event;
    struct yaml_node *root;
    struct yaml_frame frames[YAML_DEPTH];
    uint32_t depth;
};

static void reader_close_event(struct yaml_reader *reader) {
    if (reader->event_open)
        yaml_event_delete(&reader->event);
    reader->event_open = false;
}

static void reader_close(void *object) {
    struct yaml_reader *reader = object;
    reader_close_event(reader);
    if (reader->parser_open)
        yaml_parser_delete(&reader->parser);
    reader->parser_open = false;
}

static struct place place_at(const struct yaml_reader *reader, yaml_mark_t mark) {
    return (struct place){reader->where, (uint32_t)mark.line + 1, (uint32_t)mark.column + 1};
}

/* libyaml's reader runs ahead of its marks and gives a byte offset instead. */
static struct place place_of_offset(const struct yaml_reader *reader, size_t offset) {
    struct slice before = slice_sub(reader->bytes, 0, offset);
    size_t newline = slice_find_last_byte(before, '\n');
    size_t column = newline == SLICE_NPOS ? before.size : before.size - newline - 1;
    return (struct place){reader->where, slice_line_at(reader->bytes, offset),
                          (uint32_t)column + 1};
}

static _Noreturn void reader_fail(const struct yaml_reader *reader, const char *what) {
    failure_raise(reader->arena->failure, reader->status,
                  place_at(reader, reader->event.start_mark), "%s", what);
}

static _Noreturn void reader_fail_syntax(const struct yaml_reader *reader) {
    const yaml_parser_t *parser = &reader->parser;
    if (parser->error == YAML_MEMORY_ERROR)
        arena_out_of_memory(reader->arena);
    const char *problem = parser->problem ? parser->problem : "malformed";
    if (parser->error == YAML_READER_ERROR)
        failure_raise(reader->arena->failure, reader->status,
                      place_of_offset(reader, parser->problem_offset), "not valid YAML: %s",
                      problem);
    failure_raise(reader->arena->failure, reader->status, place_at(reader, parser->problem_mark),
                  "not valid YAML: %s%s%s", problem, parser->context ? " " : "",
                  parser->context ? parser->context : "");
}

static void reader_next(struct yaml_reader *reader) {
    reader_close_event(reader);
    if (!yaml_parser_parse(&reader->parser, &reader->event))
        reader_fail_syntax(reader);
    reader->event_open = true;
}

static struct yaml_node *node_new(struct yaml_reader *reader, enum yaml_kind kind) {
    struct yaml_node *node = ARENA_NEW(reader->arena, struct yaml_node);
    node->kind = kind;
    node->line = (uint32_t)reader->event.start_mark.line + 1;
    node->column = (uint32_t)reader->event.start_mark.column + 1;
    return node;
}

static bool key_is_known(struct yaml_reader *reader, struct yaml_frame *frame, struct slice key) {
    if (frame->entries.count < YAML_LINEAR_KEYS) {
        for (uint32_t i = 0; i < frame->entries.count; i++)
            if (slice_equal(frame->entries.items[i].key, key))
                return true;
        return false;
    }
    if (frame->entries.count == YAML_LINEAR_KEYS) {
        map_init(&frame->keys, reader->arena);
        for (uint32_t i = 0; i < frame->entries.count; i++)
            map_set(&frame->keys, frame->entries.items[i].key, i);
    }
    return map_set_default(&frame->keys, key, frame->entries.count) != frame->entries.count;
}

/* A map's next node is a key if none is waiting for its value. */
static void take_key(struct yaml_reader *reader, struct yaml_frame *frame,
                     const struct yaml_node *node) {
    if (node->kind != YAML_SCALAR)
        reader_fail(reader, "a key must be a text");
    if (key_is_known(reader, frame, node->text))
        failure_raise(reader->arena->failure, reader->status,
                      place_at(reader, reader->event.start_mark), "duplicate key '%.*s'",
                      SLICE_ARGS(node->text));
    frame->key = (struct yaml_entry){node->text, node->line, node->column, NULL};
    frame->has_key = true;
}

static void take_node(struct yaml_reader *reader, struct yaml_node *node) {
    if (!reader->depth) {
        reader->root = node;
        return;
    }
    struct yaml_frame *frame = &reader->frames[reader->depth - 1];
    struct yaml_entry entry = {SLICE_NONE, node->line, node->column, node};
    if (frame->node->kind == YAML_MAP && !frame->has_key) {
        take_key(reader, frame, node);
        return;
    }
    if (frame->node->kind == YAML_MAP) {
        entry = frame->key;
        entry.value = node;
        frame->has_key = false;
    }
    vec_push(reader->arena, &frame->entries, entry);
}

static void open_node(struct yaml_reader *reader, enum yaml_kind kind) {
    if (reader->depth == YAML_DEPTH)
        failure_raise(reader->arena->failure, reader->status,
                      place_at(reader, reader->event.start_mark), "nested deeper than %d levels",
                      YAML_DEPTH);
    struct yaml_node *node = node_new(reader, kind);
    take_node(reader, node);
    reader->frames[reader->depth++] = (struct yaml_frame){.node = node};
}

static void close_node(struct yaml_reader *reader) {
    struct yaml_frame *frame = &reader->frames[--reader->depth];
    frame->node->entries = frame->entries.items;
    frame->node->count = frame->entries.count;
}

static void refuse_anchor(const struct yaml_reader *reader) {
    const yaml_event_t *event = &reader->event;
    if ((event->type == YAML_SCALAR_EVENT && event->data.scalar.anchor) ||
        (event->type == YAML_SEQUENCE_START_EVENT && event->data.sequence_start.anchor) ||
        (event->type == YAML_MAPPING_START_EVENT && event->data.mapping_start.anchor))
        reader_fail(reader, "anchors are not allowed");
    if (event->type == YAML_ALIAS_EVENT)
        reader_fail(reader, "aliases are not allowed");
}

static void take_scalar(struct yaml_reader *reader) {
    const yaml_event_t *event = &reader->event;
    struct yaml_node *node = node_new(reader, YAML_SCALAR);
    node->text = arena_copy(reader->arena, slice_make((const char *)event->data.scalar.value,
                                                      event->data.scalar.length));
    node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    take_node(reader, node);
}

/* False at the end of the document. */
static bool take_event(struct yaml_reader *reader) {
    refuse_anchor(reader);
    switch (reader->event.type) {
    case YAML_SCALAR_EVENT:
        take_scalar(reader);
        return true;
    case YAML_SEQUENCE_START_EVENT:
        open_node(reader, YAML_LIST);
        return true;
    case YAML_MAPPING_START_EVENT:
        open_node(reader, YAML_MAP);
        return true;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        close_node(reader);
        return true;
    case YAML_DOCUMENT_END_EVENT:
    case YAML_STREAM_END_EVENT:
        return false;
    default:
        return true;
    }
}

static void read_document(struct yaml_reader *reader) {
    do
        reader_next(reader);
    while (take_event(reader));
    if (reader->event.type == YAML_STREAM_END_EVENT)
        return;
    reader_next(reader);
    if (reader->event.type != YAML_STREAM_END_EVENT)
        reader_fail(reader, "a second document is not allowed");
}

/* A file of comments only, or an empty document ("---"), is an empty map. */
static struct yaml_node *root_or_empty(struct yaml_reader *reader) {
    struct yaml_node *root = reader->root;
    if (root && (root->kind != YAML_SCALAR || root->text.size || root->quoted))
        return root;
    struct yaml_node *empty = ARENA_NEW(reader->arena, struct yaml_node);
    *empty = (struct yaml_node){.kind = YAML_MAP, .line = 1, .column = 1};
    return empty;
}

struct yaml_node *yaml_parse(struct arena *arena, struct slice bytes, const char *where,
                             enum berm_status status) {
    if (bytes.size > YAML_BYTES)
        failure_raise(arena->failure, status, (struct place){where, 0, 0}, "larger than %d bytes",
                      YAML_BYTES);
    struct yaml_reader *reader = ARENA_NEW(arena, struct yaml_reader);
    reader->arena = arena;
    reader->bytes = bytes;
    reader->where = where;
    reader->status = status;
    arena_on_release(arena, reader_close, reader);
    if (!yaml_parser_initialize(&reader->parser))
        arena_out_of_memory(arena);
    reader->parser_open = true;
    yaml_parser_set_input_string(&reader->parser,
                                 (const unsigned char *)(bytes.data ? bytes.data : ""), bytes.size);
    read_document(reader);
    reader_close(reader);
    return root_or_empty(reader);
}

struct yaml_node *yaml_get(const struct yaml_node *map, const char *key) {
    if (!map || map->kind != YAML_MAP)
        return NULL;
    for (uint32_t i = 0; i < map->count; i++)
        if (slice_is(map->entries[i].key, key))
            return map->entries[i].value;
    return NULL;
}
