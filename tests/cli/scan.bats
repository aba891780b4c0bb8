# berm scan: every commit, one line each, in commit order.
load helper

setup() {
    repository
    for i in $(seq 1 30); do
        printf 'resource "aws_s3_bucket" "b%s" {\n}\n' "$i" >"b$i.tf"
        git add .
        git commit -qm "add $i"
    done
    git rm -q main.tf
    git commit -qm "remove the database"
}

field() { python3 -c "import json,sys
for line in open('$1'): print(json.loads(line).get('$2'))"; }

@test "all commits in order; the same bytes with 1, 2 and 5 workers" {
    "$BERM" scan . --jobs 1 >../1
    "$BERM" scan . --jobs 2 >../2
    "$BERM" scan . --jobs 5 >../5
    cmp ../1 ../2
    cmp ../1 ../5
    [ "$(field ../1 commit)" = "$(git rev-list --reverse HEAD)" ]
    [ "$(field ../1 parent | tail -n 1)" = "$(git rev-parse HEAD~1)" ]
    [ "$(field ../1 parent | head -n 1)" = None ]
    [ "$(field ../1 rules_digest | sort -u | wc -l)" -eq 1 ]
    tail -n 1 ../1 | grep -q aws_db_instance.main
}

@test "--range, and several repositories one after the other" {
    "$BERM" scan . --range HEAD~3..HEAD >../out
    [ "$(wc -l <../out)" -eq 3 ]
    git clone -q . ../second
    "$BERM" scan . ../second >../out
    [ "$(wc -l <../out)" -eq 64 ]
}

@test "an unreadable object is reported and passed over" {
    blob=$(git rev-parse HEAD~10:main.tf)
    tree=$(git rev-parse 'HEAD~5^{tree}')
    rm -f ".git/objects/${blob:0:2}/${blob:2}" ".git/objects/${tree:0:2}/${tree:2}"
    run bash -c '"$BERM" scan . >../out'
    [ "$status" -eq 0 ]
    [ "$(wc -l <../out)" -eq 32 ]
    python3 - <<'PY'
import json
lines = [json.loads(line) for line in open("../out")]
assert all("error" in l or "tier" in l for l in lines)
assert any("error" in l or not l["complete"] or "not-understood" in str(l) for l in lines)
PY
}

@test "nothing on stderr without a terminal" {
    run bash -c '"$BERM" scan . 2>&1 >/dev/null'
    [ -z "$output" ]
}

@test "2: not a repository, before any line" {
    mkdir ../plain
    run bash -c 'GIT_CEILING_DIRECTORIES="$BATS_TEST_TMPDIR" "$BERM" scan . ../plain 2>/dev/null'
    [ "$status" -eq 2 ]
    [ -z "$output" ]
}

@test "a commit that crashes the parser is judged in isolation, the others as ever" {
    can_crash || skip "this build has no grammar that crashes"
    rules="$ROOT/tests/cli/crash"
    echo '{"a": "!"}' >dead.crash
    git add .
    git commit -qm crash
    git rm -q b1.tf
    git commit -qm after
    "$BERM" scan . --rules "$rules" >../out
    [ "$(wc -l <../out)" -eq 34 ]
    grep -c 'parser crashed' ../out | grep -qx 1
}
