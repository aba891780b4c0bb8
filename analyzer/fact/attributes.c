/* Conditions on attributes that are found by what their path looks like, at any depth. */
#include "base/strbuf.h"
#include "fact/pattern.h"
#include "fact/predicate_eval.h"

struct search {
    struct evaluation *evaluation;
    const struct predicate_record *record;
    struct pattern_hint hint; /* of the path wanted */
    struct strbuf path;
    struct predicate_match match; /* what is noted if something holds */
    enum predicate_result result;
};

static void search_values(struct search *search, const struct value *was, const struct value *is);

static void add_key(struct strbuf *path, struct slice key) {
    if (slice_is_none(key))
        return;
    if (path->size)
        strbuf_add_byte(path, '.');
    strbuf_add(path, key);
}

/* Without element steps: "ingress[].cidr_blocks" is "ingress.cidr_blocks". */
static void add_plain(struct strbuf *path, struct slice concrete) {
    uint32_t depth = 0;
    if (slice_find_byte(concrete, '[') == SLICE_NPOS &&
        slice_find_byte(concrete, ']') == SLICE_NPOS &&
        slice_find_byte(concrete, '"') == SLICE_NPOS) {
        strbuf_add(path, concrete);
        return;
    }
    for (size_t i = 0; i < concrete.size; i++) {
        char byte = concrete.data[i];
        if (byte == '[')
            depth++;
        else if (byte == ']' && depth)
            depth--;
        else if (!depth && byte != '"')
            strbuf_add_byte(path, byte);
    }
}

/* The conditions first: most values fail them, and patterns are what costs. */
static void judge(struct search *search, const struct value *was, const struct value *is) {
    struct evaluation *evaluation = search->evaluation;
    if (hint_excludes(&search->hint, text_mask(strbuf_slice(&search->path))))
        return;
    struct predicate_match *kept = evaluation->match;
    struct sides sides = {was, is, SLICE("")};
    struct predicate_match match = search->match;
    evaluation->match = NULL;
    enum predicate_result result = evaluation_judge(evaluation, search->record, 1, &sides, &match);
    evaluation->match = kept;
    if (result == PREDICATE_NO)
        return;
    enum predicate_result path =
        evaluation_match_text(evaluation, evaluation_operand(evaluation, search->record, 0),
                              strbuf_slice(&search->path), false);
    if (path == PREDICATE_NO)
        return;
    search->result = path == PREDICATE_UNDECIDED ? path : result;
    if (search->result != PREDICATE_YES)
        return;
    match.path = arena_copy(evaluation->context->arena, strbuf_slice(&search->path));
    match.inner = true;
    match.was = was;
    match.is = is;
    evaluation_note(evaluation, match);
}

/* What came or went as a whole. Depth is bounded by the nesting limit of the parsers. */
static void search_items(struct search *search, const struct value *was, const struct value *is) {
    search->evaluation->at = SLICE_NONE;
    const struct value *there = was ? was : is;
    for (uint32_t i = 0; i < there->count && search->result != PREDICATE_YES; i++) {
        size_t mark = search->path.size;
        const struct value *item = there->items[i].value;
        add_key(&search->path, there->items[i].key);
        if (there->kind == VALUE_MAP || item->kind == VALUE_MAP)
            search_values(search, was ? item : NULL, is ? item : NULL);
        search->path.size = mark;
    }
}

static bool is_nested(const struct value *value) {
    return value && (value->kind == VALUE_MAP || value->kind == VALUE_LIST);
}

static void push_maps(struct predicate_context *context, const struct value *list, bool before) {
    for (uint32_t i = 0; i < list->count; i++) {
        if (list->items[i].value->kind != VALUE_MAP)
            continue;
        if (before)
            vec_push(context->arena, &context->was, list->items[i].value);
        else
            vec_push(context->arena, &context->is, list->items[i].value);
    }
}

