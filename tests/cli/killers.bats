#!/usr/bin/env bats
# Inputs that kill or stall parsers: bounded time and memory, a finding for the file, and the other
# file of the change is judged all the same, in every input mode.

setup() {
    here="$BATS_TEST_DIRNAME"
    berm="${BERM:-$here/../../build-test/berm}"
    work="$(mktemp -d)"
    cd "$work" || exit 1
    export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@example.org
    export GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@example.org
}

teardown() { rm -rf "$work"; }

# judge COMMAND...: at most 30 s, at most 1.5 GB of address space (sanitizers need more), then both findings.
judge() {
    local limit="ulimit -v 1500000"
    [[ "$berm" == *sanitize* ]] && limit=true
    bash -c "$limit; exec timeout 30 \"\$@\"" judge "$@" >report.json 2>error.txt || {
        local status=$?
        [ "$status" -eq 4 ] || { echo "exit $status: $*"; cat error.txt; return 1; }
    }
    jq -es 'any(.[].findings[]?; .object == "aws_db_instance.main" and .effect == "removed")' report.json >/dev/null ||
        { echo "the ordinary file was not judged: $*"; jq -c '.findings[]?|[.rule,.object]' report.json; return 1; }
    jq -es 'any(.[].findings[]?; .effect == "not-understood" and (.path | startswith("killer/")))' report.json >/dev/null ||
        { echo "no finding for the killer: $*"; jq -c '.findings[]?|[.rule,.object,.path]' report.json; return 1; }
}

every_mode() { # every_mode KILLER
    python3 "$here/killers.py" "$work" "$1"
    judge_modes
}

judge_modes() { # judge_modes OPTION...: before/ and after/ in every input mode
    judge "$berm" diff "$@" --format json --trees before after
    git init -q -b main repository
    cp -r before/. repository/
    cd repository
    git add -A && git commit -qm before
    cp -r ../after/. .
    git add -A
    judge "$berm" diff "$@" --format json --staged
    judge "$berm" diff "$@" --format json
    git commit -qm after
    judge "$berm" diff "$@" --format json --commit HEAD
    judge "$berm" diff "$@" --format json HEAD~1..HEAD
    git diff HEAD~1..HEAD >../change.patch
    judge "$berm" diff "$@" --format json --patch ../change.patch
    judge "$berm" scan "$@" --range HEAD~1..HEAD .
    cd ..
    python3 - <<'PY' >line.json
import json, pathlib
files = []
for path in sorted({p.relative_to(s) for s in (pathlib.Path("before"), pathlib.Path("after")) for p in s.rglob("*") if p.is_file()}):
    side = lambda s: (pathlib.Path(s) / path).read_text() if (pathlib.Path(s) / path).exists() else None
    files.append({"path": str(path), "before": side("before"), "after": side("after")})
print(json.dumps({"id": "killer", "change": {"files": files}}))
PY
    judge "$berm" stage "$@" <line.json
}

@test "YAML nested 254 lists deep" { every_mode yaml-254-lists; }
@test "YAML nested 254 maps deep" { every_mode yaml-254-maps; }
@test "YAML flow nested 300 deep" { every_mode yaml-flow-300; }
@test "100 KB of open brackets" { every_mode json-brackets; }
@test "60 KB of {) in bash" { every_mode bash-braces; }
@test "a YAML file of 40,000 lines" { every_mode yaml-40000-lines; }
@test "5 MB of minified JSON" { every_mode json-minified-5mb; }
@test "10,000 nested parentheses in Python" { every_mode python-parens; }
@test "10,000 nested parentheses in bash" { every_mode bash-parens; }
@test "10,000 nested templates in JavaScript" { every_mode javascript-templates; }
@test "10,000 nested arrow functions in TypeScript" { every_mode typescript-arrows; }
@test "10,000 nested interpolations in Ruby" { every_mode ruby-interpolations; }
@test "10,000 nested parentheses in Go" { every_mode go-parens; }
@test "10,000 nested calls in Rust" { every_mode rust-calls; }
@test "10,000 nested parentheses in HCL" { every_mode hcl-parens; }

@test "what once grew without bound is judged in bounded time and memory" {
    for name in $(python3 "$here/killers.py" --list-growing); do
        rm -rf before after
        python3 "$here/killers.py" "$work" "$name"
        local limit="ulimit -v 1500000"
        [[ "$berm" == *sanitize* ]] && limit=true
        run bash -c "$limit; exec timeout 40 '$berm' diff --format json --allow-incomplete --trees before after"
        [ "$status" -eq 0 ] || { echo "$name: $status ${output:0:200}"; return 1; }
        jq -e 'any(.findings[]; .object == "aws_db_instance.main")' <<<"$output" >/dev/null
    done
}

@test "wrappers nested too deep are told, not passed over" {
    mkdir -p before after
    echo true >before/a.sh
    printf 'sudo %.0s' {1..40} >after/a.sh
    echo 'rm -rf /' >>after/a.sh
    run "$berm" diff --format json --trees before after
    [ "$status" -eq 4 ]
    jq -e 'any(.findings[]; .effect == "not-understood")' <<<"$output"
}

@test "a parser that crashes" {
    # The crashing grammar is linked into test builds only.
    [[ "$berm" == *build-test* || "$berm" == *build-sanitize* || "$berm" == *build-clang* ]] || skip "needs a test build"
    mkdir -p before/infra after/infra before/killer after/killer
    python3 "$here/killers.py" "$work" json-brackets
    rm after/killer/open.json
    printf '{"a": 1}\n' >before/killer/x.crash
    printf '{"a": 1!}\n' >after/killer/x.crash
    judge_modes --rules "$here/crash"
}
