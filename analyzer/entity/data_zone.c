#include "base/hash.h"
#include "base/map.h"
#include "entity/data.h"
#include "fact/order.h"

/*
 * Zone files (RFC 1035, section 5) become a map of what stands for the whole file, and `record`, a
 * list of sets of records: name, type, ttl in seconds, and `records`, what they say. Names are
 * written as the zone sees them: "@" for itself, "www" for what stands below it, however the file
 * writes them, so that an $ORIGIN more or less changes nothing.
 *
 * What the words of a type mean is data: `directives:` of the dialect, one part for each word:
 *     host   a name          word   as it stands, as are all words behind the last part
 *     text   this word and those behind it are pieces of one text; glued: also without quotes
 *     NAME   the word is an attribute of that name, and none of `records`
 */

struct zone {
    struct data *data;
    struct value *root, *sets;
    struct map index; /* of sets by name and type */
    struct slice origin, apex, owner, ttl;
    uint64_t
        content; /* of all records but those with attributes of their own, whatever the order */
};

struct record {
    TSNode *words;
    uint32_t count, at;
    struct span span;
    struct slice type, ttl;
};

static enum node_role role_of(const struct data *data, TSNode node) {
    return node_role(data->builder->roles, node);
}

static struct slice text_of(const struct zone *zone, TSNode node) {
    struct slice text = node_text(node, zone->data->source);
    if (role_of(zone->data, node) == ROLE_STRING && text.size >= 2)
        text = slice_sub(text, 1, text.size - 1);
    return text;
}

static struct slice changed_case(struct arena *arena, struct slice text, char from, char by) {
    struct slice copy = arena_copy(arena, text);
    for (size_t i = 0; i < copy.size; i++)
        if (copy.data[i] >= from && copy.data[i] < from + 26)
            ((char *)copy.data)[i] = (char)(copy.data[i] + by);
    return copy;
}

static struct slice lower(const struct zone *zone, struct slice text) {
    return changed_case(zone->data->arena, text, 'A', 'a' - 'A');
}

/* With a dot at its end, if the origin is known. */
static struct slice absolute(const struct zone *zone, struct slice name) {
    struct slice origin = zone->origin;
    name = lower(zone, name);
    if (slice_ends(name, SLICE(".")) || slice_is_none(origin))
        return name;
    if (slice_is(name, "@"))
        return origin;
    return slice_is(origin, ".") ? ARENA_CONCAT(zone->data->arena, name, origin)
                                 : ARENA_CONCAT(zone->data->arena, name, SLICE("."), origin);
}

static struct slice relative(const struct zone *zone, struct slice name) {
    struct slice all = absolute(zone, name), apex = zone->apex;
    if (slice_is_none(apex) || slice_is(apex, "."))
        return all;
    if (slice_equal(all, apex))
        return SLICE("@");
    size_t rest = all.size > apex.size + 1 ? all.size - apex.size - 1 : 0;
    bool below = rest && all.data[rest] == '.' && slice_ends(all, apex);
    return below ? slice_sub(all, 0, rest) : all;
}

/* 3600, 1h30m */
static bool read_ttl(const struct zone *zone, struct slice text, struct slice *ttl) {
    enum { MILLION = 1000000 };
    int64_t millionths;
    if (!text.size || text.data[0] < '0' || text.data[0] > '9' ||
        !order_number(lower(zone, text), ORDER_DURATION, &millionths))
        return false;
    *ttl = arena_format(zone->data->arena, "%lld", (long long)(millionths / MILLION));
    return true;
}

static bool is_class(struct slice text) {
    static const char *const classes[] = {"IN", "CH", "HS", "CS"};
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (slice_equal_nocase(text, slice_of(classes[i])))
            return true;
    return false;
}

static void root_put(struct zone *zone, const char *key, struct slice text, struct span span) {
    uint32_t room = value_room(zone->root);
    hcl_add(zone->data, zone->root, &room,
            (struct value_item){slice_of(key), span,
                                value_make_literal(zone->data, LITERAL_STRING, text, span)});
}

/* Words below a node, those in brackets included. */
static TSNode *words_below(const struct zone *zone, TSNode node, uint32_t *count) {
    uint32_t all;
    struct node_child *children = node_children(zone->data->scratch, node, true, &all);
    TSNode *words = ARENA_ARRAY(zone->data->scratch, TSNode, all + 1);
    *count = 0;
    for (uint32_t i = 0; i < all; i++) {
        enum node_role role = role_of(zone->data, children[i].node);
        if (role == ROLE_WORD || role == ROLE_STRING)
            words[(*count)++] = children[i].node;
    }
    return words;
}

