#include "entity/statement.h"

static struct slice clause_key(struct statements *st, const struct phrase *phrase) {
    struct strbuf key;
    strbuf_init(&key, st->builder->arena);
    for (size_t i = 0; i < phrase->text.size; i++)
        strbuf_add_byte(&key, phrase->text.data[i] == ' ' ? '_' : phrase->text.data[i]);
    return strbuf_slice(&key);
}

static bool may_begin(const struct statements *st, const struct phrases *phrases, uint32_t at) {
    if (!phrases || !token_has_role(st, at, ROLE_WORD))
        return false;
    char byte = token_text(st, at).data[0];
    if (byte >= 'A' && byte <= 'Z')
        byte = (char)(byte + 32);
    return byte >= 'a' && byte <= 'z' && (phrases->letters & (1U << (byte - 'a')));
}

/* A clause goes up to the next one; what stands before the first belongs to none. */
void clauses_read(struct statements *st, const struct form *form, struct run run,
                  struct clauses *clauses) {
    memset(clauses, 0, sizeof *clauses);
    for (uint32_t at = run.from; at < run.to;) {
        const struct phrase *phrase;
        uint32_t taken = may_begin(st, form->clauses, at)
                             ? phrase_at(st, form->clauses, at, run.to, &phrase)
                             : 0;
        if (!taken) {
            at = token_at(st, at)->next;
            continue;
        }
        if (clauses->runs.count)
            clauses->runs.items[clauses->runs.count - 1].to = at;
        struct capture clause = {.key = clause_key(st, phrase)};
        vec_push(st->scratch, &clauses->list, clause);
        at += taken;
        vec_push(st->scratch, &clauses->runs, ((struct run){at, run.to}));
    }
}

const struct run *clause_find(const struct clauses *clauses, const char *key) {
    for (uint32_t i = 0; i < clauses->list.count; i++)
        if (slice_is(clauses->list.items[i].key, key))
            return &clauses->runs.items[i];
    return NULL;
}

static bool is_listed(const struct slices *list, struct slice text) {
    for (uint32_t i = 0; i < list->list.count; i++)
        if (slice_equal(list->list.items[i], text))
            return true;
    return false;
}

void modifiers_read(struct statements *st, const struct phrases *phrases, struct run run,
                    struct slices *modifiers) {
    for (uint32_t at = run.from; at < run.to;) {
        const struct phrase *phrase;
        uint32_t taken =
            may_begin(st, phrases, at) ? phrase_at(st, phrases, at, run.to, &phrase) : 0;
        if (taken && !is_listed(modifiers, phrase->text))
            vec_push(st->scratch, &modifiers->list, phrase->text);
        at = taken ? at + taken : token_at(st, at)->next;
    }
}
