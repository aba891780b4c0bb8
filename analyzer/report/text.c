#include "report/excerpt.h"
#include "report/formats.h"
#include "report/visible.h"

enum {
    WIDTH_DEFAULT = 100,
    WIDTH_MIN = 40,
    /* What fits one screen; --all shows the rest. */
    FINDINGS_FULL = 2,  /* with excerpt, why and fix */
    FINDINGS_SHOWN = 8, /* those after the full ones in one line each */
    LEDGER_SHOWN = 4,
    REASONS_SHOWN = 4,
    CASCADE_SHOWN = 8, /* objects that fall with one */
    LABEL = 10,        /* columns of "approval", "because", "score" */
};

struct text {
    struct strbuf *out;
    const struct report *report;
    bool color, all;
    uint32_t width;
    struct map rules; /* explained already */
};

enum style { STYLE_PLAIN, STYLE_BOLD, STYLE_DIM, STYLE_RED, STYLE_YELLOW, STYLE_GREEN };

static void paint(const struct text *text, enum style style) {
    static const char *const codes[] = {"\x1b[0m",    "\x1b[1m",  "\x1b[2m",
                                        "\x1b[1;31m", "\x1b[33m", "\x1b[32m"};
    if (text->color)
        strbuf_add_text(text->out, codes[style]);
}

static void add_painted(const struct text *text, enum style style, const char *words) {
    paint(text, style);
    strbuf_add_text(text->out, words);
    paint(text, STYLE_PLAIN);
}

static enum style severity_style(enum severity severity) {
    return severity >= SEVERITY_HIGH     ? STYLE_RED
           : severity == SEVERITY_MEDIUM ? STYLE_YELLOW
                                         : STYLE_DIM;
}

static enum style tier_style(enum tier tier) {
    return tier >= TIER_SENIOR ? STYLE_RED : tier >= TIER_PEER ? STYLE_YELLOW : STYLE_GREEN;
}

/* A label in its column; what follows starts at column LABEL. */
static void add_label(const struct text *text, const char *label) {
    paint(text, STYLE_BOLD);
    strbuf_addf(text->out, "%-*s", LABEL, label);
    paint(text, STYLE_PLAIN);
}

static bool counts(const struct finding *finding) {
    return !finding->suppressed && finding->severity != SEVERITY_NONE;
}

static void add_header(const struct text *text) {
    const struct report *report = text->report;
    uint32_t by_severity[SEVERITY_COUNT] = {0};
    for (uint32_t i = 0; i < report->findings->list.count; i++)
        if (counts(&report->findings->list.items[i]))
            by_severity[report->findings->list.items[i].severity]++;
    add_painted(text, tier_style(report->verdict->tier),
                word_of(WORDS_TIER, report->verdict->tier));
    strbuf_addf(text->out, "  score %u.%u of 100", report->score->tenths / 10,
                report->score->tenths % 10);
    const char *separator = "  ";
    for (uint32_t severity = SEVERITY_CRITICAL; severity > SEVERITY_NONE; severity--) {
        if (!by_severity[severity])
            continue;
        strbuf_addf(text->out, "%s%u %s", separator, by_severity[severity],
                    word_of(WORDS_SEVERITY, severity));
        separator = ", ";
    }
    strbuf_add_text(text->out, report->score->count ? "\n" : "  nothing found\n");
    if (!report->complete)
        strbuf_add_text(text->out, "not everything was understood: the risk can only be higher\n");
}

static uint32_t digits_of(uint32_t number) {
    uint32_t digits = 1;
    while (number >= 10) {
        number /= 10;
        digits++;
    }
    return digits;
}

/* Escaped as a whole: a path ":" and a line would make a "::". */
static void add_place(const struct text *text, struct slice path, uint32_t line) {
    struct strbuf words;
    strbuf_init(&words, text->out->arena);
    strbuf_add(&words, path);
    if (line)
        strbuf_addf(&words, ":%u", line);
    strbuf_add_text(text->out, "  ");
    paint(text, STYLE_DIM);
    visible_add_clipped(text->out, strbuf_slice(&words), text->width - 2);
    paint(text, STYLE_PLAIN);
    strbuf_add_byte(text->out, '\n');
}

