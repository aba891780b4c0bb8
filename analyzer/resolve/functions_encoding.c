/* Functions that write values and texts in another form, and read them back. */
#include "resolve/functions.h"

#include "base/yaml.h"

#include <sodium.h>

static const struct value *run_base64encode(const struct call *call) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    struct slice text = call_text(call, 0);
    struct strbuf out;
    strbuf_init(&out, call->evaluator->arena);
    for (size_t i = 0; i < text.size; i += 3) {
        uint32_t bits = 0;
        for (size_t k = 0; k < 3; k++)
            bits = bits << 8 | (i + k < text.size ? (unsigned char)text.data[i + k] : 0);
        for (size_t k = 0; k < 4; k++)
            strbuf_add_byte(&out, i + k > text.size ? '=' : digits[bits >> (18 - 6 * k) & 63]);
    }
    return slice_is_none(text) ? NULL : make_text(call->evaluator, strbuf_slice(&out));
}

static const struct value *encode(const struct call *call, const char *form) {
    const struct value *argument = call->arguments[0];
    struct strbuf out;
    strbuf_init(&out, call->evaluator->arena);
    if (argument->kind == VALUE_MAP || argument->kind == VALUE_LIST) {
        struct value *tagged = ARENA_NEW(call->evaluator->arena, struct value);
        *tagged = *argument;
        tagged->tag = slice_of(form);
        return tagged;
    }
    if (*form != 'j' || !json_encode(call->evaluator, &out, argument))
        return NULL;
    return make_text(call->evaluator, strbuf_slice(&out));
}

static const struct value *run_jsonencode(const struct call *call) {
    return encode(call, "json");
}

static const struct value *run_yamlencode(const struct call *call) {
    return encode(call, "yaml");
}

static const struct value *run_jsondecode(const struct call *call) {
    struct slice text = call_text(call, 0);
    return slice_is_none(text) ? NULL : json_decode(call->evaluator, text);
}

static const struct value *run_base64decode(const struct call *call) {
    struct slice text = call_text(call, 0);
    size_t room = text.size / 4 * 3 + 3, size = 0;
    char *bytes = arena_alloc(call->evaluator->arena, room);
    if (!resolve_spend(call->evaluator->scope, room) ||
        sodium_base642bin((unsigned char *)bytes, room, text.data, text.size, NULL, &size, NULL,
                          sodium_base64_VARIANT_ORIGINAL) ||
        memchr(bytes, 0, size))
        return NULL;
    return make_text(call->evaluator, slice_make(bytes, size));
}

/* Bytes of letters, digits and "-_.~" stay; a space is a plus. */
static const struct value *run_urlencode(const struct call *call) {
    struct slice text = call_text(call, 0);
    struct strbuf out;
    strbuf_init(&out, call->evaluator->arena);
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if (byte < 0x80 && (evaluate_is_word((char)byte) || byte == '.' || byte == '~'))
            strbuf_add_byte(&out, (char)byte);
        else if (byte == ' ')
            strbuf_add_byte(&out, '+');
        else
            strbuf_addf(&out, "%%%02X", byte);
    }
    return make_text(call->evaluator, strbuf_slice(&out));
}

