/*
 * One JSON record becomes a change in memory. jansson decodes, into the change's arena: it takes no
 * care of a failed allocation inside its lexer, so running out of memory has to jump out of it, and
 * then nothing of it may own memory. Its allocator is set once per process, to functions that only
 * look where the decoding of their own thread lives; outside of one it is the ordinary allocator.
 */
#include "api/object.h"
#include "base/memory.h"

#include <jansson.h>
#include <pthread.h>
#include <sodium.h>

enum { RECORD_BYTES = 512 << 20 };

/* Per thread, and only between the start and the end of one decoding. */
static _Thread_local struct arena *decoding;

static void *json_alloc(size_t size) {
    if (!decoding)
        return memory_alloc(size);
    struct arena *arena = decoding;
    decoding = NULL; /* for the case that this does not return */
    void *memory = arena_alloc(arena, size);
    decoding = arena;
    return memory;
}

static void json_release(void *memory) {
    if (!decoding)
        memory_free(memory);
}

static void hook_allocator(void) {
    json_set_alloc_funcs(json_alloc, json_release);
}

struct decoder {
    struct arena *arena;
    json_t *root; /* in the arena, never given back */
};

static _Noreturn void refuse(struct decoder *decoder, const char *where, const char *message) {
    failure_raise(decoder->arena->failure, BERM_ERROR_JSON, (struct place){"record", 1, 0}, "%s %s",
                  where, message);
}

static void decode(struct decoder *decoder, struct slice text) {
    if (text.size > RECORD_BYTES)
        failure_raise(decoder->arena->failure, BERM_ERROR_LIMIT, (struct place){"record", 1, 0},
                      "larger than %d bytes; split the change", RECORD_BYTES);
    json_error_t error;
    size_t flags = JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL;
    decoding = decoder->arena;
    decoder->root = json_loadb(text.data, text.size, flags, &error);
    decoding = NULL;
    if (decoder->root)
        return;
    failure_raise(decoder->arena->failure, BERM_ERROR_JSON,
                  (struct place){"record", (uint32_t)error.line, (uint32_t)error.column},
                  "%s; one JSON object is expected", error.text);
}

/* Text of a key, SLICE_NONE if it is absent or null. */
static struct slice text_at(struct decoder *decoder, const json_t *object, const char *key,
                            const char *where) {
    const json_t *value = json_object_get(object, key);
    if (!value || json_is_null(value))
        return SLICE_NONE;
    if (!json_is_string(value))
        refuse(decoder, where, "must be text");
    return slice_make(json_string_value(value), json_string_length(value));
}

static struct slice path_at(struct decoder *decoder, const json_t *object, const char *where) {
    struct slice path = text_at(decoder, object, "path", where);
    if (path.size == 0)
        refuse(decoder, where, "is missing or empty; give the file's path");
    if (slice_find_byte(path, '\0') != SLICE_NPOS)
        refuse(decoder, where, "holds a NUL");
    if (path.size > SOURCE_PATH_BYTES)
        refuse(decoder, where, "is longer than 4096 bytes");
    return path;
}

static struct slice base64(struct decoder *decoder, struct slice text, const char *where) {
    if (slice_is_none(text))
        return text;
    size_t limit = text.size / 4 * 3 + 3, size = 0;
    char *bytes = arena_alloc(decoder->arena, limit + 1);
    if (sodium_base642bin((unsigned char *)bytes, limit, text.data, text.size, "\r\n", &size, NULL,
                          sodium_base64_VARIANT_ORIGINAL) != 0)
        refuse(decoder, where, "is not base64");
    return slice_make(bytes, size);
}

/* Octal text as git writes it, or its number. */
static uint32_t mode_at(struct decoder *decoder, const json_t *object) {
    const json_t *value = json_object_get(object, "mode");
    if (!value || json_is_null(value))
        return 0;
    if (json_is_integer(value) && json_integer_value(value) >= 0 &&
        json_integer_value(value) <= 0777777)
        return (uint32_t)json_integer_value(value);
    uint32_t mode = 0;
    const char *text = json_string_value(value);
    for (size_t i = 0; text && text[i]; i++) {
        if (text[i] < '0' || text[i] > '7' || i >= 6)
            refuse(decoder, "change.files[].mode", "must be octal digits such as \"100644\"");
        mode = mode * 8 + (uint32_t)(text[i] - '0');
    }
    if (!text || mode == 0)
        refuse(decoder, "change.files[].mode", "must be octal digits such as \"100644\"");
    return mode;
}

