#include "syntax/shelf.h"

#include "base/memory.h"
#include "syntax/exchange.h"
#include "syntax/parse.h"

enum {
    SHELF_BUCKETS = 1024,
    SHELF_ROOM = 16, /* bytes for words that grow */
    SHELF_TRIES = 4, /* trees of one key that are looked at: mostly it is the first */
};

struct shelf {
    struct parse *newest, *oldest;
    size_t used;
    uint64_t hits;
    struct parse *buckets[SHELF_BUCKETS];
};

struct shelf *shelf_new(struct failure *failure) {
    struct shelf *shelf = memory_alloc(sizeof *shelf);
    if (!shelf)
        failure_raise(failure, BERM_ERROR_MEMORY, PLACE_NONE, "out of memory");
    return memset(shelf, 0, sizeof *shelf);
}

uint64_t shelf_hits(const struct shelf *shelf) {
    return shelf->hits;
}

static void unlink_use(struct shelf *shelf, struct parse *parse) {
    *(parse->newer ? &parse->newer->older : &shelf->newest) = parse->older;
    *(parse->older ? &parse->older->newer : &shelf->oldest) = parse->newer;
}

static void link_use(struct shelf *shelf, struct parse *parse) {
    parse->newer = NULL;
    parse->older = shelf->newest;
    *(shelf->newest ? &shelf->newest->newer : &shelf->oldest) = parse;
    shelf->newest = parse;
}

void shelf_remove(struct parse *parse) {
    struct shelf *shelf = parse->shelf;
    if (!parse->kept)
        return;
    struct parse **link = &shelf->buckets[parse->key % SHELF_BUCKETS];
    while (*link != parse)
        link = &(*link)->next;
    *link = parse->next;
    unlink_use(shelf, parse);
    shelf->used -= parse->counted;
    parse->kept = false;
}

void shelf_free(struct shelf *shelf) {
    while (shelf && shelf->newest) {
        struct parse *parse = shelf->newest;
        shelf_remove(parse);
        parse_free(parse);
    }
    memory_free(shelf);
}

/* A parse in use has left the list of those that make room. */
static void make_room(struct shelf *shelf) {
    while (shelf->used > SHELF_BYTES && shelf->oldest) {
        struct parse *parse = shelf->oldest;
        shelf_remove(parse);
        parse_free(parse);
    }
}

bool shelf_keep(struct parse *parse) {
    struct shelf *shelf = parse->shelf;
    if (!shelf || parse->memory.used > SHELF_TREE_BYTES)
        return false;
    parse->counted = parse->memory.used + sizeof *parse;
    parse->next = shelf->buckets[parse->key % SHELF_BUCKETS];
    shelf->buckets[parse->key % SHELF_BUCKETS] = parse;
    link_use(shelf, parse);
    shelf->used += parse->counted;
    parse->kept = true;
    make_room(shelf);
    return true;
}

/* The text is the caller's: the copy lies with the tree, and what is too small is left behind. */
static void set_text(struct parse *parse, struct slice text) {
    if (text.size > parse->room) {
        parse->room = text.size + text.size / 4 + SHELF_ROOM;
        parse->own_text = parse_memory_block(&parse->memory, parse->room);
    }
    if (text.size)
        if (text.size)
            memcpy(parse->own_text, text.data, text.size);
    parse->text = slice_make(parse->own_text, text.size);
}

/* It is kept when it is closed. */
static void reserve(struct shelf *shelf, const TSLanguage *grammar, uint64_t key,
                    struct parse *parse) {
    set_text(parse, parse->text);
    parse->shelf = shelf;
    parse->grammar = grammar;
    parse->key = key;
}

/* From now on the tree is that of the new text: the next one is likely to be nearer to it. A tree
 * in use is not on the shelf: a text inside of the text that uses it gets another one. */
static bool lend(struct failure *failure, const struct node_roles *roles, struct parse *parse,
                 struct slice text, struct syntax *syntax) {
    struct exchanges exchanges;
    if (!exchanges_find(parse->text, text, &exchanges) ||
        !exchanges_keep_tree(roles, ts_tree_root_node(parse->tree), parse->text, &exchanges))
        return false;
    shelf_remove(parse);
    parse_resume(parse, failure, syntax);
    exchanges_apply(parse->tree, &exchanges);
    if (exchanges.count)
        set_text(parse, text);
    syntax->root = ts_tree_root_node(parse->tree);
    return true;
}

void shelf_parse(struct shelf *shelf, struct failure *failure, const struct node_roles *roles,
                 const struct syntax_language *language, struct slice text, struct syntax *syntax) {
    if (text.size > SHELF_TREE_BYTES) {
        syntax_parse(failure, language, text, syntax);
        return;
    }
    uint64_t key = exchange_key(text);
    struct parse *parse = shelf->buckets[key % SHELF_BUCKETS];
    for (uint32_t tries = 0; parse && tries < SHELF_TRIES; parse = parse->next) {
        if (parse->key != key || parse->grammar != roles->language)
            continue;
        tries++;
        if (lend(failure, roles, parse, text, syntax)) {
            shelf->hits++;
            return;
        }
    }
    syntax_parse(failure, language, text, syntax);
    if (slice_is_none(syntax->reason) && !ts_node_has_error(syntax->root))
        reserve(shelf, roles->language, key, syntax->parse);
}
