#include "report/report.h"

#include "report/formats.h"

static const struct report_format formats[] = {
    {"text", report_write_text},
    {"json", report_write_json},
};

const struct report_format *report_format_find(struct slice name) {
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (slice_is(name, formats[i].name))
            return &formats[i];
    return NULL;
}
