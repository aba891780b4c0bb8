/*
 * disk: files of a work tree or a directory, read without ever following a symlink on the way:
 * an analysed tree cannot make berm read outside of it. Pipes, sockets and devices are not opened.
 */
#ifndef BERM_SOURCE_DISK_H
#define BERM_SOURCE_DISK_H

#include "source/change_builder.h"

#include <sys/stat.h>

enum disk_kind { DISK_ABSENT, DISK_FILE, DISK_LINK, DISK_TOO_LARGE, DISK_ERROR };

struct disk_file {
    enum disk_kind kind;
    uint32_t mode;       /* as git would record it */
    struct slice bytes;  /* content or link target */
    struct slice reason; /* DISK_ERROR, DISK_TOO_LARGE */
    uint64_t size;
};

/* `directory` is a descriptor, `path` relative to it. A directory at `path` is DISK_ABSENT. */
struct disk_file disk_load(struct arena *arena, int directory, struct slice path);
struct blob disk_blob(struct arena *arena, const struct disk_file *file);
/* A file the user named: links are followed and pipes read. Raises BERM_ERROR_IO. */
struct disk_file disk_load_named(struct arena *arena, const char *path);
/* lstat without following links at the end. */
bool disk_status(int directory, const char *path, struct stat *status);
/* Opens a file for reading; -1 if it is no regular file or behind a symlink. */
int disk_open(struct arena *arena, int directory, struct slice path);
/* Opens a directory and registers its descriptor with the arena. Raises BERM_ERROR_IO. */
int disk_open_directory(struct arena *arena, const char *path);
/* Entries directly in the directory at `path` ("" = itself), sorted by name; ".git" is left out.
 * false with `reason` if it cannot be read. */
struct disk_entry {
    struct slice name;
    bool is_directory;
};
struct disk_entries {
    VEC(struct disk_entry) list;
};
bool disk_entries(struct arena *arena, int directory, struct slice path,
                  struct disk_entries *entries, struct slice *reason);

/* A tree that reads below a directory. */
struct tree disk_tree(struct arena *arena, int directory);

#endif
