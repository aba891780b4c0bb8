#include "base/json_writer.h"
#include "report/formats.h"

enum { VALUE_BYTES = 200 }; /* of {was} and {is} */

static void put_word(struct json_writer *json, const char *key, enum word_list list,
                     uint32_t value) {
    json_put_text(json, key, word_of(list, value));
}

static void put_slices(struct json_writer *json, const char *key, const struct slice *items,
                       uint32_t count) {
    json_key(json, key);
    json_open_array(json);
    for (uint32_t i = 0; i < count; i++)
        json_text(json, items[i]);
    json_end(json);
}

static void put_value(struct json_writer *json, const char *key, const struct value *value) {
    json_put_string(json, key,
                    value ? value_render(json->out->arena, value, VALUE_BYTES) : SLICE_NONE);
}

static void put_tier(struct json_writer *json, enum tier tier) {
    json_key(json, "tier");
    json_open_object(json);
    json_put_number(json, "level", tier);
    put_word(json, "name", WORDS_TIER, tier);
    json_end(json);
}

static void put_reach(struct json_writer *json, const struct finding *finding) {
    put_word(json, "environment", WORDS_ENVIRONMENT, finding->environment);
    put_word(json, "path_class", WORDS_PATH_CLASS, finding->path_class);
    json_put_number(json, "width", finding->width);
    json_key(json, "fan_out");
    if (finding->fan_out == FAN_OUT_UNKNOWN)
        json_nothing(json);
    else
        json_number(json, finding->fan_out);
    json_put_bool(json, "critical", finding->critical);
    json_put_text(json, "floor",
                  finding->floor < 0 ? NULL : word_of(WORDS_TIER, (uint32_t)finding->floor));
}

static void put_place(struct json_writer *json, const struct finding *finding) {
    json_put_string(json, "object", finding->object);
    put_word(json, "effect", WORDS_EFFECT, finding->effect);
    json_put_string(json, "path", finding->path);
    json_put_number(json, "line", finding->line);
    json_put_number(json, "column", finding->column);
    json_put_text(json, "side", finding->on_before ? "before" : "after");
}

static void put_finding(struct json_writer *json, const struct finding *finding) {
    const struct attribute_change *attribute = finding->attribute;
    json_open_object(json);
    json_put_string(json, "rule", finding->rule);
    json_put_string(json, "title", finding->title);
    put_word(json, "severity", WORDS_SEVERITY, finding->severity);
    put_word(json, "scope", WORDS_SCOPE, finding->scope);
    put_word(json, "confidence", WORDS_CONFIDENCE, finding->confidence);
    put_word(json, "undo", WORDS_UNDO, finding->undo);
    json_put_tenths(json, "points", finding->points);
    json_put_tenths(json, "marginal", finding->marginal);
    put_place(json, finding);
    json_put_string(json, "message", finding->message);
    json_put_string(json, "why", finding->why);
    json_put_string(json, "fix", finding->fix);
    json_put_string(json, "attribute", attribute ? attribute->path : SLICE_NONE);
    put_value(json, "was", attribute ? attribute->was : NULL);
    put_value(json, "is", attribute ? attribute->is : NULL);
    if (attribute && attribute->origin.size)
        json_put_string(json, "origin", attribute->origin);
    if (finding->event && finding->event->reason.size && finding->effect != EFFECT_NOT_UNDERSTOOD)
        json_put_string(json, "reason", finding->event->reason);
    put_reach(json, finding);
    put_slices(json, "cascade", finding->cascade, finding->cascade_count);
    put_slices(json, "incidents", finding->incidents, finding->incident_count);
    if (finding->suppressed)
        json_put_string(json, "suppression", finding->suppression);
    json_end(json);
}

static void put_findings(struct json_writer *json, const struct findings *findings,
                         bool suppressed) {
    json_key(json, suppressed ? "suppressed" : "findings");
    json_open_array(json);
    for (uint32_t i = 0; i < findings->list.count; i++) {
        const struct finding *finding = &findings->list.items[i];
        if (finding->severity != SEVERITY_NONE && finding->suppressed == suppressed)
            put_finding(json, finding);
    }
    json_end(json);
}

static void put_factors(struct json_writer *json, const struct score_line *line) {
    json_key(json, "factors");
    json_open_object(json);
    for (uint32_t i = 0; i < SCORE_FACTOR_COUNT; i++) {
        if (line->factors[i] == 1000)
            continue;
        json_key(json, score_factor_word((enum score_factor)i));
        json_thousandths(json, line->factors[i]);
    }
    json_end(json);
}

