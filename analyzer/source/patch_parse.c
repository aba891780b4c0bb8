#include "source/patch.h"

#include "base/path.h"
#include "base/strbuf.h"

enum { LARGEST_LINE = INT32_MAX / 2 };

struct reader {
    struct arena *arena;
    const char *where;
    struct slice rest;
    uint32_t line; /* of the next line */
    struct patch *patch;
    bool in_mail_body, past_message;
    struct strbuf message;
};

_Noreturn static void malformed(const struct reader *reader, uint32_t line, const char *what) {
    failure_raise(reader->arena->failure, BERM_ERROR_PATCH, (struct place){reader->where, line, 0},
                  "malformed patch: %s", what);
}

/* The next line without its line end. */
static struct slice peek(const struct reader *reader) {
    struct slice line = slice_sub(reader->rest, 0, slice_find_byte(reader->rest, '\n'));
    if (line.size && line.data[line.size - 1] == '\r')
        line.size--;
    return line;
}

static struct slice take(struct reader *reader) {
    struct slice line = peek(reader);
    size_t end = slice_find_byte(reader->rest, '\n');
    reader->rest = slice_from(reader->rest, end == SLICE_NPOS ? reader->rest.size : end + 1);
    reader->line++;
    return line;
}

static bool starts(struct slice line, const char *prefix) {
    return slice_starts(line, slice_of(prefix));
}

static struct slice behind(struct slice line, const char *prefix) {
    return slice_from(line, strlen(prefix));
}

/* ---- names ---- */

/* A name up to the end of the line; a tab ends an unquoted one (what follows is a date). */
static struct slice read_name(const struct reader *reader, struct slice text) {
    struct slice name;
    size_t used;
    if (text.size == 0 || text.data[0] != '"')
        return slice_sub(text, 0, slice_find_byte(text, '\t'));
    if (!patch_unquote(reader->arena, text, &name, &used))
        malformed(reader, reader->line, "a quoted file name does not end, or holds a bad escape");
    return name;
}

static struct slice without_prefix(struct slice name) {
    size_t slash = slice_find_byte(name, '/');
    return slash == SLICE_NPOS ? SLICE_NONE : slice_from(name, slash + 1);
}

static bool are_prefixes(struct slice a, struct slice b) {
    static const char pairs[][2] = {{'a', 'b'}, {'i', 'w'}, {'c', 'i'},
                                    {'c', 'w'}, {'o', 'w'}, {'1', '2'}};
    if (a.size < 2 || b.size < 2 || a.data[1] != '/' || b.data[1] != '/')
        return false;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if ((a.data[0] == pairs[i][0] && b.data[0] == pairs[i][1]) ||
            (a.data[0] == pairs[i][1] && b.data[0] == pairs[i][0]))
            return true;
    return false;
}

/* "a/x" and "b/x" become x; "old/x" and "new/x" too. Names written without prefix stay. */
static void cut_prefixes(struct slice *old_name, struct slice *new_name) {
    struct slice a = without_prefix(*old_name), b = without_prefix(*new_name);
    if (slice_is_none(a) || slice_is_none(b))
        return;
    bool differ = !slice_equal(*old_name, *new_name) && slice_equal(a, b);
    if (are_prefixes(*old_name, *new_name) || differ) {
        *old_name = a;
        *new_name = b;
    }
}

/* With /dev/null on the other side there is nothing to compare with. */
static struct slice cut_one_prefix(struct slice name) {
    bool known = name.size > 2 && name.data[1] == '/' && memchr("abiwco12", name.data[0], 8);
    return known ? slice_from(name, 2) : name;
}

static struct slice checked(const struct reader *reader, uint32_t line, struct slice name) {
    if (slice_is_none(name))
        return name;
    struct slice clean = path_normalise(reader->arena, name);
    if (slice_is_none(clean))
        malformed(reader, line, "a file name leaves the repository");
    if (clean.size == 0)
        malformed(reader, line, "a file name is empty");
    if (clean.size > SOURCE_PATH_BYTES)
        malformed(reader, line, "a file name is longer than 4096 bytes");
    return clean;
}

