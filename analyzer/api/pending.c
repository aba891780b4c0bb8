/* Stand-ins, weak, for stages that are not there yet: a strong definition takes their place. */
#include "api/pipeline.h"
#include "rule/rule.h"
#include "source/sources.h"

#define PENDING __attribute__((weak))

static struct change *nothing(struct arena *arena) {
    failure_raise(arena->failure, BERM_ERROR_INTERNAL, PLACE_NONE, "not built in");
}
struct git *PENDING git_open(struct arena *arena, const char *d) {
    (void)d;
    nothing(arena);
    return NULL;
}
void PENDING git_close(struct git *git) {
    (void)git;
}
const char *PENDING git_hooks_directory(struct git *git) {
    (void)git;
    return NULL;
}
struct change *PENDING source_worktree(struct arena *arena, struct git *git,
                                       struct source_paths p) {
    (void)git;
    (void)p;
    return nothing(arena);
}
struct change *PENDING source_staged(struct arena *arena, struct git *git, struct source_paths p) {
    (void)git;
    (void)p;
    return nothing(arena);
}
struct change *PENDING source_revision(struct arena *arena, struct git *git, const char *r,
                                       struct source_paths p) {
    (void)git;
    (void)p;
    (void)r;
    return nothing(arena);
}
struct change *PENDING source_commit(struct arena *arena, struct git *git, const char *r,
                                     struct source_paths p) {
    (void)git;
    (void)p;
    (void)r;
    return nothing(arena);
}
struct slice *PENDING source_commits(struct arena *arena, struct git *git, const char *r,
                                     uint32_t *count) {
    (void)git;
    (void)r;
    *count = 0;
    nothing(arena);
    return NULL;
}
struct change *PENDING source_patch(struct arena *arena, struct slice p, const char *w,
                                    struct git *git, const char *b) {
    (void)git;
    (void)p;
    (void)w;
    (void)b;
    return nothing(arena);
}
struct change *PENDING source_directories(struct arena *arena, const char *b, const char *a) {
    (void)a;
    (void)b;
    return nothing(arena);
}
struct change *PENDING source_files(struct arena *arena, const char *b, const char *a) {
    (void)a;
    (void)b;
    return nothing(arena);
}
const struct dialects *PENDING dialects_load(struct arena *arena, const struct knowledge *k) {
    (void)k;
    nothing(arena);
    return NULL;
}
const struct dialect *PENDING language_detect(const struct dialects *d, struct slice p,
                                              struct slice c) {
    (void)d;
    (void)p;
    (void)c;
    return NULL;
}
struct block *PENDING language_blocks(struct arena *arena, const struct dialect *d, struct slice c,
                                      uint32_t *count) {
    (void)d;
    (void)c;
    *count = 0;
    (void)arena;
    return NULL;
}
struct entity_cache *PENDING entity_cache_new(struct failure *f, size_t n) {
    (void)f;
    (void)n;
    return NULL;
}
void PENDING entity_cache_free(struct entity_cache *c) {
    (void)c;
}
void PENDING entity_cache_trim(struct entity_cache *c) {
    (void)c;
}
const struct entity_list *PENDING entity_read(struct reader *r, const struct dialect *d,
                                              struct slice b) {
    (void)r;
    (void)d;
    (void)b;
    return NULL;
}
void PENDING delta_compare(struct arena *arena, struct reader *r, const struct knowledge *k,
                           const struct change *c, const struct delta_options *o,
                           struct events *e) {
    (void)r;
    (void)k;
    (void)c;
    (void)o;
    (void)e;
    (void)arena;
}
void PENDING rules_match(struct arena *arena, const struct knowledge *k, const struct change *c,
                         const struct events *e, struct findings *f) {
    (void)k;
    (void)c;
    (void)e;
    (void)f;
    (void)arena;
}
