# The exit codes of the README, one by one.
load helper

setup() { repository; }

@test "0: a change with nothing of interest is tier auto" {
    echo more >>notes.txt
    run "$BERM" diff
    [ "$status" -eq 0 ]
    [[ "$output" == auto* ]]
}

@test "0: a dangerous change without --fail-on" {
    git rm -q main.tf
    run "$BERM" diff --staged
    [ "$status" -eq 0 ]
    [[ "$output" == *aws_db_instance.main* ]]
}

@test "0: an empty change" {
    run "$BERM" diff
    [ "$status" -eq 0 ]
}

@test "1: the verdict is at the tier of --fail-on, and above it" {
    git rm -q main.tf
    run "$BERM" diff --staged --fail-on senior
    [ "$status" -eq 1 ]
    run "$BERM" diff --staged --fail-on peer
    [ "$status" -eq 1 ]
}

@test "0: the verdict is below --fail-on" {
    echo more >>notes.txt
    run "$BERM" diff --fail-on peer
    [ "$status" -eq 0 ]
}

@test "2: --fail-on with a word that is no tier" {
    run "$BERM" diff --fail-on high
    [ "$status" -eq 2 ]
    [ "${#lines[@]}" -eq 1 ]
    [[ "$output" == "berm: --fail-on: 'high' is no tier; use "* ]]
}

@test "2: unknown option, command, format, colour" {
    for arguments in "diff --nonsense" "nonsense" "diff --format xml" "diff --color blue" "diff a b c" \
        "diff --staged --commit HEAD" "stage x" "scan" "rules" "rules nonsense" "explain" "eval" "hook" \
        "diff --output" "diff --base HEAD" "scan . --jobs 0" "diff --staged x" "help nonsense"; do
        run "$BERM" $arguments
        [ "$status" -eq 2 ] || { echo "$arguments gave $status"; false; }
        [ "${#lines[@]}" -eq 1 ] || { echo "$arguments: $output"; false; }
        [[ "$output" == "berm: "* ]]
    done
}

@test "2: without a command the help goes to stderr" {
    run bash -c '"$BERM" 2>/dev/null'
    [ "$status" -eq 2 ]
    [ -z "$output" ]
}

@test "2: unknown revision" {
    run "$BERM" diff no-such-revision
    [ "$status" -eq 2 ]
    [ "${#lines[@]}" -eq 1 ]
    [[ "$output" == *no-such-revision* ]]
}

@test "2: a revision that looks like an option is not one" {
    run "$BERM" diff --commit --output=/tmp/x
    [ "$status" -eq 2 ]
    [ ! -e /tmp/x ]
}

@test "2: not a repository" {
    mkdir ../elsewhere
    cd ../elsewhere
    GIT_CEILING_DIRECTORIES="$BATS_TEST_TMPDIR" run "$BERM" diff
    [ "$status" -eq 2 ]
    [ "${#lines[@]}" -eq 1 ]
}

@test "2: unreadable path" {
    run "$BERM" diff no-such-file notes.txt
    [ "$status" -eq 2 ]
    [ "${#lines[@]}" -eq 1 ]
    [[ "$output" == *no-such-file* ]]
    run "$BERM" diff --trees no-such-folder .
    [ "$status" -eq 2 ]
    run "$BERM" diff --patch no-such.patch
    [ "$status" -eq 2 ]
}

@test "2: malformed patch, with its line" {
    printf -- '--- a/x.tf\n+++ b/x.tf\n@@ -1,nonsense @@\n' >bad.patch
    run "$BERM" diff --patch bad.patch
    [ "$status" -eq 2 ]
    [[ "$output" == "berm: bad.patch:3"* ]]
}

@test "2: malformed rule, with its place" {
    mkdir -p rules/data
    printf 'id: data/x\nnonsense: 1\n' >rules/data/x.yaml
    run "$BERM" diff --rules rules
    [ "$status" -eq 2 ]
    [ "${#lines[@]}" -eq 1 ]
    [[ "$output" == *"data/x.yaml:2"* ]]
}

@test "2: malformed policy, with its place; --policy and the one at the target" {
    printf 'bands:\n  nonsense: 3\n' >policy.yaml
    run "$BERM" diff --policy policy.yaml
    [ "$status" -eq 2 ]
    [[ "$output" == "berm: policy.yaml:2"* ]]
    printf 'nonsense: 1\n' >.berm.yml
    git add .
    git commit -qm policy
    echo more >>notes.txt
    run "$BERM" diff
    [ "$status" -eq 2 ]
    [[ "$output" == *".berm.yml:1"* ]]
}

@test "2: a report that cannot be written" {
    run "$BERM" diff --output no/such/folder
    [ "$status" -eq 2 ]
    [ "${#lines[@]}" -eq 1 ]
}

@test "3: no file at all, only with --require-input" {
    run "$BERM" diff --require-input
    [ "$status" -eq 3 ]
    echo more >>notes.txt
    run "$BERM" diff --require-input
    [ "$status" -eq 0 ]
}

deep() { python3 -c "print('resource \"a\" \"b\" {\n  x = ' + '[' * 3000 + ']' * 3000 + '\n}')"; }

@test "4: something was not understood in a file of a known dialect; --allow-incomplete" {
    deep >deep.tf
    git add .
    run "$BERM" diff
    [ "$status" -eq 4 ]
    [[ "$output" == *understood* ]]
    run "$BERM" diff --allow-incomplete
    [ "$status" -eq 0 ]
}

@test "0: the same in a test folder" {
    mkdir tests
    deep >tests/deep.tf
    git add .
    run "$BERM" diff
    [ "$status" -eq 0 ]
}

@test "where several apply: 1 before 4, 2 before both" {
    deep >deep.tf
    git add .
    run "$BERM" diff --fail-on auto
    [ "$status" -eq 1 ]
    run "$BERM" diff --fail-on auto --format nonsense
    [ "$status" -eq 2 ]
}

@test "control characters of a path do not reach the terminal in an error" {
    run "$BERM" diff $'no\e[31msuch' notes.txt
    [ "$status" -eq 2 ]
    [[ "$output" != *$'\e'* ]]
    [[ "$output" == *'\x1b'* ]]
}

@test "2: closed or full standard output" {
    fresh
    mkdir before after
    echo true >before/a.sh
    echo false >after/a.sh
    run bash -c '"$BERM" diff --trees before after >&-'
    [ "$status" -eq 2 ]
    [[ "$output" == *"standard output: cannot be written"* ]]
    run bash -c '"$BERM" diff --trees before after >/dev/full'
    [ "$status" -eq 2 ]
    run bash -c '"$BERM" diff --trees before after <&- 2>&-'
    [ "$status" -eq 0 ]
    [[ "$output" == *auto* ]]
}
