/*
 * berm: judges a change to infrastructure, pipelines, scripts and code before it happens. What
 * would it destroy, recreate, expose or leave unguarded; how far does that reach; how bad is it,
 * 0 to 100; who has to approve it. Static: nothing of the change is executed, no network is used.
 *
 *     berm_error error;
 *     berm_rules *rules = NULL;
 *     berm_reviewer *reviewer = NULL;
 *     berm_change *change = NULL;
 *     berm_review *review = NULL;
 *     berm_file file = BERM_FILE_INIT;
 *     file.path = "main.tf";
 *     file.before = old_text, file.before_size = old_size;
 *     file.after = new_text, file.after_size = new_size;
 *     if (berm_rules_load(&rules, NULL, 0, &error) == BERM_OK &&
 *         berm_reviewer_new(&reviewer, rules, NULL, NULL, &error) == BERM_OK &&
 *         berm_change_from_files(&change, &file, 1, NULL, 0, &error) == BERM_OK &&
 *         berm_reviewer_review(&review, reviewer, change, &error) == BERM_OK)
 *         printf("%s\n", berm_review_tier_name(review));
 *     berm_review_free(review);
 *     berm_change_free(change);
 *     berm_reviewer_free(reviewer);
 *     berm_rules_free(rules);
 *
 * CONVENTIONS
 *
 * Ownership. A function whose first parameter is `T **out` makes an object that the caller frees
 *   with berm_T_free, which accepts NULL. On failure *out is NULL. Everything a getter returns is
 *   borrowed from the object it was asked of and lives as long as that object. Whatever is handed
 *   in is borrowed for the call only, unless its comment says longer.
 * Errors. Functions that can fail return a berm_status and fill the caller's berm_error (may be
 *   NULL). What the analysed files contain is never an error: what cannot be read, decoded or
 *   parsed becomes a finding with effect `not-understood`, which can only raise the tier.
 * Texts are UTF-8, NUL-terminated where no size goes with them. Sizes and offsets count bytes,
 *   lines and columns count from 1, and 0 means "none".
 * Scores are integers in tenths of a point, 0 to 1000; the library has no floating point.
 * Options. An options struct begins with `size`; initialise it with its _INIT macro and set what
 *   differs. Structs only grow, at their end, so a program built with an older header goes on
 *   working. NULL instead of options means the defaults.
 * Threads. berm_rules and berm_policy are immutable and may be used by many threads at once. A
 *   berm_repository, berm_change, berm_reviewer or berm_review belongs to one thread at a time;
 *   give each thread a reviewer (and a repository) of its own.
 * Process. The library never exits, never prints, changes no signal handler, no locale and no
 *   environment, has no mutable state that a caller could observe, and works with SIGCHLD ignored.
 *   Reading from git starts child processes named `git`; nothing else does.
 *   It aborts the process in one case: tree-sitter does so when the system has no memory left. A
 *   parser may also have a defect that crashes it. Who must survive that runs a review in a child
 *   process, as the berm program does; berm_reviewer_probe and berm_change_set_unreadable help.
 * Determinism. The same change, rules and policy give the same bytes of every report, on any
 *   machine, whatever its load, locale or number of threads.
 */
#ifndef BERM_H
#define BERM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Marks what the shared library exports; everything else in it is hidden. */
#if defined(__GNUC__)
#define BERM_API __attribute__((visibility("default")))
#else
#define BERM_API
#endif

/* ---- status and errors ---------------------------------------------------------------------- */

/* Numbers are fixed: new ones are only added before the last. */
typedef enum berm_status {
    BERM_OK = 0,
    BERM_ERROR_ARGUMENT, /* the caller's: a missing file, an unknown format, a bad combination */
    BERM_ERROR_MEMORY,   /* out of memory; all that the call had made is given back */
    BERM_ERROR_LIMIT,    /* a documented limit was hit (files in a change, bytes of a rule file) */
    BERM_ERROR_IO,       /* a file could not be read or a sink refused bytes */
    BERM_ERROR_GIT,      /* no repository, unknown revision, git missing or refusing */
    BERM_ERROR_PATCH,    /* malformed patch; line says where */
    BERM_ERROR_RULE,     /* malformed rule, fact table or language table; line and column */
    BERM_ERROR_POLICY,   /* malformed policy; line and column */
    BERM_ERROR_JSON,     /* malformed change record; line and column */
    BERM_ERROR_INTERNAL  /* a defect of the library */
} berm_status;

