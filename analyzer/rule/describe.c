#include "rule/rule.h"
#include "rule/ruleset.h"

bool rules_describe(const struct knowledge *knowledge, struct finding *finding) {
    for (uint32_t i = 0; i < knowledge->count; i++) {
        struct ruleset set;
        ruleset_open(&set, &knowledge->images[i]);
        for (uint32_t j = 0; j < set.count; j++) {
            const struct rule_record *rule = &set.rules[j];
            if (!slice_equal(image_string(set.image, rule->id), finding->rule))
                continue;
            finding->title = image_string(set.image, rule->title);
            finding->why = image_string(set.image, rule->why);
            finding->fix = image_string(set.image, rule->fix);
            finding->severity = (enum severity)rule->severity;
            finding->undo = (enum undo)rule->undo;
            finding->scope = (enum scope)rule->scope;
            finding->floor = rule->floor == RULE_NOTHING ? FLOOR_NONE : rule->floor;
            return true;
        }
    }
    return false;
}