/* Lists that were not compared element by element: maps that only one of them holds. */
static void search_lists(struct search *search, const struct value *was, const struct value *is) {
    struct predicate_context *context = search->evaluation->context;
    context->was.count = context->is.count = 0;
    push_maps(context, was, true);
    push_maps(context, is, false);
    evaluation_drop_shared(context);
    uint32_t gone = context->was.count, count = gone + context->is.count;
    const struct value **maps = ARENA_ARRAY(context->arena, const struct value *, count + 1);
    for (uint32_t i = 0; i < count; i++)
        maps[i] = i < gone ? context->was.items[i] : context->is.items[i - gone];
    for (uint32_t i = 0; i < count && search->result != PREDICATE_YES; i++)
        search_items(search, i < gone ? maps[i] : NULL, i < gone ? NULL : maps[i]);
}

static void search_values(struct search *search, const struct value *was, const struct value *is) {
    judge(search, was, is);
    if (search->result == PREDICATE_YES)
        return;
    if (was && is && was->kind == VALUE_LIST && is->kind == VALUE_LIST) {
        search_lists(search, was, is);
        return;
    }
    if (is_nested(was))
        search_items(search, was, NULL);
    if (is_nested(is) && search->result != PREDICATE_YES)
        search_items(search, NULL, is);
}

/* What is nested may hold any path. */
static struct plain_path make_plain(struct arena *arena, const struct predicate_change *change) {
    struct strbuf path;
    strbuf_init(&path, arena);
    add_plain(&path, change->path);
    bool nested = is_nested(change->was) || is_nested(change->is);
    struct slice text = strbuf_slice(&path);
    return (struct plain_path){text, nested ? UINT64_MAX : text_mask(text)};
}

/* Of an event's changes, made once for all rules that ask; they are asked for in order. */
static const struct plain_path *plain_path(struct predicate_context *context,
                                           const struct predicate_subject *subject, uint32_t index,
                                           const struct predicate_change *change) {
    const void *identity = subject->identity;
    if (!identity || context->paths_of != identity)
        context->paths.count = 0;
    context->paths_of = identity;
    if (identity && index < context->paths.count)
        return &context->paths.items[index];
    vec_push(context->arena, &context->paths, make_plain(context->arena, change));
    return &context->paths.items[context->paths.count - 1];
}

uint64_t evaluation_changes_mask(struct predicate_context *context,
                                 const struct predicate_subject *subject) {
    const struct predicate_subject_type *type = subject->type;
    if (!type->body || !type->change || !type->body(subject->self, true) ||
        !type->body(subject->self, false))
        return UINT64_MAX;
    uint64_t mask = 0;
    struct predicate_change change;
    for (uint32_t i = 0; ~mask && type->change(subject->self, i, &change); i++)
        mask |= plain_path(context, subject, i, &change)->mask;
    return mask;
}

static struct pattern_hint path_hint(struct evaluation *evaluation,
                                     const struct predicate_record *record) {
    const struct predicate_record *matcher =
        evaluation_record(evaluation, evaluation_operand(evaluation, record, 0));
    if (!matcher || matcher->op != MATCH_PATTERN)
        return (struct pattern_hint){.count = 0};
    return evaluation_hint(evaluation, matcher);
}

enum predicate_result evaluation_attributes(struct evaluation *evaluation,
                                            const struct predicate_record *record) {
    const struct predicate_subject *subject = evaluation->subject;
    if (!subject || !subject->type->body)
        return PREDICATE_NO;
    struct search search = {.evaluation = evaluation, .record = record, .result = PREDICATE_NO};
    search.hint = path_hint(evaluation, record);
    strbuf_init(&search.path, evaluation->context->arena);
    const struct value *was = subject->type->body(subject->self, true);
    const struct value *is = subject->type->body(subject->self, false);
    if (!was != !is) {
        search_items(&search, was, is);
        return search.result;
    }
    struct predicate_change change;
    for (uint32_t i = 0; search.result != PREDICATE_YES && subject->type->change &&
                         subject->type->change(subject->self, i, &change);
         i++) {
        const struct plain_path *path =
            plain_path(evaluation->context, evaluation->subject, i, &change);
        if (hint_excludes(&search.hint, path->mask))
            continue;
        search.path.size = 0;
        strbuf_add(&search.path, path->text);
        search.match = (struct predicate_match){.changed = true, .change = i};
        evaluation->at = change.path;
        search_values(&search, change.was, change.is);
    }
    return search.result;
}
