/*
 * subject: an event (and later a finding) as the predicate language sees it. Also used for the
 * policies above, so that suppressions and rules ask the same questions.
 */
#ifndef BERM_RULE_SUBJECT_H
#define BERM_RULE_SUBJECT_H

#include "fact/predicate.h"
#include "rule/finding.h"

struct event_subject {
    const struct event *event;
    const struct change *change;   /* for the status of the file; may be NULL */
    const struct finding *finding; /* NULL while there is none */
};

/* Borrows both arguments. */
struct predicate_subject subject_of(const struct event_subject *subject);

#endif
