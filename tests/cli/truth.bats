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

@test "verdicts are the same with the block cut off" {
    "$berm" stage <"$work/cases" >"$work/with"
    "$berm" stage --no-block-cut <"$work/cases" >"$work/without"
    [ "$(wc -l <"$work/with")" -eq "$(wc -l <"$work/cases")" ]
    cmp "$work/with" "$work/without"
}

@test "the same input gives the same bytes" {
    "$berm" stage <"$work/cases" >"$work/first"
    (cd / && LC_ALL=C.UTF-8 TZ=Asia/Tokyo "$(realpath "$berm")" stage <"$work/cases" >"$work/second")
    cmp "$work/first" "$work/second"
}

@test "every report obeys the schema" {
    "$berm" stage <"$work/cases" >"$work/reports.ndjson"
    node "$root/tests/schema.test.mjs" "$work/reports.ndjson"
}
