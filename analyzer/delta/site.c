#include "delta/site.h"

struct site_walk {
    struct slice name, key;
    site_visitor *visit;
    void *context;
    bool readable;
};

static void visit_elements(struct site_walk *walk, const struct value *value) {
    if (value->kind == VALUE_MAP)
        walk->visit(value, walk->key, walk->context);
    else if (value->kind == VALUE_LIST)
        for (uint32_t i = 0; i < value->count; i++)
            visit_elements(walk, value->items[i].value);
    else if (value->kind != VALUE_NULL)
        walk->readable = false;
}

/* Depth is bounded by the nesting limit of the parsers. */
static void search(struct site_walk *walk, const struct value *value) {
    if (value->kind != VALUE_MAP && value->kind != VALUE_LIST)
        return;
    for (uint32_t i = 0; i < value->count; i++) {
        const struct value_item *item = &value->items[i];
        if (slice_equal_nocase(item->key, walk->name) && value->kind == VALUE_MAP)
            visit_elements(walk, item->value);
        else
            search(walk, item->value);
    }
}

static bool visit_value(const struct value *value, void *context) {
    visit_elements(context, value);
    return true;
}

static bool visit_named(const struct value *value, void *context) {
    struct site_walk *walk = context;
    for (uint32_t i = 0; value->kind == VALUE_MAP && i < value->count; i++) {
        walk->key = value->items[i].key;
        visit_elements(walk, value->items[i].value);
    }
    for (uint32_t i = 0; value->kind == VALUE_LIST && i < value->count; i++)
        visit_named(value->items[i].value, context);
    walk->key = SLICE_NONE;
    return true;
}

bool site_each(const struct value *body, struct slice site, site_visitor *visit, void *context) {
    static const char any_depth[] = "**.";
    static const char any_key[] = ".{}";
    struct site_walk walk = {site, SLICE_NONE, visit, context, true};
    if (!site.size) {
        visit(body, SLICE_NONE, context);
    } else if (slice_starts(site, slice_of(any_depth))) {
        walk.name = slice_from(site, sizeof any_depth - 1);
        search(&walk, body);
    } else if (slice_ends(site, slice_of(any_key))) {
        struct slice above = slice_sub(site, 0, site.size - (sizeof any_key - 1));
        value_each(body, above, visit_named, &walk);
    } else {
        value_each(body, site, visit_value, &walk);
    }
    return walk.readable;
}

struct slice site_name(struct slice site) {
    static const char any_depth[] = "**.";
    return slice_starts(site, slice_of(any_depth)) ? slice_from(site, sizeof any_depth - 1) : site;
}
