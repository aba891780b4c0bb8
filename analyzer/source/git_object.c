#include "source/git.h"

#include "base/strbuf.h"

/* Names under way at once; 256 names of at most about 80 bytes fit the socket many times. */
enum { OBJECT_WINDOW = 256, OBJECT_NAME = 1024 };

bool git_is_full_id(struct slice text) {
    if (text.size != 40 && text.size != 64)
        return false;
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
            return false;
    }
    return true;
}

static struct process *object_process(struct git *git) {
    if (git->objects && git->pending) { /* an answer was left behind by a failure */
        process_end(git->objects);
        git->objects = NULL;
    }
    git->pending = 0;
    if (!git->objects) {
        const char *const arguments[] = {"cat-file", "--batch-command", "--buffer", NULL};
        const char *const old_arguments[] = {"cat-file", "--batch", NULL};
        git->objects = git_start(git, git->old ? old_arguments : arguments);
    }
    return git->objects;
}

static enum object_type type_of(struct slice word) {
    static const char *const words[] = {"", "blob", "tree", "commit", "tag"};
    for (uint32_t i = 1; i < sizeof words / sizeof *words; i++)
        if (slice_is(word, words[i]))
            return (enum object_type)i;
    return OBJECT_NONE;
}

static bool parse_header(struct slice line, struct git_object *object) {
    struct slice id, type, size;
    int64_t number;
    if (!slice_split(&line, ' ', &id) || !slice_split(&line, ' ', &type) ||
        !slice_split(&line, ' ', &size) || !slice_is_none(line) || !git_is_full_id(id) ||
        !slice_to_int(size, &number) || number < 0)
        return false;
    object->id = id;
    object->type = type_of(type);
    object->size = (uint64_t)number;
    return true;
}

/* One answer; false if the child has gone. */
static bool read_answer(struct git *git, struct arena *arena, struct slice name,
                        struct git_object *object) {
    struct process *process = git->objects;
    struct slice line;
    if (!process_read_until(process, arena, '\n', &line))
        return false;
    if (slice_ends(line, SLICE(" missing")) || slice_ends(line, SLICE(" ambiguous"))) {
        object->reason = arena_format(arena, "object %.*s is missing", SLICE_ARGS(name));
        return true;
    }
    if (!parse_header(line, object))
        return false;
    size_t size = (size_t)object->size;
    bool fits = object->size <= SOURCE_FILE_BYTES;
    char *kept = fits ? object_cache_room(git->cache, object->id, size) : NULL;
    char *bytes = kept || !fits ? kept : arena_alloc(arena, size + 1);
    if (!process_read_exact(process, bytes, size) || !process_read_exact(process, NULL, 1))
        return false;
    if (fits) {
        object->bytes = slice_make(bytes, size);
        object->plain = object->type == OBJECT_BLOB && blob_is_plain(object->bytes);
    } else {
        object->reason = arena_format(arena, "%llu bytes (limit %d)",
                                      (unsigned long long)object->size, (int)SOURCE_FILE_BYTES);
    }
    if (kept)
        object->bytes = object_cache_put(git->cache, arena, object->type, object->plain);
    return true;
}

/* git ends on a damaged object, and on a missing one it may not fetch: the next child goes on with
 * the objects behind it. A git that does not know the option ends too. */
static struct slice last_words(struct git *git, struct arena *arena, struct slice name) {
    process_finish(git->objects);
    struct slice text = process_error_text(git->objects);
    git->old |= slice_contains(text, SLICE("batch-command"));
    struct slice line = slice_trim(slice_sub(text, 0, slice_find_byte(text, '\n')));
    struct slice reason =
        line.size ? arena_format(arena, "object %.*s: %.*s", SLICE_ARGS(name), SLICE_ARGS(line))
                  : arena_format(arena, "object %.*s cannot be read", SLICE_ARGS(name));
    process_end(git->objects);
    git->objects = NULL;
    git->pending = 0;
    return reason;
}

static void send_names(struct git *git, struct arena *arena, const struct slice *names,
                       const uint32_t *wanted, uint32_t count) {
    struct strbuf request;
    strbuf_init(&request, arena);
    struct process *process = object_process(git);
    for (uint32_t i = 0; i < count; i++) {
        if (!git->old)
            strbuf_add_text(&request, "contents ");
        strbuf_add(&request, names[wanted[i]]);
        strbuf_add_byte(&request, '\n');
    }
    if (!git->old)
        strbuf_add_text(&request, "flush\n");
    git->pending = count;
    process_write(process, strbuf_slice(&request));
}

static void read_window(struct git *git, struct arena *arena, const struct slice *names,
                        const uint32_t *wanted, uint32_t count, struct git_object *objects) {
    for (uint32_t sent = 0; sent < count;) {
        send_names(git, arena, names, wanted + sent, count - sent);
        while (sent < count) {
            uint32_t at = wanted[sent];
            bool old = git->old;
            objects[at] = (struct git_object){0};
            if (!read_answer(git, arena, names[at], &objects[at])) {
                objects[at] = (struct git_object){.reason = last_words(git, arena, names[at])};
                sent += git->old == old; /* otherwise all is asked again, in the old way */
                break;
            }
            git->pending--;
            sent++;
        }
    }
}

