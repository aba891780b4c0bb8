#include "fact/selector.h"

/* Every limb of `whole` is one of `part`: maps key by key, lists as sets. */
static bool limbs_hold(const struct value *whole, const struct value *part) {
    if (!whole || value_equal(whole, part))
        return true;
    if (whole->kind != VALUE_MAP && whole->kind != VALUE_LIST)
        return false;
    for (uint32_t i = 0; i < whole->count; i++) {
        const struct value_item *item = &whole->items[i];
        bool held = item->value->kind == VALUE_NULL ||
                    ((item->value->kind == VALUE_MAP || item->value->kind == VALUE_LIST) &&
                     !item->value->count);
        for (uint32_t k = 0; k < part->count && part->kind == whole->kind && !held; k++)
            held = whole->kind == VALUE_LIST ? value_equal(item->value, part->items[k].value)
                                             : slice_equal(item->key, part->items[k].key) &&
                                                   limbs_hold(item->value, part->items[k].value);
        if (!held)
            return false;
    }
    return true;
}

static bool is_empty(const struct value *value) {
    for (uint32_t i = 0; value && i < value->count; i++)
        if (!is_empty(value->items[i].value))
            return false;
    return !value || value->kind == VALUE_MAP || value->kind == VALUE_LIST ||
           value->kind == VALUE_NULL;
}

bool selector_holds(const struct selector *whole, const struct selector *part) {
    bool home = whole->home
                    ? (part->home ? limbs_hold(whole->home, part->home) : is_empty(whole->home))
                    : !part->home;
    bool among = is_empty(whole->among) || (part->among && limbs_hold(whole->among, part->among));
    return home && among;
}

bool selectors_hold(const struct selectors *whole, const struct selector *part) {
    for (uint32_t i = 0; i < whole->count; i++)
        if (selector_holds(&whole->items[i], part))
            return true;
    return false;
}

bool selector_is_all(const struct selector *selector) {
    return selector->home && is_empty(selector->home) && is_empty(selector->among);
}

/* "app=web, tier=front" */
static struct slice render_labels(struct arena *arena, const struct value *value,
                                  struct slice text) {
    for (uint32_t i = 0; i < value->count; i++) {
        const struct value_item *item = &value->items[i];
        bool nested = item->value->kind == VALUE_MAP ||
                      (item->value->kind == VALUE_LIST && value->kind == VALUE_LIST);
        if (nested && value->kind == VALUE_MAP)
            text = render_labels(arena, item->value, text);
        else
            text = arena_format(arena, "%.*s%s%.*s%s%.*s", SLICE_ARGS(text), text.size ? ", " : "",
                                SLICE_ARGS(item->key), item->key.size ? "=" : "",
                                SLICE_ARGS(value_render(arena, item->value, 60)));
    }
    return text;
}

struct slice selector_render(struct arena *arena, const struct selector *selector) {
    struct slice among = SLICE("all"), home = SLICE("here");
    if (!is_empty(selector->among))
        among = render_labels(arena, selector->among, SLICE(""));
    if (selector->home && is_empty(selector->home))
        home = SLICE("anywhere");
    else if (selector->home)
        home = arena_format(arena, "in %.*s",
                            SLICE_ARGS(render_labels(arena, selector->home, SLICE(""))));
    return arena_format(arena, "%.*s %.*s", SLICE_ARGS(among), SLICE_ARGS(home));
}
