#include "api/knowledge.h"

#include "base/directory.h"
#include "base/failure.h"
#include "base/strbuf.h"
#include "fact/compile.h"
#include "language/compile.h"
#include "rule/compile.h"
#include "score/compile.h"

#include <sodium.h>

struct image knowledge_compile(struct arena *arena, const char *rules, const char *grammars) {
    struct image_writer writer;
    image_writer_init(&writer, arena);
    if (grammars)
        languages_compile(&writer, arena, grammars);
    facts_compile(&writer, arena, rules);
    score_compile(&writer, arena, rules);
    rules_compile(&writer, arena, rules);
    return image_finish(&writer);
}

static void hex_digest(char *hex, const void *bytes, size_t size) {
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, bytes, size);
    sodium_bin2hex(hex, 2 * sizeof digest + 1, digest, sizeof digest);
}

/* The built-in image's digest was made at build time, so that start-up does not read it all; with
 * further images it is the digest of all digests. */
static void set_digest(struct arena *arena, struct knowledge *knowledge) {
    memcpy(knowledge->digest, image_builtin_digest(), sizeof knowledge->digest);
    if (knowledge->count == 1)
        return;
    struct strbuf digests;
    strbuf_init(&digests, arena);
    strbuf_add_text(&digests, knowledge->digest);
    for (uint32_t i = 1; i < knowledge->count; i++) {
        char hex[sizeof knowledge->digest];
        hex_digest(hex, knowledge->images[i].bytes, knowledge->images[i].size);
        strbuf_add_text(&digests, hex);
    }
    hex_digest(knowledge->digest, digests.data, digests.size);
}

void knowledge_load(struct arena *arena, const char *const *directories, uint32_t count,
                    struct knowledge *knowledge) {
    memset(knowledge, 0, sizeof *knowledge);
    knowledge->images[knowledge->count++] = image_builtin();
    if (count >= KNOWLEDGE_IMAGES)
        failure_raise(arena->failure, BERM_ERROR_ARGUMENT, PLACE_NONE,
                      "at most %d rule directories can be given", KNOWLEDGE_IMAGES - 1);
    for (uint32_t i = 0; i < count; i++) {
        struct slice *files;
        uint32_t file_count;
        if (!directory_files(arena, directories[i], &files, &file_count))
            failure_raise(arena->failure, BERM_ERROR_RULE, (struct place){directories[i], 0, 0},
                          "no such directory of rules");
        knowledge->images[knowledge->count++] =
            knowledge_compile(arena, directories[i], directories[i]);
    }
    set_digest(arena, knowledge);
}
