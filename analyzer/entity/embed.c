#include "base/strbuf.h"
#include "entity/builder.h"
#include "entity/cache.h"
#include "language/record.h"

/* Offsets of the lines of a text. */
static const uint32_t *text_lines(struct arena *arena, struct slice text, uint32_t limit) {
    uint32_t *lines = ARENA_ARRAY(arena, uint32_t, limit ? limit : 1);
    uint32_t count = 1;
    for (size_t i = 0; i < text.size && count < limit; i++)
        if (text.data[i] == '\n')
            lines[count++] = (uint32_t)i + 1;
    for (uint32_t i = count; i < limit; i++)
        lines[i] = (uint32_t)text.size;
    return lines;
}

/* The embedding of an inner text is relative to the outer one: made relative to the block. */
static const struct embedding *embedding_compose(struct builder *outer,
                                                 const struct embedding *inner) {
    struct embedding *made = ARENA_NEW(outer->arena, struct embedding);
    uint32_t *starts = ARENA_ARRAY(outer->arena, uint32_t, inner->line_count + 1);
    for (uint32_t i = 0; i < inner->line_count; i++)
        starts[i] = builder_offset(outer, inner->line_starts[i]);
    *made = (struct embedding){starts, inner->line_count, inner->text_starts};
    return made;
}

void builder_embed(struct builder *outer, struct slice dialect, struct slice text,
                   const struct embedding *embedding, struct span at, uint32_t scope,
                   struct slice host, uint32_t weight) {
    const struct dialect *found = dialect_by_name(outer->reader->dialects, dialect);
    if (!found)
        return;
    if (outer->depth >= BUILDER_DEPTH) {
        builder_note(outer, at.from, SLICE("scripts nested more than 6 deep"));
        return;
    }
    struct span *fixed = ARENA_NEW(outer->arena, struct span);
    *fixed = (struct span){builder_offset(outer, at.from), builder_offset(outer, at.to)};
    struct builder inner = *outer;
    inner.dialect = found;
    inner.roles = cache_roles(outer->reader, found->language);
    inner.text = text;
    inner.scope = scope;
    inner.host = host;
    inner.weight = weight ? weight : outer->weight;
    inner.depth++;
    inner.embedding = NULL;
    inner.at = outer->at ? outer->at : fixed;
    if (embedding && embedding->line_count && !outer->at) {
        inner.at = NULL;
        inner.embedding = embedding_compose(outer, embedding);
        inner.text_lines = embedding->text_starts
                               ? embedding->text_starts
                               : text_lines(outer->arena, text, embedding->line_count);
    }
    builder_run(&inner);
}

struct slice builder_script_dialect(const struct builder *builder, struct slice script,
                                    struct slice fallback) {
    if (!slice_starts(script, SLICE("#!")))
        return fallback;
    size_t end = slice_find_byte(script, '\n');
    struct slice line = slice_trim(slice_sub(script, 2, end == SLICE_NPOS ? script.size : end));
    struct slice word, rest = line;
    while (slice_split(&rest, ' ', &word)) {
        const struct dialect *found = dialect_of_program(builder->reader->dialects, word);
        if (found)
            return found->name;
        if (!slice_ends(word, SLICE("env")) && !slice_starts(word, SLICE("-")))
            break;
    }
    return SLICE_NONE;
}

static bool word_plain(struct slice word) {
    for (size_t i = 0; i < word.size; i++) {
        char byte = word.data[i];
        bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                     (byte >= '0' && byte <= '9') || memchr("_-./:=@,+%", byte, 10);
        if (!plain)
            return false;
    }
    return word.size > 0;
}

/* Single quotes keep everything but the single quote itself. */
static void word_quote(struct strbuf *out, struct slice word) {
    if (word_plain(word)) {
        strbuf_add(out, word);
        return;
    }
    strbuf_add_byte(out, '\'');
    for (size_t i = 0; i < word.size; i++) {
        if (word.data[i] == '\'')
            strbuf_add_text(out, "'\\''");
        else
            strbuf_add_byte(out, word.data[i]);
    }
    strbuf_add_byte(out, '\'');
}

/* "-c", "-ec", "-lc": the next word is the script. */
static bool word_is_script_flag(struct slice word) {
    return word.size >= 2 && word.data[0] == '-' && word.data[1] != '-' &&
           word.data[word.size - 1] == 'c';
}

void builder_embed_words(struct builder *outer, const struct slice *words,
                         const struct embedding *const *embeddings, const struct span *spans,
                         uint32_t count, uint32_t scope, struct slice host, uint32_t weight) {
    if (!count)
        return;
    const struct dialect *program = dialect_of_program(outer->reader->dialects, words[0]);
    for (uint32_t i = 1; program && i + 1 < count; i++)
        if (word_is_script_flag(words[i])) {
            builder_embed(outer, program->name, words[i + 1], embeddings ? embeddings[i + 1] : NULL,
                          spans[i + 1], scope, host, weight);
            return;
        }
    const struct dialect *shell = dialect_of_program(outer->reader->dialects, SLICE("sh"));
    if (!shell)
        return;
    struct strbuf line;
    strbuf_init(&line, outer->arena);
    for (uint32_t i = 0; i < count; i++) {
        if (i)
            strbuf_add_byte(&line, ' ');
        word_quote(&line, words[i]);
    }
    builder_embed(outer, shell->name, strbuf_slice(&line), NULL,
                  (struct span){spans[0].from, spans[count - 1].to}, scope, host, weight);
}