/* What other readers of YAML take for something else than a text. */
static bool is_doubtful(struct slice text) {
    static const char *const words[] = {"yes", "no",   "on",   "off",  "y",
                                        "n",   ".inf", ".nan", "-.inf"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (slice_equal_nocase(text, slice_of(words[i])))
            return true;
    bool digit = text.data[0] >= '0' && text.data[0] <= '9';
    for (size_t i = 0; digit && i < text.size; i++)
        if (!strchr("0123456789abcdefABCDEFoxOXT_:.+-Z ", text.data[i]))
            return false;
    return digit || text.data[0] == '.' || text.data[0] == '+' || text.data[0] == '-';
}

static const struct value *yaml_scalar(struct evaluator *evaluator, const struct yaml_node *node) {
    int64_t number;
    struct slice text = node->text;
    if (node->quoted)
        return make_text(evaluator, text);
    if (!text.size || slice_is(text, "~") || slice_equal_nocase(text, SLICE("null")))
        return make_null();
    if (slice_equal_nocase(text, SLICE("true")) || slice_equal_nocase(text, SLICE("false")))
        return make_bool(text.size == 4);
    bool leading = text.size > 1 && text.data[0] == '0';
    if (!leading && text.data[0] != '+' && slice_to_int(text, &number))
        return make_number(evaluator, number);
    if (is_doubtful(text))
        evaluator->failed = true;
    return make_text(evaluator, text);
}

static const struct value *yaml_value(struct evaluator *evaluator, const struct yaml_node *node) {
    struct values list = {0};
    VEC(struct value_item) items = {0};
    if (node->kind == YAML_SCALAR)
        return yaml_scalar(evaluator, node);
    for (uint32_t i = 0; i < node->count && !evaluator->failed; i++) {
        struct value_item item = {node->entries[i].key, {0, 0}, NULL};
        item.value = yaml_value(evaluator, node->entries[i].value);
        vec_push(evaluator->arena, &items, item);
        values_add(evaluator, &list, item.value);
    }
    return node->kind == YAML_MAP ? make_map(evaluator, items.items, items.count)
                                  : make_list(evaluator, &list);
}

struct yaml_reading {
    struct arena *arena;
    struct slice text;
    struct yaml_node *node;
};

static void read_yaml(void *context) {
    struct yaml_reading *reading = context;
    reading->node = yaml_parse(reading->arena, reading->text, "yamldecode", BERM_ERROR_RULE);
}

static void release_arena(void *arena) {
    arena_release(arena);
}

static const struct value *run_yamldecode(const struct call *call) {
    struct evaluator *evaluator = call->evaluator;
    struct failure *failure = ARENA_NEW(evaluator->arena, struct failure);
    struct yaml_reading reading = {.text = call_text(call, 0)};
    if (!slice_trim(reading.text).size || !resolve_spend(evaluator->scope, reading.text.size * 8))
        return NULL;
    reading.arena = ARENA_NEW(evaluator->arena, struct arena);
    failure_init(failure);
    arena_init(reading.arena, failure, 0);
    arena_on_release(evaluator->arena, release_arena, reading.arena);
    bool read = failure_try(failure, read_yaml, &reading);
    if (!read && failure->error.status == BERM_ERROR_MEMORY)
        arena_out_of_memory(evaluator->arena);
    struct evaluator reader = {.scope = evaluator->scope, .arena = evaluator->arena};
    const struct value *value = read ? yaml_value(&reader, reading.node) : NULL;
    return reader.failed ? NULL : value;
}

/* How a hash is written. */
enum digest_form { DIGEST_HEX, DIGEST_BASE64 };

static const struct value *digest_value(struct evaluator *evaluator, const unsigned char *bytes,
                                        size_t size, enum digest_form form) {
    char text[2 * crypto_hash_sha512_BYTES + 1];
    if (form == DIGEST_HEX)
        sodium_bin2hex(text, sizeof text, bytes, size);
    else
        sodium_bin2base64(text, sizeof text, bytes, size, sodium_base64_VARIANT_ORIGINAL);
    return make_text(evaluator, arena_copy(evaluator->arena, slice_of(text)));
}

static const struct value *digest(struct evaluator *evaluator, struct slice text, bool longer,
                                  enum digest_form form) {
    unsigned char bytes[crypto_hash_sha512_BYTES];
    if (longer)
        crypto_hash_sha512(bytes, (const unsigned char *)text.data, text.size);
    else
        crypto_hash_sha256(bytes, (const unsigned char *)text.data, text.size);
    return digest_value(evaluator, bytes,
                        longer ? crypto_hash_sha512_BYTES : crypto_hash_sha256_BYTES, form);
}

/* Hashes that nothing here can make: the same for the same text, other for another. */
static const struct value *opaque(struct evaluator *evaluator, struct slice name,
                                  struct slice text) {
    const struct value *known = digest(evaluator, text, false, DIGEST_HEX);
    return make_open(evaluator, arena_format(evaluator->arena, "%.*s(\"sha256:%.*s\")",
                                             SLICE_ARGS(name), SLICE_ARGS(known->text)));
}

struct hash {
    const char *name;
    bool made, longer;
    enum digest_form form;
};

static const struct hash HASHES[] = {
    {"md5", false, false, DIGEST_HEX},
    {"sha1", false, false, DIGEST_HEX},
    {"sha256", true, false, DIGEST_HEX},
    {"sha512", true, true, DIGEST_HEX},
    {"base64sha256", true, false, DIGEST_BASE64},
    {"base64sha512", true, true, DIGEST_BASE64},
};

const struct value *hash_text(struct evaluator *evaluator, struct slice name, struct slice text) {
    for (size_t i = 0; i < sizeof HASHES / sizeof *HASHES; i++)
        if (slice_is(name, HASHES[i].name))
            return HASHES[i].made ? digest(evaluator, text, HASHES[i].longer, HASHES[i].form)
                                  : opaque(evaluator, name, text);
    return NULL;
}

static const struct value *run_hash(const struct call *call) {
    return hash_text(call->evaluator, call->name, call_text(call, 0));
}

const struct function FUNCTIONS_OF_ENCODINGS[] = {
    {"base64encode", 1, 1, NEEDS_PLAIN, run_base64encode},
    {"base64decode", 1, 1, NEEDS_PLAIN, run_base64decode},
    {"urlencode", 1, 1, NEEDS_PLAIN, run_urlencode},
    {"jsonencode", 1, 1, NEEDS_SHAPE, run_jsonencode},
    {"yamlencode", 1, 1, NEEDS_SHAPE, run_yamlencode},
    {"jsondecode", 1, 1, NEEDS_PLAIN, run_jsondecode},
    {"yamldecode", 1, 1, NEEDS_PLAIN, run_yamldecode},
    {"md5", 1, 1, NEEDS_PLAIN, run_hash},
    {"sha1", 1, 1, NEEDS_PLAIN, run_hash},
    {"sha256", 1, 1, NEEDS_PLAIN, run_hash},
    {"sha512", 1, 1, NEEDS_PLAIN, run_hash},
    {"base64sha256", 1, 1, NEEDS_PLAIN, run_hash},
    {"base64sha512", 1, 1, NEEDS_PLAIN, run_hash},
    {.name = NULL},
};
