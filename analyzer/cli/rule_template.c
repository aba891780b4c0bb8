#include "cli/rule_template.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* Generated from rule_template.yaml: a string with two %s, the id and the version. */
#include "rule_template_text.h"

static bool id_is_valid(const char *id) {
    const char *slash = strchr(id, '/');
    if (!slash || slash == id || !slash[1] || strchr(slash + 1, '/'))
        return false;
    return id[strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-/")] == '\0';
}

int rule_template_write(const char *directory, const char *id) {
    if (!id_is_valid(id))
        return usage_error("", "'%s' is no rule id; write domain/name in lower case with '-'", id);
    struct buffer path = {0};
    buffer_addf(&path, "%s/%.*s", directory, (int)strcspn(id, "/"), id);
    mkdir(directory, 0777); /* both may exist already; opening the file tells what is wrong */
    mkdir(path.data, 0777);
    buffer_clear(&path);
    buffer_addf(&path, "%s/%s.yaml", directory, id);
    FILE *file = fopen(path.data, "wxe");
    int code = EXIT_DONE;
    if (!file)
        code = usage_error(path.data, "cannot be made: %s; choose another id or --rules DIR",
                           strerror(errno));
    else {
        fprintf(file, RULE_TEMPLATE_TEXT, id, berm_version());
        if (fclose(file) != 0)
            code = usage_error(path.data, "cannot be written: %s", strerror(errno));
    }
    if (code == EXIT_DONE) {
        buffer_addf(&path, "\n");
        code = print_bytes(path.data, path.size);
    }
    buffer_free(&path);
    return code;
}