/* The two names of "diff --git X Y"; without quotes they can only be told apart if they are equal
 * but for the prefix. false: they cannot. */
static bool read_git_names(const struct reader *reader, struct slice text, struct slice *old_name,
                           struct slice *new_name) {
    size_t used;
    if (text.size && text.data[0] == '"') {
        if (!patch_unquote(reader->arena, text, old_name, &used) || used + 1 >= text.size)
            return false;
        *new_name = read_name(reader, slice_from(text, used + 1));
    } else if (slice_find_byte(text, '"') != SLICE_NPOS) {
        size_t quote = slice_find_byte(text, '"');
        if (quote == 0)
            return false;
        *old_name = slice_sub(text, 0, quote - 1);
        *new_name = read_name(reader, slice_from(text, quote));
    } else {
        if (text.size % 2 == 0 || text.data[text.size / 2] != ' ')
            return false;
        *old_name = slice_sub(text, 0, text.size / 2);
        *new_name = slice_from(text, text.size / 2 + 1);
    }
    cut_prefixes(old_name, new_name);
    return true;
}

/* ---- hunks ---- */

static bool read_number(struct slice *text, uint32_t *number) {
    uint64_t value = 0;
    size_t size = 0;
    while (size < text->size && text->data[size] >= '0' && text->data[size] <= '9') {
        value = value * 10 + (uint64_t)(text->data[size++] - '0');
        if (value > LARGEST_LINE)
            return false;
    }
    *number = (uint32_t)value;
    *text = slice_from(*text, size);
    return size > 0;
}

/* "12,3" or "12" */
static bool read_range(struct slice *text, char sign, uint32_t *start, uint32_t *count) {
    if (text->size == 0 || text->data[0] != sign)
        return false;
    *text = slice_from(*text, 1);
    *count = 1;
    if (!read_number(text, start))
        return false;
    if (text->size && text->data[0] == ',') {
        *text = slice_from(*text, 1);
        return read_number(text, count);
    }
    return true;
}

static void read_hunk_header(const struct reader *reader, struct slice line,
                             struct patch_hunk *hunk) {
    struct slice text = behind(line, "@@ ");
    bool good = read_range(&text, '-', &hunk->old_start, &hunk->old_count) && text.size &&
                text.data[0] == ' ';
    text = slice_from(text, 1);
    good =
        good && read_range(&text, '+', &hunk->new_start, &hunk->new_count) && starts(text, " @@");
    if (!good)
        malformed(reader, reader->line, "the line numbers of a hunk cannot be read");
    if ((hunk->old_count && !hunk->old_start) || (hunk->new_count && !hunk->new_start))
        malformed(reader, reader->line, "a hunk starts at line 0");
}

/* Another hunk line where none may follow: the header's counts are wrong. Signatures of mails and
 * headers of the next file look alike. */
static bool is_surplus(const struct reader *reader, struct slice line) {
    if (line.size == 0 || slice_is(line, "-- ") || slice_is(line, "--"))
        return false;
    if (starts(line, "--- ")) {
        struct reader next = *reader;
        take(&next);
        return !starts(peek(&next), "+++ ");
    }
    return line.data[0] == '+' || line.data[0] == '-' || line.data[0] == ' ';
}

static void check_order(const struct reader *reader, const struct patch_file *file,
                        const struct patch_hunk *hunk) {
    if (!file->hunks.count)
        return;
    const struct patch_hunk *last = &file->hunks.items[file->hunks.count - 1];
    if (hunk->old_start < last->old_start + last->old_count ||
        hunk->new_start < last->new_start + last->new_count)
        malformed(reader, hunk->line, "hunks overlap or are out of order");
}

