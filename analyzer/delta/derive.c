#include "delta/derive.h"

#include "delta/instance.h"
#include "delta/protection.h"
#include "fact/order.h"
#include "fact/path.h"
#include "fact/table.h"

struct derive {
    struct emit *emit;
    const struct event *changed;
    const struct attribute_change *change; /* the one looked at */
    struct slice path;                     /* of the change, as the table knows it */
    const struct attribute_change *best;
    enum confidence confidence;
    enum effect effect; /* of the best row of what is immutable */
};

static enum confidence weaker(enum confidence a, enum confidence b) {
    return a < b ? a : b;
}

static bool has_flag(struct slice flags, char flag) {
    return slice_find_byte(flags, flag) != SLICE_NPOS;
}

/* "", 0, false and empty lists: what an attribute that is not set amounts to. */
static bool is_zero(const struct value *value) {
    if (value->kind == VALUE_LIST || value->kind == VALUE_MAP)
        return value->count == 0;
    struct slice text = value_literal(value);
    return !slice_is_none(text) && (!text.size || slice_is(text, "0") || value_is_false(value));
}

static bool is_default(const struct value *value, struct slice normal) {
    if (!value)
        return true;
    if (normal.size && !slice_is(normal, "?"))
        return slice_equal_nocase(value_literal(value), normal);
    return is_zero(value);
}