/*
 * What went wrong. Owned by the caller, no allocation; texts are cut to fit. Untouched on success.
 * `where` is a file name, an argument or "", `line` and `column` are 0 when there is no position.
 * The message is one line: what is wrong, then mostly "; " and a hint.
 */
typedef struct berm_error {
    berm_status status;
    uint32_t line, column;
    char where[256];
    char message[512];
} berm_error;

/* "ok", "argument", "memory", ...: static, stable, lower case; "unknown" for other numbers. */
BERM_API const char *berm_status_name(berm_status status);

/* "0.1.0" (semantic versioning): of the library that runs, not of this header. Static. */
BERM_API const char *berm_version(void);

/*
 * Receives a piece of output; returns 0 to go on, anything else to stop (the writing function then
 * returns BERM_ERROR_IO). Pieces are arbitrary: they may end within a UTF-8 sequence.
 */
typedef int berm_write(void *context, const char *bytes, size_t size);

/* ---- rules: what is dangerous ---------------------------------------------------------------- */

/* Dialects, facts and rules, immutable once loaded; shared between threads. */
typedef struct berm_rules berm_rules;

/*
 * The built-in knowledge, and the rules, facts and dialects of each directory on top of it. Without
 * directories nothing is read and nothing is parsed: this takes microseconds.
 * Errors: BERM_ERROR_RULE with file, line and column; BERM_ERROR_IO; BERM_ERROR_LIMIT for more
 * than 7 directories.
 */
BERM_API berm_status berm_rules_load(berm_rules **out, const char *const *directories, size_t count,
                                     berm_error *error);
BERM_API void berm_rules_free(berm_rules *rules);

/*
 * SHA-256 over all knowledge, 64 hexadecimal digits. Two reports with equal digests and tool
 * versions were made by the same knowledge. The built-in part was computed when berm was built.
 */
BERM_API const char *berm_rules_digest(const berm_rules *rules);

/* A rule, for lists and explanations. Texts are never NULL; "" when the rule has none. */
typedef struct berm_rule {
    const char *id;       /* "infrastructure/stateful-resource-removed" */
    const char *title;    /* one line */
    const char *severity; /* "critical", "high", "medium", "low" */
    const char *scope;    /* "data", "environment", "fleet", "access", "config", "guard" */
    const char *since;    /* version of berm that brought it */
    const char *why;      /* what went wrong elsewhere, and how */
    const char *fix;      /* the cheapest edit that lowers the tier */
} berm_rule;

/*
 * All rules, ordered by id. An object of its own, because a review needs no list and loading must
 * not cost one. The rules must outlive it; it may be used by many threads at once.
 */
typedef struct berm_rule_list berm_rule_list;
BERM_API berm_status berm_rule_list_new(berm_rule_list **out, const berm_rules *rules,
                                        berm_error *error);
BERM_API void berm_rule_list_free(berm_rule_list *list);
BERM_API size_t berm_rule_list_count(const berm_rule_list *list);
/* NULL for an index outside 0 to count - 1. */
BERM_API const berm_rule *berm_rule_list_at(const berm_rule_list *list, size_t index);
/* NULL if there is no rule of that id. */
BERM_API const berm_rule *berm_rule_list_find(const berm_rule_list *list, const char *id);

/*
 * Runs the examples of every rule whose id begins with `prefix` ("" or NULL: all) through the whole
 * pipeline and writes one line for each example that fails, then a summary line. *failed counts
 * the failures. Cost: about 0.1 ms an example.
 */
BERM_API berm_status berm_rules_test(const berm_rules *rules, const char *prefix, berm_write *write,
                                     void *context, size_t *failed, berm_error *error);

/* Writes everything known about one rule as text: why, fix, incidents, examples.
 * BERM_ERROR_ARGUMENT if there is no such rule; the message names the nearest id. */
BERM_API berm_status berm_rules_explain(const berm_rules *rules, const char *id, berm_write *write,
                                        void *context, berm_error *error);

/*
 * Checks the laws of rule files that loading does not need: examples that fire and that stay
 * silent, indexable selection, unused tables. One line a complaint; *failed counts them.
 */
BERM_API berm_status berm_rules_lint(const berm_rules *rules, berm_write *write, void *context,
                                     size_t *failed, berm_error *error);

