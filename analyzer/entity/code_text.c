#include "base/hash.h"
#include "entity/code.h"

enum { HASHED_TEXT = 65536 }; /* bytes that are laid out before they are hashed */

/* ---- what a grammar leaves apart ---- */

static void outline_node(struct code *code, TSNode node) {
    struct outline *outline = code->outline;
    TSNode body = {0};
    switch (code_role(code, node)) {
    case ROLE_LAMBDA:
    case ROLE_FUNCTION:
        body = node_field(code->roles, node, FIELD_BODY);
        if (ts_node_is_null(body) || code_role(code, body) != ROLE_BLOCK ||
            !ts_node_named_child_count(body))
            return;
        vec_push(code->scratch, &outline->bodies, code_span(body));
        return;
    case ROLE_HEREDOC:
        vec_push(code->scratch, &outline->heredocs, ts_node_start_byte(node));
        return;
    case ROLE_HEREDOC_BODY:
        vec_push(code->scratch, &outline->heredoc_bodies, node);
        return;
    default:
        return;
    }
}

void outline_read(struct code *code, TSNode root) {
    TSTreeCursor cursor = ts_tree_cursor_new(root);
    for (bool more = true; more;) {
        outline_node(code, ts_tree_cursor_current_node(&cursor));
        more = ts_tree_cursor_goto_first_child(&cursor);
        while (!more && !ts_tree_cursor_goto_next_sibling(&cursor))
            if (!ts_tree_cursor_goto_parent(&cursor)) {
                ts_tree_cursor_delete(&cursor);
                return;
            }
        more = true;
    }
}

TSNode outline_heredoc(const struct code *code, TSNode node) {
    const struct outline *outline = code->outline;
    uint32_t at = ts_node_start_byte(node), low = 0, high = outline->heredocs.count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (outline->heredocs.items[middle] < at)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < outline->heredocs.count && outline->heredocs.items[low] == at;
    if (!found || low >= outline->heredoc_bodies.count)
        return (TSNode){0};
    return outline->heredoc_bodies.items[low];
}

/* First body that begins at or behind `from`. */
static uint32_t body_behind(const struct outline *outline, uint32_t from) {
    uint32_t low = 0, high = outline->bodies.count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (outline->bodies.items[middle].from < from)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* ---- layout ---- */

struct layout {
    struct strbuf out;
    char quote;
    bool space;
};

static bool is_one_of(char byte, const char *bytes) {
    return byte && strchr(bytes, byte);
}

static bool is_letter(char byte) {
    return byte == '_' || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/* Length of the plain text in single quotes at `at`, without them: it means the same in double
 * ones. SLICE_NPOS if there is none. */
static size_t plain_quoted(struct slice text, size_t at) {
    for (size_t i = at + 1; i < text.size; i++) {
        if (text.data[i] == '\'')
            return i - at - 1;
        if (is_one_of(text.data[i], "\"\\\n$#`{"))
            break;
    }
    return SLICE_NPOS;
}

/* White space that only lays out: behind an opening and in front of a closing bracket, in front of
 * a comma, and of a member that begins a line. */
static void layout_gap(struct layout *layout, char byte, char next) {
    struct strbuf *out = &layout->out;
    char last = out->size ? out->data[out->size - 1] : 0;
    bool closes = is_one_of(byte, ")]}");
    bool member = (byte == '.' && is_letter(next)) || (byte == '?' && next == '.');
    if (closes && last == ',')
        out->data[--out->size] = 0;
    else if (last == ',' && byte != ',')
        strbuf_add_byte(out, ' ');
    else if (layout->space && last && !closes && !member && !is_one_of(last, "([{") &&
             !is_one_of(byte, ",;"))
        strbuf_add_byte(out, ' ');
    layout->space = false;
}

static void layout_add(struct layout *layout, struct slice text) {
    for (size_t i = 0; i < text.size; i++) {
        char byte = text.data[i], next = i + 1 < text.size ? text.data[i + 1] : 0;
        if (layout->quote) {
            strbuf_add_byte(&layout->out, byte);
            if (byte == '\\' && next)
                strbuf_add_byte(&layout->out, text.data[++i]);
            else if (byte == layout->quote)
                layout->quote = 0;
            continue;
        }
        bool continued = byte == '\\' && next == '\n';
        if (continued || is_one_of(byte, " \t\r\n")) {
            i += continued;
            layout->space = true;
            continue;
        }
        layout_gap(layout, byte, next);
        size_t plain = byte == '\'' ? plain_quoted(text, i) : SLICE_NPOS;
        if (plain != SLICE_NPOS) {
            strbuf_add_byte(&layout->out, '"');
            strbuf_add(&layout->out, slice_sub(text, i + 1, i + 1 + plain));
            strbuf_add_byte(&layout->out, '"');
            i += plain + 1;
            continue;
        }
        strbuf_add_byte(&layout->out, byte);
        if (is_one_of(byte, "\"'`"))
            layout->quote = byte;
    }
}

struct slice shown_range(struct code *code, uint32_t from, uint32_t to) {
    struct layout layout = {.quote = 0};
    strbuf_init(&layout.out, code->builder->arena);
    uint32_t at = from;
    for (uint32_t i = body_behind(code->outline, from + (from < to)); at < to;) {
        struct span body = {to, to};
        if (i < code->outline->bodies.count && code->outline->bodies.items[i].to <= to)
            body = code->outline->bodies.items[i];
        uint32_t cut = body.from - at > HASHED_TEXT ? at + HASHED_TEXT : body.from;
        layout_add(&layout, slice_sub(code->text, at, cut));
        if (cut < body.from || layout.out.size > HASHED_TEXT) {
            uint64_t hash = hash_bytes(slice_sub(code->text, cut, to));
            strbuf_addf(&layout.out, "%016llx", (unsigned long long)hash);
            break;
        }
        if (body.from < to)
            layout_add(&layout, SLICE("{...}"));
        at = body.to;
        i = body_behind(code->outline, at);
    }
    struct slice text = strbuf_slice(&layout.out);
    if (text.size <= CODE_TEXT)
        return text;
    return arena_format(code->builder->arena, "%.*s... %016llx",
                        SLICE_ARGS(slice_sub(text, 0, CODE_TEXT)),
                        (unsigned long long)hash_bytes(text));
}

struct slice shown_text(struct code *code, TSNode node) {
    return shown_range(code, ts_node_start_byte(node), ts_node_end_byte(node));
}
