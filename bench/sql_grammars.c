/*
 * Parses SQL with our grammar and with the public one, by turns: `sql_grammars RUNS FILE...` writes
 * for each file its name, its size and the CPU milliseconds of both (the median of the runs). What
 * takes the public one more than LIMIT times as long is stopped: the figure is then a lower bound.
 * Built by bench.py, which renames the public grammar's symbols.
 */
#include <tree_sitter/api.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

const TSLanguage *tree_sitter_sql(void);
const TSLanguage *other_sql(void);

enum { RUNS = 99, LIMIT = 30 };

struct text {
    char *bytes;
    uint32_t size;
    double until; /* 0 = no limit */
};

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static struct text read_text(const char *path) {
    struct text text = {0};
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END))
        exit(1);
    text.size = (uint32_t)ftell(file);
    rewind(file);
    text.bytes = malloc(text.size + 1);
    if (!text.bytes || fread(text.bytes, 1, text.size, file) != text.size)
        exit(1);
    fclose(file);
    return text;
}

static const char *give(void *payload, uint32_t at, TSPoint point, uint32_t *size) {
    (void)point;
    const struct text *text = payload;
    *size = at < text->size ? text->size - at : 0;
    return text->bytes + at;
}

static bool is_late(TSParseState *state) {
    const struct text *text = state->payload;
    return text->until > 0 && now() > text->until;
}

static double parse(const TSLanguage *language, struct text *text, double limit) {
    TSParser *parser = ts_parser_new();
    ts_parser_set_language(parser, language);
    TSInput input = {text, give, TSInputEncodingUTF8, NULL};
    TSParseOptions options = {text, is_late};
    double start = now();
    text->until = limit > 0 ? start + limit : 0;
    TSTree *tree = ts_parser_parse_with_options(parser, NULL, input, options);
    double elapsed = now() - start;
    ts_tree_delete(tree);
    ts_parser_delete(parser);
    return elapsed;
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv) {
    int runs = argc > 1 ? atoi(argv[1]) : 1;
    double own[RUNS], other[RUNS];
    for (int i = 2; i < argc; i++) {
        struct text text = read_text(argv[i]);
        int n = 0;
        for (int stopped = 0; n < runs && n < RUNS && !stopped; n++) {
            own[n] = parse(tree_sitter_sql(), &text, 0);
            other[n] = parse(other_sql(), &text, own[n] * LIMIT + 50);
            stopped = other[n] > own[n] * LIMIT;
        }
        qsort(own, (size_t)n, sizeof *own, compare);
        qsort(other, (size_t)n, sizeof *other, compare);
        printf("%s %u %.3f %.3f\n", argv[i], text.size, own[n / 2], other[n / 2]);
        fflush(stdout);
        free(text.bytes);
    }
    return 0;
}
