#include "report/excerpt.h"

#include "report/visible.h"

/* The line that holds `offset`, and its number. */
static void spot_at(struct spot *spot, struct slice file, size_t offset, size_t length) {
    if (offset > file.size)
        return;
    size_t from = offset, to = offset;
    while (from > 0 && file.data[from - 1] != '\n')
        from--;
    while (to < file.size && file.data[to] != '\n')
        to++;
    spot->number = slice_line_at(file, offset);
    if (to > from && file.data[to - 1] == '\r')
        to--;
    spot->line = slice_sub(file, from, to);
    spot->from = offset - from < spot->line.size ? offset - from : spot->line.size;
    spot->to = spot->from + length < spot->line.size ? spot->from + length : spot->line.size;
}

/* By line and column, where no span is known: carets under the word there, none without a column.
 */
static void spot_of_line(struct spot *spot, struct slice file, uint32_t number, uint32_t column) {
    size_t at = 0;
    for (uint32_t line = 1; line < number; line++) {
        size_t end = slice_find_byte(slice_from(file, at), '\n');
        if (end == SLICE_NPOS)
            return;
        at += end + 1;
    }
    if (at > file.size || (at == file.size && number > 1))
        return;
    spot_at(spot, file, at, 0);
    if (column && column <= spot->line.size) {
        spot->from = column - 1;
        spot->to = column;
        while (spot->to < spot->line.size && spot->line.data[spot->to] != ' ' &&
               spot->line.data[spot->to] != '\t')
            spot->to++;
    }
}

/* The attribute's value if it stands inside the entity (a resolved value may stand elsewhere),
 * otherwise the entity's first line. */
static void spot_of_placed(struct spot *spot, const struct placed *placed,
                           const struct value *value) {
    const struct entity *entity = placed->entity;
    if (!entity)
        return;
    spot->path = placed->path;
    struct span span = entity->span;
    struct span inner = value ? entity_span(entity, value) : span;
    if (inner.from >= span.from && inner.to <= span.to && inner.to > inner.from)
        span = inner;
    spot_at(spot, placed->file, (size_t)placed->offset + span.from, span.to - span.from);
}

static const struct pair *find_pair(const struct change *change, struct slice path, bool before) {
    for (uint32_t i = 0; change && i < change->pairs.count; i++) {
        const struct pair *pair = &change->pairs.items[i];
        if (slice_equal(before ? pair->old_path : pair->path, path))
            return pair;
    }
    return NULL;
}

static struct slice file_of(const struct report *report, const struct finding *finding) {
    if (finding->event) {
        const struct placed *placed =
            finding->on_before ? &finding->event->before : &finding->event->after;
        if (placed->entity && slice_equal(placed->path, finding->path))
            return placed->file;
    }
    const struct pair *pair = find_pair(report->change, finding->path, finding->on_before);
    if (!pair)
        return SLICE_NONE;
    const struct blob *blob = finding->on_before ? &pair->before : &pair->after;
    return blob->state == CONTENT_TEXT ? blob->bytes : SLICE_NONE;
}

void excerpt_find(const struct report *report, const struct finding *finding, struct spot *main,
                  struct spot *other) {
    *main = (struct spot){.path = finding->path, .before = finding->on_before};
    *other = (struct spot){.path = finding->path, .before = !finding->on_before};
    const struct event *event = finding->event;
    if (event) {
        const struct attribute_change *change = finding->attribute;
        const struct value *was = change ? change->was : NULL, *is = change ? change->is : NULL;
        spot_of_placed(finding->on_before ? main : other, &event->before, was);
        spot_of_placed(finding->on_before ? other : main, &event->after, is);
    }
    if (main->number != finding->line || !slice_equal(main->path, finding->path)) {
        struct slice file = file_of(report, finding);
        *main = (struct spot){.path = finding->path, .before = finding->on_before};
        if (finding->line && !slice_is_none(file))
            spot_of_line(main, file, finding->line, finding->column);
    }
    if (main->number && slice_equal(main->line, other->line))
        other->number = 0;
}

/* A line as it will be shown: glyphs with tabs already spread. */
struct cells {
    struct glyph items[2 * EXCERPT_WINDOW + 8];
    uint32_t count;
    uint32_t from, to; /* columns of the carets */
    uint32_t width;
    bool cut_before, cut_after;
};

