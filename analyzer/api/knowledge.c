#include "api/knowledge.h"

struct image knowledge_compile(struct arena *arena, const char *rules, const char *grammars) {
    (void)rules;
    (void)grammars;
    struct image_writer writer;
    image_writer_init(&writer, arena);
    return image_finish(&writer);
}

void knowledge_load(struct arena *arena, const char *const *directories, uint32_t count,
                    struct knowledge *knowledge) {
    (void)arena;
    (void)directories;
    (void)count;
    memset(knowledge, 0, sizeof *knowledge);
    knowledge->images[knowledge->count++] = image_builtin();
}