static void read_hunk(struct reader *reader, struct patch_file *file) {
    struct patch_hunk hunk = {.line = reader->line};
    read_hunk_header(reader, peek(reader), &hunk);
    check_order(reader, file, &hunk);
    take(reader);
    uint32_t old_left = hunk.old_count, new_left = hunk.new_count;
    const char *start = reader->rest.data;
    while (old_left || new_left) {
        if (reader->rest.size == 0)
            malformed(reader, reader->line, "the patch ends inside a hunk");
        struct slice line = peek(reader);
        char mark = line.size ? line.data[0] : ' ';
        bool old_side = mark == ' ' || mark == '-', new_side = mark == ' ' || mark == '+';
        if (mark != '\\' &&
            ((!old_side && !new_side) || (old_side && !old_left) || (new_side && !new_left)))
            malformed(reader, reader->line, "a hunk holds other lines than its header counts");
        old_left -= mark != '\\' && old_side;
        new_left -= mark != '\\' && new_side;
        take(reader);
    }
    if (starts(reader->rest, "\\"))
        take(reader);
    hunk.body = slice_make(start, (size_t)(reader->rest.data - start));
    vec_push(reader->arena, &file->hunks, hunk);
}

static void read_hunks(struct reader *reader, struct patch_file *file) {
    while (starts(reader->rest, "@@ ")) {
        read_hunk(reader, file);
        if (is_surplus(reader, peek(reader)))
            malformed(reader, reader->line, "a hunk goes on behind the lines its header counts");
    }
    if (starts(reader->rest, "@@@"))
        file->combined = true;
}

/* ---- files ---- */

static bool is_epoch(struct slice text) {
    size_t tab = slice_find_byte(text, '\t');
    struct slice date = tab == SLICE_NPOS ? SLICE("") : slice_from(text, tab + 1);
    return starts(date, "1970-01-01 0") || starts(date, "1970-01-01 1") ||
           starts(date, "1969-12-31 ");
}

/* "--- X" and "+++ Y": names as written, SLICE_NONE for no file. */
static void read_two_names(struct reader *reader, struct patch_file *file, bool git) {
    struct slice raw_old = peek(reader);
    const char *at = raw_old.data + raw_old.size;
    file->crlf = raw_old.size < reader->rest.size && *at == '\r';
    struct slice old_text = behind(raw_old, "--- ");
    struct slice old_name = read_name(reader, old_text);
    take(reader);
    struct slice new_text = behind(peek(reader), "+++ ");
    struct slice new_name = read_name(reader, new_text);
    take(reader);
    bool no_old = slice_is(old_name, "/dev/null") || (!git && is_epoch(old_text));
    bool no_new = slice_is(new_name, "/dev/null") || (!git && is_epoch(new_text));
    if (no_old && no_new)
        malformed(reader, reader->line - 1, "both file names are /dev/null");
    bool named = !slice_is(old_name, "/dev/null") && !slice_is(new_name, "/dev/null");
    if (named)
        cut_prefixes(&old_name, &new_name);
    else if (no_old)
        new_name = cut_one_prefix(new_name);
    else
        old_name = cut_one_prefix(old_name);
    if (file->renamed || file->copied)
        return; /* "rename from" has said it, without prefixes */
    /* git's header knows the prefix even where one side is /dev/null */
    struct slice known = slice_is_none(file->new_path) ? file->old_path : file->new_path;
    if (!named && !slice_is_none(known) && slice_ends(no_old ? new_text : old_text, known))
        old_name = new_name = known;
    file->old_path = no_old ? SLICE_NONE : old_name;
    file->new_path = no_new ? SLICE_NONE : new_name;
}

static uint32_t read_mode(const struct reader *reader, struct slice text) {
    uint32_t mode = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '7' || i > 6)
            malformed(reader, reader->line, "a file mode cannot be read");
        mode = mode * 8 + (uint32_t)(text.data[i] - '0');
    }
    return mode;
}