static struct glyph tab_glyph(uint32_t column) {
    struct glyph glyph = {.length = 1};
    glyph.size = glyph.width = EXCERPT_TAB - column % EXCERPT_TAB;
    memset(glyph.text, ' ', glyph.size);
    return glyph;
}

/* Not into the middle of a character. */
static size_t character_start(struct slice line, size_t at) {
    while (at > 0 && at < line.size && ((unsigned char)line.data[at] & 0xc0) == 0x80)
        at--;
    return at;
}

static void lay_out(const struct spot *spot, struct cells *cells) {
    struct slice line = spot->line;
    size_t at =
        spot->from > EXCERPT_WINDOW ? character_start(line, spot->from - EXCERPT_WINDOW) : 0;
    size_t end = spot->from + EXCERPT_WINDOW < line.size ? spot->from + EXCERPT_WINDOW : line.size;
    *cells = (struct cells){.cut_before = at > 0, .cut_after = end < line.size};
    end = character_start(line, end);
    while (at < end) {
        if (at <= spot->from)
            cells->from = cells->width;
        struct glyph glyph =
            line.data[at] == '\t' ? tab_glyph(cells->width) : visible_glyph(line, at);
        cells->items[cells->count++] = glyph;
        cells->width += glyph.width;
        at += glyph.length;
        if (at <= spot->to)
            cells->to = cells->width;
    }
    if (spot->from >= end)
        cells->from = cells->width;
    if (cells->to < cells->from)
        cells->to = cells->from;
}

/* Columns [from, to) that are shown: all, or a window that holds the carets' beginning. */
static void choose_columns(const struct cells *cells, uint32_t room, uint32_t *from, uint32_t *to) {
    uint32_t need = cells->to + 4 < cells->width ? cells->to + 4 : cells->width;
    *from = 0;
    if (need > room) {
        uint32_t shown = cells->to - cells->from < room / 2 ? cells->to - cells->from : room / 2;
        *from = cells->from + shown > room * 2 / 3 ? cells->from + shown - room * 2 / 3 : 0;
    }
    *to = *from + room < cells->width ? *from + room : cells->width;
}

static uint32_t add_cells(struct strbuf *out, const struct cells *cells, uint32_t from,
                          uint32_t to) {
    uint32_t column = 0, shift = 0;
    for (uint32_t i = 0; i < cells->count && column < to; i++) {
        const struct glyph *glyph = &cells->items[i];
        if (column >= from && column + glyph->width <= to)
            strbuf_add(out, slice_make(glyph->text, glyph->size));
        else if (column < from && column + glyph->width > from)
            shift = column + glyph->width - from; /* half a glyph is not shown */
        column += glyph->width;
    }
    return shift;
}

static void add_carets(struct strbuf *out, const struct cells *cells, uint32_t from, uint32_t to,
                       uint32_t shift, uint32_t lead) {
    uint32_t begin = cells->from > from + shift ? cells->from - from - shift : 0;
    uint32_t until = (cells->to < to ? cells->to : to) - from - shift;
    strbuf_add_repeat(out, ' ', lead + begin);
    strbuf_add_repeat(out, '^', until > begin ? until - begin : 1);
}

void excerpt_add(struct strbuf *out, const struct spot *spot, uint32_t digits, uint32_t width) {
    struct cells *cells = ARENA_NEW(out->arena, struct cells);
    lay_out(spot, cells);
    uint32_t gutter = digits + 7; /* "  - 12 | " */
    uint32_t room = width > gutter + 26 ? width - gutter - 6 : 20, from, to;
    choose_columns(cells, room, &from, &to);
    bool cut = cells->cut_before || from > 0;
    strbuf_addf(out, "  %c %*u | %s", spot->before ? '-' : '+', (int)digits, spot->number,
                cut ? "..." : "");
    uint32_t shift = add_cells(out, cells, from, to);
    strbuf_add_text(out, cells->cut_after || to < cells->width ? "...\n" : "\n");
    if (spot->from == spot->to)
        return;
    strbuf_addf(out, "    %*s | ", (int)digits, "");
    add_carets(out, cells, from, to, shift, cut ? 3 : 0);
    strbuf_add_byte(out, '\n');
}