/* Before above after. */
static void add_excerpts(const struct text *text, const struct finding *finding) {
    struct spot main, other;
    excerpt_find(text->report, finding, &main, &other);
    uint32_t highest = main.number > other.number ? main.number : other.number;
    uint32_t digits = digits_of(highest);
    const struct spot *spots[] = {main.before ? &main : &other, main.before ? &other : &main};
    for (uint32_t i = 0; i < 2; i++) {
        if (!spots[i]->number || slice_is_none(spots[i]->line))
            continue;
        if (!slice_equal(spots[i]->path, finding->path))
            add_place(text, spots[i]->path, spots[i]->number);
        excerpt_add(text->out, spots[i], digits, text->width);
    }
}

static void add_paragraph(const struct text *text, const char *label, struct slice words) {
    if (!words.size)
        return;
    strbuf_add_text(text->out, "  ");
    uint32_t indent = 2;
    if (label) {
        strbuf_addf(text->out, "%-7s", label);
        indent = 9;
    }
    visible_wrap(text->out, words, indent, indent, text->width);
    strbuf_add_byte(text->out, '\n');
}

/* What makes this finding heavier or lighter than its rule alone; nothing for the ordinary. */
static void add_reach(const struct text *text, const struct finding *finding) {
    struct strbuf words;
    strbuf_init(&words, text->out->arena);
    if (finding->environment != ENVIRONMENT_UNKNOWN)
        strbuf_addf(&words, ", %s", word_of(WORDS_ENVIRONMENT, finding->environment));
    if (finding->critical)
        strbuf_add_text(&words, ", critical system");
    if (finding->fan_out != FAN_OUT_UNKNOWN && finding->fan_out)
        strbuf_addf(&words, ", %u %s to it", finding->fan_out,
                    finding->fan_out == 1 ? "thing refers" : "things refer");
    if (finding->width > 1)
        strbuf_addf(&words, ", %u at once", finding->width);
    if (finding->path_class != PATH_ORDINARY)
        strbuf_addf(&words, ", %s path", word_of(WORDS_PATH_CLASS, finding->path_class));
    if (finding->confidence != CONFIDENCE_CERTAIN)
        strbuf_addf(&words, ", confidence %s", word_of(WORDS_CONFIDENCE, finding->confidence));
    if (words.size)
        add_paragraph(text, "reach", slice_from(strbuf_slice(&words), 2));
}

/* What falls with the object, by name. */
static void add_cascade(const struct text *text, const struct finding *finding) {
    struct strbuf words;
    strbuf_init(&words, text->out->arena);
    uint32_t shown = text->all || finding->cascade_count <= CASCADE_SHOWN ? finding->cascade_count
                                                                          : CASCADE_SHOWN;
    for (uint32_t i = 0; i < shown; i++) {
        if (i)
            strbuf_add_text(&words, ", ");
        strbuf_add(&words, finding->cascade[i]);
    }
    if (shown < finding->cascade_count)
        strbuf_addf(&words, " and %u more", finding->cascade_count - shown);
    if (shown)
        add_paragraph(text, "with", strbuf_slice(&words));
}

static void add_title(const struct text *text, const struct finding *finding) {
    add_painted(text, severity_style(finding->severity),
                word_of(WORDS_SEVERITY, finding->severity));
    strbuf_add_text(text->out, "  ");
    paint(text, STYLE_BOLD);
    visible_add_clipped(text->out, finding->object, text->width - 30);
    paint(text, STYLE_PLAIN);
    strbuf_addf(text->out, "  %s", word_of(WORDS_EFFECT, finding->effect));
}

/* Why and fix stand at the first finding of a rule only. */
static bool rule_is_new(struct text *text, struct slice rule, uint32_t index) {
    return map_set_default(&text->rules, rule, index) == index;
}

static void add_finding_line(struct text *text, const struct finding *finding) {
    add_title(text, finding);
    add_place(text, finding->path, finding->line);
}

