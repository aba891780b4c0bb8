/* A script read part by part gives what reading it as a whole gives, places included. */
#include "entity_fixture.h"

#include "entity/cache.h"
#include "entity/code.h"

static const struct entity_list *read_whole(struct fixture *fixture, struct slice text) {
    const struct dialect *dialect = dialect_by_name(fixture->reader.dialects, SLICE("bash"));
    struct entity_list_builder *list = ARENA_NEW(&fixture->arena, struct entity_list_builder);
    list->block = text;
    struct builder builder = {.arena = &fixture->arena,
                              .reader = &fixture->reader,
                              .dialect = dialect,
                              .roles = cache_roles(&fixture->reader, dialect->language),
                              .text = text,
                              .scope = ENTITY_NONE,
                              .weight = 100,
                              .host = SLICE_NONE,
                              .list = list};
    code_read_text(&builder, NULL, NULL, NULL);
    struct entity_list *made = ARENA_NEW(&fixture->arena, struct entity_list);
    *made = (struct entity_list){.items = list->items.items,
                                 .count = list->items.count,
                                 .notes = list->notes.items,
                                 .note_count = list->notes.count};
    return made;
}

static void assert_same_span(struct span a, struct span b) {
    assert_int_equal(a.from, b.from);
    assert_int_equal(a.to, b.to);
}

/* `at`: where the spans of `a` count from. An empty span at 0 stands for no place. */
static void assert_same_place(struct span a, uint32_t at, struct span b) {
    if (a.to)
        a = (struct span){a.from + at, a.to + at};
    assert_same_span(a, b);
}

static void assert_same_value(const struct value *a, uint32_t at, const struct value *b) {
    assert_int_equal(a->kind, b->kind);
    assert_true(slice_equal(a->text, b->text));
    assert_same_place(a->span, at, b->span);
    assert_int_equal(a->count, b->count);
    for (uint32_t i = 0; i < a->count; i++) {
        assert_true(slice_equal(a->items[i].key, b->items[i].key));
        assert_same_place(a->items[i].span, at, b->items[i].span);
        assert_same_value(a->items[i].value, at, b->items[i].value);
    }
}

static void assert_same_list(const struct entity_list *a, const struct entity_list *b) {
    assert_int_equal(a->count, b->count);
    for (uint32_t i = 0; i < a->count; i++) {
        const struct entity *x = &a->items[i], *y = &b->items[i];
        assert_true(slice_equal(x->kind, y->kind));
        assert_true(slice_equal(x->type, y->type));
        assert_true(slice_equal(x->name, y->name));
        assert_int_equal(x->scope, y->scope);
        assert_int_equal(x->order, y->order);
        assert_int_equal(x->weight, y->weight);
        assert_true(x->body_hash == y->body_hash);
        assert_same_span(x->span, y->span);
        assert_same_value(x->body, x->body_at, y->body);
    }
    assert_int_equal(a->note_count, b->note_count);
    for (uint32_t i = 0; i < a->note_count; i++) {
        assert_int_equal(a->notes[i].line, b->notes[i].line);
        assert_true(slice_equal(a->notes[i].reason, b->notes[i].reason));
    }
}

static const char *const scripts[] = {
    "#!/bin/bash -eu\nROOT=/srv/data\nclean() {\n  rm -rf \"$ROOT/tmp\"\n}\n\n"
    "[ -n \"$1\" ] || exit 1\nset -o pipefail\nwipe() {\n  local dir=\"$1\"\n  rm -rf \"$dir\"\n"
    "  DIR=$dir\n}\nwipe \"$1\"\nrm -rf \"$ROOT\" \"$DIR\"\n",
    /* variables that are set, filled and forgotten in one part and used in another */
    "a() {\n  read -r NAME\n  X=1; Y=$(mktemp)\n}\nb() {\n  unset X\n  for f in *; do rm \"$f\"; "
    "done\n"
    "}\nrm -rf \"/$X\" \"$Y/x\" \"$NAME\" \"$f/\"\nif [ -z \"$X\" ]; then\n  exit 1\nfi\n"
    "c() {\n  rm -rf \"$X\"\n}\n",
    /* scripts inside scripts, and redirections */
    ("a() {\n  sh -c 'rm -rf /var/x; echo done' > out.txt\n}\nb() {\n  sudo bash -c \"rm -r $1\"\n"
     "  python3 -c 'import os\nos.remove(\"x\")\n'\n}\nssh host 'rm -rf /y'\n"),
    /* a line "}" inside of a string, of a here-document and behind a continuation */
    "a() {\n  echo 'x\n}\n  y'\n}\nrm -rf /z\n}\n",
    "a() {\n  cat <<EOF\n}\nrm -rf /no\nEOF\n}\nb() {\n  rm -rf /yes\n}\n",
    "a() {\n  rm x\n}\ncat <<EOF > f\nb() {\n}\nEOF\nrm -rf /yes\n",
    "A=1 B=2 \\\n}\nrm -rf x\nf() {\n  :\n}\n",
    "if true\nthen {\n  rm a\n}\nfi\nrm b\n",
    "f()\n{\n  rm a\n}\n{\n  rm b\n}\n&& rm c\ng() {\n}\nrm d\n",
    /* aliases, functions with arguments and files, used behind the part that makes them */
    "alias k='kubectl -n x'\na() {\n  rm -rf \"$1\"\n}\nb() {\n  :\n}\nk get ns\na /x\n",
    "o=(-r -f)\ncat > x.sh <<E\nrm y\nE\na() {\n  :\n}\nrm \"${o[@]}\" z\nsh x.sh\n",
    /* errors: told once, where they are */
    "a() {\n  rm x\n}\nb() {\n  if then fi ((\n}\nrm y\n",
    "}\n}\n}\n",
    "\n}\n\n}\n",
    "a() {\n  rm x\n}\n",
    "a() {\n  rm x\n}\n# only a comment",
};

static void parts_equal_the_whole(void **state) {
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
        struct slice text = slice_of(scripts[i]);
        assert_same_list(fixture_read(fixture, "bash", text), read_whole(fixture, text));
    }
}

/* Every pair of scripts behind each other: state of all kinds meets text of all kinds. */
static void joined_scripts_equal_the_whole(void **state) {
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++)
        for (size_t n = 0; n < sizeof scripts / sizeof *scripts; n++) {
            struct slice text =
                ARENA_CONCAT(&fixture->arena, slice_of(scripts[i]), slice_of(scripts[n]));
            assert_same_list(fixture_read(fixture, "bash", text), read_whole(fixture, text));
        }
}

static void a_list_keeps_its_parts(void **state) {
    struct fixture *fixture = *state;
    struct entity_cache *shared = fixture->reader.cache;
    fixture->reader.cache = entity_cache_new(&fixture->failure, 1);
    struct slice text = slice_of(scripts[0]);
    for (uint32_t i = 0; i < 3; i++) {
        assert_same_list(fixture_read(fixture, "bash", text), read_whole(fixture, text));
        entity_cache_trim(fixture->reader.cache);
    }
    entity_cache_free(fixture->reader.cache);
    fixture->reader.cache = shared;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_equal_the_whole),
        cmocka_unit_test(joined_scripts_equal_the_whole),
        cmocka_unit_test(a_list_keeps_its_parts),
    };
    return cmocka_run_group_tests(tests, fixture_set_up, fixture_tear_down);
}
