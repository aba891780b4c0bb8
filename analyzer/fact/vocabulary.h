/*
 * vocabulary: the closed word lists that events, rules, reports and policies share.
 * Each list exists once, in the X-macros below. Words are written with '-' in all texts.
 */
#ifndef BERM_FACT_VOCABULARY_H
#define BERM_FACT_VOCABULARY_H

#include "base/slice.h"

/* What a change does to a thing (DESIGN.md section 2, "One vocabulary of effects"). */
#define EFFECTS(X)                                                                                 \
    X(REMOVED, "removed")   /* declared before, not after */                                       \
    X(REPLACED, "replaced") /* will be destroyed and created again */                              \
    X(RENAMED, "renamed")   /* same body, other identity */                                        \
    X(MOVED, "moved")       /* same identity elsewhere: nothing happens */                         \
    X(ORPHANED, "orphaned") /* no longer managed, but kept */                                      \
    X(REJECTED, "rejected") /* the platform refuses the edit */                                    \
    X(ADDED, "added")                                                                              \
    X(CHANGED, "changed")                                                                          \
    X(WIDENED, "widened")               /* reaches or permits more */                              \
    X(NARROWED, "narrowed")             /* holds, permits or provides less */                      \
    X(WEAKENED, "weakened")             /* a protection is lowered or gone */                      \
    X(UNGUARDED, "unguarded")           /* a condition in front of something dangerous is gone */  \
    X(EXECUTED, "executed")             /* a command or call that runs */                          \
    X(NOT_UNDERSTOOD, "not-understood") /* could not be read or decided */

#define CONFIDENCES(X)                                                                             \
    X(UNKNOWN, "unknown")                                                                          \
    X(POSSIBLE, "possible")                                                                        \
    X(LIKELY, "likely")                                                                            \
    X(CERTAIN, "certain")

#define SEVERITIES(X)                                                                              \
    X(NONE, "none") /* a finding adjusted away; never reported */                                  \
    X(LOW, "low")                                                                                  \
    X(MEDIUM, "medium")                                                                            \
    X(HIGH, "high")                                                                                \
    X(CRITICAL, "critical")

/* How a mistake is undone, from easy to impossible. */
#define UNDOS(X)                                                                                   \
    X(REVERT, "revert")     /* reverting the commit is enough */                                   \
    X(REDEPLOY, "redeploy") /* something has to be rolled out again */                             \
    X(RESTORE, "restore")   /* from a backup, hours */                                             \
    X(NONE, "none")

#define SCOPES(X)                                                                                  \
    X(CONFIG, "config")                                                                            \
    X(GUARD, "guard")                                                                              \
    X(ACCESS, "access")                                                                            \
    X(FLEET, "fleet")                                                                              \
    X(DATA, "data")                                                                                \
    X(ENVIRONMENT, "environment")

#define TIERS(X)                                                                                   \
    X(AUTO, "auto")                                                                                \
    X(PEER, "peer")                                                                                \
    X(TWO_PEER, "two-peer")                                                                        \
    X(SENIOR, "senior")                                                                            \
    X(DIRECTOR, "director")

/* What a path, workspace or name says about where a change lands. */
#define ENVIRONMENTS(X)                                                                            \
    X(UNKNOWN, "unknown")                                                                          \
    X(DEVELOPMENT, "development")                                                                  \
    X(STAGING, "staging")                                                                          \
    X(PRODUCTION, "production")

#define PATH_CLASSES(X)                                                                            \
    X(ORDINARY, "ordinary")                                                                        \
    X(TEST, "test")                                                                                \
    X(DOCUMENTATION, "documentation")                                                              \
    X(EXAMPLE, "example")                                                                          \
    X(FIXTURE, "fixture")                                                                          \
    X(VENDORED, "vendored")                                                                        \
    X(GENERATED, "generated")

#define EFFECT_ENUM(name, text) EFFECT_##name,
#define CONFIDENCE_ENUM(name, text) CONFIDENCE_##name,
#define SEVERITY_ENUM(name, text) SEVERITY_##name,
#define UNDO_ENUM(name, text) UNDO_##name,
#define SCOPE_ENUM(name, text) SCOPE_##name,
#define TIER_ENUM(name, text) TIER_##name,
#define ENVIRONMENT_ENUM(name, text) ENVIRONMENT_##name,
#define PATH_CLASS_ENUM(name, text) PATH_##name,

enum effect { EFFECTS(EFFECT_ENUM) EFFECT_COUNT };
enum confidence { CONFIDENCES(CONFIDENCE_ENUM) CONFIDENCE_COUNT };
enum severity { SEVERITIES(SEVERITY_ENUM) SEVERITY_COUNT };
enum undo { UNDOS(UNDO_ENUM) UNDO_COUNT };
enum scope { SCOPES(SCOPE_ENUM) SCOPE_COUNT };
enum tier { TIERS(TIER_ENUM) TIER_COUNT };
enum environment { ENVIRONMENTS(ENVIRONMENT_ENUM) ENVIRONMENT_COUNT };
enum path_class { PATH_CLASSES(PATH_CLASS_ENUM) PATH_CLASS_COUNT };

enum word_list {
    WORDS_EFFECT,
    WORDS_CONFIDENCE,
    WORDS_SEVERITY,
    WORDS_UNDO,
    WORDS_SCOPE,
    WORDS_TIER,
    WORDS_ENVIRONMENT,
    WORDS_PATH_CLASS,
    WORDS_COUNT
};

/* The word of a value, e.g. word_of(WORDS_EFFECT, EFFECT_REMOVED) = "removed". */
const char *word_of(enum word_list list, uint32_t value);
/* The value of a word; false if the list does not hold it. */
bool word_find(enum word_list list, struct slice word, uint32_t *value);
/* "removed, replaced, ..." for error messages; static storage. */
const char *word_list_text(enum word_list list);

#endif
