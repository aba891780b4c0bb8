#include "delta/opaque.h"

#include "fact/place.h"

static const struct value *text_value(struct arena *arena, struct slice text) {
    struct value *value = ARENA_NEW(arena, struct value);
    value->kind = VALUE_LITERAL;
    value->text = text;
    return value;
}

static const struct value *body_of(struct arena *arena, const char *key, struct slice text) {
    struct value *body = ARENA_NEW(arena, struct value);
    body->kind = VALUE_MAP;
    body->count = 1;
    body->items = ARENA_NEW(arena, struct value_item);
    body->items->key = slice_of(key);
    body->items->value = text_value(arena, text);
    return body;
}

/* Byte offset where a 1-based line begins. */
static uint32_t line_offset(struct slice text, uint32_t line) {
    size_t at = 0;
    for (uint32_t i = 1; i < line; i++) {
        size_t end = slice_find_byte(slice_from(text, at), '\n');
        if (end == SLICE_NPOS)
            break;
        at += end + 1;
    }
    return (uint32_t)at;
}

static struct placed place_file(const struct unit_sources *sources, struct slice path,
                                struct slice type, const struct value *body) {
    struct entity *entity = ARENA_NEW(sources->arena, struct entity);
    entity->dialect = type.size ? dialect_by_name(sources->dialects, type) : NULL;
    entity->kind = SLICE("file");
    entity->type = type;
    entity->name = path;
    entity->scope = ENTITY_NONE;
    entity->weight = 100;
    entity->body = body;
    entity->body_hash = value_hash(body);
    struct entity_list *list = ARENA_NEW(sources->arena, struct entity_list);
    list->items = entity;
    list->count = 1;
    return (struct placed){
        .entity = entity,
        .list = list,
        .path = path,
        .name = path,
        .body = body,
        .unit = path,
        .path_class = place_path_class(sources->knowledge, path),
        .environment = place_environment(sources->knowledge, path),
    };
}

void opaque_note(struct opaque *opaque, const struct opaque_note *note) {
    struct arena *arena = opaque->sources->arena;
    const struct value *body = body_of(arena, "reason", note->reason);
    struct placed placed = place_file(opaque->sources, note->path, note->type, body);
    placed.unit = note->unit;
    placed.file = note->file;
    placed.offset = line_offset(note->file, note->line);
    struct event event = {.effect = EFFECT_NOT_UNDERSTOOD,
                          .confidence = CONFIDENCE_CERTAIN,
                          .reason = note->reason,
                          .unit = note->unit};
    if (note->before)
        event.before = placed;
    else
        event.after = placed;
    vec_push(arena, &opaque->events->list, event);
}

static struct slice before_path(const struct pair *pair) {
    return slice_is_none(pair->old_path) ? pair->path : pair->old_path;
}

static bool is_known_path(const struct opaque *opaque, struct slice path) {
    const struct dialects *dialects = opaque->sources->dialects;
    const struct dialect *dialect = language_detect(dialects, path, SLICE(""));
    return (dialect && !dialect->generic) || language_is_sensitive(dialects, path);
}

/* Why nothing can be said of a blob; SLICE_NONE if something can, or nobody needs it. */
static struct slice blob_reason(const struct opaque *opaque, const struct blob *blob,
                                struct slice path, const struct dialect *dialect) {
    if (blob->state == CONTENT_UNREADABLE)
        return blob->reason.size ? blob->reason : SLICE("cannot be read");
    if (blob->state == CONTENT_BINARY && is_known_path(opaque, path))
        return SLICE("binary content where text was expected");
    if (blob->state == CONTENT_TEXT && !dialect &&
        language_is_sensitive(opaque->sources->dialects, path))
        return SLICE("no reader for this kind of file");
    return SLICE_NONE;
}

