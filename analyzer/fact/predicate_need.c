/* What a text must hold for a predicate to hold, so that most rules need not be tried. */
#include "fact/pattern_hint.h"
#include "fact/predicate_eval.h"

/* ---- of predicates, when they are compiled ---- */

enum { NEED_HALVES = 128, NEED_SHORTEST = 2 };
#define PROGRAM_PATH "callee"

struct need {
    uint32_t halves[NEED_HALVES]; /* as in struct pattern_hint */
    uint32_t count;               /* 0: nothing is known */
};

static const struct predicate_record *record_at(const struct predicate_compiler *compiler,
                                                predicate_ref ref) {
    return ref ? image_record(compiler->writer, IMAGE_PREDICATES, ref - 1) : NULL;
}

static uint32_t operand_at(const struct predicate_compiler *compiler,
                           const struct predicate_record *record, uint32_t index) {
    return *(const uint32_t *)image_record(compiler->writer, IMAGE_OPERANDS, record->first + index);
}

static struct slice text_at(const struct predicate_compiler *compiler, string_ref ref) {
    uint32_t size;
    memcpy(&size, compiler->writer->blob.items + ref, sizeof size);
    return slice_make(compiler->writer->blob.items + ref + sizeof size, size);
}

static uint32_t bits_of(const struct need *need) {
    uint32_t bits = 0;
    for (uint32_t i = 0; i < need->count; i++)
        bits += (uint32_t)__builtin_popcount(need->halves[i]);
    return bits;
}

/* Few and long texts say the most. */
static bool is_better(const struct need *need, const struct need *than) {
    if (!need->count || !than->count)
        return need->count > 0;
    return bits_of(need) * than->count > bits_of(than) * need->count;
}

struct need_reader {
    const struct predicate_compiler *compiler;
    enum predicate_need about;
};

typedef void need_part(const struct need_reader *reader, predicate_ref ref, struct need *need);

/* One part that says something is enough. */
static void need_of_all(const struct need_reader *reader, const struct predicate_record *record,
                        need_part *read, struct need *need) {
    for (uint32_t i = 0; i < record->count; i++) {
        struct need part = {.count = 0};
        read(reader, operand_at(reader->compiler, record, i), &part);
        if (is_better(&part, need))
            *need = part;
    }
}

/* Every part has to say something. */
static void need_of_any(const struct need_reader *reader, const struct predicate_record *record,
                        need_part *read, struct need *need) {
    for (uint32_t i = 0; i < record->count; i++) {
        struct need part = {.count = 0};
        read(reader, operand_at(reader->compiler, record, i), &part);
        if (!part.count || need->count + part.count > NEED_HALVES) {
            need->count = 0;
            return;
        }
        memcpy(need->halves + need->count, part.halves, part.count * sizeof *part.halves);
        need->count += part.count;
    }
}

static void need_of_literal(struct slice text, struct need *need) {
    if (text.size < NEED_SHORTEST)
        return;
    uint64_t mask = text_mask(text);
    *need = (struct need){.halves = {(uint32_t)mask, (uint32_t)(mask >> 32)}, .count = 2};
}

static void need_of_matcher(const struct need_reader *reader, predicate_ref ref,
                            struct need *need) {
    const struct predicate_record *record = record_at(reader->compiler, ref);
    if (!record)
        return;
    if (record->op == MATCH_ALL)
        need_of_all(reader, record, need_of_matcher, need);
    else if (record->op == MATCH_ANY)
        need_of_any(reader, record, need_of_matcher, need);
    else if (record->op == MATCH_EXACT)
        need_of_literal(text_at(reader->compiler, record->text), need);
    else if (record->op == MATCH_PATTERN && record->count <= NEED_HALVES)
        for (; need->count < record->count; need->count++)
            need->halves[need->count] = operand_at(reader->compiler, record, need->count);
}

static bool asks_for_change(const struct predicate_compiler *compiler,
                            const struct predicate_record *record) {
    for (uint32_t i = 0; i < record->count; i++) {
        const struct predicate_record *condition =
            record_at(compiler, operand_at(compiler, record, i));
        if (condition && condition->op >= COND_WAS && condition->op <= COND_COMPARE &&
            condition->op != COND_VALUE && condition->op != COND_BESIDE)
            return true;
    }
    return false;
}