/*
 * Writes a line for every kind of dangerous change of the catalogue (priority, section, name) with
 * the rules that say they cover it, or "-", sorted by name; then "P0: N of M" and so on.
 */
BERM_API berm_status berm_rules_coverage(const berm_rules *rules, berm_write *write, void *context,
                                         berm_error *error);

/* Name and version of the grammars linked in, by index; false past the end. Static texts. */
BERM_API bool berm_grammar_at(size_t index, const char **name, const char **version);

/* ---- policy: what an organisation makes of it -------------------------------------------------
 */

/* Bands, critical paths, suppressions, environment words. Immutable, shared between threads. */
typedef struct berm_policy berm_policy;

/*
 * Reads a policy. `where` names it in errors. Without a policy object a review takes the policy
 * from the change itself: from the target's tip, never from the proposed side.
 * Errors: BERM_ERROR_POLICY with line and column.
 */
BERM_API berm_status berm_policy_parse(berm_policy **out, const char *text, size_t size,
                                       const char *where, berm_error *error);
/* The same from a file; also BERM_ERROR_IO. */
BERM_API berm_status berm_policy_load(berm_policy **out, const char *file, berm_error *error);
BERM_API void berm_policy_free(berm_policy *policy);

/* ---- repository: where changes come from ------------------------------------------------------
 */

/*
 * A git repository and the running `git cat-file --batch` that reads it. Git is called as
 * plumbing only, with neutralised configuration and a scrubbed environment: a hostile repository
 * cannot run anything. GIT_DIR, GIT_WORK_TREE, GIT_INDEX_FILE and their kin are honoured.
 * Needs git 2.28 or later in PATH. Must outlive the changes made from it.
 */
typedef struct berm_repository berm_repository;

/* `directory`: anything inside the work tree, or a git directory; NULL is the current one.
 * BERM_ERROR_IO if there is no such directory, BERM_ERROR_GIT if it is no repository. */
BERM_API berm_status berm_repository_open(berm_repository **out, const char *directory,
                                          berm_error *error);
BERM_API void berm_repository_free(berm_repository *repository);

/* Absolute path of the directory that holds .git, or of the bare repository; as reports name it. */
BERM_API const char *berm_repository_path(const berm_repository *repository);

/* Lets git read what the changes of these commits need (full ids, in the order in which they will
 * be asked for). Only saves time: about half of it on a long history. Some 32 at once are best,
 * each lot three lots before its turn: then nothing is waited for. At most 64 at once help. */
BERM_API berm_status berm_repository_expect(berm_repository *repository, const char *const *ids,
                                            size_t count, berm_error *error);

/*
 * The commits of a range ("A..B"; NULL: all that HEAD reaches), oldest first, as full ids.
 * The array and its texts belong to the repository and live until the next call or its end.
 */
BERM_API berm_status berm_repository_commits(berm_repository *repository, const char *range,
                                             const char *const **ids, size_t *count,
                                             berm_error *error);

/* Where git looks for this repository's hooks (core.hooksPath is honoured). */
BERM_API berm_status berm_repository_hooks(berm_repository *repository, const char **directory,
                                           berm_error *error);

/* ---- change: what is judged --------------------------------------------------------------------
 */

/* Pairs of files (before, after), what is known of their neighbours, and metadata. */
typedef struct berm_change berm_change;

BERM_API void berm_change_free(berm_change *change);

/* Which files of a change from git are wanted, and where revisions start. */
typedef struct berm_git_options {
    size_t size;
    const char *const *paths; /* literal files or directories, relative to `directory` */
    size_t path_count;        /* 0: everything */
} berm_git_options;
#define BERM_GIT_OPTIONS_INIT                                                                      \
    { sizeof(berm_git_options), NULL, 0 }

/* Tracked files of the work tree against HEAD, as `git diff HEAD`; a new file counts once added. */
BERM_API berm_status berm_change_from_worktree(berm_change **out, berm_repository *repository,
                                               const berm_git_options *options, berm_error *error);
/* The index against HEAD: what `git commit` would record. */
BERM_API berm_status berm_change_from_staged(berm_change **out, berm_repository *repository,
                                             const berm_git_options *options, berm_error *error);
/* "REV" (against the work tree), "A..B", or "A...B" (B against the merge base). */
BERM_API berm_status berm_change_from_range(berm_change **out, berm_repository *repository,
                                            const char *range, const berm_git_options *options,
                                            berm_error *error);
