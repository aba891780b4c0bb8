#include "fact/pattern.h"

#include "base/hash.h"
#include "base/map.h"
#include "base/memory.h"
#include "base/vec.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

enum { PATTERN_OPTIONS = PCRE2_NEVER_BACKSLASH_C | PCRE2_NEVER_UTF | PCRE2_NEVER_UCP };

/*
 * Answers given lately: the same names and words are asked about again and again, and running a
 * pattern costs a hundred times the comparison of a short text. Texts are compared as a whole, so
 * nothing depends on the hash.
 */
enum { MEMO_TEXT = 52, MEMO_ROWS = 64, MEMO_SLOTS = 32 };
enum { RECENT_PATTERNS = 512 };

struct memo {
    uint32_t pattern; /* index + 1; 0 = free */
    uint8_t result, size;
    char text[MEMO_TEXT];
};

struct pattern_cache {
    struct memo *memos[MEMO_ROWS]; /* by text and pattern; a row is made when it is needed */
    struct arena *arena;
    pcre2_general_context *general;
    pcre2_compile_context *compile;
    pcre2_match_context *match;
    pcre2_match_data *data;
    struct map known;
    VEC(pcre2_code *) codes; /* NULL: does not compile */
    struct recent {
        struct slice pattern;
        uint32_t index;
    } recent[RECENT_PATTERNS]; /* by address: saves the hash of the pattern, which is long */
};

static void *pattern_alloc(size_t size, void *context) {
    (void)context;
    return memory_alloc(size);
}

static void pattern_free(void *pointer, void *context) {
    (void)context;
    memory_free(pointer);
}

static void cache_release(void *object) {
    struct pattern_cache *cache = object;
    for (uint32_t i = 0; i < cache->codes.count; i++)
        pcre2_code_free(cache->codes.items[i]);
    pcre2_match_data_free(cache->data);
    pcre2_match_context_free(cache->match);
    pcre2_compile_context_free(cache->compile);
    pcre2_general_context_free(cache->general);
    *cache = (struct pattern_cache){0};
}

struct pattern_cache *pattern_cache_new(struct arena *arena) {
    struct pattern_cache *cache = ARENA_NEW(arena, struct pattern_cache);
    cache->arena = arena;
    map_init(&cache->known, arena);
    arena_on_release(arena, cache_release, cache);
    return cache;
}

/* On the first pattern only: most reviews need none. */
static void cache_open(struct pattern_cache *cache) {
    if (cache->data)
        return;
    if (!cache->general)
        cache->general = pcre2_general_context_create(pattern_alloc, pattern_free, NULL);
    if (cache->general && !cache->compile)
        cache->compile = pcre2_compile_context_create(cache->general);
    if (cache->general && !cache->match)
        cache->match = pcre2_match_context_create(cache->general);
    if (cache->compile && cache->match)
        cache->data = pcre2_match_data_create(1, cache->general);
    if (!cache->data)
        arena_out_of_memory(cache->arena);
    pcre2_set_max_pattern_length(cache->compile, PATTERN_BYTES);
    pcre2_set_parens_nest_limit(cache->compile, PATTERN_NESTING);
    pcre2_set_match_limit(cache->match, PATTERN_STEPS);
    pcre2_set_depth_limit(cache->match, PATTERN_DEPTH);
    pcre2_set_heap_limit(cache->match, PATTERN_HEAP_KIB);
}

struct pattern_error {
    int number;
    size_t offset;
};

static pcre2_code *compile(struct pattern_cache *cache, struct slice pattern, uint32_t options,
                           struct pattern_error *error) {
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern.data, pattern.size, options,
                                     &error->number, &error->offset, cache->compile);
    size_t size = 0;
    if (code && (pcre2_pattern_info(code, PCRE2_INFO_SIZE, &size) || size > PATTERN_SIZE)) {
        pcre2_code_free(code);
        *error = (struct pattern_error){PCRE2_ERROR_INTERNAL, 0};
        return NULL;
    }
    if (!code && error->number == PCRE2_ERROR_HEAP_FAILED)
        arena_out_of_memory(cache->arena);
    return code;
}

