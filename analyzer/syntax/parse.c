#include "syntax/parse.h"

#include "base/arena.h"
#include "base/memory.h"
#include "syntax/shelf.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    CHUNK_BYTES = 4096,
    BASE_READS = 256,       /* a small file may be read again at its end for every token */
    STEPS_PER_CHUNK = 4096, /* progress reports (each 100 parser operations); ordinary files: 80 */
    BASE_STEPS = 4096,
};

static const char *parse_read(void *payload, uint32_t at, TSPoint point, uint32_t *size) {
    (void)point;
    struct parse *parse = payload;
    if (++parse->reads > parse->reads_limit) {
        /* Not by giving nothing more: where a chunk ends in bytes that are no UTF-8, the lexer
         * reads the next one without asking whether there is any. */
        parse->stopped = "reads";
        longjmp(*parse->memory.escape, 1);
    }
    if (at >= parse->text.size) {
        *size = 0;
        return "";
    }
    size_t left = parse->text.size - at;
    *size = left < CHUNK_BYTES ? (uint32_t)left : CHUNK_BYTES;
    return parse->text.data + at;
}

static bool parse_progress(TSParseState *state) {
    struct parse *parse = state->payload;
    if (++parse->steps > parse->steps_limit)
        parse->stopped = "steps";
    if (parse->memory.used > parse->memory.cap - parse->memory.cap / 8)
        parse->stopped = "memory";
    return parse->stopped != NULL;
}

static TSTree *parse_run(struct parse *parse, const TSLanguage *language) {
    TSParser *parser = ts_parser_new();
    if (!parser || !ts_parser_set_language(parser, language))
        return NULL;
    TSInput input = {.payload = parse, .read = parse_read, .encoding = TSInputEncodingUTF8};
    TSParseOptions options = {.payload = parse, .progress_callback = parse_progress};
    /* The parser is never deleted: it goes with the arena. */
    return ts_parser_parse_with_options(parser, NULL, input, options);
}

/* A function of its own: setjmp's caller keeps no local that changes. */
static bool parse_guarded(struct parse *parse, const TSLanguage *language) {
    jmp_buf escape;
    parse->memory.escape = &escape;
    if (setjmp(escape) == 0)
        parse->tree = parse_run(parse, language);
    else
        parse->tree = NULL;
    parse->memory.escape = NULL;
    return parse->tree && !parse->stopped && parse->memory.state == PARSE_MEMORY_OK;
}

static void parse_reason(struct parse *parse) {
    if (parse->memory.state == PARSE_MEMORY_CAP ||
        (parse->stopped && strcmp(parse->stopped, "memory") == 0))
        snprintf(parse->reason, PARSE_REASON_BYTES,
                 "parsing took more memory than allowed (limit %d MiB)", SYNTAX_ARENA_BYTES >> 20);
    else if (parse->stopped)
        snprintf(parse->reason, PARSE_REASON_BYTES, "parsing took too many steps (limit %llu %s)",
                 (unsigned long long)(strcmp(parse->stopped, "reads") == 0 ? parse->reads_limit
                                                                           : parse->steps_limit),
                 parse->stopped);
    else
        snprintf(parse->reason, PARSE_REASON_BYTES, "the parser gave no tree");
}

static bool text_allowed(struct parse *parse, const struct syntax_language *language,
                         struct syntax *syntax) {
    uint32_t line = 0, depth = 0;
    if (language->nesting != NESTING_NONE)
        depth = syntax_nesting(parse->text, language->nesting, &line);
    if (depth > SYNTAX_NESTING) {
        snprintf(parse->reason, PARSE_REASON_BYTES, "nested more than %d levels deep",
                 SYNTAX_NESTING);
        syntax->reason_line = line;
        return false;
    }
    uint32_t lines = language->max_lines ? slice_line_at(parse->text, parse->text.size) : 0;
    if (lines > language->max_lines) {
        snprintf(parse->reason, PARSE_REASON_BYTES, "%u lines in one document (limit %u)", lines,
                 language->max_lines);
        return false;
    }
    return true;
}

void syntax_parse(struct failure *failure, const struct syntax_language *language,
                  struct slice text, struct syntax *syntax) {
    memset(syntax, 0, sizeof *syntax);
    struct parse *parse = memory_alloc(sizeof *parse);
    if (!parse)
        failure_raise(failure, BERM_ERROR_MEMORY, PLACE_NONE, "out of memory");
    memset(parse, 0, sizeof *parse);
    syntax->parse = parse;
    parse->text = text;
    uint64_t chunks = text.size / CHUNK_BYTES + 1;
    parse->reads_limit = BASE_READS + SYNTAX_READS_PER_CHUNK * chunks;
    parse->steps_limit = BASE_STEPS + STEPS_PER_CHUNK * chunks;
    parse_memory_enter(&parse->memory, failure, SYNTAX_ARENA_BYTES);
    const TSLanguage *grammar = grammar_find(language->grammar);
    if (!grammar)
        snprintf(parse->reason, PARSE_REASON_BYTES, "no grammar for %.*s",
                 SLICE_ARGS(language->grammar));
    else if (text_allowed(parse, language, syntax)) {
        if (parse_guarded(parse, grammar))
            syntax->root = ts_tree_root_node(parse->tree);
        else
            parse_reason(parse);
    }
    syntax->reads = parse->reads;
    bool out_of_memory = parse->memory.state == PARSE_MEMORY_OUT;
    if (parse->reason[0])
        syntax->reason = slice_of(parse->reason);
    if (out_of_memory) {
        syntax_drop(syntax);
        failure_raise(failure, BERM_ERROR_MEMORY, PLACE_NONE, "out of memory");
    }
}

void parse_resume(struct parse *parse, struct failure *failure, struct syntax *syntax) {
    memset(syntax, 0, sizeof *syntax);
    syntax->parse = parse;
    syntax->reads = parse->reads;
    parse_memory_resume(&parse->memory, failure);
}

void parse_free(struct parse *parse) {
    parse_memory_free(&parse->memory);
    memory_free(parse);
}

void syntax_close(struct syntax *syntax) {
    struct parse *parse = syntax->parse;
    if (!parse)
        return;
    syntax->parse = NULL;
    parse_memory_leave(&parse->memory);
    if (!shelf_keep(parse))
        parse_free(parse);
}

void syntax_drop(struct syntax *syntax) {
    if (!syntax->parse)
        return;
    parse_memory_leave(&syntax->parse->memory);
    parse_free(syntax->parse);
    syntax->parse = NULL;
}

bool syntax_first_error(TSNode root, uint32_t *byte) {
    if (!ts_node_has_error(root))
        return false;
    TSTreeCursor cursor = ts_tree_cursor_new(root);
    bool found = false, inside = true;
    while (inside && !found) {
        TSNode node = ts_tree_cursor_current_node(&cursor);
        found = ts_node_is_error(node) || ts_node_is_missing(node);
        if (found) {
            *byte = ts_node_start_byte(node);
        } else if (!ts_node_has_error(node) || !ts_tree_cursor_goto_first_child(&cursor)) {
            while (!ts_tree_cursor_goto_next_sibling(&cursor))
                if (!ts_tree_cursor_goto_parent(&cursor)) {
                    inside = false;
                    break;
                }
        }
    }
    ts_tree_cursor_delete(&cursor);
    return found;
}
