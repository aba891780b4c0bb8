/* Formats of lines, and Jenkinsfiles: what their parts are called, what they run and where. */
#include "entity_fixture.h"

static const struct entity *find(const struct entity_list *list, const char *kind,
                                 const char *name) {
    for (uint32_t i = 0; i < list->count; i++)
        if (slice_is(list->items[i].kind, kind) && slice_is(list->items[i].name, name))
            return &list->items[i];
    fail_msg("no %s %s", kind, name);
    return NULL;
}

static void assert_stands_at(const char *text, const struct entity *entity, const char *what) {
    assert_memory_equal(text + entity->span.from, what, strlen(what));
}

static void assert_text(const struct entity *entity, const char *path, const char *wanted) {
    const struct value *value = value_at(entity->body, slice_of(path));
    assert_non_null(value);
    assert_true(slice_is(value->text, wanted));
}

static void stages_of_an_image(void **state) {
    static const char text[] = "# syntax=docker/dockerfile:1\n"
                               "ARG VERSION=12\n"
                               "from localhost:5000/lib/debian:${VERSION}-slim@sha256:ab AS build\n"
                               "ENV DIR=/srv/app NAME=\"a b\" \\\n"
                               "    # a comment\n"
                               "    LAST=x\n"
                               "RUN apt-get update && \\\n"
                               "\n"
                               "    # another\n"
                               "    rm -rf $DIR/cache\n"
                               "RUN [ -f x ] && kubectl get a\n"
                               "RUN [\"kubectl\", \"get\", \"b\"]\n"
                               "RUN <<EOF\n"
                               "kubectl get c\n"
                               "EOF\n"
                               "RUN bash <<-'X' && echo `date`\n"
                               "\tkubectl get d\n"
                               "\tX\n"
                               "FROM scratch\n"
                               "EXPOSE 80 443/tcp\n"
                               "USER root\n"
                               "USER app\n"
                               "CMD kubectl get e";
    const struct entity_list *list = fixture_read(*state, "dockerfile", slice_of(text));
    assert_int_equal(list->note_count, 0);
    const struct entity *build = find(list, "stage", "build");
    assert_text(build, "repository", "localhost:5000/lib/");
    assert_text(build, "image", "debian");
    assert_text(build, "tag", "${VERSION}-slim");
    assert_text(build, "digest", "sha256:ab");
    assert_text(build, "env.NAME", "a b");
    assert_text(build, "env.LAST", "x");
    const struct entity *last = find(list, "stage", "stage");
    assert_text(last, "user", "app");
    assert_text(last, "expose.port[1]", "443/tcp");
    assert_text(find(list, "command", "rm -rf $DIR/cache"), "resolved[0]", "/srv/app/cache");
    assert_stands_at(text, find(list, "command", "rm -rf $DIR/cache"), "rm -rf $DIR");
    for (char letter = 'a'; letter <= 'e'; letter++) {
        char name[] = "kubectl get _";
        name[12] = letter;
        assert_stands_at(text, find(list, "command", name), letter == 'b' ? "\"kubectl\"" : name);
    }
    assert_int_equal(find(list, "command", "kubectl get d")->weight, 30);
    assert_int_equal(find(list, "command", "kubectl get e")->weight, 100);
}