static void add_finding(struct text *text, uint32_t index) {
    const struct finding *finding = &text->report->findings->list.items[index];
    strbuf_add_byte(text->out, '\n');
    add_title(text, finding);
    strbuf_add_byte(text->out, '\n');
    add_paragraph(text, NULL, finding->message);
    add_place(text, finding->path, finding->line);
    add_excerpts(text, finding);
    add_reach(text, finding);
    add_cascade(text, finding);
    if (!rule_is_new(text, finding->rule, index))
        return;
    add_paragraph(text, "why", finding->why);
    add_paragraph(text, "fix", finding->fix);
    add_paragraph(text, "rule", finding->rule);
}

static void add_low_line(const struct text *text, const struct finding *finding) {
    add_painted(text, STYLE_DIM, "low  ");
    uint32_t used = visible_width(finding->path), third = text->width / 3;
    visible_add_clipped(text->out, finding->path, third);
    if (finding->line)
        strbuf_addf(text->out, ":%u", finding->line);
    strbuf_add_text(text->out, "  ");
    visible_add_clipped(text->out, finding->message,
                        text->width - (used < third ? used : third) - 14);
    strbuf_add_byte(text->out, '\n');
}

static void add_findings(struct text *text) {
    const struct findings *findings = text->report->findings;
    uint32_t shown = 0, lines = 0, hidden = 0;
    for (uint32_t i = 0; i < findings->list.count; i++) {
        const struct finding *finding = &findings->list.items[i];
        if (!counts(finding))
            continue;
        bool is_low = finding->severity == SEVERITY_LOW;
        if (text->all || (!is_low && shown < FINDINGS_FULL)) {
            add_finding(text, i);
        } else if (shown >= FINDINGS_SHOWN) {
            hidden++;
        } else {
            if (!lines++)
                strbuf_add_byte(text->out, '\n');
            if (is_low)
                add_low_line(text, finding);
            else
                add_finding_line(text, finding);
        }
        shown++;
    }
    if (hidden)
        strbuf_addf(text->out, "and %u more, shown with --all\n", hidden);
}

static void add_suppressed(const struct text *text) {
    const struct findings *findings = text->report->findings;
    uint32_t count = 0;
    for (uint32_t i = 0; i < findings->list.count; i++) {
        const struct finding *finding = &findings->list.items[i];
        if (!finding->suppressed || finding->severity == SEVERITY_NONE)
            continue;
        if (!count)
            strbuf_add_byte(text->out, '\n');
        if (count++ >= REASONS_SHOWN && !text->all)
            continue;
        add_painted(text, STYLE_DIM, "suppressed  ");
        visible_add_clipped(text->out, finding->rule, text->width / 2);
        strbuf_add_text(text->out, "  ");
        visible_add_clipped(text->out, finding->object, text->width / 3);
        strbuf_add_byte(text->out, '\n');
        add_paragraph(text, NULL, finding->suppression);
    }
    if (count > REASONS_SHOWN && !text->all)
        strbuf_addf(text->out, "and %u more are suppressed\n", count - REASONS_SHOWN);
}

static void add_verdict(const struct text *text) {
    const struct verdict *verdict = text->report->verdict;
    strbuf_add_byte(text->out, '\n');
    add_label(text, "approval");
    visible_wrap(text->out, verdict->required->text, LABEL, LABEL, text->width);
    strbuf_add_byte(text->out, '\n');
    for (uint32_t i = 0; i < verdict->reason_count && (text->all || i < REASONS_SHOWN); i++) {
        const struct tier_reason *reason = &verdict->reasons[i];
        add_label(text, i ? "" : "because");
        strbuf_addf(text->out, "%-9s %-9s", word_of(WORDS_TIER, reason->tier),
                    tier_reason_word(reason->kind));
        visible_wrap(text->out, reason->text, LABEL + 19, LABEL + 19, text->width);
        strbuf_add_byte(text->out, '\n');
    }
    if (verdict->reason_count > REASONS_SHOWN && !text->all)
        strbuf_addf(text->out, "%*sand %u more, shown with --all\n", LABEL, "",
                    verdict->reason_count - REASONS_SHOWN);
}

