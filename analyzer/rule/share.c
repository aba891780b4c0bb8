/*
 * How much was declared in a place before, so that "half of what stood there" can be asked.
 * Entities that did not change never become events, and unchanged blocks are not even parsed, so
 * the blocks of the files are counted: an HCL block, a YAML document. Where the kind asked for is
 * a block's first word ("resource"), only those count.
 */
#include "rule/matcher.h"

#include "language/language.h"

enum { SHARE_FILES = 4096 }; /* files read for one question; more = unknown */

struct share {
    struct matcher *matcher;
    const struct dialects *dialects;
    const struct dialect *dialect; /* of the first member */
    struct slice kind;
    uint32_t files;
    int64_t of_kind, all;
};

static bool is_comment(struct slice line) {
    return slice_starts(line, SLICE("#")) || slice_starts(line, SLICE("//")) ||
           slice_starts(line, SLICE("---"));
}

/* The block's first line that is neither empty nor a comment. */
static struct slice first_line(struct slice block) {
    struct slice line;
    while (slice_split(&block, '\n', &line)) {
        line = slice_trim(line);
        if (line.size && !is_comment(line))
            return line;
    }
    return SLICE("");
}

static void count_file(struct share *share, struct slice path, struct slice content) {
    if (language_detect(share->dialects, path, content) != share->dialect)
        return;
    uint32_t count;
    struct block *blocks = language_blocks(share->matcher->arena, share->dialect, content, &count);
    for (uint32_t i = 0; i < count; i++) {
        struct slice line = first_line(blocks[i].bytes);
        bool of_kind = slice_starts(line, share->kind) && line.size > share->kind.size &&
                       line.data[share->kind.size] == ' ';
        share->of_kind += of_kind;
        share->all += line.size != 0;
    }
}

/* False if the tree does not know the directory or it is too large. */
static bool count_directory(struct share *share, struct slice directory) {
    const struct tree *tree = &share->matcher->change->before;
    struct slice *names;
    uint32_t count;
    if (!tree->list || tree->list(tree->self, directory, &names, &count) != TREE_PRESENT)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        struct slice path = directory.size
                                ? arena_format(share->matcher->arena, "%.*s/%.*s",
                                               SLICE_ARGS(directory), SLICE_ARGS(names[i]))
                                : names[i];
        struct slice content;
        if (++share->files > SHARE_FILES)
            return false;
        if (tree->read(tree->self, path, &content) == TREE_PRESENT)
            count_file(share, path, content);
    }
    return true;
}

int64_t share_declared(struct matcher *matcher, const struct event_group *group) {
    const struct placed *first = event_side(group->members.items[0]);
    struct share share = {
        .matcher = matcher, .dialect = first->entity->dialect, .kind = first->entity->kind};
    if (!matcher->change || !share.dialect)
        return -1;
    share.dialects = dialects_load(matcher->arena, matcher->knowledge);
    share.dialect = dialect_by_name(share.dialects, share.dialect->name);
    struct map seen;
    map_init(&seen, matcher->arena);
    for (uint32_t i = 0; i < group->members.count; i++) {
        struct slice path = event_side(group->members.items[i])->path;
        size_t slash = slice_find_last_byte(path, '/');
        struct slice directory = slash == SLICE_NPOS ? SLICE("") : slice_sub(path, 0, slash);
        if (map_get(&seen, directory) != MAP_ABSENT)
            continue;
        map_set(&seen, directory, 1);
        if (!count_directory(&share, directory))
            return -1;
    }
    return share.of_kind ? share.of_kind : share.all;
}
