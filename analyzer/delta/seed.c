#include "delta/seed.h"

#include "base/glob.h"
#include "delta/instance.h"
#include "delta/mention.h"

enum { READ_INSTANCES = 64 }; /* of a list of all of them, written out */

static const struct attribute_change *change_at(const struct seed *seed, struct slice attribute) {
    for (uint32_t i = 0; i < seed->change_count; i++) {
        struct slice path = seed->changes[i].path;
        if (slice_starts(path, attribute) &&
            (path.size == attribute.size || path.data[attribute.size] == '.' ||
             path.data[attribute.size] == '['))
            return &seed->changes[i];
    }
    return NULL;
}

/* One value was exchanged for another: what is read by it is another thing. */
static bool asks_otherwise(const struct seed *seed) {
    for (uint32_t i = 0; i < seed->change_count; i++)
        if (seed->changes[i].was && seed->changes[i].is)
            return true;
    return false;
}

/* Attributes that count every edit: the dialect's property `recomputed`, globs of names. */
static bool is_recomputed(const struct seed *seed, struct slice attribute) {
    struct slice globs = dialect_property(seed->dialect, "recomputed"), glob;
    while (slice_split(&globs, ',', &glob))
        if (glob_match(slice_trim(glob), attribute))
            return true;
    return false;
}

/* How sure the attribute has another value than before; CONFIDENCE_UNKNOWN: it has not. */
static enum confidence reads_new(const struct seed *seed, struct slice attribute) {
    if (!attribute.size || change_at(seed, attribute))
        return CONFIDENCE_LIKELY;
    if (value_get(seed->is, attribute)) /* configured, and as it was */
        return CONFIDENCE_UNKNOWN;
    if (seed->root != ENTITY_NONE)
        return CONFIDENCE_LIKELY;
    if (seed->read_only)
        return asks_otherwise(seed) ? CONFIDENCE_LIKELY : CONFIDENCE_POSSIBLE;
    return is_recomputed(seed, attribute) ? CONFIDENCE_POSSIBLE : CONFIDENCE_UNKNOWN;
}

const struct attribute_change *seed_counts(const struct seed *seed) {
    for (uint32_t i = 0; i < seed->change_count; i++)
        if (instance_decides(&seed->changes[i]))
            return &seed->changes[i];
    return NULL;
}

static bool is_splat(struct slice behind) {
    return slice_starts(behind, SLICE("[*]")) || slice_starts(behind, SLICE(".*"));
}

/* "for key, x in" at the end of a text: x. */
static struct slice loop_name(struct slice before) {
    before = slice_trim(before);
    if (!slice_ends(before, SLICE(" in")))
        return SLICE_NONE;
    before = slice_sub(before, 0, before.size - strlen(" in"));
    size_t blank = slice_find_last_byte(before, ' ');
    return blank == SLICE_NPOS ? SLICE_NONE : slice_from(before, blank + 1);
}

static enum confidence mention_reads(const struct seed *seed, struct slice attribute,
                                     struct slice before, struct slice behind);

static enum confidence name_reads(const struct seed *seed, struct slice text, struct slice name) {
    enum confidence best = CONFIDENCE_UNKNOWN;
    struct slice attribute, rest = text;
    while (best < CONFIDENCE_LIKELY && mention_next(&rest, name, &attribute)) {
        size_t at = (size_t)(rest.data - text.data) - name.size;
        enum confidence confidence = mention_reads(seed, attribute, slice_sub(text, 0, at), rest);
        if (confidence > best)
            best = confidence;
    }
    return best;
}

/* All instances are read where they are gone through one by one; of each of them only what the
 * body of the loop asks for. */
static enum confidence mention_reads(const struct seed *seed, struct slice attribute,
                                     struct slice before, struct slice behind) {
    struct slice loop = attribute.size ? SLICE_NONE : loop_name(before);
    if (seed_counts(seed) && (is_splat(behind) || loop.size))
        return CONFIDENCE_LIKELY;
    if (!loop.size || seed->root != ENTITY_NONE)
        return reads_new(seed, attribute);
    return name_reads(seed, behind, loop);
}

static enum confidence text_reads(const struct seed *seed, struct slice text) {
    return name_reads(seed, text, seed->name);
}

enum confidence seed_reads(const struct seed *seed, const struct value *value) {
    if (value->kind == VALUE_REFERENCE || value->kind == VALUE_EXPRESSION)
        return text_reads(seed, value->text);
    enum confidence best = CONFIDENCE_UNKNOWN;
    for (uint32_t i = 0; value->kind == VALUE_LIST && i < value->count; i++) {
        enum confidence confidence = seed_reads(seed, value->items[i].value);
        if (confidence > best)
            best = confidence;
    }
    return best;
}

enum confidence seed_reads_deep(const struct seed *seed, const struct value *value) {
    enum confidence best = seed_reads(seed, value);
    for (uint32_t i = 0; value->kind == VALUE_MAP && i < value->count; i++) {
        enum confidence confidence = seed_reads_deep(seed, value->items[i].value);
        if (confidence > best)
            best = confidence;
    }
    return best;
}

const struct value *seed_elements(struct arena *arena, const struct seed *seed,
                                  const struct value *value, const struct value *count) {
    struct slice name = seed->name, rest = slice_from(value->text, name.size);
    int64_t number = -1;
    if (!count || !slice_to_int(value_literal(count), &number) || number < 0 ||
        number > READ_INSTANCES || value->kind != VALUE_REFERENCE ||
        !slice_starts(value->text, name) || !is_splat(rest))
        return NULL;
    struct value *list = ARENA_NEW(arena, struct value);
    *list = (struct value){.kind = VALUE_LIST, .span = value->span, .count = (uint32_t)number};
    list->items = ARENA_ARRAY(arena, struct value_item, (size_t)number + 1);
    rest = slice_from(rest, rest.data[0] == '[' ? 3 : 2);
    for (uint32_t i = 0; i < list->count; i++) {
        struct value *item = ARENA_NEW(arena, struct value);
        *item = (struct value){.kind = VALUE_REFERENCE, .span = value->span};
        item->text = arena_format(arena, "%.*s[%u]%.*s", SLICE_ARGS(name), i, SLICE_ARGS(rest));
        list->items[i].value = item;
    }
    return list;
}