/* The count is taken back first: a failure on the way leaves a child that is out of step. */
static void collect_later(struct git *git) {
    uint32_t count = git->later.count;
    git->later.count = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct git_object object = {0};
        if (!read_answer(git, git->later.arena, git->later.names[i], &object)) {
            last_words(git, git->later.arena, git->later.names[i]);
            return;
        }
        git->pending--;
    }
}

static bool is_askable(struct slice name) {
    return name.size && name.size < OBJECT_NAME && slice_find_byte(name, '\n') == SLICE_NPOS &&
           slice_find_byte(name, '\0') == SLICE_NPOS;
}

void git_objects(struct git *git, struct arena *arena, const struct slice *names, uint32_t count,
                 struct git_object *objects) {
    git_enter(git, arena);
    uint32_t wanted[OBJECT_WINDOW], waiting = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct git_object *object = &objects[i];
        *object = (struct git_object){.id = names[i]};
        if (!is_askable(names[i])) {
            object->reason = SLICE("not the name of an object");
        } else if (object_cache_get(git->cache, arena, names[i], &object->type, &object->bytes,
                                    &object->plain)) {
            object->size = object->bytes.size;
        } else if (git->later.count) {
            collect_later(git);
            i--; /* it may be there now */
            continue;
        } else {
            wanted[waiting++] = i;
        }
        if (waiting && (waiting == OBJECT_WINDOW || i + 1 == count)) {
            read_window(git, arena, names, wanted, waiting, objects);
            waiting = 0;
        }
    }
    if (waiting)
        read_window(git, arena, names, wanted, waiting, objects);
}

enum { LATER_BYTES = 32 << 10 }; /* of names: both channels are never full at once */

void git_objects_later(struct git *git, struct arena *arena, const struct slice *names,
                       uint32_t count) {
    if (git->later.count)
        collect_later(git);
    struct slice *asked = ARENA_ARRAY(arena, struct slice, count + 1u);
    uint32_t *wanted = ARENA_ARRAY(arena, uint32_t, count + 1u), asked_count = 0;
    size_t bytes = 0;
    for (uint32_t i = 0; i < count && bytes < LATER_BYTES; i++) {
        if (!is_askable(names[i]) || object_cache_has(git->cache, names[i]))
            continue;
        wanted[asked_count] = asked_count;
        asked[asked_count++] = names[i];
        bytes += names[i].size + 1;
    }
    if (!asked_count || !git->cache)
        return;
    send_names(git, arena, asked, wanted, asked_count);
    git->later.arena = arena;
    git->later.names = asked;
    git->later.count = asked_count;
}

struct git_object git_object(struct git *git, struct arena *arena, struct slice name) {
    struct git_object object;
    git_objects(git, arena, &name, 1, &object);
    return object;
}

struct blob git_blob(struct arena *arena, const struct git_object *object, uint32_t mode) {
    if (slice_is_none(object->bytes))
        return blob_unreadable(object->reason, mode);
    if (object->type != OBJECT_BLOB)
        return blob_unreadable(SLICE("the object is not a file"), mode);
    if (object->plain && mode != 0120000 && mode != 0160000)
        return (struct blob){.state = CONTENT_TEXT, .bytes = object->bytes, .mode = mode};
    return blob_from_bytes(arena, object->bytes, mode);
}

static void read_header_line(struct arena *arena, struct slice line, struct git_commit *commit) {
    if (slice_starts(line, SLICE("tree ")) && slice_is_none(commit->tree)) {
        commit->tree = slice_from(line, 5);
    } else if (slice_starts(line, SLICE("parent "))) {
        vec_push(arena, &commit->parents, slice_from(line, 7));
    } else if (slice_starts(line, SLICE("author "))) {
        size_t end = slice_find_last_byte(line, '>');
        commit->author = slice_sub(line, 7, end == SLICE_NPOS ? line.size : end + 1);
        commit->author = blob_from_bytes(arena, commit->author, 0100644).bytes;
    }
}

bool git_commit_read(struct git *git, struct arena *arena, struct slice name,
                     struct git_commit *commit) {
    *commit = (struct git_commit){0};
    struct slice asked =
        git_is_full_id(name) ? name : arena_format(arena, "%.*s^{commit}", SLICE_ARGS(name));
    struct git_object object = git_object(git, arena, asked);
    if (!slice_is_none(object.bytes) && object.type == OBJECT_TAG)
        object = git_object(git, arena, arena_format(arena, "%.*s^{commit}", SLICE_ARGS(name)));
    if (slice_is_none(object.bytes) || object.type != OBJECT_COMMIT)
        return false;
    commit->id = object.id;
    struct slice rest = object.bytes, line;
    while (slice_split(&rest, '\n', &line) && line.size)
        read_header_line(arena, line, commit);
    struct slice message = slice_is_none(rest) ? SLICE("") : rest;
    commit->message = blob_from_bytes(arena, message, 0100644).bytes;
    return git_is_full_id(commit->tree);
}
