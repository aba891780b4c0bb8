/* Functions of numbers and of IPv4 networks. Only whole numbers. */
#include "resolve/functions.h"

static const struct value *extreme(const struct call *call, bool largest) {
    int64_t best = 0, number;
    for (uint32_t i = 0; i < call->count; i++) {
        if (!call_number(call, i, &number))
            return NULL;
        if (!i || (largest ? number > best : number < best))
            best = number;
    }
    return make_number(call->evaluator, best);
}

static const struct value *run_min(const struct call *call) {
    return extreme(call, false);
}

static const struct value *run_max(const struct call *call) {
    return extreme(call, true);
}

static const struct value *run_abs(const struct call *call) {
    int64_t number;
    if (!call_number(call, 0, &number) || number == INT64_MIN)
        return NULL;
    return make_number(call->evaluator, number < 0 ? -number : number);
}

/* ceil and floor of what is whole already */
static const struct value *run_whole(const struct call *call) {
    int64_t number;
    return call_number(call, 0, &number) ? make_number(call->evaluator, number) : NULL;
}

static const struct value *run_tonumber(const struct call *call) {
    const struct value *value = call->arguments[0];
    int64_t number;
    if (value->kind == VALUE_NULL)
        return value;
    return as_number(value, &number) ? make_number(call->evaluator, number) : NULL;
}

static const struct value *run_parseint(const struct call *call) {
    int64_t number, base;
    if (!call_number(call, 1, &base) || base != 10 || !slice_to_int(call_text(call, 0), &number))
        return NULL;
    return make_number(call->evaluator, number);
}

static const struct value *run_pow(const struct call *call) {
    int64_t base, exponent, result = 1;
    if (!call_number(call, 0, &base) || !call_number(call, 1, &exponent) || exponent < 0 ||
        exponent > 62)
        return NULL;
    while (exponent--)
        if (__builtin_mul_overflow(result, base, &result))
            return NULL;
    return make_number(call->evaluator, result);
}

struct network {
    uint32_t address, bits;
};

static bool read_network(struct slice text, struct network *network) {
    size_t slash = slice_find_byte(text, '/');
    struct slice address = slice_sub(text, 0, slash), part;
    int64_t number, bits;
    uint32_t parts = 0;
    network->address = 0;
    if (slash == SLICE_NPOS || !slice_to_int(slice_from(text, slash + 1), &bits) || bits < 0 ||
        bits > 32)
        return false;
    for (; slice_split(&address, '.', &part); parts++) {
        if (!slice_to_int(part, &number) || number < 0 || number > 255)
            return false;
        network->address = network->address << 8 | (uint32_t)number;
    }
    network->bits = (uint32_t)bits;
    if (bits < 32)
        network->address &= ~(UINT32_MAX >> bits);
    return parts == 4;
}

static struct slice show_address(const struct call *call, uint32_t address) {
    return arena_format(call->evaluator->arena, "%u.%u.%u.%u", address >> 24, address >> 16 & 255,
                        address >> 8 & 255, address & 255);
}

static const struct value *run_cidrsubnet(const struct call *call) {
    struct network network;
    int64_t more, number;
    if (!read_network(call_text(call, 0), &network) || !call_number(call, 1, &more) ||
        !call_number(call, 2, &number) || more < 0 || number < 0 || network.bits + more > 32 ||
        number >> more)
        return NULL;
    uint32_t bits = network.bits + (uint32_t)more;
    uint64_t offset = bits ? (uint64_t)number << (32 - bits) : 0;
    struct slice address = show_address(call, network.address | (uint32_t)offset);
    return make_text(call->evaluator,
                     arena_format(call->evaluator->arena, "%.*s/%u", SLICE_ARGS(address), bits));
}

static const struct value *run_cidrhost(const struct call *call) {
    struct network network;
    int64_t number;
    if (!read_network(call_text(call, 0), &network) || !call_number(call, 1, &number))
        return NULL;
    int64_t size = (int64_t)1 << (32 - network.bits);
    if (number < 0)
        number += size;
    if (number < 0 || number >= size)
        return NULL;
    return make_text(call->evaluator, show_address(call, network.address + (uint32_t)number));
}

static const struct value *run_cidrnetmask(const struct call *call) {
    struct network network;
    if (!read_network(call_text(call, 0), &network))
        return NULL;
    uint32_t mask = network.bits ? ~(uint32_t)(((uint64_t)1 << (32 - network.bits)) - 1) : 0;
    return make_text(call->evaluator, show_address(call, mask));
}

/* Networks one behind the other, each aligned to its own size. */
static const struct value *run_cidrsubnets(const struct call *call) {
    struct network network;
    struct values made = {0};
    int64_t more;
    uint64_t next = 0;
    if (!read_network(call_text(call, 0), &network))
        return NULL;
    uint64_t size = (uint64_t)1 << (32 - network.bits);
    for (uint32_t i = 1; i < call->count; i++) {
        if (!call_number(call, i, &more) || more < 1 || network.bits + more > 32)
            return NULL;
        uint64_t own = size >> more;
        next = (next + own - 1) / own * own;
        if (next + own > size)
            return NULL;
        struct slice address = show_address(call, network.address + (uint32_t)next);
        struct slice text = arena_format(call->evaluator->arena, "%.*s/%u", SLICE_ARGS(address),
                                         network.bits + (uint32_t)more);
        values_add(call->evaluator, &made, make_text(call->evaluator, text));
        next += own;
    }
    return make_list(call->evaluator, &made);
}

static const struct value *run_signum(const struct call *call) {
    int64_t number;
    return call_number(call, 0, &number) ? make_number(call->evaluator, (number > 0) - (number < 0))
                                         : NULL;
}

const struct function FUNCTIONS_OF_NUMBERS[] = {
    {"min", 1, FUNCTION_MANY, NEEDS_PLAIN, run_min},
    {"max", 1, FUNCTION_MANY, NEEDS_PLAIN, run_max},
    {"abs", 1, 1, NEEDS_PLAIN, run_abs},
    {"ceil", 1, 1, NEEDS_PLAIN, run_whole},
    {"floor", 1, 1, NEEDS_PLAIN, run_whole},
    {"tonumber", 1, 1, NEEDS_KNOWN, run_tonumber},
    {"parseint", 2, 2, NEEDS_PLAIN, run_parseint},
    {"pow", 2, 2, NEEDS_PLAIN, run_pow},
    {"cidrsubnet", 3, 3, NEEDS_PLAIN, run_cidrsubnet},
    {"signum", 1, 1, NEEDS_PLAIN, run_signum},
    {"cidrsubnets", 1, FUNCTION_MANY, NEEDS_PLAIN, run_cidrsubnets},
    {"cidrhost", 2, 2, NEEDS_PLAIN, run_cidrhost},
    {"cidrnetmask", 1, 1, NEEDS_PLAIN, run_cidrnetmask},
    {.name = NULL},
};
