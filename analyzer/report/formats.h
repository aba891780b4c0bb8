/*
 * formats: the writers behind report.h's table.
 */
#ifndef BERM_REPORT_FORMATS_H
#define BERM_REPORT_FORMATS_H

#include "report/report.h"

/* One screen for people. */
void report_write_text(struct strbuf *out, const struct report *report,
                       const struct report_options *options);
/* One line, docs/report.schema.json; keys are only ever added. */
void report_write_json(struct strbuf *out, const struct report *report,
                       const struct report_options *options);

#endif