static void require(struct decoder *decoder, const json_t *object, const char *key,
                    const char *where) {
    if (!json_object_get(object, key))
        refuse(decoder, where, "is missing; give text, or null where the file does not exist");
}

static struct source_file decode_file(struct decoder *decoder, const json_t *object) {
    if (!json_is_object(object))
        refuse(decoder, "change.files[]", "must be an object");
    struct source_file file = {.path = path_at(decoder, object, "change.files[].path")};
    require(decoder, object, "before", "change.files[].before");
    require(decoder, object, "after", "change.files[].after");
    file.old_path = text_at(decoder, object, "old_path", "change.files[].old_path");
    file.before = text_at(decoder, object, "before", "change.files[].before");
    file.after = text_at(decoder, object, "after", "change.files[].after");
    file.mode = mode_at(decoder, object);
    struct slice encoding = text_at(decoder, object, "encoding", "change.files[].encoding");
    if (slice_is_none(encoding))
        return file;
    if (!slice_is(encoding, "base64"))
        refuse(decoder, "change.files[].encoding", "must be \"base64\" or absent");
    file.before = base64(decoder, file.before, "change.files[].before");
    file.after = base64(decoder, file.after, "change.files[].after");
    return file;
}

static const json_t *list_at(struct decoder *decoder, const json_t *object, const char *key,
                             const char *where) {
    const json_t *list = json_object_get(object, key);
    if (list && !json_is_null(list) && !json_is_array(list))
        refuse(decoder, where, "must be a list");
    return json_is_array(list) ? list : NULL;
}

static struct source_context *decode_context(struct decoder *decoder, const json_t *list,
                                             uint32_t *count) {
    *count = (uint32_t)json_array_size(list);
    struct source_context *context =
        ARENA_ARRAY(decoder->arena, struct source_context, *count + 1u);
    for (uint32_t i = 0; i < *count; i++) {
        const json_t *object = json_array_get(list, i);
        context[i].path = path_at(decoder, object, "change.context[].path");
        context[i].content = text_at(decoder, object, "content", "change.context[].content");
        if (slice_is_none(context[i].content))
            refuse(decoder, "change.context[].content", "is missing; give the file's text");
    }
    return context;
}

static struct slice decode_id(struct decoder *decoder) {
    const json_t *id = json_object_get(decoder->root, "id");
    if (json_is_integer(id))
        return arena_format(decoder->arena, "%" JSON_INTEGER_FORMAT, json_integer_value(id));
    return text_at(decoder, decoder->root, "id", "id");
}

static struct change *make_json(struct berm_change *out, const struct change_maker *maker) {
    struct decoder decoder = {&out->arena, NULL};
    decode(&decoder, maker->bytes);
    const json_t *object = json_object_get(decoder.root, "change");
    if (!json_is_object(object))
        refuse(&decoder, "change", "is missing; an object with \"files\" is expected");
    const json_t *list = list_at(&decoder, object, "files", "change.files");
    if (!list)
        refuse(&decoder, "change.files", "is missing; a list of files is expected");
    uint32_t count = (uint32_t)json_array_size(list), context_count;
    struct source_file *files = ARENA_ARRAY(&out->arena, struct source_file, count + 1u);
    for (uint32_t i = 0; i < count; i++)
        files[i] = decode_file(&decoder, json_array_get(list, i));
    struct source_context *context = decode_context(
        &decoder, list_at(&decoder, object, "context", "change.context"), &context_count);
    struct change *change = source_memory(&out->arena, files, count, context, context_count);
    change->id = decode_id(&decoder);
    change->message = text_at(&decoder, object, "message", "change.message");
    change->author = text_at(&decoder, object, "author", "change.author");
    return change;
}

berm_status berm_change_from_json(berm_change **out, const char *json, size_t size,
                                  berm_error *error) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, hook_allocator);
    struct change_maker maker = {.make = make_json, .bytes = {json ? json : "", size}};
    return change_make(out, &maker, error);
}
