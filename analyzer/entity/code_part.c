/*
 * Reading a script part by part. A part ends behind a line that is just "}": most edits of a long
 * script change one function, and the parts around it are remembered.
 *
 * A part's entities are a function of its bytes and of what is known where it begins: variables,
 * tests and shell options in force. Both are the key, so remembering changes nothing but the time.
 * A part that cannot be parsed alone without an error was cut in the wrong place, or stands in a
 * text that is not understood anyway: then the text is read as a whole. Here-documents hold what
 * they like, so nothing is cut behind "<<".
 */
#include "base/hash.h"
#include "entity/cache.h"
#include "entity/code.h"

enum {
    PART_STATE_BYTES = 16384, /* more that is known: not worth a copy for every part */
    PART_HASH = 2,            /* keeps parts apart from lists and blocks of the same bytes */
};

struct parts {
    VEC(struct cache_entry *) list;
    VEC(uint32_t) offsets;
};

/* ---- what is known between two parts ---- */

static void save_number(struct strbuf *out, uint32_t number) {
    strbuf_add(out, slice_make((const char *)&number, sizeof number));
}

static void save_text(struct strbuf *out, struct slice text) {
    save_number(out, slice_is_none(text) ? UINT32_MAX : (uint32_t)text.size);
    strbuf_add(out, text);
}

struct slice code_state_save(const struct code *code, struct arena *arena) {
    struct strbuf out;
    strbuf_init(&out, arena);
    save_number(&out, code->options.list.count);
    for (uint32_t i = 0; i < code->options.list.count; i++)
        save_text(&out, code->options.list.items[i]);
    save_number(&out, code->variables->list.count);
    for (uint32_t i = 0; i < code->variables->list.count; i++) {
        const struct variable *variable = &code->variables->list.items[i];
        save_text(&out, variable->name);
        save_text(&out, variable->resolved);
        save_text(&out, variable->emptied);
        save_number(&out, (uint32_t)variable->known << 1 | variable->filled);
        save_number(&out, variable->guards);
    }
    save_number(&out, code->guards.count);
    for (uint32_t i = 0; i < code->guards.count; i++) {
        const struct guard *guard = &code->guards.items[i];
        save_text(&out, guard->text);
        save_number(&out, (uint32_t)guard->negated << 1 | guard->lasting);
        save_number(&out, guard->variables.count);
        for (uint32_t n = 0; n < guard->variables.count; n++)
            save_number(&out, guard->variables.items[n]);
    }
    return strbuf_slice(&out);
}

static uint32_t load_number(struct slice *rest) {
    uint32_t number;
    memcpy(&number, rest->data, sizeof number);
    *rest = slice_from(*rest, sizeof number);
    return number;
}

static struct slice load_text(struct slice *rest) {
    uint32_t size = load_number(rest);
    if (size == UINT32_MAX)
        return SLICE_NONE;
    struct slice text = slice_sub(*rest, 0, size);
    *rest = slice_from(*rest, size);
    return text;
}

static void load_variable(struct code *code, struct slice *rest) {
    struct variable variable = {.name = load_text(rest)};
    variable.resolved = load_text(rest);
    variable.emptied = load_text(rest);
    uint32_t flags = load_number(rest);
    variable.known = flags >> 1;
    variable.filled = flags & 1;
    variable.guards = load_number(rest);
    code->scripts |= script_kind_of(variable.name);
    map_set(&code->variables->index, variable.name, code->variables->list.count);
    vec_push(code->scratch, &code->variables->list, variable);
}

static void load_guard(struct code *code, struct slice *rest) {
    struct guard guard = {.text = load_text(rest)};
    uint32_t flags = load_number(rest);
    guard.negated = flags >> 1;
    guard.lasting = flags & 1;
    for (uint32_t n = load_number(rest); n > 0; n--)
        vec_push(code->scratch, &guard.variables, load_number(rest));
    vec_push(code->scratch, &code->guards, guard);
}