static void add_number(struct strbuf *out, uint32_t thousandths) {
    strbuf_addf(out, "%u", thousandths / 1000);
    uint32_t part = thousandths % 1000;
    if (part)
        strbuf_addf(out,
                    part % 100 == 0  ? ".%u"
                    : part % 10 == 0 ? ".%02u"
                                     : ".%03u",
                    part % 100 == 0  ? part / 100
                    : part % 10 == 0 ? part / 10
                                     : part);
}

/* " (48 x 1.25 environment, halved 2 times)" */
static void add_arithmetic(struct strbuf *out, const struct score_line *line) {
    strbuf_addf(out, " (%u", line->base / 10);
    if (line->base % 10)
        strbuf_addf(out, ".%u", line->base % 10);
    for (uint32_t i = 0; i < SCORE_FACTOR_COUNT; i++) {
        if (line->factors[i] == 1000)
            continue;
        strbuf_add_text(out, " x ");
        add_number(out, line->factors[i]);
        strbuf_addf(out, " %s", score_factor_word((enum score_factor)i));
    }
    if (line->repeat)
        strbuf_addf(out, ", halved %u %s", line->repeat, line->repeat == 1 ? "time" : "times");
    strbuf_add_byte(out, ')');
}

static void add_ledger_amount(const struct text *text, bool first, uint32_t tenths) {
    add_label(text, first ? "score" : "");
    strbuf_addf(text->out, "%3u.%u  ", tenths / 10, tenths % 10);
}

static void add_ledger_line(const struct text *text, const struct score_line *line, bool first) {
    const struct finding *finding = &text->report->findings->list.items[line->finding];
    add_ledger_amount(text, first, line->marginal);
    struct strbuf words;
    strbuf_init(&words, text->out->arena);
    strbuf_add(&words, finding->rule);
    strbuf_add_byte(&words, ' ');
    visible_add_clipped(&words, finding->object, text->width / 3);
    if (text->all)
        add_arithmetic(&words, line);
    visible_wrap(text->out, strbuf_slice(&words), LABEL + 7, LABEL + 9, text->width);
    strbuf_add_byte(text->out, '\n');
}

/* Lines sum to the score: those that are not shown are summed up. */
static void add_ledger(const struct text *text) {
    const struct score *score = text->report->score;
    uint32_t shown = 0, low = 0, rest = 0, rest_count = 0;
    for (uint32_t i = 0; i < score->count; i++) {
        const struct score_line *line = &score->lines[i];
        bool is_low = text->report->findings->list.items[line->finding].severity == SEVERITY_LOW;
        if (text->all || (!is_low && shown < LEDGER_SHOWN)) {
            add_ledger_line(text, line, shown++ == 0);
        } else if (is_low) {
            low++;
        } else {
            rest += line->marginal;
            rest_count++;
        }
    }
    if (rest_count) {
        add_ledger_amount(text, false, rest);
        strbuf_addf(text->out, "%u more findings\n", rest_count);
    }
    if (low) {
        add_ledger_amount(text, shown == 0, score->low_marginal);
        strbuf_addf(text->out, "%u %s of low severity\n", low, low == 1 ? "finding" : "findings");
    }
    if (score->count > 1)
        strbuf_addf(text->out, "%*s%3u.%u  in all\n", LABEL, "", score->tenths / 10,
                    score->tenths % 10);
}

void report_write_text(struct strbuf *out, const struct report *report,
                       const struct report_options *options) {
    uint32_t width = options->width ? options->width : WIDTH_DEFAULT;
    struct text text = {.out = out,
                        .report = report,
                        .color = options->color,
                        .all = options->all,
                        .width = width < WIDTH_MIN ? WIDTH_MIN : width};
    map_init(&text.rules, out->arena);
    add_header(&text);
    add_findings(&text);
    add_suppressed(&text);
    if (report->score->count || report->verdict->tier > TIER_AUTO) {
        add_verdict(&text);
        add_ledger(&text);
    }
}
