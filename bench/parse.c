/* Parses the named files with a grammar and nothing else: what berm is measured against.
 * Compiled by bench.py with the runtime and a grammar of grammars/node_modules; GRAMMAR is the
 * function of the language. */
#include <stdio.h>
#include <stdlib.h>
#include <tree_sitter/api.h>

const TSLanguage *GRAMMAR(void);

static char *read_all(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    char *bytes = NULL;
    *size = 0;
    for (size_t capacity = 1 << 16, got = 1; file && got; *size += got) {
        if (!bytes || *size == capacity)
            bytes = realloc(bytes, capacity = bytes ? capacity * 2 : capacity);
        got = bytes ? fread(bytes + *size, 1, capacity - *size, file) : 0;
    }
    if (file)
        fclose(file);
    return bytes;
}

int main(int argc, char **argv) {
    TSParser *parser = ts_parser_new();
    ts_parser_set_language(parser, GRAMMAR());
    for (int i = 1; i < argc; i++) {
        size_t size;
        char *bytes = read_all(argv[i], &size);
        TSTree *tree = bytes ? ts_parser_parse_string(parser, NULL, bytes, (uint32_t)size) : NULL;
        if (!tree)
            return 1;
        ts_tree_delete(tree);
        free(bytes);
    }
    ts_parser_delete(parser);
    return 0;
}
