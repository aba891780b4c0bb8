# Knowledge is data: a dialect, a fact table and rules of a made-up format, from files alone.
load helper

setup() {
    fresh
    RULES="$ROOT/tests/cli/data_only"
    printf 'orchard: north\nplots:\n  - trees:\n      - {label: old, sort: walnut}\n      - {label: new, sort: cherry}\n' >before
}

# judge FILE RULES...: the report on the change of north.yaml from `before` to FILE
judge() {
    python3 - "$1" <<'PY' | "$BERM" stage "${@:2}"
import json, sys
print(json.dumps({"id": "x", "change": {"files": [
    {"path": "north.yaml", "before": open("before").read(), "after": open(sys.argv[1]).read()}]}}))
PY
}

# field EXPRESSION: of the report on standard input
field() { python3 -c "import json,sys; r=json.load(sys.stdin); print($1)"; }

@test "the dangerous change is found, by the table, and named by the dialect" {
    grep -v walnut before >after
    judge after --rules "$RULES" >out
    [ "$(field 'r["tier"]["level"]' <out)" -ge 3 ]
    [ "$(field '[f["rule"] for f in r["findings"]]' <out)" = "['data/tree-felled']" ]
    [ "$(field 'r["findings"][0]["object"]' <out)" = old ]
    [ "$(field 'r["findings"][0]["line"]' <out)" = 4 ]
    [ "$(field 'r["findings"][0]["message"]' <out)" = "walnut old is felled" ]
}

@test "the benign twin is silent" {
    grep -v cherry before >after
    judge after --rules "$RULES" >out
    [ "$(field 'len(r["findings"]), r["tier"]["level"]' <out)" = "0 0" ]
    printf 'orchard: north # re-indented\nplots:\n- trees:\n  - sort: cherry\n    label: new\n  - sort: walnut\n    label: old\n' >after
    judge after --rules "$RULES" >out
    [ "$(field 'len(r["findings"])' <out)" = 0 ]
}

@test "without the directory nothing is known of it" {
    grep -v walnut before >after
    judge after >out
    [ "$(field 'len(r["findings"])' <out)" = 0 ]
    run "$BERM" explain data/tree-felled
    [ "$status" -eq 2 ]
}

@test "another row of the table, and no more, makes a cherry count" {
    cp -r "$RULES" mine
    printf 'orchard\tcherry\t3\n' >>mine/facts/slow_sorts.tsv
    grep -v cherry before >after
    judge after --rules mine >out
    [ "$(field '[f["object"] for f in r["findings"]]' <out)" = "['new']" ]
    [ "$(field 'r["tool"]["rules_digest"]' <out)" != "$(judge after --rules "$RULES" | field 'r["tool"]["rules_digest"]')" ]
}

@test "examples, explanation, list and lint know the rules" {
    run "$BERM" rules test data/tree-felled --rules "$RULES"
    [ "$status" -eq 0 ]
    [[ "$output" == *"3 passed, 0 failed"* ]]
    run "$BERM" rules test data/branch-regrafted --rules "$RULES"
    [[ "$output" == *"2 passed, 0 failed"* ]]
    run "$BERM" explain data/tree-felled --rules "$RULES"
    [ "$status" -eq 0 ]
    [[ "$output" == *"It takes years to grow another one."* ]]
    [[ "$output" == *orchard* ]]
    "$BERM" rules list --rules "$RULES" | grep -q ' data/tree-felled '
    run "$BERM" rules lint --rules "$RULES"
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "a broken example is told with file and line" {
    cp -r "$RULES" mine
    sed -i 's/sort: walnut/sort: willow/' mine/data/tree-felled.yaml
    run "$BERM" rules test data/tree-felled --rules mine
    [ "$status" -ne 0 ]
    [[ "$output" == *mine/data/tree-felled.yaml:* ]]
}