static void control_read(struct zone *zone, TSNode node, bool first_pass) {
    uint32_t count;
    TSNode *words = words_below(zone, node, &count);
    if (count < 2)
        return;
    struct slice name = text_of(zone, words[0]), argument = text_of(zone, words[1]);
    if (slice_equal_nocase(name, SLICE("$ORIGIN")))
        zone->origin = absolute(zone, argument);
    if (first_pass)
        return;
    if (slice_equal_nocase(name, SLICE("$TTL"))) {
        read_ttl(zone, argument, &zone->ttl);
        root_put(zone, "ttl", slice_is_none(zone->ttl) ? argument : zone->ttl, node_span(node));
    } else if (slice_equal_nocase(name, SLICE("$INCLUDE"))) {
        root_put(zone, "include", argument, node_span(node));
    } else if (!slice_equal_nocase(name, SLICE("$ORIGIN"))) {
        struct span span = {node_span(words[1]).from, node_span(words[count - 1]).to};
        root_put(
            zone, slice_equal_nocase(name, SLICE("$GENERATE")) ? "generate" : "control",
            text_normalise(zone->data->arena, slice_sub(zone->data->source, span.from, span.to)),
            span);
    }
}

/* Owner, and what stands in front of the type. */
static bool record_open(struct zone *zone, TSNode node, struct record *record) {
    TSNode first = ts_node_named_child(node, 0);
    record->words = words_below(zone, node, &record->count);
    record->at = 0;
    record->span = node_span(node);
    record->ttl = SLICE_NONE;
    if (!ts_node_is_null(first) && role_of(zone->data, first) == ROLE_KEY)
        zone->owner = text_of(zone, first);
    for (; record->at < record->count; record->at++) {
        struct slice text = text_of(zone, record->words[record->at]);
        if (!is_class(text) && !read_ttl(zone, text, &record->ttl))
            break;
    }
    if (record->at == record->count || slice_is_none(zone->owner))
        return false;
    record->type =
        changed_case(zone->data->arena, text_of(zone, record->words[record->at++]), 'a', 'A' - 'a');
    return true;
}

static void set_put(struct zone *zone, struct value *set, struct slice key, struct slice text,
                    struct span span) {
    uint32_t room = value_room(set);
    value_add(
        zone->data->arena, set, &room,
        (struct value_item){key, span, value_make_literal(zone->data, LITERAL_STRING, text, span)});
}

/* The set a record belongs to. */
static struct value *set_of(struct zone *zone, const struct record *record) {
    struct data *data = zone->data;
    struct slice name = relative(zone, zone->owner);
    struct slice key = ARENA_CONCAT(data->scratch, name, SLICE(" "), record->type);
    uint32_t at = map_set_default(&zone->index, key, zone->sets->count);
    if (at < zone->sets->count)
        return (struct value *)zone->sets->items[at].value;
    struct value *set = ARENA_NEW(data->arena, struct value);
    *set = (struct value){.kind = VALUE_MAP, .block = true, .span = record->span};
    struct slice ttl = slice_is_none(record->ttl) ? zone->ttl : record->ttl;
    set_put(zone, set, SLICE("name"), name, record->span);
    set_put(zone, set, SLICE("type"), record->type, record->span);
    if (!slice_is_none(ttl))
        set_put(zone, set, SLICE("ttl"), ttl, record->span);
    uint32_t room = value_room(zone->sets);
    value_add(data->arena, zone->sets, &room, (struct value_item){SLICE_NONE, record->span, set});
    return set;
}

/* What a record says, as one text; words that are attributes go to the set. */
static struct slice record_text(struct zone *zone, const struct record *record, struct value *set) {
    struct data *data = zone->data;
    struct slice pattern = dialect_word(data->builder->dialect, "directive", record->type);
    struct slice part = SLICE("word");
    bool text = false, glued = false;
    struct strbuf out;
    strbuf_init(&out, data->arena);
    strbuf_add_text(&out, "");
    for (uint32_t i = record->at; i < record->count; i++) {
        struct slice word = text_of(zone, record->words[i]);
        bool quoted = role_of(data, record->words[i]) == ROLE_STRING;
        bool joined = glued || (text && quoted);
        if (!text && !glued && !slice_split(&pattern, ' ', &part))
            part = SLICE("word");
        text |= slice_is(part, "text");
        glued |= slice_is(part, "glued");
        bool host = slice_is(part, "host");
        if (!text && !glued && !host && !slice_is(part, "word")) {
            struct slice ttl;
            set_put(zone, set, arena_copy(data->arena, part),
                    read_ttl(zone, word, &ttl) ? ttl : word, node_span(record->words[i]));
            continue;
        }
        if (out.size && !joined)
            strbuf_add_byte(&out, ' ');
        strbuf_add(&out, host ? relative(zone, word) : word);
    }
    return strbuf_slice(&out);
}

