#include "rule/template.h"

#include "base/strbuf.h"

typedef void template_writer(struct strbuf *out, const struct template_values *values);

static const struct placed *placed_of(const struct template_values *values) {
    return event_side(values->finding->event);
}

static void write_value(struct strbuf *out, const struct value *value) {
    if (value)
        strbuf_add(out, value_render(out->arena, value, TEMPLATE_VALUE));
    else
        strbuf_add_text(out, "(not set)");
}

static void write_attribute_value(struct strbuf *out, const struct template_values *values,
                                  const char *name) {
    const struct placed *placed = placed_of(values);
    const struct value *value = placed->body ? value_get(placed->body, slice_of(name)) : NULL;
    struct slice literal = value_literal(value);
    if (!slice_is_none(literal))
        strbuf_add(out, slice_sub(literal, 0, TEMPLATE_VALUE));
    else if (value)
        write_value(out, value);
}

static void write_type(struct strbuf *out, const struct template_values *values) {
    strbuf_add(out, placed_of(values)->entity->type);
}

/* The name without the type in front of it: messages say both themselves. */
static void write_name(struct strbuf *out, const struct template_values *values) {
    struct slice name = placed_of(values)->name;
    struct slice type = placed_of(values)->entity->type;
    if (type.size && slice_starts(name, type) && name.size > type.size + 1 &&
        name.data[type.size] == '.')
        name = slice_from(name, type.size + 1);
    strbuf_add(out, name);
}

static void write_kind(struct strbuf *out, const struct template_values *values) {
    strbuf_add(out, placed_of(values)->entity->kind);
}

static void write_object(struct strbuf *out, const struct template_values *values) {
    strbuf_add(out, values->finding->object);
}

static void write_was(struct strbuf *out, const struct template_values *values) {
    write_value(out, values->finding->attribute ? values->finding->attribute->was : NULL);
}

static void write_is(struct strbuf *out, const struct template_values *values) {
    write_value(out, values->finding->attribute ? values->finding->attribute->is : NULL);
}

static void write_attribute(struct strbuf *out, const struct template_values *values) {
    if (values->finding->attribute)
        strbuf_add(out, values->finding->attribute->path);
}

static void write_amount(struct strbuf *out, const struct template_values *values) {
    strbuf_addf(out, "%u", values->joined + 1);
}

static void write_path(struct strbuf *out, const struct template_values *values) {
    strbuf_add(out, values->finding->path);
}

static void write_directory(struct strbuf *out, const struct template_values *values) {
    struct slice path = values->finding->path;
    size_t slash = slice_find_last_byte(path, '/');
    strbuf_add(out, slash == SLICE_NPOS ? SLICE(".") : slice_sub(path, 0, slash));
}

static void write_environment(struct strbuf *out, const struct template_values *values) {
    enum environment environment = placed_of(values)->environment;
    strbuf_add_text(out, environment == ENVIRONMENT_UNKNOWN
                             ? "an unknown environment"
                             : word_of(WORDS_ENVIRONMENT, environment));
}

static void write_effect(struct strbuf *out, const struct template_values *values) {
    strbuf_add_text(out, word_of(WORDS_EFFECT, values->finding->effect));
}

static void write_reason(struct strbuf *out, const struct template_values *values) {
    const struct event *event = values->finding->event;
    if (event->reason.size)
        strbuf_add(out, event->reason);
    else
        write_attribute_value(out, values, "reason");
}

/* What was measured, or both values. */
static void write_extent(struct strbuf *out, const struct template_values *values) {
    const struct finding *finding = values->finding;
    if (!slice_is_none(finding->extent)) {
        strbuf_add(out, finding->extent);
    } else if (finding->event->effect == EFFECT_WIDENED && finding->event->reason.size) {
        strbuf_add(out, finding->event->reason);
    } else {
        write_was(out, values);
        strbuf_add_text(out, " \xe2\x86\x92 ");
        write_is(out, values);
    }
}

static void write_cascade(struct strbuf *out, const struct template_values *values) {
    strbuf_addf(out, "%u", values->finding->cascade_count);
}

static void write_joined(struct strbuf *out, const struct template_values *values) {
    strbuf_addf(out, "%u", values->joined);
}

static void write_joined_object(struct strbuf *out, const struct template_values *values) {
    strbuf_add(out, values->joined_object);
}

