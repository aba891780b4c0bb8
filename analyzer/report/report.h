/*
 * report: a verdict written for a reader. One file per format behind one table; what is written
 * depends on the report and the options only, never on terminal, clock or locale.
 */
#ifndef BERM_REPORT_REPORT_H
#define BERM_REPORT_REPORT_H

#include "base/strbuf.h"
#include "tier/governance.h"
#include "tier/tier.h"

struct report_grammar {
    struct slice name, version;
};

/* What made the verdict; equal tools give equal bytes for equal input. */
struct report_tool {
    struct slice version, rules_digest;
    const struct report_grammar *grammars; /* sorted by name */
    uint32_t grammar_count;
    struct slice json; /* the grammars on one line, made by report_prepare_tool() */
};

struct report {
    struct slice id;                         /* SLICE_NONE = null */
    struct slice repository, commit, parent; /* of a history; SLICE_NONE otherwise */
    const struct change *change;             /* for excerpts */
    const struct findings *findings;         /* in the order score_findings made */
    const struct score *score;
    const struct verdict *verdict;
    const struct policy *policy;        /* NULL = none */
    const struct suppression_use *uses; /* of the policy's suppressions; NULL = not known */
    bool complete; /* false: something was not understood, or only hunks are known */
    const struct report_tool *tool;
};

struct report_options {
    bool color;     /* text: ANSI colours */
    bool all;       /* text: every finding in full */
    bool compact;   /* JSON: one line in all instead of one line a value */
    uint32_t width; /* text: columns, 0 = 100; at least 40 are used */
};

struct report_format {
    const char *name;
    void (*write)(struct strbuf *out, const struct report *report,
                  const struct report_options *options);
};

/* What need not be written anew for each report. */
void report_prepare_tool(struct arena *arena, struct report_tool *tool);

/* NULL if there is no format of that name. */
const struct report_format *report_format_find(struct slice name);

#endif
