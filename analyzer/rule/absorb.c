#include "rule/matcher.h"

#include "base/strbuf.h"

#include <stdlib.h>

static bool is_sure(const struct finding *finding) {
    return finding->confidence >= CONFIDENCE_LIKELY;
}

/* That a rule found an object, or what hangs on it. */
struct cover {
    const struct ruleset *set;
    const struct rule_record *rule;
    uint32_t severities[2]; /* the highest + 1: of all its findings, of the sure ones */
    uint32_t next;          /* of the same object; COVER_END: none */
};
#define COVER_END MAP_ABSENT

struct absorbed {
    struct matcher *matcher;
    struct map objects; /* unit and object -> the first of its covers */
    VEC(struct cover) covers;
};

/* A unit is a path, so no NUL is in it. */
static struct slice object_key(struct arena *arena, struct slice unit, struct slice object) {
    const struct slice parts[] = {unit, slice_make("", 1), object};
    return arena_concat(arena, parts, 3);
}

static struct cover *cover_of(struct absorbed *absorbed, const struct hit *hit, struct slice key) {
    uint32_t first = map_get(&absorbed->objects, key);
    for (uint32_t at = first; at != COVER_END; at = absorbed->covers.items[at].next)
        if (absorbed->covers.items[at].rule == hit->rule)
            return &absorbed->covers.items[at];
    uint32_t made = absorbed->covers.count;
    struct cover cover = {.set = hit->set, .rule = hit->rule, .next = first};
    vec_push(absorbed->matcher->arena, &absorbed->covers, cover);
    map_set(&absorbed->objects, key, made);
    return &absorbed->covers.items[made];
}

static void absorb_object(struct absorbed *absorbed, const struct hit *hit, struct slice unit,
                          struct slice object) {
    struct cover *cover =
        cover_of(absorbed, hit, object_key(absorbed->matcher->arena, unit, object));
    uint32_t severity = (uint32_t)hit->finding.severity + 1;
    for (int sure = 0; sure <= is_sure(&hit->finding); sure++)
        if (cover->severities[sure] < severity)
            cover->severities[sure] = severity;
}

static struct slice cascade_unit(const struct event *event, uint32_t at) {
    return event->cascade_units ? event->cascade_units[at] : event->unit;
}

/* What the finding says covers its object, what falls with it and what it was joined with. A
 * group is entered once a rule, or a large one would cost its square. */
static void absorb_of(struct absorbed *absorbed, const struct hit *hit) {
    if (!hit->rule || !hit->rule->absorbs.count)
        return;
    const struct finding *finding = &hit->finding;
    absorb_object(absorbed, hit, finding->event->unit, finding->object);
    for (uint32_t i = 0; i < finding->cascade_count; i++)
        absorb_object(absorbed, hit, cascade_unit(finding->event, i), finding->cascade[i]);
    if (!hit->group || hit->group->spread == hit->rule)
        return;
    hit->group->spread = hit->rule;
    for (uint32_t i = 0; i < hit->group->members.count; i++) {
        const struct event *member = hit->group->members.items[i];
        absorb_object(absorbed, hit, member->unit, event_side(member)->name);
    }
}

static bool absorbs(const struct cover *cover, struct slice rule) {
    for (uint32_t i = 0; i < cover->rule->absorbs.count; i++)
        if (slice_equal(ruleset_text(cover->set, cover->rule->absorbs, i), rule))
            return true;
    return false;
}

/* A finding never vanishes behind a milder one, nor a sure one behind a guess: project rules may
 * add and raise only. */
static bool is_absorbed(const struct absorbed *absorbed, const struct finding *finding) {
    struct slice key = object_key(absorbed->matcher->arena, finding->event->unit, finding->object);
    for (uint32_t at = map_get(&absorbed->objects, key); at != COVER_END;
         at = absorbed->covers.items[at].next) {
        const struct cover *cover = &absorbed->covers.items[at];
        if (cover->severities[is_sure(finding)] > (uint32_t)finding->severity &&
            absorbs(cover, finding->rule))
            return true;
    }
    return false;
}

static void mark_absorbed(struct matcher *matcher) {
    struct absorbed absorbed = {.matcher = matcher};
    map_init(&absorbed.objects, matcher->arena);
    for (uint32_t i = 0; i < matcher->hits.count; i++)
        absorb_of(&absorbed, &matcher->hits.items[i]);
    for (uint32_t i = 0; absorbed.covers.count && i < matcher->hits.count; i++) {
        struct finding *finding = &matcher->hits.items[i].finding;
        finding->absorbed = is_absorbed(&absorbed, finding);
    }
}

