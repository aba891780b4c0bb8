#include "delta/origin.h"

#include "base/path.h"

enum { ORIGIN_STEPS = 4 }; /* names on the way that are told */

struct trace {
    struct emit *emit;
    struct strbuf out;
    uint32_t steps;
};

static bool is_other_output(struct resolve_scope *scopes, struct slice name) {
    const struct value *was = resolve_name(&scopes[0], name), *is = resolve_name(&scopes[1], name);
    return was && is && !value_equal(was, is);
}

/* The first name in a value that is another one than before; SLICE_NONE if there is none. */
static struct slice changed_name(struct trace *trace, const struct value *value) {
    struct resolve_scope *scopes = trace->emit->scopes;
    bool open = value->kind == VALUE_REFERENCE || value->kind == VALUE_EXPRESSION ||
                value->kind == VALUE_LITERAL;
    for (size_t at = 0; open && at < value->text.size; at++) {
        struct slice rest = slice_from(value->text, at), head = resolve_head(rest);
        struct slice output = scopes[1].output ? resolve_output_head(rest) : SLICE_NONE;
        if (!slice_is_none(output) && is_other_output(scopes, output))
            return output;
        if (slice_is_none(head))
            continue;
        if (resolve_find(&scopes[1], head) && !resolve_is_same(&scopes[0], &scopes[1], head))
            return head;
        at += head.size - 1;
    }
    for (uint32_t i = 0; i < value->count; i++) {
        struct slice found = changed_name(trace, value->items[i].value);
        if (!slice_is_none(found))
            return found;
    }
    return SLICE_NONE;
}

static void follow(struct trace *trace, const struct value *value, const struct placed *user) {
    const struct resolve_setting *setting = NULL;
    for (; trace->steps < ORIGIN_STEPS; trace->steps++) {
        struct slice name = changed_name(trace, value);
        if (slice_is_none(name))
            break;
        setting = resolve_find(&trace->emit->scopes[1], name);
        if (trace->steps)
            strbuf_add_text(&trace->out, " and ");
        strbuf_add(&trace->out, name);
        if (!setting || !setting->value || setting->rank == UINT32_MAX)
            break;
        value = setting->value;
    }
    if (!setting)
        return;
    if (setting->rank == UINT32_MAX && !user->module.size)
        strbuf_add_text(&trace->out, ", an argument");
    else if (setting->rank == UINT32_MAX)
        strbuf_addf(&trace->out, ", an argument of %.*s",
                    SLICE_ARGS(slice_sub(user->module, 0, user->module.size - 1)));
    else if (setting->path.size)
        strbuf_addf(&trace->out, ", from %.*s", SLICE_ARGS(path_base(setting->path)));
}

/* What is written at the path, or at the nearest one above. */
static const struct value *written_at(const struct placed *placed, struct slice path) {
    while (path.size) {
        const struct value *value = value_at(placed->entity->body, path);
        size_t dot = slice_find_last_byte(path, '.'), open = slice_find_last_byte(path, '[');
        if (value)
            return value;
        size_t cut = dot == SLICE_NPOS || (open != SLICE_NPOS && open > dot) ? open : dot;
        path = slice_sub(path, 0, cut == SLICE_NPOS ? 0 : cut);
    }
    return NULL;
}

void origin_find(struct emit *emit, struct event *changed) {
    for (uint32_t i = 0; emit->scopes && i < changed->change_count; i++) {
        struct attribute_change *change = &changed->changes[i];
        const struct value *is = change->is ? written_at(&changed->after, change->path) : NULL;
        if (!is || (is->kind == VALUE_LITERAL && !slice_contains(is->text, SLICE("${"))))
            continue;
        struct trace trace = {.emit = emit};
        strbuf_init(&trace.out, emit->arena);
        follow(&trace, is, &changed->after);
        change->origin = strbuf_slice(&trace.out);
    }
}
