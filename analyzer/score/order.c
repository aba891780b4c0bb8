#include "score/order.h"

static int compare_numbers(uint64_t a, uint64_t b) {
    return (a > b) - (a < b);
}

int finding_compare(const struct finding *a, const struct finding *b) {
    const struct slice left[] = {a->rule, a->path, a->object, a->message};
    const struct slice right[] = {b->rule, b->path, b->object, b->message};
    for (uint32_t i = 0; i < 2; i++) {
        int order = slice_compare(left[i], right[i]);
        if (order)
            return order;
    }
    const uint64_t numbers[][2] = {
        {a->line, b->line},     {a->column, b->column},     {a->on_before, b->on_before},
        {a->effect, b->effect}, {a->severity, b->severity}, {a->confidence, b->confidence},
    };
    for (uint32_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        int order = compare_numbers(numbers[i][0], numbers[i][1]);
        if (order)
            return order;
    }
    for (uint32_t i = 2; i < 4; i++) {
        int order = slice_compare(left[i], right[i]);
        if (order)
            return order;
    }
    return a->event && b->event ? compare_numbers(a->event->id, b->event->id) : 0;
}

int finding_compare_void(const void *a, const void *b) {
    return finding_compare(a, b);
}