/* Paths are compared by prefix both ways: only the first key is sure to be in both. */
static struct slice first_key(struct slice path) {
    size_t end = 0;
    while (end < path.size && !memchr(".[*\"{", path.data[end], 5))
        end++;
    bool whole = end == path.size || path.data[end] == '.' || path.data[end] == '[';
    return whole ? slice_sub(path, 0, end) : SLICE("");
}

/* `value` of the program's name: nothing else is looked at. */
static void need_of_program(const struct need_reader *reader, const struct predicate_record *record,
                            struct need *need) {
    const struct predicate_compiler *compiler = reader->compiler;
    for (uint32_t i = 0; i < record->count && !need->count; i++) {
        const struct predicate_record *condition =
            record_at(compiler, operand_at(compiler, record, i));
        if (condition && condition->op == COND_VALUE)
            need_of_matcher(reader, operand_at(compiler, condition, 0), need);
    }
}

static void need_of_attribute(const struct need_reader *reader,
                              const struct predicate_record *record, struct need *need) {
    struct slice path = text_at(reader->compiler, record->text);
    if (reader->about == NEED_CHANGES && asks_for_change(reader->compiler, record))
        need_of_literal(first_key(path), need);
    else if (reader->about == NEED_PROGRAM && slice_is(path, PROGRAM_PATH))
        need_of_program(reader, record, need);
}

static void need_of_predicate(const struct need_reader *reader, predicate_ref ref,
                              struct need *need) {
    const struct predicate_compiler *compiler = reader->compiler;
    const struct predicate_record *record = record_at(compiler, ref);
    if (!record)
        return;
    if (record->op == OP_ALL)
        need_of_all(reader, record, need_of_predicate, need);
    else if (record->op == OP_ANY)
        need_of_any(reader, record, need_of_predicate, need);
    else if (record->op == OP_ATTRIBUTES && reader->about == NEED_CHANGES)
        need_of_matcher(reader, operand_at(compiler, record, 0), need);
    else if (record->op == OP_ATTRIBUTE)
        need_of_attribute(reader, record, need);
    else if (record->op == OP_TEXT && record->number == TEXT_COMMAND &&
             reader->about == NEED_COMMAND)
        need_of_matcher(reader, operand_at(compiler, record, 0), need);
}

struct pattern_hint predicate_need(const struct predicate_compiler *compiler, predicate_ref ref,
                                   enum predicate_need about) {
    struct need_reader reader = {compiler, about};
    struct need need = {.count = 0};
    need_of_predicate(&reader, ref, &need);
    uint32_t *halves = ARENA_ARRAY(compiler->arena, uint32_t, need.count + 1);
    memcpy(halves, need.halves, need.count * sizeof *halves);
    return (struct pattern_hint){halves, need.count};
}

/* ---- of subjects ---- */

static uint64_t command_mask(const struct predicate_subject *subject) {
    struct slice text = subject->type->text(subject->self, TEXT_COMMAND);
    struct slice usual = subject->type->text(subject->self, TEXT_USUAL);
    return text_mask(text) | text_mask(usual);
}

static uint64_t program_mask(const struct predicate_subject *subject) {
    const struct value *body = subject->type->body(subject->self, false);
    body = body ? body : subject->type->body(subject->self, true);
    const struct value *program = body ? value_get(body, slice_of(PROGRAM_PATH)) : NULL;
    return program && program->kind == VALUE_LITERAL ? text_mask(program->text) : UINT64_MAX;
}

uint64_t predicate_mask(struct predicate_context *context, const struct predicate_subject *subject,
                        enum predicate_need about) {
    if (about == NEED_CHANGES)
        return evaluation_changes_mask(context, subject);
    if (about == NEED_PROGRAM)
        return subject->type->body ? program_mask(subject) : UINT64_MAX;
    return subject->type->text ? command_mask(subject) : UINT64_MAX;
}
