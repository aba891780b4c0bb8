#include "fact/condition.h"

static const struct value *edit_body(const void *self, bool before) {
    const struct fact_edit *edit = self;
    return before ? edit->before : edit->after;
}

static bool edit_change(const void *self, uint32_t index, struct predicate_change *change) {
    const struct fact_edit *edit = self;
    if (index >= edit->change_count)
        return false;
    *change = edit->changes[index];
    return true;
}

enum predicate_result row_applies_to(struct predicate_context *context, const struct row *row,
                                     const char *column, const struct fact_edit *edit) {
    static const struct predicate_subject_type type = {edit_body, edit_change, NULL, NULL};
    struct predicate_subject subject = {&type, edit};
    return predicate_evaluate(context, row->image, row_predicate(row, column), &subject, NULL);
}
