# berm rules, explain, version, help, completions, eval.
load helper

setup() { fresh; }

@test "rules list, as text and JSON; explain; an unknown rule" {
    run "$BERM" rules list
    [ "$status" -eq 0 ]
    id=$("$BERM" rules list --json | python3 -c 'import json,sys; print(json.load(sys.stdin)[0]["id"])')
    run "$BERM" explain "$id"
    [ "$status" -eq 0 ]
    [[ "$output" == *"$id"* ]]
    run "$BERM" explain "${id}x"
    [ "$status" -eq 2 ]
    [[ "$output" == *"$id"* ]]
}

@test "rules new makes a rule that passes its own examples; it is not overwritten" {
    "$BERM" rules new mine/bucket-gone --rules rules
    run "$BERM" rules test mine/ --rules rules
    echo "$output"
    [ "$status" -eq 0 ]
    [[ "$output" == *"2 passed, 0 failed"* ]]
    run "$BERM" rules new mine/bucket-gone --rules rules
    [ "$status" -eq 2 ]
    run "$BERM" rules new ../../etc/x --rules rules
    [ "$status" -eq 2 ]
}

@test "rules lint" {
    run "$BERM" rules lint
    [ "$status" -eq 0 ]
}

@test "rules list --coverage: each pattern once, with its rules; a pattern that does not exist" {
    run "$BERM" rules list --coverage
    [ "$status" -eq 0 ]
    [[ "$output" == *"P0 1.2   sh.terraform-destroy "*" command/terraform-destroy"* ]]
    patterns=$(grep -cE '^P[012] 1\.' <<<"$output")
    uncovered=$(grep -cE '^P[012] 1\..* -$' <<<"$output")
    covered=$(sed -nE 's/^P[012]: ([0-9]+) of .*/\1/p' <<<"$output" | awk "{ n += \$1 } END { print n }")
    [ "$patterns" -eq "$(grep -vc '^#' "$BATS_TEST_DIRNAME/../../rules/facts/patterns.tsv")" ]
    [ "$((covered + uncovered))" -eq "$patterns" ]
    "$BERM" rules new mine/bucket-gone --rules rules
    sed -i 's/^severity:/covers: [sh.no-such-thing]\nseverity:/' rules/mine/bucket-gone.yaml
    run "$BERM" rules lint --rules rules
    [ "$status" -eq 2 ]
    [[ "$output" == *'there is no pattern "sh.no-such-thing"'* ]]
}

@test "version, help and completions" {
    [ "$("$BERM" --version)" = "$("$BERM" version)" ]
    "$BERM" --version --json | python3 -c 'import json,sys; v = json.load(sys.stdin); assert len(v["rules_digest"]) == 64 and v["grammars"]["hcl"]'
    for command in diff stage scan hook rules explain eval completions help version; do
        "$BERM" help "$command" | grep -q "^berm $command:"
        cmp <("$BERM" help "$command") <("$BERM" "$command" --help)
    done
    "$BERM" completions bash | bash -n
    "$BERM" completions bash | grep -q -- --fail-on
    "$BERM" completions fish | grep -q fail-on
}

@test "eval: table, JSON and failures agree" {
    python3 - >cases.ndjson <<'PY'
import json
tf = 'resource "aws_db_instance" "main" {\n  engine = "postgres"\n}\n'
def case(id, suite, before, after, expect, **about):
    print(json.dumps({"id": id, "suite": suite, "change": {"files": [{"path": "main.tf", "before": before, "after": after}]}, "expect": expect, "about": about}))
case("a", "tiers", tf, None, {"tier": 3, "class": "x"})
case("b", "tiers", "# x\n", "# y\n", {"tier": 0, "class": "x"})
case("c", "tiers", "# x\n", "# y\n", {"tier": 4, "class": "x"})
case("d", "other", "# x\n", "# y\n", {"dangerous": True})
case("e", "other", "# x\n", "# y\n", {"data_loss": False, "calm": True})
PY
    "$BERM" eval cases.ndjson --json --failures >out.json
    python3 - <<'PY'
import json
out = json.load(open("out.json"))
tiers, other = out["suites"]
m = tiers["measures"]
assert m["risky_recall"] == {"value": 0.5, "hits": 1, "of": 2}, m
assert m["false_alarm"]["value"] == 0 and m["high_precision"]["value"] == 1
assert m["within1"]["hits"] == 2 and m["auc"]["value"] == 0.75
assert other["measures"]["dangerous_recall"]["hits"] == 0 and other["measures"]["calm"]["value"] == 1
assert sorted(f["id"] for f in out["failures"]) == ["c", "d"]
PY
    run "$BERM" eval cases.ndjson --failures
    [[ "$output" == *"tiers: 3 cases"* ]]
    [[ "$output" == *"2 failures"* ]]
    run "$BERM" eval /no/such.ndjson
    [ "$status" -eq 2 ]
    echo '{"id":1}' >bad.ndjson
    run "$BERM" eval bad.ndjson
    [ "$status" -eq 2 ]
    [[ "$output" == "berm: bad.ndjson:1"* ]]
}