/* Tells of one side, the after side if it says enough. */
static void note_blobs(struct opaque *opaque, const struct pair *pair) {
    for (uint32_t s = UNIT_SIDES; s-- > 0;) {
        bool before = s == UNIT_BEFORE;
        const struct blob *blob = before ? &pair->before : &pair->after;
        struct slice path = before ? before_path(pair) : pair->path;
        const struct dialect *dialect = pair_dialect(opaque->sources, pair, before);
        if (pair->status == PAIR_REMOVED && blob->state != CONTENT_UNREADABLE)
            continue; /* told as a removal */
        struct slice reason = blob_reason(opaque, blob, path, dialect);
        if (slice_is_none(reason))
            continue;
        const struct dialect *by_path = language_detect(opaque->sources->dialects, path, SLICE(""));
        struct opaque_note note = {.path = path,
                                   .type = by_path ? by_path->name : SLICE(""),
                                   .reason = reason,
                                   .unit = path,
                                   .file = blob->bytes,
                                   .before = before};
        opaque_note(opaque, &note);
        return;
    }
}

static struct slice mode_text(struct arena *arena, uint32_t mode) {
    return arena_format(arena, "%06o", mode);
}

static void emit_file_change(struct opaque *opaque, const struct pair *pair, const char *attribute,
                             struct slice was, struct slice is) {
    struct arena *arena = opaque->sources->arena;
    struct event event = {.effect = EFFECT_CHANGED, .confidence = CONFIDENCE_CERTAIN};
    const struct value *a = slice_is_none(was) ? NULL : body_of(arena, attribute, was);
    const struct value *b = slice_is_none(is) ? NULL : body_of(arena, attribute, is);
    if (a)
        event.before = place_file(opaque->sources, before_path(pair), SLICE(""), a);
    if (b)
        event.after = place_file(opaque->sources, pair->path, SLICE(""), b);
    if (!a || !b)
        event.effect = a ? EFFECT_REMOVED : EFFECT_ADDED;
    event.unit = event_side(&event)->unit;
    event.changes = ARENA_NEW(arena, struct attribute_change);
    event.change_count = 1;
    *event.changes = (struct attribute_change){.path = slice_of(attribute),
                                               .was = a ? a->items->value : NULL,
                                               .is = b ? b->items->value : NULL,
                                               .confidence = CONFIDENCE_CERTAIN};
    vec_push(arena, &opaque->events->list, event);
}

static bool is_pointer(const struct blob *blob) {
    return blob->state == CONTENT_SYMLINK || blob->state == CONTENT_SUBMODULE;
}

static struct slice pointer_target(const struct blob *blob) {
    return is_pointer(blob) ? blob->bytes : SLICE_NONE;
}

/* What no reader knows is at least told when it goes. */
static void emit_file_removed(struct opaque *opaque, const struct pair *pair) {
    static const struct value nothing = {.kind = VALUE_MAP};
    struct event event = {.effect = EFFECT_REMOVED, .confidence = CONFIDENCE_CERTAIN};
    event.before = place_file(opaque->sources, before_path(pair), SLICE(""), &nothing);
    event.before.file = pair->before.bytes;
    event.unit = event.before.unit;
    vec_push(opaque->sources->arena, &opaque->events->list, event);
}

static void compare_pair(struct opaque *opaque, const struct pair *pair) {
    struct arena *arena = opaque->sources->arena;
    if (is_pointer(&pair->before) || is_pointer(&pair->after)) {
        if (pair->before.state != pair->after.state ||
            !slice_equal(pair->before.bytes, pair->after.bytes))
            emit_file_change(opaque, pair, "target", pointer_target(&pair->before),
                             pointer_target(&pair->after));
        return;
    }
    if (pair->status == PAIR_REMOVED && !pair_dialect(opaque->sources, pair, true))
        emit_file_removed(opaque, pair);
    if (pair->before.mode && pair->after.mode && pair->before.mode != pair->after.mode)
        emit_file_change(opaque, pair, "mode", mode_text(arena, pair->before.mode),
                         mode_text(arena, pair->after.mode));
}

void opaque_compare(struct opaque *opaque) {
    const struct change *change = opaque->sources->change;
    for (uint32_t i = 0; i < change->pairs.count; i++) {
        note_blobs(opaque, &change->pairs.items[i]);
        compare_pair(opaque, &change->pairs.items[i]);
    }
    for (uint32_t i = 0; i < change->notes.list.count; i++) {
        const struct note *note = &change->notes.list.items[i];
        struct opaque_note out = {.path = note->path,
                                  .type = SLICE(""),
                                  .reason = note->reason,
                                  .unit = note->path,
                                  .before = note->before};
        opaque_note(opaque, &out);
    }
}