static void record_read(struct zone *zone, TSNode node) {
    struct record record;
    if (!record_open(zone, node, &record))
        return;
    struct data *data = zone->data;
    struct value *set = set_of(zone, &record);
    struct slice text = record_text(zone, &record, set);
    if (!text.size)
        return;
    struct slice all = ARENA_CONCAT(data->scratch, relative(zone, zone->owner), SLICE(" "),
                                    record.type, SLICE(" "), text);
    zone->content += hash_bytes(all);
    struct value *list = (struct value *)value_get(set, SLICE("records"));
    if (!list) {
        uint32_t room = value_room(set);
        list = ARENA_NEW(data->arena, struct value);
        *list = (struct value){.kind = VALUE_LIST, .span = record.span};
        value_add(data->arena, set, &room,
                  (struct value_item){SLICE("records"), record.span, list});
    }
    uint32_t room = value_room(list);
    value_add(data->arena, list, &room,
              (struct value_item){SLICE_NONE, record.span,
                                  value_make_literal(data, LITERAL_STRING, text, record.span)});
}

/* What the zone itself is called: the name its SOA stands at; else what the first $ORIGIN says. */
static void find_apex(struct zone *zone, const struct node_child *children, uint32_t count) {
    struct slice first = SLICE_NONE;
    for (uint32_t i = 0; i < count && slice_is_none(zone->apex); i++) {
        enum node_role role = role_of(zone->data, children[i].node);
        struct record record;
        if (role == ROLE_DIRECTIVE)
            control_read(zone, children[i].node, true);
        if (slice_is_none(first))
            first = zone->origin;
        if (role != ROLE_ITEM || !record_open(zone, children[i].node, &record) ||
            !slice_is(record.type, "SOA"))
            continue;
        struct slice name = absolute(zone, zone->owner);
        if (!slice_ends(name, SLICE(".")))
            break;
        zone->apex = name;
    }
    if (slice_is_none(zone->apex))
        zone->apex = first;
    zone->origin = zone->apex;
    zone->owner = SLICE_NONE;
}

/* Of the file as a whole: how many sets it has, its serial, and a number that any record that
 * differs changes. */
static void summary_put(struct zone *zone, struct span span) {
    struct arena *arena = zone->data->arena;
    if (zone->sets->count)
        root_put(zone, "count", arena_format(arena, "%u", zone->sets->count), span);
    for (uint32_t i = 0; i < zone->sets->count; i++) {
        const struct value *serial = value_get(zone->sets->items[i].value, SLICE("serial"));
        if (!serial)
            continue;
        root_put(zone, "serial", value_literal(serial), serial->span);
        root_put(zone, "content", arena_format(arena, "%016llx", (unsigned long long)zone->content),
                 span);
        return;
    }
}

struct value *zone_value(struct data *data, TSNode node) {
    struct zone zone = {.data = data,
                        .root = value_new(data, VALUE_MAP, node),
                        .sets = value_new(data, VALUE_LIST, node),
                        .origin = SLICE_NONE,
                        .apex = SLICE_NONE,
                        .owner = SLICE_NONE,
                        .ttl = SLICE_NONE};
    zone.sets->block = true;
    map_init(&zone.index, data->scratch);
    uint32_t count, room = 0;
    struct node_child *children = node_children(data->scratch, node, true, &count);
    find_apex(&zone, children, count);
    for (uint32_t i = 0; i < count; i++) {
        enum node_role role = role_of(data, children[i].node);
        if (role == ROLE_DIRECTIVE)
            control_read(&zone, children[i].node, false);
        else if (role == ROLE_ITEM)
            record_read(&zone, children[i].node);
    }
    summary_put(&zone, node_span(node));
    room = value_room(zone.root);
    value_add(data->arena, zone.root, &room,
              (struct value_item){SLICE("record"), node_span(node), zone.sets});
    return zone.root;
}
