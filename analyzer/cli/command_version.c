#include "cli/commands.h"

static int write_json(const struct options *options, struct buffer *out) {
    berm_error error;
    berm_rules *rules;
    berm_rule_list *list = NULL;
    if (berm_rules_load(&rules, options->rules, options->rules_count, &error) != BERM_OK ||
        berm_rule_list_new(&list, rules, &error) != BERM_OK) {
        report_error(&error);
        berm_rules_free(rules);
        return EXIT_USAGE;
    }
    buffer_add_text(out, "{\"tool\":\"berm\",\"version\":");
    buffer_add_json(out, berm_version());
    buffer_add_text(out, ",\"rules_digest\":");
    buffer_add_json(out, berm_rules_digest(rules));
    buffer_addf(out, ",\"rules\":%zu,\"grammars\":{", berm_rule_list_count(list));
    const char *name, *version;
    for (size_t i = 0; berm_grammar_at(i, &name, &version); i++) {
        buffer_add_text(out, i ? "," : "");
        buffer_add_json(out, name);
        buffer_add(out, ":", 1);
        buffer_add_json(out, version);
    }
    buffer_add_text(out, "}}\n");
    berm_rule_list_free(list);
    berm_rules_free(rules);
    return EXIT_DONE;
}

int command_version(const struct options *options) {
    struct buffer out = {0};
    int code = EXIT_DONE;
    if (options->json)
        code = write_json(options, &out);
    else
        buffer_addf(&out, "berm %s\n", berm_version());
    if (code == EXIT_DONE)
        code = print_bytes(out.data, out.size);
    buffer_free(&out);
    return code;
}