/* One commit against its first parent, or against nothing if it has none. */
BERM_API berm_status berm_change_from_commit(berm_change **out, berm_repository *repository,
                                             const char *revision, const berm_git_options *options,
                                             berm_error *error);
/*
 * A unified or git patch. `where` names it in errors. With a repository (may be NULL) whole files
 * are found through the patch's index lines or the revision `base` (may be NULL); without, hunks
 * are judged as fragments and the review is not complete.
 */
BERM_API berm_status berm_change_from_patch(berm_change **out, const char *patch, size_t size,
                                            const char *where, berm_repository *repository,
                                            const char *base, berm_error *error);
/* Two directories, compared file by file. */
BERM_API berm_status berm_change_from_directories(berm_change **out, const char *before,
                                                  const char *after, berm_error *error);
/* Two files; the path of the second one is used to tell what they are. */
BERM_API berm_status berm_change_from_two_files(berm_change **out, const char *before,
                                                const char *after, berm_error *error);

/* A file of a change held in memory. */
typedef struct berm_file {
    size_t size;
    const char *path;     /* '/'-separated, relative; what dialect it is depends on it */
    const char *old_path; /* NULL: the same */
    const char *before;   /* bytes; NULL: the file did not exist */
    size_t before_size;
    const char *after; /* bytes; NULL: the file does not exist any more */
    size_t after_size;
    uint32_t mode; /* git file mode, 0 for an ordinary file */
} berm_file;
#define BERM_FILE_INIT                                                                             \
    { sizeof(berm_file), NULL, NULL, NULL, 0, NULL, 0, 0 }

/*
 * A change from memory. `files` and `context` are arrays of berm_file (of this header's version);
 * of context files, unchanged neighbours, only `path` and `after` count. What is in neither is
 * unknown, not absent. Bytes are copied.
 */
BERM_API berm_status berm_change_from_files(berm_change **out, const berm_file *files, size_t count,
                                            const berm_file *context, size_t context_count,
                                            berm_error *error);

/*
 * A change from one JSON record, as `berm stage` reads it:
 *   { "id", "change": { "message"?, "author"?, "context"?: [ {"path", "content"} ],
 *     "files": [ {"path", "before", "after", "old_path"?, "mode"?, "encoding"?: "base64"} ] } }
 * `before` and `after` are text or null. Other keys are ignored, a key twice is an error; NUL
 * inside text is accepted, a lone surrogate is not. Errors: BERM_ERROR_JSON with line and column.
 * Memory: about four times the record.
 */
BERM_API berm_status berm_change_from_json(berm_change **out, const char *json, size_t size,
                                           berm_error *error);

/* Number of files; paths are ordered bytewise. */
BERM_API size_t berm_change_file_count(const berm_change *change);
/* Path of a file, NULL for an index outside. */
BERM_API const char *berm_change_path(const berm_change *change, size_t index);
/* Commit id, or the id of a JSON record; "" when there is none. Likewise the others. */
BERM_API const char *berm_change_id(const berm_change *change);
BERM_API const char *berm_change_parent(const berm_change *change);
BERM_API const char *berm_change_repository(const berm_change *change);

/* ---- reviewer and review: the judgement --------------------------------------------------------
 */

/* Caches of one thread: blocks that return (in a history most do) are read once. */
typedef struct berm_reviewer berm_reviewer;

typedef struct berm_reviewer_options {
    size_t size;
    size_t cache_bytes; /* for parsed blocks; 0: 64 MiB */
    /* Parse blocks that are equal on both sides too. For tests: no verdict may depend on it. */
    bool no_block_cut;
    /* The day suppressions are compared with, as 20270131. The library reads no clock: with 0 every
     * suppression of the policy counts as expired. */
    uint32_t today;
    /* Asked at the borders of stages, in any unit, if not NULL; the answers are told by
     * berm_review_stage and used for nothing else. */
    uint64_t (*clock)(void);
} berm_reviewer_options;
#define BERM_REVIEWER_OPTIONS_INIT                                                                 \
    { sizeof(berm_reviewer_options), 0, false, 0, NULL }

/* Rules and policy (may be NULL: see berm_policy_parse) must outlive the reviewer. */
BERM_API berm_status berm_reviewer_new(berm_reviewer **out, const berm_rules *rules,
                                       const berm_policy *policy,
                                       const berm_reviewer_options *options, berm_error *error);
BERM_API void berm_reviewer_free(berm_reviewer *reviewer);

