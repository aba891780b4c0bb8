#include "cli/hook.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char marker[] = "# berm hook: berm hook uninstall removes it";

/* The path of this program in single quotes; "berm" where the system does not tell it. */
static void add_program(struct buffer *out) {
    char path[PATH_MAX];
    ssize_t size = readlink("/proc/self/exe", path, sizeof path - 1);
    const char *program = "berm";
    if (size > 0) {
        path[size] = '\0';
        program = path;
    }
    buffer_add_text(out, "'");
    for (const char *c = program; *c; c++)
        buffer_add_text(out, *c == '\'' ? "'\\''" : (char[]){*c, '\0'});
    buffer_add_text(out, "'");
}

/* Fails closed: a commit that cannot be judged says so and stops; git commit --no-verify goes on.
 */
static void add_script(struct buffer *out, const char *name) {
    buffer_addf(out, "#!/bin/sh\n%s\n", marker);
    buffer_addf(out, "before=\"$(dirname \"$0\")/%s.before-berm\"\n", name);
    buffer_add_text(out, "if [ -x \"$before\" ]; then \"$before\" \"$@\" || exit; fi\nberm=");
    add_program(out);
    buffer_add_text(out, "\n[ -x \"$berm\" ] || berm=berm\n"
                         "command -v \"$berm\" >/dev/null 2>&1 || {\n"
                         "    echo 'berm: the program is gone; install it again, or remove this "
                         "hook:' \"$0\" >&2\n    exit 1\n}\n");
    buffer_addf(out, "exec \"$berm\" hook run %s \"$@\"\n", name);
}

static bool is_ours(const char *path) {
    FILE *file = fopen(path, "rbe");
    if (!file)
        return false;
    char head[256];
    size_t size = fread(head, 1, sizeof head - 1, file);
    fclose(file);
    head[size] = '\0';
    return strstr(head, marker) != NULL;
}

static bool exists(const char *path) {
    struct stat info;
    return lstat(path, &info) == 0;
}

/* Every folder of the path; those that exist are left alone. */
static void make_directories(const char *path) {
    struct buffer part = {0};
    buffer_add_text(&part, path);
    for (char *c = part.data + 1; *c; c++) {
        if (*c != '/')
            continue;
        *c = '\0';
        mkdir(part.data, 0777);
        *c = '/';
    }
    mkdir(part.data, 0777);
    buffer_free(&part);
}

/* Written beside and renamed, so that git never runs half a hook. */
static int write_script(const char *path, const char *name) {
    struct buffer script = {0}, temporary = {0};
    add_script(&script, name);
    buffer_addf(&temporary, "%s.berm-new", path);
    FILE *file = fopen(temporary.data, "wbe");
    bool written = file && fwrite(script.data, 1, script.size, file) == script.size;
    written = file && fclose(file) == 0 && written && chmod(temporary.data, 0755) == 0 &&
              rename(temporary.data, path) == 0;
    int code = written ? EXIT_DONE : usage_error(path, "cannot be written: %s", strerror(errno));
    buffer_free(&script);
    buffer_free(&temporary);
    return code;
}

static int keep_existing(const char *path, const char *kept) {
    if (!exists(path) || is_ours(path))
        return EXIT_DONE;
    if (exists(kept))
        return usage_error(kept, "is in the way; move it, then install again");
    return rename(path, kept) == 0
               ? EXIT_DONE
               : usage_error(path, "cannot be kept as %s: %s", kept, strerror(errno));
}

int hook_install(const char *directory, const char *name) {
    struct buffer path = {0}, kept = {0};
    buffer_addf(&path, "%s/%s", directory, name);
    buffer_addf(&kept, "%s/%s.before-berm", directory, name);
    make_directories(directory);
    int code = keep_existing(path.data, kept.data);
    if (code == EXIT_DONE)
        code = write_script(path.data, name);
    buffer_free(&path);
    buffer_free(&kept);
    return code;
}

int hook_uninstall(const char *directory, const char *name) {
    struct buffer path = {0}, kept = {0};
    buffer_addf(&path, "%s/%s", directory, name);
    buffer_addf(&kept, "%s/%s.before-berm", directory, name);
    int code = EXIT_DONE;
    if (is_ours(path.data)) {
        bool done = unlink(path.data) == 0;
        if (done && exists(kept.data))
            done = rename(kept.data, path.data) == 0;
        if (!done)
            code = usage_error(path.data, "cannot be removed: %s", strerror(errno));
    }
    buffer_free(&path);
    buffer_free(&kept);
    return code;
}
