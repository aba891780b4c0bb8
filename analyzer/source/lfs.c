#include "source/lfs.h"

#include "source/disk.h"

#include <errno.h>
#include <sodium.h>
#include <unistd.h>

enum { LFS_POINTER_LARGEST = 1024 };

static struct slice value_of(struct slice pointer, const char *key) {
    struct slice line;
    while (slice_split(&pointer, '\n', &line))
        if (slice_starts(line, slice_of(key)))
            return slice_from(line, strlen(key));
    return SLICE_NONE;
}

static bool hash_file(int file, unsigned char hash[crypto_hash_sha256_BYTES]) {
    crypto_hash_sha256_state state;
    unsigned char bytes[16 << 10];
    crypto_hash_sha256_init(&state);
    for (;;) {
        ssize_t got = read(file, bytes, sizeof bytes);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return false;
        if (got == 0)
            break;
        crypto_hash_sha256_update(&state, bytes, (size_t)got);
    }
    crypto_hash_sha256_final(&state, hash);
    return true;
}

static bool is_text_of(struct slice text, const unsigned char hash[crypto_hash_sha256_BYTES]) {
    char hexadecimal[crypto_hash_sha256_BYTES * 2 + 1];
    sodium_bin2hex(hexadecimal, sizeof hexadecimal, hash, crypto_hash_sha256_BYTES);
    return slice_is(text, hexadecimal);
}

bool lfs_holds(struct arena *arena, struct slice pointer, int directory, struct slice path) {
    int64_t size;
    if (pointer.size > LFS_POINTER_LARGEST ||
        !slice_starts(pointer, SLICE("version https://git-lfs.github.com/spec/v1\n")) ||
        !slice_to_int(value_of(pointer, "size "), &size))
        return false;
    int file = disk_open(arena, directory, path);
    if (file < 0)
        return false;
    struct stat status;
    unsigned char hash[crypto_hash_sha256_BYTES];
    bool holds = fstat(file, &status) == 0 && (int64_t)status.st_size == size &&
                 hash_file(file, hash) && is_text_of(value_of(pointer, "oid sha256:"), hash);
    close(file);
    return holds;
}