static char spelled(struct slice text, size_t *at) {
    while (*at < text.size && (text.data[*at] == ' ' || text.data[*at] == '\n'))
        ++*at;
    if (*at >= text.size || (*at + 1 == text.size && text.data[*at] == '.'))
        return '\0';
    char c = text.data[(*at)++];
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* What providers take for the same where they take anything: other case, white space ("West
 * Europe", a key with a new line behind it), the dot behind a domain. */
static bool is_other_spelling(struct slice a, struct slice b) {
    size_t at = 0, there = 0;
    char one, other;
    do {
        one = spelled(a, &at);
        other = spelled(b, &there);
    } while (one == other && one);
    return one == other;
}

/* Setting what is the default anyway, or removing what the provider computes, changes nothing. A
 * table without defaults is of a platform that compares what is written. */
static bool is_no_difference(const struct value *was, const struct value *is, struct slice flags,
                             struct slice normal) {
    if (!is && has_flag(flags, 'O') && has_flag(flags, 'C'))
        return true;
    if (!was || !is)
        return !slice_is_none(normal) && is_default(was, normal) && is_default(is, normal);
    return has_flag(flags, 'S') && is_other_spelling(value_literal(was), value_literal(is)) &&
           value_literal(was).data && value_literal(is).data;
}

static bool ignores(const struct placed *side, struct slice path) {
    const struct value *list = value_at(side->body, SLICE("lifecycle.ignore_changes"));
    if (list && slice_is(list->text, "all"))
        return true;
    for (uint32_t i = 0; list && i < list->count; i++) {
        struct slice text = list->items[i].value->text;
        enum path_relation relation = text.size ? path_relate(text, path) : PATH_UNRELATED;
        if (relation == PATH_SAME || relation == PATH_INSIDE || slice_is(text, "all"))
            return true;
    }
    return false;
}

/* What a row is about may lie inside a subtree that came or went. */
static bool row_values(const struct derive *derive, struct slice row_path,
                       enum path_relation relation, const struct value **was,
                       const struct value **is) {
    *was = derive->change->was;
    *is = derive->change->is;
    if (relation != PATH_ABOVE)
        return true;
    *was = *was ? value_at(derive->changed->before.body, row_path) : NULL;
    *is = *is ? value_at(derive->changed->after.body, row_path) : NULL;
    return (*was != NULL) != (*is != NULL);
}

/* A nested block forces replacement by coming or going; what stands in it has rows of its own. */
static bool row_applies(enum path_relation relation, struct slice flags,
                        const struct attribute_change *change) {
    if (relation == PATH_UNRELATED)
        return false;
    if (!has_flag(flags, 'B'))
        return true;
    return relation == PATH_SAME &&
           (!change->was || !change->is || change->was->count != change->is->count);
}

static void propose(struct derive *derive, enum confidence confidence) {
    if (derive->best && confidence <= derive->confidence)
        return;
    derive->best = derive->change;
    derive->confidence = confidence;
}

static const struct value *subject_body(const void *self, bool before) {
    const struct event *event = self;
    return before ? event->before.body : event->after.body;
}

static bool subject_change(const void *self, uint32_t index, struct predicate_change *change) {
    const struct event *event = self;
    if (index >= event->change_count)
        return false;
    const struct attribute_change *from = &event->changes[index];
    *change = (struct predicate_change){from->path, from->was, from->is};
    return true;
}

static struct slice subject_text(const void *self, enum predicate_text text) {
    const struct entity *entity = ((const struct event *)self)->after.entity;
    switch (text) {
    case TEXT_TYPE:
        return entity->type;
    case TEXT_KIND:
        return entity->kind;
    case TEXT_NAME:
        return entity->name;
    case TEXT_DIALECT:
    case TEXT_SYSTEM:
        return entity->dialect->name;
    default:
        return SLICE_NONE;
    }
}

/* Does the condition of a fact hold for this edit? Undecided counts as possible. */
static enum predicate_result condition_holds(const struct derive *derive, const struct row *row,
                                             const char *column) {
    static const struct predicate_subject_type type = {
        .body = subject_body, .change = subject_change, .text = subject_text};
    struct predicate_subject subject = {&type, derive->changed, NULL};
    predicate_ref condition = row_predicate(row, column);
    if (!condition)
        return PREDICATE_YES;
    return predicate_evaluate(derive->emit->predicates, row->image, condition, &subject, NULL);
}

/* Two attributes of one thing, as its name and its id: often the same value. */
static bool reads_the_same_thing(const struct attribute_change *change) {
    if (!change->was || !change->is || change->was->kind != VALUE_REFERENCE ||
        change->is->kind != VALUE_REFERENCE)
        return false;
    size_t a = slice_find_last_byte(change->was->text, '.');
    size_t b = slice_find_last_byte(change->is->text, '.');
    return a != SLICE_NPOS && b != SLICE_NPOS &&
           slice_equal(slice_sub(change->was->text, 0, a), slice_sub(change->is->text, 0, b));
}

/* How sure a row is that this edit replaces; false if it knows that it does not. */
static bool row_confidence(const struct derive *derive, const struct row *row,
                           enum confidence *confidence) {
    *confidence = derive->change->confidence;
    if (reads_the_same_thing(derive->change))
        *confidence = weaker(*confidence, CONFIDENCE_POSSIBLE);
    if (slice_is(row_cell(row, "when"), "yes"))
        return true;
    if (row_predicate(row, "never_when") &&
        condition_holds(derive, row, "never_when") == PREDICATE_YES)
        return false;
    bool certain = row_predicate(row, "certain_when") &&
                   condition_holds(derive, row, "certain_when") == PREDICATE_YES;
    *confidence = weaker(*confidence, certain ? CONFIDENCE_LIKELY : CONFIDENCE_POSSIBLE);
    return true;
}

static bool visit_replacement(const struct row *row, void *context) {
    struct derive *derive = context;
    struct slice path = row_cell(row, "path"), flags = row_cell(row, "flags");
    enum path_relation relation = path_relate(path, derive->path);
    const struct value *was, *is;
    enum confidence confidence;
    if (!row_applies(relation, flags, derive->change) ||
        !row_values(derive, path, relation, &was, &is) ||
        is_no_difference(was, is, flags, row_cell(row, "default")) ||
        !row_confidence(derive, row, &confidence))
        return true;
    if (has_flag(flags, 'S') || relation == PATH_ABOVE)
        confidence = weaker(confidence, CONFIDENCE_LIKELY);
    propose(derive, confidence);
    return true;
}

static bool visit_immutable(const struct row *row, void *context) {
    struct derive *derive = context;
    struct slice path = row_cell(row, "path");
    enum path_relation relation = path_relate(path, derive->path);
    const struct value *was, *is;
    if (relation == PATH_UNRELATED || !row_values(derive, path, relation, &was, &is))
        return true;
    enum predicate_result holds = condition_holds(derive, row, "condition");
    if (holds == PREDICATE_NO)
        return true;
    uint32_t word;
    enum confidence confidence = CONFIDENCE_POSSIBLE;
    if (holds == PREDICATE_YES && word_find(WORDS_CONFIDENCE, row_cell(row, "confidence"), &word))
        confidence = (enum confidence)word;
    confidence = weaker(confidence, derive->change->confidence);
    if (!derive->best || confidence > derive->confidence)
        derive->effect =
            slice_is(row_cell(row, "effect"), "replaced") ? EFFECT_REPLACED : EFFECT_REJECTED;
    propose(derive, confidence);
    return true;
}

/* Runs a table over every change; afterwards derive->best is the surest cause. */
static void search_table(struct derive *derive, struct slice table, row_visitor *visit) {
    const struct event *changed = derive->changed;
    struct slice type = changed->after.entity->type;
    derive->best = NULL;
    for (uint32_t i = 0; i < changed->change_count; i++) {
        derive->change = &changed->changes[i];
        derive->path = derive->change->path;
        if (derive->change->reordered ||
            (ignores(&changed->before, derive->path) && ignores(&changed->after, derive->path)))
            continue;
        table_each(derive->emit->knowledge, table, &type, 1, visit, derive);
    }
}

static void emit_cause(struct derive *derive, enum effect effect, struct slice reason) {
    struct event event = *derive->changed;
    event.effect = effect;
    event.cause = derive->best;
    event.confidence = derive->confidence;
    event.reason = reason;
    emit_event(derive->emit, event);
}

/* The attribute that protects, where what came or went is the block it stands in. */
static const struct attribute_change *protecting_change(const struct derive *derive,
                                                        const struct protection_search *found) {
    if (path_relate(found->path, derive->change->path) == PATH_SAME)
        return derive->change;
    struct attribute_change *change = ARENA_NEW(derive->emit->arena, struct attribute_change);
    *change = (struct attribute_change){
        .path = found->path,
        .was = found->was,
        .is = found->is,
        .confidence = derive->change->confidence,
    };
    return change;
}

bool derive_replacement(struct emit *emit, const struct event *changed,
                        const struct attribute_change **cause, enum confidence *confidence) {
    struct derive derive = {.emit = emit, .changed = changed, .confidence = CONFIDENCE_UNKNOWN};
    search_table(&derive, dialect_property(changed->after.entity->dialect, "replacement"),
                 visit_replacement);
    *cause = derive.best;
    *confidence = derive.confidence;
    return derive.best != NULL;
}

static const struct value *type_value(struct arena *arena, const struct entity *entity) {
    struct value *value = ARENA_NEW(arena, struct value);
    *value = (struct value){.kind = VALUE_LITERAL, .text = entity->type, .span = entity->span};
    return value;
}

/* Another type under the same name. */
static const struct attribute_change *type_change(const struct derive *derive) {
    struct arena *arena = derive->emit->arena;
    struct attribute_change *change = ARENA_NEW(arena, struct attribute_change);
    *change = (struct attribute_change){.path = SLICE("type"),
                                        .was = type_value(arena, derive->changed->before.entity),
                                        .is = type_value(arena, derive->changed->after.entity),
                                        .confidence = CONFIDENCE_CERTAIN};
    return change;
}

static void derive_replaced(struct derive *derive) {
    const struct event *changed = derive->changed;
    struct slice table = dialect_property(changed->after.entity->dialect, "replacement");
    derive->confidence = CONFIDENCE_UNKNOWN;
    if (!table.size)
        return;
    search_table(derive, table, visit_replacement);
    if (!slice_equal(changed->before.entity->type, changed->after.entity->type)) {
        derive->best = type_change(derive);
        derive->confidence = CONFIDENCE_CERTAIN;
        emit_cause(derive, EFFECT_REPLACED, SLICE("replace_because_cannot_update"));
    } else if (derive->best) {
        emit_cause(derive, EFFECT_REPLACED, SLICE("replace_because_cannot_update"));
    }
}

static void derive_rejected(struct derive *derive) {
    struct slice table = dialect_property(derive->changed->after.entity->dialect, "immutable");
    derive->confidence = CONFIDENCE_UNKNOWN;
    if (!table.size)
        return;
    search_table(derive, table, visit_immutable);
    if (derive->best)
        emit_cause(derive, derive->effect, SLICE_NONE);
}

static void weaken(struct derive *derive, const struct slice *key) {
    struct protection_search search = {
        .knowledge = derive->emit->knowledge,
        .before = derive->changed->before.body,
        .after = derive->changed->after.body,
        .change = derive->change,
        .arena = derive->emit->arena,
        .found = CONFIDENCE_UNKNOWN,
    };
    protection_search(&search, key);
    if (!search.weakened)
        return;
    struct event event = *derive->changed;
    event.effect = EFFECT_WEAKENED;
    event.cause = protecting_change(derive, &search);
    event.confidence = weaker(search.found, derive->change->confidence);
    event.reason = search.effect;
    event.protects = search.protects;
    event.grade = search.grade;
    emit_event(derive->emit, event);
}

void derive_weakened(struct emit *emit, const struct event *changed) {
    struct derive derive = {.emit = emit, .changed = changed};
    const struct entity *entity = changed->after.entity;
    if (!entity->dialect || !entity->dialect->record || !entity->type.size ||
        slice_is(entity->kind, "data"))
        return;
    struct slice key[] = {dialect_system(entity->dialect, entity->type), entity->type};
    for (uint32_t i = 0; i < changed->change_count; i++) {
        derive.change = &changed->changes[i];
        if (!instance_decides(derive.change)) /* the instances that go are told by themselves */
            weaken(&derive, key);
    }
}

void derive_events(struct emit *emit, const struct event *changed) {
    struct derive derive = {.emit = emit, .changed = changed};
    const struct entity *entity = changed->after.entity;
    if (!entity->dialect || !entity->dialect->record || !entity->type.size)
        return;
    if (slice_is(entity->kind, "resource")) { /* what is only read cannot be replaced */
        derive_replaced(&derive);
        derive_rejected(&derive);
    }
    derive_weakened(emit, changed);
}

/* One part of such a property: "PATH=VALUE|VALUE", or "PATH~TEXT|TEXT" for texts that hold one. */
static bool part_holds(struct slice part, const struct placed *placed) {
    size_t at = slice_find_byte(part, '=');
    size_t tilde = slice_find_byte(part, '~');
    bool within = tilde < at;
    at = within ? tilde : at;
    struct slice words = at == SLICE_NPOS ? SLICE_NONE : slice_from(part, at + 1), word;
    struct slice text = value_literal(value_at(placed->body, slice_trim(slice_sub(part, 0, at))));
    while (text.size && slice_split(&words, '|', &word)) {
        word = slice_trim(word);
        if (within ? slice_contains(text, word) : slice_equal(word, text))
            return true;
    }
    return false;
}

bool derive_property_holds(const struct placed *placed, const char *property) {
    if (!placed->entity->dialect || !placed->entity->dialect->record)
        return false;
    struct slice rest = dialect_property(placed->entity->dialect, property), part;
    while (slice_split(&rest, ',', &part))
        if (part_holds(part, placed))
            return true;
    return false;
}

bool derive_is_kept(const struct placed *before) {
    return derive_property_holds(before, "kept");
}
