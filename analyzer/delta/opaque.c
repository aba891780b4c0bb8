#include "delta/opaque.h"

#include "delta/file.h"

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

void opaque_note(struct opaque *opaque, const struct opaque_note *note) {
    struct arena *arena = opaque->sources->arena;
    const struct value *body = body_of(arena, "reason", note->reason);
    struct placed placed = file_place(opaque->sources, note->path, note->type, body);
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
        !language_has_lines(opaque->sources->dialects, path) &&
        language_is_sensitive(opaque->sources->dialects, path))
        return SLICE("no reader for this kind of file");
    return SLICE_NONE;
}

/* Tells of one side, the after side if it says enough. False if there is nothing to tell. */
static bool note_blobs(struct opaque *opaque, const struct pair *pair) {
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
        return true;
    }
    return false;
}

void opaque_compare(struct opaque *opaque) {
    const struct change *change = opaque->sources->change;
    for (uint32_t i = 0; i < change->pairs.count; i++) {
        bool noted = note_blobs(opaque, &change->pairs.items[i]);
        file_event(opaque->sources, &change->pairs.items[i], noted, opaque->events);
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
