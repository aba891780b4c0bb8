#!/usr/bin/env bats
# The one call that deletes more than before is found inside a mechanical change of 500 files.

setup() {
    here="$BATS_TEST_DIRNAME"
    berm="${BERM:-$here/../../build-test/berm}"
}

# widened LANGUAGE: one finding of weight, in the file in the middle, and a tier above that of peers.
widened() {
    python3 "$here/mechanical.py" "$1" | "$berm" stage >"$BATS_TEST_TMPDIR/report.json"
    jq -e --arg path "src/tidy250.$1" '
        [.findings[] | select(.severity != "low")] as $loud
        | ($loud | length) == 1 and $loud[0].rule == "code/delete-receiver-widened"
          and $loud[0].path == $path and .tier.level >= 3' "$BATS_TEST_TMPDIR/report.json" ||
        { jq -c '.tier, (.findings[:9][] | [.severity, .rule, .path, .message])' "$BATS_TEST_TMPDIR/report.json"; return 1; }
}

@test "a widened delete among 500 files of Python" { widened py; }
@test "a widened delete among 500 files of JavaScript" { widened js; }
@test "a widened delete among 500 files of TypeScript" { widened ts; }
@test "a widened delete among 500 files of Ruby" { widened rb; }
@test "a widened delete among 500 files of Go" { widened go; }
@test "a widened delete among 500 files of Java" { widened java; }
@test "a widened delete among 500 files of C#" { widened cs; }
@test "a widened delete among 500 files of PHP" { widened php; }
@test "a widened delete among 500 files of Kotlin" { widened kt; }
@test "a widened delete among 500 files of Rust" { widened rs; }