static struct slice read_id(struct slice text) {
    size_t zeros = 0;
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
            return SLICE_NONE;
        zeros += c == '0';
    }
    return zeros == text.size || text.size < 4 || text.size > 64 ? SLICE_NONE : text;
}

static void read_index_line(const struct reader *reader, struct slice text,
                            struct patch_file *file) {
    size_t dots = slice_find(text, SLICE(".."));
    if (dots == SLICE_NPOS)
        return;
    struct slice rest = slice_from(text, dots + 2), new_id = rest;
    file->old_id = read_id(slice_sub(text, 0, dots));
    if (slice_split(&rest, ' ', &new_id) && !slice_is_none(rest))
        file->old_mode = file->new_mode = read_mode(reader, rest);
    file->new_id = read_id(new_id);
}

static bool read_extended(struct reader *reader, struct patch_file *file) {
    struct slice line = peek(reader);
    if (starts(line, "old mode "))
        file->old_mode = read_mode(reader, behind(line, "old mode "));
    else if (starts(line, "new mode "))
        file->new_mode = read_mode(reader, behind(line, "new mode "));
    else if (starts(line, "new file mode ")) {
        file->new_mode = read_mode(reader, behind(line, "new file mode "));
        file->old_path = SLICE_NONE;
    } else if (starts(line, "deleted file mode ")) {
        file->old_mode = read_mode(reader, behind(line, "deleted file mode "));
        file->new_path = SLICE_NONE;
    } else if (starts(line, "rename from ") || starts(line, "copy from ")) {
        file->renamed = file->renamed || line.data[0] == 'r';
        file->copied = file->copied || line.data[0] == 'c';
        file->old_path = read_name(reader, slice_from(line, slice_find(line, SLICE("m ")) + 2));
    } else if (starts(line, "rename to ") || starts(line, "copy to ")) {
        file->new_path = read_name(reader, slice_from(line, slice_find(line, SLICE("to ")) + 3));
    } else if (starts(line, "index ")) {
        read_index_line(reader, behind(line, "index "), file);
    } else if (!starts(line, "similarity index ") && !starts(line, "dissimilarity index ")) {
        return false;
    }
    take(reader);
    return true;
}

static bool is_name_pair(const struct reader *reader) {
    struct reader next = *reader;
    if (!starts(take(&next), "--- ") || !starts(peek(&next), "+++ "))
        return false;
    take(&next);
    return starts(next.rest, "@@ ");
}

static void finish_file(struct reader *reader, struct patch_file *file) {
    file->old_path = checked(reader, file->line, file->old_path);
    file->new_path = checked(reader, file->line, file->new_path);
    if (slice_is_none(file->old_path) && slice_is_none(file->new_path))
        malformed(reader, file->line, "the names of the file cannot be told");
    if (reader->patch->files.count >= SOURCE_PAIRS)
        failure_raise(reader->arena->failure, BERM_ERROR_LIMIT,
                      (struct place){reader->where, file->line, 0},
                      "more than %d files in one change", (int)SOURCE_PAIRS);
    vec_push(reader->arena, &reader->patch->files, *file);
}

static void read_git_file(struct reader *reader) {
    struct patch_file file = {.line = reader->line};
    struct slice header = behind(peek(reader), "diff --git ");
    bool named = read_git_names(reader, header, &file.old_path, &file.new_path);
    take(reader);
    while (reader->rest.size && read_extended(reader, &file))
        ;
    struct slice line = peek(reader);
    if (starts(line, "Binary files ") || starts(line, "GIT binary patch")) {
        file.binary = true;
        take(reader);
    } else if (starts(line, "--- ")) {
        if (!is_name_pair(reader))
            malformed(reader, reader->line, "file names without a hunk behind them");
        if (!named)
            file.old_path = file.renamed || file.copied ? file.old_path : SLICE_NONE;
        read_two_names(reader, &file, true);
        read_hunks(reader, &file);
    } else if (starts(line, "@@")) {
        malformed(reader, reader->line, "a hunk without file names");
    }
    finish_file(reader, &file);
}

