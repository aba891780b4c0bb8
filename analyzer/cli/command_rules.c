/* berm rules and berm explain. */
#include "cli/commands.h"
#include "cli/rule_template.h"

#include <string.h>

static int fail(const berm_error *error) {
    report_error(error);
    return EXIT_USAGE;
}

static void list_text(const berm_rule_list *rules, struct buffer *out) {
    for (size_t i = 0; i < berm_rule_list_count(rules); i++) {
        const berm_rule *rule = berm_rule_list_at(rules, i);
        buffer_addf(out, "%-9s %-52s %s\n", rule->severity, rule->id, rule->title);
    }
}

static void add_pair(struct buffer *out, const char *key, const char *value) {
    buffer_add_text(out, key);
    buffer_add_json(out, value);
}

static void list_json(const berm_rule_list *rules, struct buffer *out) {
    buffer_add_text(out, "[");
    for (size_t i = 0; i < berm_rule_list_count(rules); i++) {
        const berm_rule *rule = berm_rule_list_at(rules, i);
        add_pair(out, i ? ",\n {\"id\":" : "\n {\"id\":", rule->id);
        add_pair(out, ",\"title\":", rule->title);
        add_pair(out, ",\"severity\":", rule->severity);
        add_pair(out, ",\"scope\":", rule->scope);
        add_pair(out, ",\"since\":", rule->since);
        add_pair(out, ",\"why\":", rule->why);
        add_pair(out, ",\"fix\":", rule->fix);
        buffer_add_text(out, "}");
    }
    buffer_add_text(out, "\n]\n");
}

static int list(const berm_rules *rules, const struct options *options, struct buffer *out) {
    if (options->argument_count != 1)
        return usage_error("", "rules list takes no further argument");
    berm_error error;
    if (options->coverage)
        return berm_rules_coverage(rules, buffer_write, out, &error) == BERM_OK ? EXIT_DONE
                                                                                : fail(&error);
    berm_rule_list *rule_list;
    if (berm_rule_list_new(&rule_list, rules, &error) != BERM_OK)
        return fail(&error);
    if (options->json)
        list_json(rule_list, out);
    else
        list_text(rule_list, out);
    berm_rule_list_free(rule_list);
    return EXIT_DONE;
}

/* Failed examples and broken laws are a configuration that cannot be used: exit 2. */
static int checked(berm_status status, size_t failed, const berm_error *error) {
    if (status != BERM_OK)
        return fail(error);
    return failed ? EXIT_USAGE : EXIT_DONE;
}

static int check(const berm_rules *rules, const struct options *options, bool lint,
                 struct buffer *out) {
    size_t failed = 0;
    berm_error error;
    const char *prefix = options->argument_count > 1 ? options->arguments[1] : "";
    if (options->argument_count > (lint ? 1 : 2))
        return usage_error("", "too many arguments; see berm help rules");
    berm_status status = lint ? berm_rules_lint(rules, buffer_write, out, &failed, &error)
                              : berm_rules_test(rules, prefix, buffer_write, out, &failed, &error);
    return checked(status, failed, &error);
}

static int with_rules(const struct options *options, struct buffer *out) {
    berm_rules *rules;
    berm_error error;
    if (berm_rules_load(&rules, options->rules, options->rules_count, &error) != BERM_OK)
        return fail(&error);
    const char *verb = options->arguments[0];
    int code;
    if (strcmp(verb, "list") == 0)
        code = list(rules, options, out);
    else if (strcmp(verb, "test") == 0 || strcmp(verb, "lint") == 0)
        code = check(rules, options, strcmp(verb, "lint") == 0, out);
    else
        code = usage_error("", "rules has no '%s'; use list, test, lint or new", verb);
    berm_rules_free(rules);
    return code;
}

int command_rules(const struct options *options) {
    if (options->argument_count == 0)
        return usage_error("", "rules needs one of list, test, lint, new");
    if (strcmp(options->arguments[0], "new") == 0) {
        if (options->argument_count != 2)
            return usage_error("", "rules new takes the rule's id, such as data/table-dropped");
        return rule_template_write(options->rules_count ? options->rules[0] : "rules",
                                   options->arguments[1]);
    }
    struct buffer out = {0};
    int code = with_rules(options, &out);
    int printed = print_bytes(out.data, out.size);
    buffer_free(&out);
    return code != EXIT_DONE ? code : printed;
}

int command_explain(const struct options *options) {
    if (options->argument_count != 1)
        return usage_error("", "explain takes the id of one rule; berm rules list shows them");
    berm_rules *rules;
    berm_error error;
    struct buffer out = {0};
    berm_status status = berm_rules_load(&rules, options->rules, options->rules_count, &error);
    if (status == BERM_OK)
        status = berm_rules_explain(rules, options->arguments[0], buffer_write, &out, &error);
    int code = status == BERM_OK ? print_bytes(out.data, out.size) : fail(&error);
    berm_rules_free(rules);
    buffer_free(&out);
    return code;
}
