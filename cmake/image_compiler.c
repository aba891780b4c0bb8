/*
 * Build tool: compiles rules/ and grammars/ into the image that is linked into berm.
 *     berm_image_compiler RULES_DIRECTORY GRAMMARS_DIRECTORY OUTPUT
 */
#include "api/knowledge.h"

#include <stdio.h>

struct job {
    struct arena arena;
    const char *rules, *grammars;
    struct image image;
};

static void compile(void *context) {
    struct job *job = context;
    job->image = knowledge_compile(&job->arena, job->rules, job->grammars);
}

static int write_file(const char *path, struct image image) {
    FILE *output = fopen(path, "wb");
    if (output && fwrite(image.bytes, 1, image.size, output) == image.size && !fclose(output))
        return 0;
    perror(path);
    return 1;
}

int main(int argc, char **argv) {
    if (argc != 4) {
        fprintf(stderr, "usage: %s RULES_DIRECTORY GRAMMARS_DIRECTORY OUTPUT\n", argv[0]);
        return 2;
    }
    struct failure failure;
    failure_init(&failure);
    struct job job = {.rules = argv[1], .grammars = argv[2]};
    arena_init(&job.arena, &failure, 0);
    int status = 1;
    if (failure_try(&failure, compile, &job))
        status = write_file(argv[3], job.image);
    else
        fprintf(stderr, "%s:%u:%u: %s\n", failure.error.where, failure.error.line,
                failure.error.column, failure.error.message);
    arena_release(&job.arena);
    return status;
}
