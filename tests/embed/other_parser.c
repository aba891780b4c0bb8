/* A host with a tree-sitter, a jansson and a yaml of its own: same names, other behaviour. If
 * libberm resolved any of these to the host's, its verdict would change or the process would end.
 */
#include <berm.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TRAP(name)                                                                                 \
    void *name(void);                                                                              \
    void *name(void) {                                                                             \
        fputs("libberm called the host's " #name "\n", stderr);                                    \
        exit(3);                                                                                   \
    }

TRAP(ts_parser_new)
TRAP(ts_parser_delete)
TRAP(ts_parser_parse)
TRAP(ts_set_allocator)
TRAP(ts_tree_root_node)
TRAP(tree_sitter_hcl)
TRAP(tree_sitter_bash)
TRAP(json_loadb)
TRAP(json_set_alloc_funcs)
TRAP(yaml_parser_initialize)
TRAP(pcre2_compile_8)
TRAP(arena_alloc)
TRAP(failure_raise)

static int ignore(void *context, const char *bytes, size_t size) {
    (void)bytes;
    *(size_t *)context += size;
    return 0;
}

int main(void) {
    const char *record =
        "{\"id\":\"1\",\"change\":{\"files\":[{\"path\":\"run.sh\",\"before\":null,"
        "\"after\":\"rm -rf \\\"$HOME/\\\"\\n\"}]}}";
    berm_error error;
    berm_rules *rules = NULL;
    berm_policy *policy = NULL;
    berm_reviewer *reviewer = NULL;
    berm_change *change = NULL;
    berm_review *review = NULL;
    const char *text = "bands: {peer: 9}\n";
    size_t written = 0;
    int ok = berm_rules_load(&rules, NULL, 0, &error) == BERM_OK &&
             berm_policy_parse(&policy, text, strlen(text), "policy", &error) == BERM_OK &&
             berm_reviewer_new(&reviewer, rules, policy, NULL, &error) == BERM_OK &&
             berm_change_from_json(&change, record, strlen(record), &error) == BERM_OK &&
             berm_reviewer_review(&review, reviewer, change, &error) == BERM_OK &&
             berm_review_write(review, "text", NULL, ignore, &written, &error) == BERM_OK;
    if (ok)
        printf("tier %u\n", berm_review_tier(review));
    else
        fprintf(stderr, "%s: %s\n", error.where, error.message);
    berm_review_free(review);
    berm_change_free(change);
    berm_reviewer_free(reviewer);
    berm_policy_free(policy);
    berm_rules_free(rules);
    return ok ? 0 : 1;
}