/*
 * The result. Refers to its reviewer and its change, which must outlive it; several reviews of one
 * reviewer may be alive at once, but its cache is only trimmed when none is.
 */
typedef struct berm_review berm_review;

/*
 * Judges a change. Cost: a file that did not change costs nothing, one that did about 1 ms for
 * 100 KiB. Errors: memory, a malformed policy in the change's target, a git that died.
 */
BERM_API berm_status berm_reviewer_review(berm_review **out, berm_reviewer *reviewer,
                                          berm_change *change, berm_error *error);
BERM_API void berm_review_free(berm_review *review);
/* Name of the index-th stage of the review, NULL behind the last, and what the clock of the options
 * says it took: 0 without a clock. */
BERM_API const char *berm_review_stage(const berm_review *review, size_t index, uint64_t *spent);

/*
 * Reads both sides of one file of the change and throws the result away: whatever would crash the
 * process in a review crashes it here. Run it in a child process, file by file, after a review
 * has died; then mark the killers with berm_change_set_unreadable and review again.
 */
BERM_API berm_status berm_reviewer_probe(berm_reviewer *reviewer, berm_change *change, size_t index,
                                         berm_error *error);
/* Both sides of that file become unreadable for the given reason; the path stays in the change. */
BERM_API berm_status berm_change_set_unreadable(berm_change *change, size_t index,
                                                const char *reason, berm_error *error);

/* Tenths of a point, 0 to 1000. */
BERM_API uint32_t berm_review_score(const berm_review *review);
/* 0 auto, 1 peer, 2 two-peer, 3 senior, 4 director. */
BERM_API uint32_t berm_review_tier(const berm_review *review);
BERM_API const char *berm_review_tier_name(const berm_review *review);
/* The level of a tier's name; false if it is none of the five. */
BERM_API bool berm_tier_find(const char *name, uint32_t *level);
/*
 * False if something was not understood in a file of a known dialect or at a sensitive path that
 * is no test, documentation or vendored copy. The verdict stands, and can only have been higher.
 */
BERM_API bool berm_review_is_understood(const berm_review *review);
/* False besides if only fragments of files were known (a patch without its repository). */
BERM_API bool berm_review_is_complete(const berm_review *review);

/* One thing that was found. Texts are never NULL. */
typedef struct berm_finding {
    const char *rule;       /* id */
    const char *severity;   /* "critical", "high", "medium", "low" */
    const char *scope;      /* as in berm_rule */
    const char *confidence; /* "certain", "likely", "possible", "unknown" */
    const char *effect;     /* "removed", "replaced", ..., "not-understood" */
    const char *object;     /* "aws_db_instance.main" */
    const char *path;
    uint32_t line; /* in the side that on_before names; 0: the whole file */
    bool on_before;
    bool suppressed; /* by the policy; counts nothing */
    uint32_t points; /* alone, tenths */
    uint32_t added;  /* what it added to the score, tenths: these sum to the score */
    const char *message, *why, *fix;
    const char *const *cascade; /* objects that fall with this one */
    size_t cascade_count;
} berm_finding;

/* Ordered by weight: what counts most comes first. NULL for an index outside. */
BERM_API size_t berm_review_finding_count(const berm_review *review);
BERM_API const berm_finding *berm_review_finding(const berm_review *review, size_t index);

typedef struct berm_report_options {
    size_t size;
    bool color;     /* terminal colours, for text */
    bool all;       /* every finding with everything known about it, for text */
    bool compact;   /* one line, for JSON */
    bool history;   /* repository, commit and parent, for JSON lines of a history */
    uint32_t width; /* columns, for text; 0: 100 */
} berm_report_options;
#define BERM_REPORT_OPTIONS_INIT                                                                   \
    { sizeof(berm_report_options), false, false, false, false, 0 }

/* BERM_OK for the name of a format, to refuse a wrong one before the work is done. */
BERM_API berm_status berm_format_check(const char *format, berm_error *error);

/*
 * Writes the review as a report. Formats: "text" (for people, one screen) and "json"
 * (docs/report.schema.json). BERM_ERROR_ARGUMENT for another format, BERM_ERROR_IO if `write`
 * refused.
 */
BERM_API berm_status berm_review_write(const berm_review *review, const char *format,
                                       const berm_report_options *options, berm_write *write,
                                       void *context, berm_error *error);

#ifdef __cplusplus
}
#endif
#endif