static struct slice attribute_path(const struct finding *finding) {
    return finding->attribute ? finding->attribute->path : SLICE("");
}

/* What makes two hits of a rule one finding: object and attribute, or what `per` names. */
static struct slice merge_key(struct arena *arena, const struct hit *hit) {
    const struct finding *finding = &hit->finding;
    struct strbuf key;
    strbuf_init(&key, arena);
    strbuf_addf(&key, "%.*s\n%u\n", SLICE_ARGS(finding->rule), hit->rule ? hit->rule->per : 0);
    struct slice path = finding->path;
    size_t slash = slice_find_last_byte(path, '/');
    switch (hit->rule ? (enum rule_per)hit->rule->per : PER_OBJECT) {
    case PER_OBJECT:
        strbuf_addf(&key, "%.*s\n%.*s\n%.*s", SLICE_ARGS(finding->event->unit),
                    SLICE_ARGS(finding->object), SLICE_ARGS(attribute_path(finding)));
        break;
    case PER_FILE:
        strbuf_add(&key, path);
        break;
    case PER_DIRECTORY:
        strbuf_add(&key, slash == SLICE_NPOS ? SLICE("") : slice_sub(path, 0, slash));
        break;
    case PER_UNIT:
        strbuf_add(&key, finding->event->unit);
        break;
    case PER_CHANGE:
        break;
    }
    return strbuf_slice(&key);
}

static int compare_text(struct slice a, struct slice b) {
    return slice_compare(a, b);
}

static int compare_hits(const void *a, const void *b) {
    const struct finding *x = &((const struct hit *)a)->finding;
    const struct finding *y = &((const struct hit *)b)->finding;
    int order = compare_text(x->path, y->path);
    if (!order)
        order = (x->line > y->line) - (x->line < y->line);
    if (!order)
        order = compare_text(x->rule, y->rule);
    if (!order)
        order = compare_text(x->object, y->object);
    if (!order)
        order = (x->effect > y->effect) - (x->effect < y->effect);
    if (!order)
        order = compare_text(attribute_path(x), attribute_path(y));
    if (!order)
        order = (x->event > y->event) - (x->event < y->event);
    return order;
}

struct merging {
    struct hit *hit;
    VEC(struct slice) cascade;
    struct map known; /* objects in the cascade */
};

static void add_cascade(struct matcher *matcher, struct merging *merging, struct slice object) {
    if (slice_equal(object, merging->hit->finding.object) ||
        map_get(&merging->known, object) != MAP_ABSENT)
        return;
    map_set(&merging->known, object, 1);
    vec_push(matcher->arena, &merging->cascade, object);
}

/* The merged finding is at least as bad as each of its parts. */
static void merge(struct matcher *matcher, struct merging *merging, const struct hit *other) {
    struct finding *kept = &merging->hit->finding;
    const struct finding *extra = &other->finding;
    if (!merging->known.arena) {
        map_init(&merging->known, matcher->arena);
        for (uint32_t i = 0; i < kept->cascade_count; i++)
            add_cascade(matcher, merging, kept->cascade[i]);
    }
    if (extra->severity > kept->severity)
        kept->severity = extra->severity;
    if (extra->confidence > kept->confidence)
        kept->confidence = extra->confidence;
    if (extra->floor > kept->floor)
        kept->floor = extra->floor;
    kept->absorbed &= extra->absorbed;
    add_cascade(matcher, merging, extra->object);
    for (uint32_t i = 0; i < extra->cascade_count; i++)
        add_cascade(matcher, merging, extra->cascade[i]);
    kept->cascade = merging->cascade.items;
    kept->cascade_count = merging->cascade.count;
}

void hits_finish(struct matcher *matcher, const struct rules_options *options,
                 struct findings *findings) {
    uint32_t count = matcher->hits.count;
    if (!count)
        return;
    mark_absorbed(matcher);
    qsort(matcher->hits.items, count, sizeof *matcher->hits.items, compare_hits);
    struct map first;
    map_init(&first, matcher->arena);
    VEC(struct merging) merged = {0};
    for (uint32_t i = 0; i < count; i++) {
        struct hit *hit = &matcher->hits.items[i];
        if (hit->finding.absorbed && !options->keep_absorbed)
            continue;
        uint32_t at = map_set_default(&first, merge_key(matcher->arena, hit), merged.count);
        if (at < merged.count)
            merge(matcher, &merged.items[at], hit);
        else
            vec_push(matcher->arena, &merged, ((struct merging){.hit = hit}));
    }
    for (uint32_t i = 0; i < merged.count; i++)
        vec_push(matcher->arena, &findings->list, merged.items[i].hit->finding);
}
