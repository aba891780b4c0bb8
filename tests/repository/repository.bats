#!/usr/bin/env bats
# Rules about the repository itself, each read from the files.

setup() { cd "$BATS_TEST_DIRNAME/../.." || exit 1; }

files() { git ls-files --cached --others --exclude-standard -- "$@" | while read -r f; do [ -f "$f" ] && echo "$f"; done; }

@test "layers look down: no include of a later stage" {
    run python3 tests/repository/layers.py
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "the layer test can fail" {
    dir=$(mktemp -d)
    mkdir -p "$dir/analyzer/base" "$dir/analyzer/rule"
    echo '#include "rule/rule.h"' >"$dir/analyzer/base/x.c"
    run python3 tests/repository/layers.py "$dir"
    rm -rf "$dir"
    [ "$status" -ne 0 ]
}

@test "sources are formatted" {
    run clang-format --dry-run -Werror $(files '*.c' '*.h' ':!grammars/*/src/*')
    echo "$output" | head -n 20
    [ "$status" -eq 0 ]
}

@test "no source file is longer than 800 lines" {
    run bash -c "$(declare -f files); files '*.c' '*.h' ':!grammars/*/src/*' | xargs wc -l | awk '\$2 != \"total\" && \$1 > 800'"
    [ -z "$output" ]
}

@test "lock files hold integrity hashes and no download address" {
    for lock in grammars/package-lock.json tests/package-lock.json bench/package-lock.json; do
        grep -q '"integrity"' "$lock"
        ! grep -qE '"resolved"|[.]tgz' "$lock"
    done
}

@test "the public header compiles alone as C11 and C++17" {
    echo '#include "berm.h"' | cc -std=c11 -pedantic -Wall -Wextra -Werror -Iinclude -xc -fsyntax-only -
    if command -v c++ >/dev/null; then
        echo '#include "berm.h"' | c++ -std=c++17 -pedantic -Wall -Wextra -Werror -Iinclude -xc++ -fsyntax-only -
    else
        echo '#include "berm.h"' | clang -std=c++17 -pedantic -Wall -Wextra -Werror -Iinclude -xc++ -nostdinc++ -fsyntax-only -
    fi
}

# syntax/memory.c holds tree-sitter's allocator, which has to answer outside of a parse too.
@test "only analyzer/base calls malloc and friends" {
    run bash -c "grep -nE '\b(malloc|calloc|realloc|strdup|free)\(' -r analyzer --include=*.c --exclude-dir=base --exclude-dir=cli | grep -v '^analyzer/syntax/memory.c:'"
    echo "$output"
    [ "$status" -eq 1 ]
}

@test "every path and option the README names exists" {
    run python3 tests/repository/readme.py
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "the built-in knowledge does not depend on where the source tree stands" {
    for image in build*/generated/knowledge.image; do
        [ -f "$image" ] || continue
        run grep -c -a -F "$PWD/" "$image"
        echo "$image"
        [ "$output" = 0 ]
    done
}

@test "the golden reports obey the published schema" {
    node tests/schema.test.mjs
}