/* " (delivered by …)", where somebody is known to do so. */
static void write_delivered(struct strbuf *out, const struct template_values *values) {
    struct slice name = value_literal(value_at(placed_of(values)->body, SLICE("delivery.name")));
    if (!name.size)
        return;
    strbuf_add_text(out, " (delivered by ");
    strbuf_add(out, slice_sub(name, 0, TEMPLATE_VALUE));
    strbuf_add_text(out, ")");
}

static void write_call(struct strbuf *out, const struct template_values *values) {
    uint32_t before = (uint32_t)out->size;
    write_attribute_value(out, values, "text");
    if (out->size == before)
        strbuf_add(out, slice_sub(placed_of(values)->name, 0, TEMPLATE_VALUE));
}

static void write_callee(struct strbuf *out, const struct template_values *values) {
    strbuf_add(out, placed_of(values)->entity->type);
}

static void write_before_name(struct strbuf *out, const struct template_values *values) {
    const struct placed *before = &values->finding->event->before;
    strbuf_add(out, before->entity ? before->name : values->finding->object);
}

static const struct {
    const char *name;
    template_writer *write;
} placeholders[] = {
    {"entity.type", write_type},
    {"entity.name", write_name},
    {"entity.kind", write_kind},
    {"object", write_object},
    {"before", write_before_name},
    {"was", write_was},
    {"is", write_is},
    {"attribute", write_attribute},
    {"amount", write_amount},
    {"extent", write_extent},
    {"path", write_path},
    {"directory", write_directory},
    {"environment", write_environment},
    {"effect", write_effect},
    {"reason", write_reason},
    {"cascade.count", write_cascade},
    {"delivered", write_delivered},
    {"joined.count", write_joined},
    {"joined.object", write_joined_object},
    {"call.text", write_call},
    {"call.callee", write_callee},
};

const char *const template_names[] = {
    "entity.type",   "entity.name",  "entity.kind",   "object",    "before",
    "was",           "is",           "attribute",     "amount",    "path",
    "directory",     "environment",  "effect",        "extent",    "reason",
    "cascade.count", "joined.count", "joined.object", "call.text", "call.callee",
    "delivered",     NULL,
};

enum { PLACEHOLDER_COUNT = sizeof placeholders / sizeof placeholders[0] };
_Static_assert(sizeof template_names / sizeof template_names[0] == PLACEHOLDER_COUNT + 1,
               "template_names lists every placeholder");

static bool is_name_byte(char byte) {
    return (byte >= 'a' && byte <= 'z') || byte == '.' || byte == '_';
}

/* Splits the text in front of the next {name}; false when none is left. */
static bool template_next(struct slice *rest, struct slice *literal, struct slice *name) {
    for (size_t open = 0; open < rest->size; open++) {
        if (rest->data[open] != '{')
            continue;
        size_t close = open + 1;
        while (close < rest->size && is_name_byte(rest->data[close]))
            close++;
        bool doubled = open > 0 && (rest->data[open - 1] == '{' || rest->data[open - 1] == '$');
        if (close == open + 1 || close >= rest->size || rest->data[close] != '}' || doubled)
            continue;
        *literal = slice_sub(*rest, 0, open);
        *name = slice_sub(*rest, open + 1, close);
        *rest = slice_from(*rest, close + 1);
        return true;
    }
    *literal = *rest;
    return false;
}

static template_writer *template_find(struct slice name) {
    for (uint32_t i = 0; i < PLACEHOLDER_COUNT; i++)
        if (slice_is(name, placeholders[i].name))
            return placeholders[i].write;
    return NULL;
}

bool template_unknown(struct slice text, struct slice *name) {
    struct slice literal;
    while (template_next(&text, &literal, name))
        if (!template_find(*name))
            return true;
    return false;
}

struct slice template_fill(struct arena *arena, struct slice text,
                           const struct template_values *values) {
    if (slice_is_none(text) || slice_find_byte(text, '{') == SLICE_NPOS)
        return text;
    struct strbuf out;
    strbuf_init(&out, arena);
    struct slice literal, name;
    while (template_next(&text, &literal, &name)) {
        strbuf_add(&out, literal);
        template_writer *write = template_find(name);
        if (write)
            write(&out, values);
    }
    strbuf_add(&out, literal);
    return strbuf_slice(&out);
}
