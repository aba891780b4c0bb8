/*
 * `call:` is sugar: every key becomes a predicate over the attributes that shell and code readers
 * give to commands and calls (entity/entity.h), so that the evaluator knows nothing of calls.
 */
#include "rule/draft.h"

#include <assert.h>

struct sugar {
    const struct rule_reader *reader;
    struct yaml_node *all; /* the list of predicates under construction */
    uint32_t capacity;
};

static struct yaml_node *new_node(const struct sugar *sugar, enum yaml_kind kind,
                                  const struct yaml_node *at, uint32_t capacity) {
    struct yaml_node *node = ARENA_NEW(sugar->reader->arena, struct yaml_node);
    node->kind = kind;
    node->line = at->line;
    node->column = at->column;
    if (capacity)
        node->entries = ARENA_ARRAY(sugar->reader->arena, struct yaml_entry, capacity);
    return node;
}

static struct yaml_node *new_text(const struct sugar *sugar, const struct yaml_node *at,
                                  struct slice text) {
    struct yaml_node *node = new_node(sugar, YAML_SCALAR, at, 0);
    node->text = text;
    return node;
}

static void set_entry(struct yaml_node *map, const char *key, struct yaml_node *value) {
    map->entries[map->count++] =
        (struct yaml_entry){key ? slice_of(key) : SLICE_NONE, value->line, value->column, value};
}

/* {attribute: path, value: matcher} */
static struct yaml_node *new_test(const struct sugar *sugar, struct slice path,
                                  struct yaml_node *matcher) {
    struct yaml_node *map = new_node(sugar, YAML_MAP, matcher, 2);
    set_entry(map, "attribute", new_text(sugar, matcher, path));
    set_entry(map, "value", matcher);
    return map;
}

static struct yaml_node *new_group(const struct sugar *sugar, const char *word,
                                   struct yaml_node *content) {
    struct yaml_node *map = new_node(sugar, YAML_MAP, content, 1);
    set_entry(map, word, content);
    return map;
}

static void add_test(struct sugar *sugar, struct yaml_node *test) {
    assert(sugar->all->count < sugar->capacity);
    set_entry(sugar->all, NULL, test);
}

static struct slice flag_path(const struct sugar *sugar, struct slice name) {
    return arena_format(sugar->reader->arena, "flags.\"%.*s\"", SLICE_ARGS(name));
}

/* "r|R|recursive" with a matcher for its value: any of the spellings. */
static struct yaml_node *flag_test(const struct sugar *sugar, struct slice names,
                                   struct yaml_node *matcher) {
    uint32_t count = 1;
    for (size_t i = 0; i < names.size; i++)
        count += names.data[i] == '|';
    struct yaml_node *any = new_node(sugar, YAML_LIST, matcher, count);
    struct slice name;
    while (slice_split(&names, '|', &name)) {
        if (!name.size)
            read_fail_at(sugar->reader, matcher, "an empty flag name");
        set_entry(any, NULL, new_test(sugar, flag_path(sugar, name), matcher));
    }
    return new_group(sugar, "any", any);
}

/* flags: [f, "r|recursive"] (present) or {replicas: "0"} (with a value). */
static void add_flags(struct sugar *sugar, struct yaml_node *flags) {
    if (flags->kind == YAML_SCALAR) {
        add_test(sugar, flag_test(sugar, flags->text, new_text(sugar, flags, SLICE("present"))));
        return;
    }
    for (uint32_t i = 0; i < flags->count; i++) {
        struct yaml_node *value = flags->entries[i].value;
        if (flags->kind == YAML_MAP)
            add_test(sugar, flag_test(sugar, flags->entries[i].key, value));
        else
            add_test(sugar, flag_test(sugar, read_text(sugar->reader, value, "a flag"),
                                      new_text(sugar, value, SLICE("present"))));
    }
}

static void add_without(struct sugar *sugar, struct yaml_node *flags) {
    struct sugar inner = *sugar;
    inner.capacity = flags->kind == YAML_SCALAR ? 1 : flags->count;
    inner.all = new_node(sugar, YAML_LIST, flags, inner.capacity);
    if (flags->kind == YAML_MAP)
        read_fail_at(sugar->reader, flags, "\"without_flags\" must be a list of names");
    add_flags(&inner, flags);
    if (inner.all->count)
        add_test(sugar, new_group(sugar, "not", new_group(sugar, "any", inner.all)));
}