static void put_ledger(struct json_writer *json, const struct report *report) {
    json_key(json, "ledger");
    json_open_array(json);
    for (uint32_t i = 0; i < report->score->count; i++) {
        const struct score_line *line = &report->score->lines[i];
        const struct finding *finding = &report->findings->list.items[line->finding];
        json_open_object(json);
        json_put_number(json, "finding", line->finding);
        json_put_string(json, "rule", finding->rule);
        json_put_string(json, "object", finding->object);
        json_put_tenths(json, "base", line->base);
        put_factors(json, line);
        json_put_number(json, "repeat", line->repeat);
        json_put_tenths(json, "counted", line->counted);
        json_put_tenths(json, "marginal", line->marginal);
        json_end(json);
    }
    json_end(json);
}

static void put_reasons(struct json_writer *json, const struct verdict *verdict) {
    json_key(json, "reasons");
    json_open_array(json);
    for (uint32_t i = 0; i < verdict->reason_count; i++) {
        const struct tier_reason *reason = &verdict->reasons[i];
        json_open_object(json);
        put_tier(json, reason->tier);
        json_put_text(json, "kind", tier_reason_word(reason->kind));
        json_put_string(json, "rule", reason->rule);
        json_put_string(json, "system", reason->system);
        json_put_string(json, "text", reason->text);
        json_end(json);
    }
    json_end(json);
}

static void put_required(struct json_writer *json, const struct tier_requirement *required) {
    json_key(json, "required");
    json_open_object(json);
    json_put_number(json, "approvals", required->approvals);
    json_put_number(json, "seniors", required->seniors);
    json_put_bool(json, "director", required->director);
    json_put_bool(json, "statement", required->statement);
    json_put_bool(json, "audit_record", required->audit_record);
    json_put_string(json, "text", required->text);
    json_end(json);
}

static void put_policy(struct json_writer *json, const struct report *report) {
    const struct policy *policy = report->policy;
    json_key(json, "policy");
    if (!policy || slice_is_none(policy->where)) {
        json_nothing(json);
        return;
    }
    json_open_object(json);
    json_put_string(json, "path", policy->where);
    json_key(json, "suppressions");
    json_open_array(json);
    for (uint32_t i = 0; i < policy->suppression_count; i++) {
        const struct suppression *suppression = &policy->suppressions[i];
        json_open_object(json);
        json_put_string(json, "rule", suppression->rule);
        json_put_string(json, "path", suppression->path);
        json_put_string(json, "reason", suppression->reason);
        json_put_string(json, "until", suppression->expiry);
        json_put_bool(json, "expired", report->uses && report->uses[i].expired);
        json_put_number(json, "used", report->uses ? report->uses[i].findings : 0);
        json_end(json);
    }
    json_end(json);
    json_end(json);
}

static void put_grammars(struct json_writer *json, const struct report_tool *tool) {
    json_open_array(json);
    for (uint32_t i = 0; i < tool->grammar_count; i++) {
        json_open_object(json);
        json_put_string(json, "name", tool->grammars[i].name);
        json_put_string(json, "version", tool->grammars[i].version);
        json_end(json);
    }
    json_end(json);
}

void report_prepare_tool(struct arena *arena, struct report_tool *tool) {
    struct strbuf out;
    struct json_writer writer;
    strbuf_init(&out, arena);
    json_init(&writer, &out);
    put_grammars(&writer, tool);
    tool->json = strbuf_slice(&out);
}

static void put_tool(struct json_writer *json, const struct report_tool *tool) {
    json_key(json, "tool");
    json_open_object(json);
    json_put_text(json, "name", "berm");
    json_put_string(json, "version", tool->version);
    json_put_string(json, "rules_digest", tool->rules_digest);
    json_key(json, "grammars");
    if (json->pretty)
        put_grammars(json, tool);
    else
        json_raw(json, tool->json);
    json_end(json);
}

static void put_origin(struct json_writer *json, const struct report *report) {
    if (slice_is_none(report->commit))
        return;
    json_put_string(json, "repository", report->repository);
    json_put_string(json, "commit", report->commit);
    json_put_string(json, "parent", report->parent);
    json_put_string(json, "rules_digest", report->tool->rules_digest);
}

void report_write_json(struct strbuf *out, const struct report *report,
                       const struct report_options *options) {
    struct json_writer writer, *json = &writer;
    json_init(json, out);
    json->pretty = !options->compact;
    json_open_object(json);
    json_put_number(json, "schema", 1);
    json_put_string(json, "id", report->id);
    put_origin(json, report);
    json_put_tenths(json, "score", report->score->tenths);
    put_tier(json, report->verdict->tier);
    json_put_bool(json, "complete", report->complete);
    put_findings(json, report->findings, false);
    put_findings(json, report->findings, true);
    put_ledger(json, report);
    put_reasons(json, report->verdict);
    put_required(json, report->verdict->required);
    put_policy(json, report);
    put_tool(json, report->tool);
    json_end(json);
    strbuf_add_byte(out, '\n');
}
