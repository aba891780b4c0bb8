#include "rule/matcher.h"
#include "rule/template.h"

/* Resolved values may come from another file: their spans mean nothing here. */
static bool span_inside(struct span inner, struct span outer) {
    return inner.to > inner.from && inner.from >= outer.from && inner.to <= outer.to;
}

static const struct value *attribute_on_side(const struct finding *finding,
                                             const struct predicate_match *match, bool before) {
    if (finding->attribute)
        return before ? finding->attribute->was : finding->attribute->is;
    if (match && match->found)
        return before ? match->was : match->is;
    return NULL;
}

static void cursor_move(struct line_cursor *cursor, const struct placed *placed, size_t offset) {
    struct slice file = placed->file;
    if (cursor->file != file.data || cursor->offset > offset) {
        size_t from = placed->line && placed->offset <= offset ? placed->offset : 0;
        size_t newline = slice_find_last_byte(slice_sub(file, 0, from), '\n');
        *cursor = (struct line_cursor){file.data, from, newline == SLICE_NPOS ? 0 : newline + 1,
                                       from ? placed->line : 1};
    }
    size_t newline;
    while ((newline = slice_find_byte(slice_sub(file, cursor->offset, offset), '\n')) !=
           SLICE_NPOS) {
        cursor->offset += newline + 1;
        cursor->start = cursor->offset;
        cursor->line++;
    }
    cursor->offset = offset;
}

/* Line and column of the attribute that made the rule match, else of the entity. A command is
 * shown as a whole. */
static void locate(struct matcher *matcher, struct finding *finding,
                   const struct predicate_match *match) {
    const struct event *event = finding->event;
    bool gone = finding->attribute && finding->attribute->was && !finding->attribute->is;
    finding->on_before = !event->after.entity || (gone && event->before.entity);
    const struct placed *placed = finding->on_before ? &event->before : &event->after;
    struct span span = placed->entity->span;
    const struct value *value = attribute_on_side(finding, match, finding->on_before);
    if (value && (finding->attribute || event->effect != EFFECT_EXECUTED) &&
        span_inside(entity_span(placed->entity, value), span))
        span = entity_span(placed->entity, value);
    finding->path = placed->path;
    size_t offset = (size_t)placed->offset + span.from;
    if (slice_is_none(placed->file) || offset > placed->file.size)
        return;
    struct line_cursor *cursor = &matcher->lines[!finding->on_before];
    cursor_move(cursor, placed, offset);
    finding->line = cursor->line;
    finding->column = (uint32_t)(offset - cursor->start) + 1;
}

static void lower(enum confidence *confidence, enum confidence limit) {
    if (limit < *confidence)
        *confidence = limit;
}

/* Adjustments in their order, each on what the ones before left. Returns what they say of the
 * floor: ADJUST_FLOOR_KEEP, ADJUST_FLOOR_NONE or a tier. */
static int32_t adjust(struct matcher *matcher, const struct hit *hit, struct finding *finding) {
    int32_t floor = ADJUST_FLOOR_KEEP;
    struct event_subject self = {finding->event, matcher->change, finding};
    struct predicate_subject subject = subject_of(&self);
    for (uint32_t i = 0; i < hit->rule->adjusts.count; i++) {
        const struct rule_adjust *step = &hit->set->adjusts[hit->rule->adjusts.from + i];
        if (predicate_evaluate(&matcher->context, hit->set->image, step->when, &subject, NULL) !=
            PREDICATE_YES)
            continue;
        if (step->severity != RULE_NOTHING)
            finding->severity = (enum severity)step->severity;
        if (step->confidence != RULE_NOTHING)
            lower(&finding->confidence, (enum confidence)step->confidence);
        if (step->floor != ADJUST_FLOOR_KEEP)
            floor = step->floor;
    }
    return floor;
}

static int floor_of(struct matcher *matcher, const struct hit *hit, const struct finding *finding,
                    int32_t adjusted) {
    if (adjusted == ADJUST_FLOOR_NONE)
        return FLOOR_NONE;
    if (adjusted >= 0)
        return adjusted;
    if (hit->rule->floor == RULE_NOTHING)
        return FLOOR_NONE;
    struct event_subject self = {finding->event, matcher->change, finding};
    struct predicate_subject subject = subject_of(&self);
    return predicate_evaluate(&matcher->context, hit->set->image, hit->rule->floor_when, &subject,
                              NULL) == PREDICATE_NO
               ? FLOOR_NONE
               : hit->rule->floor;
}

static void copy_incidents(struct matcher *matcher, const struct hit *hit,
                           struct finding *finding) {
    uint32_t count = hit->rule->incidents.count;
    finding->incident_count = count;
    finding->incidents = ARENA_ARRAY(matcher->arena, struct slice, (size_t)count + 1);
    for (uint32_t i = 0; i < count; i++)
        finding->incidents[i] = ruleset_text(hit->set, hit->rule->incidents, i);
}

/* What a replacement or a module takes with it. */
static struct slice with_falling(struct arena *arena, struct slice message,
                                 const struct event *event) {
    if (!event->falls || (event->effect != EFFECT_REPLACED && event->effect != EFFECT_REMOVED &&
                          event->effect != EFFECT_RENAMED))
        return message;
    bool replaced = event->effect == EFFECT_REPLACED;
    struct slice data = event->falls_data
                            ? arena_format(arena, ", %u of them with data", event->falls_data)
                            : SLICE("");
    return arena_format(arena, "%.*s; %s %u resources%.*s", SLICE_ARGS(message),
                        replaced ? "with what depends on it this destroys and recreates"
                                 : "that destroys",
                        event->falls + replaced, SLICE_ARGS(data));
}

