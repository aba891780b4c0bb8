/* Measures over ranks, and the size they are compared with. */
#include "cli/eval.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int rank_auc(const struct ranked *items, size_t count) {
    int64_t twice_won = 0, pairs = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < count && items[i].risky; j++) {
            if (items[j].risky)
                continue;
            pairs++;
            twice_won += items[i].score > items[j].score ? 2 : items[i].score == items[j].score;
        }
    }
    return pairs ? (int)((twice_won * 10000 + pairs) / (2 * pairs)) : RANK_NONE;
}

/* Twice the mean rank of item `at`, by score or by size: an integer. */
static int64_t twice_rank(const struct ranked *items, size_t count, size_t at, bool by_size) {
    int64_t below = 0, equal = 0;
    uint32_t own = by_size ? items[at].size : items[at].score;
    for (size_t i = 0; i < count; i++) {
        uint32_t other = by_size ? items[i].size : items[i].score;
        below += other < own;
        equal += other == own;
    }
    return 2 * below + equal + 1;
}

int rank_spearman(const struct ranked *items, size_t count) {
    int64_t mean = (int64_t)count + 1; /* of twice the ranks */
    double covariance = 0, scores = 0, sizes = 0;
    for (size_t i = 0; i < count; i++) {
        double score = (double)(twice_rank(items, count, i, false) - mean);
        double size = (double)(twice_rank(items, count, i, true) - mean);
        covariance += score * size; /* integers below 2^53: exact */
        scores += score * score;
        sizes += size * size;
    }
    if (scores <= 0 || sizes <= 0)
        return RANK_NONE;
    double scaled = 10000 * covariance / (sqrt(scores) * sqrt(sizes));
    return (int)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
}

struct line {
    const char *text;
    size_t size;
};

static int compare_lines(const void *left, const void *right) {
    const struct line *a = left, *b = right;
    size_t shorter = a->size < b->size ? a->size : b->size;
    int order = shorter ? memcmp(a->text, b->text, shorter) : 0;
    return order ? order : (a->size > b->size) - (a->size < b->size);
}

static struct line *sorted_lines(const json_t *text, size_t *count) {
    const char *given = json_string_value(text), *at = given ? given : "";
    size_t size = given ? json_string_length(text) : 0, capacity = 0;
    for (size_t i = 0; i < size; i++)
        capacity += at[i] == '\n';
    struct line *lines = must_alloc((capacity + 1) * sizeof *lines);
    *count = 0;
    for (const char *end = at + size; at < end;) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *stop = newline ? newline : end;
        lines[(*count)++] = (struct line){at, (size_t)(stop - at)};
        at = newline ? newline + 1 : end;
    }
    qsort(lines, *count, sizeof *lines, compare_lines);
    return lines;
}

static uint32_t differing(const json_t *before, const json_t *after) {
    size_t old_count, new_count, i = 0, j = 0;
    struct line *old = sorted_lines(before, &old_count), *new = sorted_lines(after, &new_count);
    uint32_t result = 0;
    while (i < old_count && j < new_count) {
        int order = compare_lines(&old[i], &new[j]);
        result += order != 0;
        i += order <= 0;
        j += order >= 0;
    }
    result += (uint32_t)(old_count - i + new_count - j);
    free(old);
    free(new);
    return result;
}

uint32_t eval_changed_lines(const json_t *root) {
    const json_t *files = json_object_get(json_object_get(root, "change"), "files");
    uint32_t result = 0;
    for (size_t i = 0; i < json_array_size(files); i++) {
        const json_t *file = json_array_get(files, i);
        result += differing(json_object_get(file, "before"), json_object_get(file, "after"));
    }
    return result;
}
