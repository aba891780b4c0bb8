#include "fact/grant.h"

enum { SHOWN = 3 };

static struct slice add_texts(struct arena *arena, struct slice text,
                              const struct text_list *list) {
    for (uint32_t i = 0; i < list->count && i < SHOWN; i++)
        text = arena_format(arena, "%.*s%s%.*s", SLICE_ARGS(text), i ? ", " : "",
                            SLICE_ARGS(list->items[i]));
    if (list->count > SHOWN)
        text = arena_format(arena, "%.*s and %u more", SLICE_ARGS(text), list->count - SHOWN);
    return text;
}

static struct slice render_scope(struct arena *arena, const struct grant_scope *scope,
                                 const char *all) {
    bool everything = !scope->texts.count || text_held(&scope->texts, SLICE("*"));
    struct slice text = everything ? slice_of(all) : add_texts(arena, SLICE(""), &scope->texts);
    if (!scope->except.count)
        return text;
    return add_texts(arena, arena_format(arena, "%.*s but ", SLICE_ARGS(text)), &scope->except);
}

struct slice grant_render(struct arena *arena, const struct grant *grant) {
    struct grant_scope written = grant->actions;
    if (grant->written && grant->written < written.texts.count)
        written.texts.count = grant->written;
    struct slice actions = render_scope(arena, &written, "all actions");
    struct slice resources = render_scope(arena, &grant->resources, "everything");
    bool named = grant->principals.texts.count || grant->principals.except.count;
    struct slice principals =
        named ? render_scope(arena, &grant->principals, "everybody") : SLICE("");
    struct slice text =
        arena_format(arena, "%.*s on %.*s%s%.*s", SLICE_ARGS(actions), SLICE_ARGS(resources),
                     principals.size ? " for " : "", SLICE_ARGS(principals));
    char *copy = arena_alloc(arena, text.size + 1);
    for (size_t i = 0; i < text.size; i++) /* between the parts of a product */
        copy[i] = text.data[i] == '\x1f' ? '/' : text.data[i];
    return slice_make(copy, text.size);
}