/* A value that stands elsewhere: where. */
static struct slice with_origin(struct arena *arena, struct slice message,
                                const struct attribute_change *attribute) {
    if (!attribute || !attribute->origin.size)
        return message;
    return arena_format(arena, "%.*s; it comes through %.*s", SLICE_ARGS(message),
                        SLICE_ARGS(attribute->origin));
}

static void fill_texts(struct matcher *matcher, const struct hit *hit, struct finding *finding) {
    const struct image *image = hit->set->image;
    struct template_values values = {finding, 0, SLICE("")};
    const struct event_group *group = hit->group;
    if (group && group->members.count) {
        const struct event *first = group->members.items[0];
        if (first == finding->event && group->members.count > 1)
            first = group->members.items[1];
        values.joined = group->objects - group_has(group, finding->event);
        values.joined_object = event_side(first)->name;
    }
    struct arena *arena = matcher->arena;
    finding->message = template_fill(arena, image_string(image, hit->rule->message), &values);
    finding->message = with_origin(arena, finding->message, finding->attribute);
    finding->message = with_falling(arena, finding->message, finding->event);
    finding->why = template_fill(arena, image_string(image, hit->rule->why), &values);
    finding->fix = template_fill(arena, image_string(image, hit->rule->fix), &values);
}

/* An attribute inside of what came or went is said by its own name. */
static const struct attribute_change *attribute_of(const struct matcher *matcher,
                                                   const struct event *event,
                                                   const struct predicate_match *match) {
    if (event->cause)
        return event->cause;
    if (!match->found)
        return NULL;
    const struct attribute_change *change = match->changed && match->change < event->change_count
                                                ? &event->changes[match->change]
                                                : NULL;
    if (!match->inner)
        return change;
    struct attribute_change *inner = ARENA_NEW(matcher->arena, struct attribute_change);
    *inner =
        (struct attribute_change){.path = match->path,
                                  .was = match->was,
                                  .is = match->is,
                                  .confidence = change ? change->confidence : CONFIDENCE_CERTAIN,
                                  .origin = change ? change->origin : SLICE_NONE};
    return inner;
}

void hit_make(struct matcher *matcher, struct hit *hit, const struct event *event,
              const struct predicate_match *match) {
    const struct placed *placed = event_side(event);
    struct finding *finding = &hit->finding;
    finding->rule = image_string(hit->set->image, hit->rule->id);
    finding->title = image_string(hit->set->image, hit->rule->title);
    finding->severity = (enum severity)hit->rule->severity;
    finding->undo = (enum undo)hit->rule->undo;
    finding->scope = (enum scope)hit->rule->scope;
    finding->effect =
        hit->rule->effect == RULE_NOTHING ? event->effect : (enum effect)hit->rule->effect;
    finding->object = placed->name;
    finding->event = event;
    finding->attribute = attribute_of(matcher, event, match);
    finding->extent = match->amount;
    finding->cascade = event->cascade;
    finding->cascade_count = event->cascade_count;
    finding->environment = placed_environment(matcher->knowledge, placed);
    finding->path_class = placed->path_class;
    finding->width = 1;
    if (finding->attribute)
        lower(&finding->confidence, finding->attribute->confidence);
    int32_t adjusted = adjust(matcher, hit, finding);
    if (finding->severity == SEVERITY_NONE)
        return;
    finding->floor = floor_of(matcher, hit, finding, adjusted);
    if (finding->floor >= TIER_SENIOR && finding->confidence < CONFIDENCE_LIKELY)
        finding->floor = FLOOR_NONE; /* a guess raises the score, but forces no senior */
    locate(matcher, finding, match);
    copy_incidents(matcher, hit, finding);
    fill_texts(matcher, hit, finding);
    vec_push(matcher->arena, &matcher->hits, *hit);
}

void hit_make_undecided(struct matcher *matcher, const struct ruleset *set,
                        const struct rule_record *rule, const struct event *event) {
    const struct placed *placed = event_side(event);
    struct hit hit = {.set = set};
    hit.finding = (struct finding){
        .rule = image_string(set->image, rule->id),
        .title = image_string(set->image, rule->title),
        .message = arena_format(matcher->arena,
                                "a pattern of this rule ran into its limits on %.*s, so it is not "
                                "known whether the rule applies",
                                SLICE_ARGS(slice_sub(placed->name, 0, TEMPLATE_VALUE))),
        .why = SLICE("What could not be decided has to be looked at by a person."),
        .fix = SLICE("Shorten the text that the pattern looks at, or have it reviewed."),
        .severity = SEVERITY_MEDIUM,
        .undo = (enum undo)rule->undo,
        .scope = (enum scope)rule->scope,
        .confidence = CONFIDENCE_UNKNOWN,
        .effect = EFFECT_NOT_UNDERSTOOD,
        .object = placed->path,
        .event = event,
        .floor = FLOOR_NONE,
        .environment = placed->environment,
        .path_class = placed->path_class,
        .width = 1,
    };
    locate(matcher, &hit.finding, NULL);
    vec_push(matcher->arena, &matcher->hits, hit);
}