void code_state_load(struct code *code, struct slice state) {
    if (!state.size)
        return;
    for (uint32_t n = load_number(&state); n > 0; n--)
        vec_push(code->scratch, &code->options.list, load_text(&state));
    for (uint32_t n = load_number(&state); n > 0; n--)
        load_variable(code, &state);
    for (uint32_t n = load_number(&state); n > 0; n--)
        load_guard(code, &state);
}

/* ---- parts ---- */

/* Offset behind the part that begins at `from`: behind its first line "}", or the end. */
static size_t part_end(struct slice text, size_t from) {
    size_t here = slice_find(slice_from(text, from), SLICE("<<"));
    size_t limit = here == SLICE_NPOS ? text.size : from + here;
    size_t found = slice_find(slice_sub(text, from, limit), SLICE("\n}\n"));
    return found == SLICE_NPOS ? text.size : from + found + 3;
}

static struct cache_entry *part_read(struct builder *whole, struct slice state, struct slice text) {
    uint64_t size = state.size;
    struct slice key =
        ARENA_CONCAT(whole->arena, slice_make((const char *)&size, sizeof size), state, text);
    struct reader *reader = whole->reader;
    uint64_t hash = hash_mix(hash_bytes(key), hash_bytes(whole->dialect->name) + PART_HASH);
    struct cache_entry *entry = cache_find(reader->cache, whole->dialect, key, hash);
    if (entry)
        return entry;
    entry = cache_add(reader->cache, whole->dialect, key, hash);
    struct entity_list_builder list = {.block = slice_from(entry->block, sizeof size + state.size)};
    struct builder builder = {.arena = &entry->arena,
                              .reader = reader,
                              .dialect = whole->dialect,
                              .roles = whole->roles,
                              .text = list.block,
                              .scope = ENTITY_NONE,
                              .weight = whole->weight,
                              .host = whole->host,
                              .list = &list};
    struct slice before = slice_sub(entry->block, sizeof size, sizeof size + state.size);
    code_read_text(&builder, NULL, &before, &entry->after);
    cache_complete(reader->cache, entry, &list);
    return entry;
}

static bool parts_find(struct builder *builder, struct parts *parts) {
    struct slice text = builder->text, state = SLICE("");
    if (part_end(text, 0) == text.size)
        return false;
    for (size_t from = 0; from < text.size;) {
        size_t to = part_end(text, from);
        struct cache_entry *entry = part_read(builder, state, slice_sub(text, from, to));
        if (entry->list.note_count || entry->after.size > PART_STATE_BYTES)
            return false;
        state = entry->after;
        vec_push(builder->arena, &parts->list, entry);
        vec_push(builder->arena, &parts->offsets, (uint32_t)from);
        from = to;
    }
    return true;
}

static void part_append(struct builder *builder, const struct entity_list *part, uint32_t offset,
                        uint32_t *top) {
    uint32_t first = builder->list->items.count, before = *top;
    for (uint32_t i = 0; i < part->count; i++) {
        struct entity entity = part->items[i];
        entity.span = (struct span){entity.span.from + offset, entity.span.to + offset};
        entity.body_at = offset; /* the body is shared with the part, as it is */
        if (entity.scope == ENTITY_NONE) {
            entity.order += before;
            ++*top;
        } else {
            entity.scope += first;
        }
        vec_push(builder->arena, &builder->list->items, entity);
    }
    builder->list->reads += part->reads;
}

bool code_read_parts(struct builder *builder) {
    struct parts parts = {0};
    if (builder->depth || builder->embedding || builder->at || builder->scope != ENTITY_NONE ||
        !parts_find(builder, &parts))
        return false;
    uint32_t top = 0, count = builder->list->items.count;
    for (uint32_t i = 0; i < parts.list.count; i++)
        count += parts.list.items[i]->list.count;
    vec_reserve(builder->arena, &builder->list->items, count);
    for (uint32_t i = 0; i < parts.list.count; i++) {
        part_append(builder, &parts.list.items[i]->list, parts.offsets.items[i], &top);
        vec_push(builder->arena, &builder->list->parts, parts.list.items[i]);
    }
    return true;
}
