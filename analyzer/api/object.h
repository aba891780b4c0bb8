/*
 * object: what the opaque types of berm.h hold. Not seen outside api/.
 * Each begins with its failure and its arena; everything else of it lives in that arena.
 */
#ifndef BERM_API_OBJECT_H
#define BERM_API_OBJECT_H

#include "api/call.h"
#include "api/pipeline.h"
#include "rule/catalogue.h"
#include "source/sources.h"

struct berm_rules {
    struct failure failure;
    struct arena arena;
    struct knowledge knowledge;
};

struct berm_rule_list {
    struct failure failure;
    struct arena arena;
    const struct berm_rules *rules;
    struct catalogue catalogue;
    const struct berm_rule *items; /* as in the catalogue */
    size_t count;
};

struct berm_policy {
    struct failure failure;
    struct arena arena;
    const struct policy *policy;
};

struct berm_repository {
    struct failure failure;
    struct arena arena;
    struct git *git;
    struct arena commits;  /* the last answer of berm_repository_commits */
    struct arena expected; /* names in berm_repository_expect */
};

struct berm_change {
    struct failure failure;
    struct arena arena;
    struct change *change;
    struct berm_repository *repository; /* NULL if it came from elsewhere */
    const char **paths;                 /* NUL-terminated copies for the getters */
    const char *id, *parent, *directory;
};

struct berm_reviewer {
    struct failure failure;
    struct arena arena;
    const struct berm_rules *rules;
    struct pipeline pipeline;
    uint32_t open;                  /* reviews alive: their entities must stay in the cache */
    const struct report_tool *tool; /* once the first report was written */
};

struct berm_review {
    struct failure failure;
    struct arena arena; /* raises into the reviewer's failure */
    struct berm_reviewer *reviewer;
    struct berm_change *change;
    struct judgement judgement;
    struct berm_finding *findings;
    size_t finding_count;
};

/* Zeroed object with failure and arena ready, or NULL. All begin with these two members. */
struct object {
    struct failure failure;
    struct arena arena;
};
void *object_new(size_t size);
void object_free(void *object); /* releases the arena; NULL is allowed */

#define OBJECT_NEW(type) ((type *)object_new(sizeof(type)))

/* Makes a change: `make` is run with the change's failure and the repository's caught. */
struct change_maker {
    struct change *(*make)(struct berm_change *change, const struct change_maker *maker);
    struct berm_repository *repository;
    struct berm_git_options options;
    const char *text, *second; /* revision, range, file, where */
    struct slice bytes;
    const struct berm_file *files, *context;
    size_t count, context_count;
};
berm_status change_make(struct berm_change **out, const struct change_maker *maker,
                        berm_error *error);

#endif
