/*
 * How much of plain parsing is left when scripts are also read: throughput of tree-sitter-bash with
 * its own allocator against that of the shell reader, which parses too. Both sides take turns.
 *
 *     shell_reader ROUNDS FILE...
 *
 * Files that the grammar does not understand are left out: there is nothing to read in them.
 */
#include "base/file.h"
#include "entity/entity.h"
#include "syntax/grammar.h"
#include "syntax/syntax.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { CACHE_BYTES = 256 << 20, LARGEST_ROUNDS = 100 };

struct bench {
    struct failure failure;
    struct arena arena;
    const struct dialects *dialects;
    const struct dialect *bash;
    VEC(struct slice) texts;
    size_t bytes;
    int count;
    char **files;
};

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (uint64_t)time.tv_sec * 1000000000U + (uint64_t)time.tv_nsec;
}

static bool parse_plain(struct slice text) {
    TSParser *parser = ts_parser_new();
    ts_parser_set_language(parser, grammar_find(SLICE("bash")));
    TSTree *tree = ts_parser_parse_string(parser, NULL, text.data, (uint32_t)text.size);
    bool understood = tree && !ts_node_has_error(ts_tree_root_node(tree));
    ts_tree_delete(tree);
    ts_parser_delete(parser);
    return understood;
}

static void load(void *context) {
    struct bench *bench = context;
    struct knowledge *knowledge = ARENA_NEW(&bench->arena, struct knowledge);
    knowledge->images[0] = image_builtin();
    knowledge->count = 1;
    bench->dialects = dialects_load(&bench->arena, knowledge);
    bench->bash = dialect_by_name(bench->dialects, SLICE("bash"));
    for (int i = 0; i < bench->count; i++) {
        struct slice text;
        if (!file_read(&bench->arena, bench->files[i], &text) || !parse_plain(text))
            continue;
        vec_push(&bench->arena, &bench->texts, text);
        bench->bytes += text.size;
    }
}

static uint64_t time_plain(const struct bench *bench) {
    uint64_t start = now();
    for (uint32_t i = 0; i < bench->texts.count; i++)
        parse_plain(bench->texts.items[i]);
    return now() - start;
}

/* A new cache each time: nothing is remembered from the round before. */
static uint64_t time_reader(struct bench *bench) {
    struct reader reader = {bench->dialects, entity_cache_new(&bench->failure, CACHE_BYTES),
                            &bench->failure};
    uint64_t start = now();
    for (uint32_t i = 0; i < bench->texts.count; i++)
        entity_read(&reader, bench->bash, bench->texts.items[i]);
    uint64_t spent = now() - start;
    entity_cache_free(reader.cache);
    return spent;
}

static int compare_times(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv) {
    int rounds = argc > 2 ? atoi(argv[1]) : 0;
    if (rounds < 1 || rounds > LARGEST_ROUNDS) {
        fprintf(stderr, "usage: shell_reader ROUNDS FILE...\n");
        return 2;
    }
#ifdef __GLIBC__
    mallopt(M_TRIM_THRESHOLD, 1 << 30);  /* as in a worker: memory is kept between two changes */
    mallopt(M_MMAP_THRESHOLD, 32 << 20); /* more is refused, and 128 KiB would hold */
#endif
    static struct bench bench;
    uint64_t plain[LARGEST_ROUNDS], reader[LARGEST_ROUNDS];
    bench.count = argc - 2;
    bench.files = argv + 2;
    failure_init(&bench.failure);
    arena_init(&bench.arena, &bench.failure, 0);
    if (!failure_try(&bench.failure, load, &bench))
        return 2;
    for (int i = 0; i < rounds; i++) {
        plain[i] = time_plain(&bench);
        reader[i] = time_reader(&bench);
    }
    qsort(plain, (size_t)rounds, sizeof *plain, compare_times);
    qsort(reader, (size_t)rounds, sizeof *reader, compare_times);
    printf("%u %zu %.1f %.1f\n", bench.texts.count, bench.bytes, (double)plain[rounds / 2] / 1e6,
           (double)reader[rounds / 2] / 1e6);
    arena_release(&bench.arena);
    return 0;
}