/* operands: each matcher is met by some operand. */
static void add_operands(struct sugar *sugar, struct yaml_node *operands) {
    if (operands->kind != YAML_LIST)
        read_fail_at(sugar->reader, operands,
                     "\"operands\" must be a list of matchers; for any "
                     "one operand write \"operand\"");
    for (uint32_t i = 0; i < operands->count; i++)
        add_test(sugar, new_test(sugar, SLICE("operands[]"), operands->entries[i].value));
}

static void add_keywords(struct sugar *sugar, struct yaml_node *keywords) {
    if (keywords->kind != YAML_MAP)
        read_fail_at(sugar->reader, keywords, "\"keywords\" must be a map of name: matcher");
    for (uint32_t i = 0; i < keywords->count; i++) {
        struct slice path = arena_format(sugar->reader->arena, "keywords.\"%.*s\"",
                                         SLICE_ARGS(keywords->entries[i].key));
        add_test(sugar, new_test(sugar, path, keywords->entries[i].value));
    }
}

/* A list attribute: absent means that no element is there. */
static void add_list(struct sugar *sugar, struct slice path, struct yaml_node *matcher) {
    bool absent =
        matcher->kind == YAML_SCALAR && !matcher->quoted && slice_is(matcher->text, "absent");
    if (!absent) {
        add_test(sugar, new_test(sugar, path, matcher));
        return;
    }
    struct yaml_node *present = new_text(sugar, matcher, SLICE("present"));
    add_test(sugar, new_group(sugar, "not", new_test(sugar, path, present)));
}

static void add_loop(struct sugar *sugar, struct yaml_node *loop) {
    bool wanted = read_bool(sugar->reader, loop, "\"loop\"");
    struct yaml_node *test =
        new_test(sugar, SLICE("loop"), new_text(sugar, loop, SLICE("present")));
    add_test(sugar, wanted ? test : new_group(sugar, "not", test));
}

static void add_scalar(struct sugar *sugar, const char *key, struct yaml_node *matcher) {
    add_test(sugar, new_test(sugar, slice_of(key), matcher));
}

static const char *const call_keys[] = {
    "callee",   "subcommand", "operands",  "operand",  "flags",    "without_flags", "arguments",
    "argument", "keywords",   "guards",    "loop",     "wrappers", "pipe_to",       "pipe_from",
    "receiver", "method",     "redirects", "function", NULL};

static void add_key(struct sugar *sugar, struct slice key, struct yaml_node *value) {
    static const struct {
        const char *key, *path;
    } lists[] = {{"operand", "operands[]"},    {"arguments", "arguments[]"},
                 {"argument", "arguments[]"},  {"guards", "guards[]"},
                 {"wrappers", "wrappers[]"},   {"pipe_to", "pipe_to[]"},
                 {"pipe_from", "pipe_from[]"}, {"redirects", "redirects[]"}};
    static const char *const scalars[] = {"callee", "subcommand", "receiver", "method", "function"};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        if (slice_is(key, lists[i].key))
            add_list(sugar, slice_of(lists[i].path), value);
    for (size_t i = 0; i < sizeof scalars / sizeof scalars[0]; i++)
        if (slice_is(key, scalars[i]))
            add_scalar(sugar, scalars[i], value);
    if (slice_is(key, "operands"))
        add_operands(sugar, value);
    else if (slice_is(key, "flags"))
        add_flags(sugar, value);
    else if (slice_is(key, "without_flags"))
        add_without(sugar, value);
    else if (slice_is(key, "keywords"))
        add_keywords(sugar, value);
    else if (slice_is(key, "loop"))
        add_loop(sugar, value);
}

struct yaml_node *draft_call(const struct rule_reader *reader, const struct yaml_node *call) {
    read_keys(reader, call, "\"call\"", call_keys);
    uint32_t capacity = call->count;
    for (uint32_t i = 0; i < call->count; i++)
        capacity += call->entries[i].value->count;
    struct sugar sugar = {reader, NULL, capacity};
    sugar.all = new_node(&sugar, YAML_LIST, call, capacity);
    for (uint32_t i = 0; i < call->count; i++)
        add_key(&sugar, call->entries[i].key, call->entries[i].value);
    return new_group(&sugar, "all", sugar.all);
}
