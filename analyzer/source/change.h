/*
 * change: what is judged. Metadata, pairs of files sorted by path, and trees to read neighbours
 * from. From here on nothing knows of git.
 */
#ifndef BERM_SOURCE_CHANGE_H
#define BERM_SOURCE_CHANGE_H

#include "base/vec.h"
#include "fact/note.h"

enum presence { TREE_ABSENT, TREE_PRESENT, TREE_UNKNOWN };

/*
 * A whole side of the change. `unknown` is an honest answer: a bare patch, a stage line without
 * that file, a missing object. Results live as long as the change.
 */
struct tree {
    enum presence (*read)(void *self, struct slice path, struct slice *content);
    /* Names (not paths) of the regular files directly in a directory, sorted; "" is the root. */
    enum presence (*list)(void *self, struct slice directory, struct slice **names,
                          uint32_t *count);
    void *self;
    /* Names of the directories directly in one, sorted; NULL where that cannot be told. */
    enum presence (*folders)(void *self, struct slice directory, struct slice **names,
                             uint32_t *count);
    /* These directories, and the files in them that are wanted, are asked for next: together they
     * take less time. NULL where nothing is to be had from that. */
    void (*expect)(void *self, const struct slice *directories, uint32_t count,
                   bool (*wants)(void *context, struct slice path), void *context);
};

/* read and list for a tree that knows nothing. */
extern const struct tree tree_unknown;

enum content_state {
    CONTENT_ABSENT,     /* the file does not exist on this side */
    CONTENT_TEXT,       /* bytes hold valid UTF-8 (UTF-16 and Latin-1 were converted) */
    CONTENT_BINARY,     /* holds NUL or is a known binary format; bytes are empty */
    CONTENT_SYMLINK,    /* bytes are the target */
    CONTENT_SUBMODULE,  /* bytes are the commit id */
    CONTENT_UNREADABLE, /* missing object, I/O error, over the size limit: `reason` says it */
};

struct blob {
    enum content_state state;
    struct slice bytes;
    struct slice reason; /* for CONTENT_UNREADABLE; also why a text was converted */
    uint32_t mode;       /* git mode, 0 if unknown; 0100644, 0100755, 0120000, 0160000 */
    bool fragment;       /* only hunks of the file are known (bare patch) */
};

enum pair_status { PAIR_ADDED, PAIR_REMOVED, PAIR_MODIFIED, PAIR_RENAMED, PAIR_COPIED };

struct pair {
    struct slice path; /* after, or before for removed files; '/'-separated, repository relative */
    struct slice old_path; /* before; equals path unless renamed or copied */
    enum pair_status status;
    struct blob before, after;
};

struct change {
    struct arena *arena;
    struct slice id;         /* commit id, or the id of a stage line; SLICE_NONE otherwise */
    struct slice parent;     /* commit id compared against, SLICE_NONE otherwise */
    struct slice repository; /* work tree or git directory, for reports; SLICE_NONE otherwise */
    struct slice message;    /* commit message; SLICE_NONE otherwise */
    struct slice author;     /* "Name <mail>"; SLICE_NONE otherwise */
    VEC(struct pair) pairs;  /* sorted by path, then old_path */
    struct tree before, after;
    struct tree policy; /* the target's tip: policy files are read from here only */
    struct notes notes; /* what the source could not read, beyond what pairs say themselves */
    bool complete;      /* false: fragments only */
};

/* Sorts pairs; drops pairs whose sides are equal but for line endings and with equal mode and path.
 */
void change_finish(struct change *change);

/*
 * Decodes raw file bytes into a blob: BOMs are cut, UTF-16 becomes UTF-8, invalid UTF-8 is
 * replaced byte by byte as Latin-1 (reason says so), NUL means binary. Never fails.
 */
struct blob blob_from_bytes(struct arena *arena, struct slice raw, uint32_t mode);
/* Are these bytes a text as they stand: UTF-8 without BOM and NUL, not too large? */
bool blob_is_plain(struct slice raw);

/* Limits of this stage: counts, never time. */
enum {
    SOURCE_FILE_BYTES = 8 << 20, /* a larger file is CONTENT_UNREADABLE with that reason */
    SOURCE_PAIRS = 1000000,      /* more files in one change: a failure that says so */
    SOURCE_PATH_BYTES = 4096,    /* longer names in patches and records are refused, as git does */
};

#endif