static void recipes_of_make(void **state) {
    static const char text[] = "DIR ?= out\n"
                               "export EMPTY =\n"
                               "all: $(OBJ) | dir # why\n"
                               "\t@-rm -rf $(DIR)/x; \\\n"
                               "\t  kubectl get $$pod $(shell pwd)\n"
                               "\n"
                               "ifdef X\n"
                               "\trm -f $@ $(EMPTY)/y\n"
                               "endif\n"
                               "clean:: ; kubectl get a --x=b\n"
                               "one two: A = b\n"
                               "define T\n"
                               "not: this\n"
                               "endef\n";
    const struct entity_list *list = fixture_read(*state, "make", slice_of(text));
    assert_int_equal(list->note_count, 0);
    assert_text(find(list, "task", "all"), "prerequisite[0]", "$(OBJ)");
    assert_text(find(list, "command", "rm -rf $DIR/x"), "resolved[0]", "out/x");
    assert_stands_at(text, find(list, "command", "rm -rf $DIR/x"), "rm -rf $(DIR)/x");
    assert_stands_at(text, find(list, "command", "kubectl get $pod $(pwd)"), "kubectl get $$pod");
    assert_text(find(list, "command", "rm -f ${_:?} $EMPTY/y"), "emptied[1]", "/y");
    assert_int_equal(find(list, "command", "kubectl get a --x=b")->weight, 40);
    assert_text(find(list, "task", "one two"), "A", "b");
}

static void recipes_of_just(void **state) {
    static const char text[] = "set shell := [\"bash\"]\n"
                               "dir := \"out\"\n"
                               "[private]\n"
                               "@build target='a:b' *args: (dep \"x\") other && last\n"
                               "    @rm -rf {{ dir }}/x\n"
                               "\n"
                               "    kubectl get {{target}}\n"
                               "script:\n"
                               "  #!/usr/bin/env python3\n"
                               "  import os\n"
                               "  os.remove('a')\n";
    const struct entity_list *list = fixture_read(*state, "just", slice_of(text));
    assert_int_equal(list->note_count, 0);
    assert_text(find(list, "task", "build"), "dependency[2]", "last");
    assert_text(find(list, "command", "rm -rf $dir/x"), "resolved[0]", "out/x");
    assert_stands_at(text, find(list, "command", "kubectl get $target"), "kubectl get {{");
    assert_stands_at(text, find(list, "call", "os.remove(\"a\")"), "os.remove('a')");
}

static void settings_in_sections(void **state) {
    static const char text[] = "# a unit\n"
                               "[Unit]\n"
                               "Description = a = b: c\n"
                               "[Service]\n"
                               "ExecStartPre=-/bin/kubectl get a\n"
                               "ExecStartPre=/bin/kubectl \\\n"
                               "  # in between\n"
                               "  get 100%%\n"
                               "ExecStart=/bin/sh -c 'kubectl get $$X'\n"
                               "Restart=\n";
    const struct entity_list *list = fixture_read(*state, "systemd", slice_of(text));
    assert_int_equal(list->note_count, 0);
    assert_text(find(list, "section", "Unit"), "Description", "a = b: c");
    assert_stands_at(text, find(list, "command", "/bin/kubectl get a"), "/bin/kubectl get a");
    find(list, "command", "/bin/kubectl get 100%");
    assert_stands_at(text, find(list, "command", "kubectl get $X"), "kubectl get $$X");
    static const char tox[] = "[testenv]\n"
                              "commands =\n"
                              "    # first\n"
                              "    kubectl get a\n"
                              "\n"
                              "    -kubectl get \\\n"
                              "        b\n"
                              "deps = c\n"
                              "[testenv:lint]\n"
                              "commands = kubectl get c\n";
    list = fixture_read(*state, "tox", slice_of(tox));
    assert_stands_at(tox, find(list, "command", "kubectl get a"), "kubectl get a");
    assert_stands_at(tox, find(list, "command", "kubectl get b"), "kubectl get \\");
    assert_text(find(list, "section", "testenv"), "deps", "c");
    assert_stands_at(tox, find(list, "command", "kubectl get c"), "kubectl get c");
}

static void times_and_commands(void **state) {
    static const char text[] = "SHELL=/bin/sh\n"
                               "DIR=/srv\n"
                               "*/5 1-3 * jan mon-fri root rm -rf $DIR/x\n"
                               "@daily\tapp kubectl get a\n";
    const struct fixture *fixture = *state;
    const struct dialect *dialect =
        language_detect(fixture->reader.dialects, SLICE("etc/cron.d/x"), slice_of(text));
    const struct entity_list *list =
        entity_read(&((struct fixture *)*state)->reader, dialect, slice_of(text));
    assert_text(find(list, "command", "rm -rf $DIR/x"), "resolved[0]", "/srv/x");
    assert_stands_at(text, find(list, "command", "kubectl get a"), "kubectl get a");
}

