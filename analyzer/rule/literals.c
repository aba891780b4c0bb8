#include "rule/rule.h"

#include "rule/ruleset.h"

/*
 * Literals of all rules, those of one dialect behind each other. A file is searched once for the
 * first bytes of any of them; the number of literals hardly matters.
 */
struct literal_set {
    struct slice dialect;
    bool always; /* some rule has no literal */
    VEC(struct slice) texts;
    struct map known;
};

struct rule_literals {
    struct arena *arena;
    VEC(struct literal_set) sets;
    struct literal_set common; /* rules for every dialect */
};

static void add_text(struct arena *arena, struct literal_set *set, struct slice text) {
    if (!text.size) {
        set->always = true;
        return;
    }
    if (!set->known.arena)
        map_init(&set->known, arena);
    if (map_get(&set->known, text) != MAP_ABSENT)
        return;
    map_set(&set->known, text, 1);
    vec_push(arena, &set->texts, text);
}

static struct literal_set *set_for(struct rule_literals *literals, struct slice dialect) {
    if (slice_is_none(dialect))
        return &literals->common;
    for (uint32_t i = 0; i < literals->sets.count; i++)
        if (slice_equal(literals->sets.items[i].dialect, dialect))
            return &literals->sets.items[i];
    vec_push(literals->arena, &literals->sets, ((struct literal_set){.dialect = dialect}));
    return &literals->sets.items[literals->sets.count - 1];
}

const struct rule_literals *rules_literals(struct arena *arena, const struct knowledge *knowledge) {
    struct rule_literals *literals = ARENA_NEW(arena, struct rule_literals);
    literals->arena = arena;
    for (uint32_t i = 0; i < knowledge->count; i++) {
        uint32_t count;
        const struct image *image = &knowledge->images[i];
        const struct rule_literal *records = image_section(image, IMAGE_LITERALS, &count);
        for (uint32_t j = 0; j < count; j++)
            add_text(arena, set_for(literals, image_string(image, records[j].dialect)),
                     image_string(image, records[j].text));
    }
    return literals;
}

/* Bytes a shell or a string literal drops inside a word: r\m, "r"m, a line continuation. */
static bool is_dropped(char byte) {
    return byte == '\\' || byte == '"' || byte == '\'' || byte == '\n';
}

static bool matches_at(struct slice text, size_t at, struct slice literal) {
    size_t i = at, found = 0;
    while (i < text.size && found < literal.size) {
        if (text.data[i] == literal.data[found]) {
            found++;
            i++;
        } else if (found && is_dropped(text.data[i])) {
            i++;
        } else {
            return false;
        }
    }
    return found == literal.size;
}

static bool set_needs(const struct literal_set *set, struct slice text) {
    bool first[256] = {false};
    for (uint32_t i = 0; i < set->texts.count; i++)
        first[(unsigned char)set->texts.items[i].data[0]] = true;
    for (size_t at = 0; at < text.size; at++) {
        if (!first[(unsigned char)text.data[at]])
            continue;
        for (uint32_t i = 0; i < set->texts.count; i++)
            if (matches_at(text, at, set->texts.items[i]))
                return true;
    }
    return false;
}

/* Other dialects' literals are searched too: a file may embed their language. A dialect without
 * any rule of its own may embed one that has no literal, so it is read. */
bool rules_literals_need(const struct rule_literals *literals, struct slice dialect,
                         struct slice before, struct slice after) {
    bool own = false;
    if (literals->common.always)
        return true;
    for (uint32_t i = 0; i < literals->sets.count; i++) {
        const struct literal_set *set = &literals->sets.items[i];
        bool same = slice_equal(set->dialect, dialect);
        if ((same && set->always) || set_needs(set, before) || set_needs(set, after))
            return true;
        own |= same;
    }
    return !own || set_needs(&literals->common, before) || set_needs(&literals->common, after);
}
