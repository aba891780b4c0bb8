#!/usr/bin/env bats
# Properties over all labelled cases, where they are at hand.

setup() {
    root="$BATS_TEST_DIRNAME/../.."
    berm="${BERM:-$root/build-test/berm}"
    truth="$root/../shared/truth"
    [ -d "$truth" ] || skip "no ../shared/truth here"
    # The sanitized build is slow: a tenth of the cases serves its purpose.
    take=1
    [[ "$berm" == *sanitize* ]] && take=10
    work="$(mktemp -d)"
    cat "$truth"/*.ndjson | awk -v n="$take" 'NR % n == 0' >"$work/cases"
}

teardown() { [ -z "${work:-}" ] || rm -rf "$work"; }

@test "verdicts are the same with the block cut and the prefilter off" {
    "$berm" stage <"$work/cases" >"$work/with"
    "$berm" stage --no-block-cut --no-prefilter <"$work/cases" >"$work/without"
    [ "$(wc -l <"$work/with")" -eq "$(wc -l <"$work/cases")" ]
    cmp "$work/with" "$work/without"
}

@test "the same input gives the same bytes" {
    "$berm" stage <"$work/cases" >"$work/first"
    (cd / && LC_ALL=C.UTF-8 TZ=Asia/Tokyo "$(realpath "$berm")" stage <"$work/cases" >"$work/second")
    cmp "$work/first" "$work/second"
}

@test "every report obeys the schema" {
    "$berm" stage <"$work/cases" >"$work/reports"
    node "$root/tests/schema.test.mjs" --lines "$work/reports"
}

@test "any number of workers gives the same bytes" {
    export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@example.org
    export GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@example.org
    git init -q -b main "$work/repository"
    for n in 1 2 3 4 5 6 7 8 9 10 11 12; do
        printf 'resource "aws_db_instance" "d%s" {\n  engine = "postgres"\n}\n' "$n" >"$work/repository/main.tf"
        printf 'rm -rf "$DATA%s/"\n' "$n" >"$work/repository/clean.sh"
        git -C "$work/repository" add -A
        git -C "$work/repository" commit -qm "$n"
    done
    "$berm" scan --jobs 1 "$work/repository" >"$work/one"
    [ "$(wc -l <"$work/one")" -eq 12 ]
    for jobs in 2 4 8; do
        (cd / && LC_ALL=C.UTF-8 TZ=Asia/Tokyo "$(realpath "$berm")" scan --jobs "$jobs" "$work/repository" >"$work/many")
        cmp "$work/one" "$work/many"
    done
}