static uint32_t code_make(struct pattern_cache *cache, struct slice pattern) {
    cache_open(cache);
    uint32_t index = cache->codes.count;
    vec_push(cache->arena, &cache->codes, NULL);
    struct pattern_error error;
    cache->codes.items[index] = compile(cache, pattern, PATTERN_OPTIONS, &error);
    map_set(&cache->known, pattern, index);
    return index;
}

static uint32_t cached_code(struct pattern_cache *cache, struct slice pattern) {
    struct recent *recent = &cache->recent[(uintptr_t)pattern.data / 4 % RECENT_PATTERNS];
    if (recent->pattern.data == pattern.data && recent->pattern.size == pattern.size)
        return recent->index;
    uint32_t index = map_get(&cache->known, pattern);
    if (index == MAP_ABSENT)
        index = code_make(cache, pattern);
    *recent = (struct recent){pattern, index};
    return index;
}

static enum pattern_result pattern_run(struct pattern_cache *cache, const pcre2_code *code,
                                       struct slice text) {
    int rc = pcre2_match(code, (PCRE2_SPTR)(text.data ? text.data : ""), text.size, 0, 0,
                         cache->data, cache->match);
    if (rc >= 0)
        return PATTERN_YES;
    if (rc == PCRE2_ERROR_NOMEMORY)
        arena_out_of_memory(cache->arena);
    return rc == PCRE2_ERROR_NOMATCH ? PATTERN_NO : PATTERN_UNDECIDED;
}

static struct memo *memo_of(struct pattern_cache *cache, uint32_t pattern, struct slice text) {
    uint64_t hash = hash_bytes(text) + pattern * UINT64_C(0x9E3779B97F4A7C15);
    struct memo **row = &cache->memos[hash / MEMO_SLOTS % MEMO_ROWS];
    if (!*row)
        *row = ARENA_ARRAY(cache->arena, struct memo, MEMO_SLOTS);
    return &(*row)[hash % MEMO_SLOTS];
}

enum pattern_result pattern_search(struct pattern_cache *cache, struct slice pattern,
                                   struct pattern_hint hint, struct slice text) {
    if (hint_excludes(&hint, text_mask(text)))
        return PATTERN_NO; /* most patterns are never compiled */
    uint32_t index = cached_code(cache, pattern);
    const pcre2_code *code = cache->codes.items[index];
    if (!code)
        return PATTERN_UNDECIDED;
    if (text.size > MEMO_TEXT)
        return pattern_run(cache, code, text);
    struct memo *memo = memo_of(cache, index, text);
    if (memo->pattern == index + 1 && slice_equal(slice_make(memo->text, memo->size), text))
        return (enum pattern_result)memo->result;
    enum pattern_result result = pattern_run(cache, code, text);
    *memo = (struct memo){.pattern = index + 1, .result = (uint8_t)result};
    memo->size = (uint8_t)text.size;
    if (text.size)
        memcpy(memo->text, text.data, text.size);
    return result;
}

static bool is_ascii(struct slice text) {
    for (size_t i = 0; i < text.size; i++)
        if ((unsigned char)text.data[i] >= 0x80)
            return false;
    return true;
}

/* Looking around, references back, possessive and atomic groups, verbs: no such thing in Go. */
static bool is_common(struct slice pattern) {
    static const char *const foreign[] = {"(?=", "(?!", "(?<", "(?>", "(?|", "(?&", "(?R", "(?#",
                                          "(?(", "(*",  "*+",  "++",  "?+",  "}+",  "\\g", "\\k",
                                          "\\G", "\\K", "\\R", "\\h", "\\X", "\\Z", "\\N", "[["};
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
        if (slice_contains(pattern, slice_of(foreign[i])))
            return false;
    for (size_t i = 0; i + 1 < pattern.size; i++)
        if (pattern.data[i] == '\\' && pattern.data[i + 1] >= '1' && pattern.data[i + 1] <= '9')
            return false;
    return is_ascii(pattern);
}

