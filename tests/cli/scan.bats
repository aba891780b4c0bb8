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
    local here="$PWD"
    (cd / && LC_ALL=C.UTF-8 TZ=Asia/Tokyo "$BERM" scan "$here" --jobs 8 >"$here/../8")
    cmp ../1 ../8
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

@test "every record says where it comes from; a missing commit is one too, and the scan goes on" {
    "$BERM" scan . >../whole
    commit=$(git rev-parse HEAD~5)
    rm -f ".git/objects/${commit:0:2}/${commit:2}"
    run bash -c '"$BERM" scan . >../out 2>../err'
    [ "$status" -eq 0 ]
    grep -q '1 of 6 commits could not be read' ../err
    python3 - "$commit" "$PWD" <<'PY'
import json, sys
commit, directory = sys.argv[1:]
whole = [json.loads(line) for line in open("../whole")]
assert len(whole) == 32
for previous, record in zip([None] + whole, whole):
    assert record["id"] == record["commit"] and record["repository"] == directory
    assert record["parent"] == (previous and previous["commit"])
    assert len(record["rules_digest"]) == 64
out = [json.loads(line) for line in open("../out")]
assert [r["commit"] for r in out] == [commit] + [r["commit"] for r in whole[-5:]]
assert out[0]["id"] == commit and out[0]["repository"] == directory
assert out[0]["error"]["code"] and out[0]["error"]["message"] and "tier" not in out[0]
assert out[0]["rules_digest"] == whole[0]["rules_digest"]
assert all(a == b for a, b in zip(out[2:], whole[-4:]))
PY
}

@test "an unreadable tree spoils the commits that need it, and no other" {
    "$BERM" scan . >../whole
    tree=$(git rev-parse 'HEAD~5^{tree}')
    rm -f ".git/objects/${tree:0:2}/${tree:2}"
    "$BERM" scan . >../out 2>/dev/null
    python3 - <<'PY'
import json
whole = [json.loads(line) for line in open("../whole")]
out = [json.loads(line) for line in open("../out")]
assert [i for i, r in enumerate(out) if "error" in r] == [26, 27], [i for i, r in enumerate(out) if "error" in r]
assert [r["commit"] for r in out] == [r["commit"] for r in whole]
assert all(a == b for a, b in zip(out, whole) if "error" not in a)
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
