# libberm as a host sees it: installed to a prefix, used by programs compiled outside the tree.
# BUILD (default build): a Release build directory.

setup_file() {
    export SOURCE="$BATS_TEST_DIRNAME/../.." PREFIX="$BATS_FILE_TMPDIR/prefix"
    export BUILD="${BUILD:-$SOURCE/build}"
    cmake --build "$BUILD" --target library >&2
    cmake --install "$BUILD" --prefix "$PREFIX" >&2
    LIBRARIES=$(dirname "$(find "$PREFIX" -name libberm.so)")
    export LIBRARIES PKG_CONFIG_PATH="$LIBRARIES/pkgconfig"
}

@test "the header compiles alone as C11 and C++17 with -pedantic" {
    printf '#include <berm.h>\nint main(void) { return 0; }\n' >"$BATS_TEST_TMPDIR/alone.c"
    cc -std=c11 -pedantic -Wall -Wextra -Werror -I"$PREFIX/include" -c "$BATS_TEST_TMPDIR/alone.c" -o /dev/null
    c++ -x c++ -std=c++17 -pedantic -Wall -Wextra -Werror -I"$PREFIX/include" -c "$BATS_TEST_TMPDIR/alone.c" -o /dev/null
}

@test "at least half of the header is comment" {
    awk '/\/\*/ { inside = 1 } NF { total++; comment += inside } /\*\// { inside = 0 }
         END { print comment, total; exit comment * 2 < total }' "$PREFIX/include/berm.h"
}

@test "the shared library exports berm_* only, and all that the header declares" {
    nm -D --defined-only "$LIBRARIES/libberm.so" | awk '{print $3}' | sed 's/@.*//' | grep -v '^BERM_0$' | sort >"$BATS_TEST_TMPDIR/exported"
    run grep -v '^berm_' "$BATS_TEST_TMPDIR/exported"
    [ "$status" -eq 1 ]
    cc -E -P -I"$PREFIX/include" -include berm.h -x c /dev/null | tr '\n' ' ' | tr ';' '\n' |
        grep 'visibility' | grep -oE 'berm_[a-z_]+ ?\(' | tr -d ' (' | sort >"$BATS_TEST_TMPDIR/declared"
    [ -s "$BATS_TEST_TMPDIR/declared" ]
    diff "$BATS_TEST_TMPDIR/declared" "$BATS_TEST_TMPDIR/exported"
}

@test "the static library has no global symbol but berm_*, and no LTO-only object" {
    run bash -c "nm --defined-only -g '$LIBRARIES/libberm.a' | awk 'NF == 3 {print \$3}' | grep -v '^berm_'"
    [ "$status" -eq 1 ]
    run bash -c "objdump -h '$LIBRARIES/libberm.a' | grep -c 'gnu.lto'"
    [ "$output" = 0 ]
}

@test "the library needs nothing but the C library" {
    run bash -c "readelf -d '$LIBRARIES/libberm.so' | grep NEEDED | grep -vE 'libc\\.so|libm\\.so|libpthread|ld-linux'"
    [ "$status" -eq 1 ]
    readelf -d "$LIBRARIES/libberm.so" | grep SONAME | grep -q 'libberm.so.0'
}

@test "a host found by pkg-config gives the same report on four threads" {
    command -v pkg-config >/dev/null || skip "no pkg-config here"
    cc -std=c11 -D_POSIX_C_SOURCE=200809L "$BATS_TEST_DIRNAME/host.c" -o "$BATS_TEST_TMPDIR/host" $(pkg-config --cflags --libs berm) -lpthread
    LD_LIBRARY_PATH="$LIBRARIES" run "$BATS_TEST_TMPDIR/host"
    [ "$status" -eq 0 ]
    [[ "$output" == "0."*" tier "[34] ]]
}

@test "a host found by its CMake package, shared and static" {
    cmake -G Ninja -S "$BATS_TEST_DIRNAME" -B "$BATS_TEST_TMPDIR/host" -DCMAKE_PREFIX_PATH="$PREFIX" >/dev/null
    cmake --build "$BATS_TEST_TMPDIR/host" >/dev/null
    "$BATS_TEST_TMPDIR/host/host_shared"
    "$BATS_TEST_TMPDIR/host/host_static"
}

@test "a host with a tree-sitter, jansson and yaml of its own, static" {
    cc -std=c11 "$BATS_TEST_DIRNAME/other_parser.c" -I"$PREFIX/include" "$LIBRARIES/libberm.a" -lpthread -o "$BATS_TEST_TMPDIR/static"
    run "$BATS_TEST_TMPDIR/static"
    [ "$status" -eq 0 ]
    [[ "$output" == "tier "[1234] ]]
}

@test "a host with a tree-sitter, jansson and yaml of its own, shared" {
    cc -std=c11 -rdynamic "$BATS_TEST_DIRNAME/other_parser.c" -I"$PREFIX/include" -L"$LIBRARIES" -lberm -o "$BATS_TEST_TMPDIR/shared"
    LD_LIBRARY_PATH="$LIBRARIES" run "$BATS_TEST_TMPDIR/shared"
    [ "$status" -eq 0 ]
    [[ "$output" == "tier "[1234] ]]
}