static void read_plain_file(struct reader *reader) {
    struct patch_file file = {.line = reader->line};
    read_two_names(reader, &file, false);
    read_hunks(reader, &file);
    finish_file(reader, &file);
}

static void read_combined_file(struct reader *reader, const char *prefix) {
    struct patch_file file = {.line = reader->line, .combined = true};
    file.old_path = file.new_path = read_name(reader, behind(peek(reader), prefix));
    take(reader);
    finish_file(reader, &file);
}

/* ---- between the files ---- */

static void read_binary_note(struct reader *reader) {
    struct slice line = behind(peek(reader), "Binary files ");
    struct patch_file file = {.line = reader->line, .binary = true};
    size_t and = slice_find(line, SLICE(" and "));
    file.old_path = slice_sub(line, 0, and);
    file.new_path = slice_sub(line, and+strlen(" and "), line.size - strlen(" differ"));
    cut_prefixes(&file.old_path, &file.new_path);
    take(reader);
    finish_file(reader, &file);
}

static void read_only_in(struct reader *reader) {
    struct slice path = behind(take(reader), "Only in ");
    struct note note = {.path = path, .reason = SLICE("the patch does not hold this file")};
    vec_push(reader->arena, &reader->patch->notes.list, note);
}

/* The first mail's or commit's author and message. */
static void read_preamble(struct reader *reader) {
    struct slice line = take(reader);
    if (reader->past_message || reader->patch->files.count)
        return;
    struct patch *patch = reader->patch;
    if (slice_is_none(patch->author) && (starts(line, "From: ") || starts(line, "Author: "))) {
        patch->author = slice_trim(slice_from(line, slice_find_byte(line, ':') + 1));
    } else if (reader->message.size == 0 && starts(line, "Subject: ")) {
        line = behind(line, "Subject: ");
        size_t end = line.size && line.data[0] == '[' ? slice_find_byte(line, ']') : SLICE_NPOS;
        strbuf_add(&reader->message,
                   slice_trim(end == SLICE_NPOS ? line : slice_from(line, end + 1)));
        strbuf_add_byte(&reader->message, '\n');
        reader->in_mail_body = true;
    } else if (reader->in_mail_body && slice_is(line, "---")) {
        reader->past_message = true;
    } else if (reader->in_mail_body || starts(line, "    ")) {
        strbuf_add(&reader->message, reader->in_mail_body ? line : slice_from(line, 4));
        strbuf_add_byte(&reader->message, '\n');
    }
}

static void read_next(struct reader *reader) {
    struct slice line = peek(reader);
    if (starts(line, "diff --git "))
        read_git_file(reader);
    else if (starts(line, "diff --cc "))
        read_combined_file(reader, "diff --cc ");
    else if (starts(line, "diff --combined "))
        read_combined_file(reader, "diff --combined ");
    else if (starts(line, "--- ") && is_name_pair(reader))
        read_plain_file(reader);
    else if (starts(line, "Binary files ") && slice_ends(line, SLICE(" differ")) &&
             slice_contains(line, SLICE(" and ")))
        read_binary_note(reader);
    else if (starts(line, "Only in "))
        read_only_in(reader);
    else if (starts(line, "@@ -"))
        malformed(reader, reader->line, "a hunk without file names");
    else
        read_preamble(reader);
}

void patch_parse(struct arena *arena, struct slice text, const char *where, struct patch *patch) {
    *patch = (struct patch){0};
    struct reader reader = {
        .arena = arena, .where = where, .rest = text, .line = 1, .patch = patch};
    strbuf_init(&reader.message, arena);
    if (slice_is_none(reader.rest))
        reader.rest = SLICE("");
    while (reader.rest.size)
        read_next(&reader);
    if (reader.message.size)
        patch->message = strbuf_slice(&reader.message);
    if (!patch->files.count && !patch->notes.list.count && slice_trim(text).size)
        malformed(&reader, 1, "it holds no diff");
}
