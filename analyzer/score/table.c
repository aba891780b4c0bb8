#include "score/score.h"

static void raise(uint32_t *slot, uint32_t value) {
    if (value > *slot)
        *slot = value;
}

static void lower(uint32_t *slot, uint32_t value) {
    if (value < *slot)
        *slot = value;
}

/* Steps are kept sorted by where they begin; an equal beginning takes the higher factor. */
static void add_step(struct score_step *steps, uint32_t *count, uint32_t from, uint32_t factor) {
    uint32_t at = 0;
    while (at < *count && steps[at].from < from)
        at++;
    if (at < *count && steps[at].from == from) {
        raise(&steps[at].factor, factor);
        return;
    }
    if (*count == SCORE_STEPS)
        return;
    memmove(steps + at + 1, steps + at, (*count - at) * sizeof *steps);
    steps[at] = (struct score_step){from, factor};
    (*count)++;
}

static void apply(struct score_table *table, const struct score_record *record) {
    uint32_t *const factors[SCORE_LIST_COUNT] = {
        [SCORE_SEVERITY] = table->severity,  [SCORE_ENVIRONMENT] = table->environment,
        [SCORE_PATH] = table->path,          [SCORE_UNDO] = table->undo,
        [SCORE_SCOPE] = table->scope,        [SCORE_CONFIDENCE] = table->confidence,
        [SCORE_CRITICAL] = &table->critical,
    };
    static const uint32_t sizes[SCORE_LIST_COUNT] = {
        [SCORE_SEVERITY] = SEVERITY_COUNT,
        [SCORE_ENVIRONMENT] = ENVIRONMENT_COUNT,
        [SCORE_PATH] = PATH_CLASS_COUNT,
        [SCORE_UNDO] = UNDO_COUNT,
        [SCORE_SCOPE] = SCOPE_COUNT,
        [SCORE_CONFIDENCE] = CONFIDENCE_COUNT,
        [SCORE_CRITICAL] = 1,
    };
    if (record->list >= SCORE_LIST_COUNT)
        return;
    if (record->list == SCORE_WIDTH)
        add_step(table->width, &table->width_count, record->key, record->value);
    else if (record->list == SCORE_FAN_OUT)
        add_step(table->fan_out, &table->fan_out_count, record->key, record->value);
    else if (record->list == SCORE_LOW_CAP)
        raise(&table->low_cap, record->value);
    else if (record->list == SCORE_BAND && record->key < TIER_COUNT)
        lower(&table->bands[record->key], record->value);
    else if (factors[record->list] && record->key < sizes[record->list])
        raise(&factors[record->list][record->key], record->value);
}

void score_table_load(const struct knowledge *knowledge, struct score_table *table) {
    *table = (struct score_table){0};
    for (uint32_t tier = 1; tier < TIER_COUNT; tier++)
        table->bands[tier] = UINT32_MAX;
    for (uint32_t i = 0; i < knowledge->count; i++) {
        uint32_t count;
        const struct score_record *records =
            image_section(&knowledge->images[i], IMAGE_SCORE, &count);
        for (uint32_t k = 0; k < count; k++)
            apply(table, &records[k]);
    }
    /* The rule that small things never add up holds whatever was added. */
    if (table->bands[TIER_PEER] && table->low_cap >= table->bands[TIER_PEER])
        table->low_cap = table->bands[TIER_PEER] - 1;
}