/* NULL: it does not compile. */
static pcre2_code *found_code(struct pattern_cache *cache, struct slice pattern) {
    struct slice key = ARENA_CONCAT(cache->arena, SLICE("\1"), pattern);
    uint32_t index = map_get(&cache->known, key);
    if (index != MAP_ABSENT)
        return cache->codes.items[index];
    cache_open(cache);
    index = cache->codes.count;
    vec_push(cache->arena, &cache->codes, NULL);
    struct pattern_error error;
    if (is_common(pattern))
        cache->codes.items[index] =
            compile(cache, pattern, PATTERN_OPTIONS | PCRE2_DOLLAR_ENDONLY, &error);
    map_set(&cache->known, key, index);
    return cache->codes.items[index];
}

/* Everything that takes memory of the arena, so that nothing is lost where there is none. */
static void make_groups(struct pattern_cache *cache, const pcre2_code *code,
                        struct pattern_match *match) {
    uint32_t groups = 0, names = 0, size = 0;
    PCRE2_SPTR table = NULL;
    pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &groups);
    pcre2_pattern_info(code, PCRE2_INFO_NAMECOUNT, &names);
    pcre2_pattern_info(code, PCRE2_INFO_NAMEENTRYSIZE, &size);
    pcre2_pattern_info(code, PCRE2_INFO_NAMETABLE, &table);
    match->count = groups + 1;
    match->groups = ARENA_ARRAY(cache->arena, struct pattern_group, match->count);
    match->named = names > 0;
    for (uint32_t i = 0; i < names; i++, table += size) {
        uint32_t group = (uint32_t)table[0] << 8 | table[1];
        if (group < match->count)
            match->groups[group].name = arena_copy(cache->arena, slice_of((const char *)table + 2));
    }
}

static void take_groups(pcre2_match_data *data, struct slice text, struct pattern_match *match) {
    const PCRE2_SIZE *places = pcre2_get_ovector_pointer(data);
    match->from = places[0];
    match->to = places[1];
    for (uint32_t i = 0; i < match->count; i++)
        if (places[2 * i] != PCRE2_UNSET)
            match->groups[i].text = slice_sub(text, places[2 * i], places[2 * i + 1]);
}

enum pattern_result pattern_find(struct pattern_cache *cache, struct slice pattern,
                                 struct slice text, size_t from, struct pattern_match *match) {
    pcre2_code *code = found_code(cache, pattern);
    if (!code || !is_ascii(text))
        return PATTERN_UNDECIDED;
    make_groups(cache, code, match);
    pcre2_match_data *data = pcre2_match_data_create_from_pattern(code, cache->general);
    if (!data)
        arena_out_of_memory(cache->arena);
    pcre2_set_match_limit(cache->match, PATTERN_STEPS / 100);
    int rc = pcre2_match(code, (PCRE2_SPTR)(text.data ? text.data : ""), text.size, from, 0, data,
                         cache->match);
    pcre2_set_match_limit(cache->match, PATTERN_STEPS);
    if (rc > 0)
        take_groups(data, text, match);
    pcre2_match_data_free(data);
    if (rc == PCRE2_ERROR_NOMEMORY)
        arena_out_of_memory(cache->arena);
    return rc > 0 ? PATTERN_YES : rc == PCRE2_ERROR_NOMATCH ? PATTERN_NO : PATTERN_UNDECIDED;
}

void pattern_check(struct arena *arena, struct slice pattern, struct place place,
                   enum berm_status status) {
    struct pattern_cache *cache = pattern_cache_new(arena);
    cache_open(cache);
    struct pattern_error error;
    pcre2_code *code = compile(cache, pattern, PATTERN_OPTIONS, &error);
    if (!code) {
        PCRE2_UCHAR text[120] = "too large when compiled";
        if (error.number != PCRE2_ERROR_INTERNAL)
            pcre2_get_error_message(error.number, text, sizeof text);
        cache_release(cache);
        failure_raise(arena->failure, status, place, "pattern '%.*s' at byte %zu: %s",
                      SLICE_ARGS(pattern), error.offset + 1, (const char *)text);
    }
    pcre2_code_free(code);
    cache_release(cache);
}