static void stages_of_jenkins(void **state) {
    static const char text[] =
        "@Library('x') _\n"
        "def tag = \"x-${env.N}\"\n"
        "pipeline {\n"
        "  agent any\n"
        "  stages {\n"
        "    stage('Build') {\n"
        "      when { branch 'main' }\n"
        "      steps {\n"
        "        sh 'kubectl get a'\n"
        "        sh \"kubectl get ${env.B} \\$HOME\"\n"
        "        sh(script: '''\n"
        "          kubectl get c\n"
        "        ''', returnStatus: true)\n"
        "        script {\n"
        "          if (sh(returnStatus: true, script: 'kubectl get d') == 0 && x =~ /a'b/) { y() "
        "}\n"
        "          def m = [a: 1, 'b': { sh 'kubectl get e' }]\n"
        "          try { sh label: 'f', script: 'kubectl get f' } catch (Exception e) { throw e }\n"
        "        }\n"
        "      }\n"
        "    }\n"
        "    stage('All') { parallel { stage('One') { steps { sh 'kubectl get g' } } } }\n"
        "  }\n"
        "}\n";
    const struct entity_list *list = fixture_read(*state, "jenkinsfile", slice_of(text));
    assert_int_equal(list->note_count, 0);
    assert_text(find(list, "workflow", ""), "pipeline.agent", "any");
    assert_text(find(list, "job", "Build"), "if.branch", "main");
    for (char letter = 'a'; letter <= 'g'; letter++) {
        char name[] = "kubectl get _";
        name[12] = letter;
        if (letter != 'b')
            assert_stands_at(text, find(list, "command", name), name);
    }
    find(list, "command", "kubectl get $env_B $HOME");
    assert_true(find(list, "command", "kubectl get g")->scope != ENTITY_NONE);
    find(list, "job", "All/One");
}

/* No text hangs or breaks a reader, and what is broken is told. */
static void hostile_texts_are_read(void **state) {
    static const char *const dialects[] = {"dockerfile", "make",    "just",       "systemd",
                                           "tox",        "crontab", "jenkinsfile"};
    static const char *const texts[] = {
        "",
        "\\",
        "\n\n\\\n\\\n",
        "FROM",
        "FROM a\nRUN <<EOF\nnever closed",
        "FROM a\nRUN <<A <<B <<C <<D <<E\nA\n",
        "FROM a\nRUN [\"x\", \\\n",
        "a: b\n\t\\\n\t\\",
        "a:\\\n",
        "$(((((((\n",
        "define x\n",
        "[\n[a\n=b\n",
        "x = \\\n  \\\n",
        "* * * * *",
        "a {{{{ '\n\"\"\"",
        "}}}}))))]]]]",
        "sh '''",
        "a b c d e f g\r\n\t\r\n",
        "\x80\xff\xfe: \xc3\n\t\xe2",
    };
    for (size_t d = 0; d < sizeof dialects / sizeof *dialects; d++)
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
            assert_non_null(fixture_read(*state, dialects[d], slice_of(texts[i])));
    assert_true(fixture_read(*state, "jenkinsfile", SLICE("stage('a') { sh 'b'"))->note_count > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stages_of_an_image),     cmocka_unit_test(recipes_of_make),
        cmocka_unit_test(recipes_of_just),        cmocka_unit_test(settings_in_sections),
        cmocka_unit_test(times_and_commands),     cmocka_unit_test(stages_of_jenkins),
        cmocka_unit_test(hostile_texts_are_read),
    };
    return cmocka_run_group_tests(tests, fixture_set_up, fixture_tear_down);
}
