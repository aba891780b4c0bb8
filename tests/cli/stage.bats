# berm stage: one line in, one line out, in order.
load helper

setup() { fresh; }

@test "a report a line, in order, with ids; errors are records" {
    python3 - >in.ndjson <<'PY'
import json
tf = 'resource "aws_db_instance" "main" {\n  engine = "postgres"\n}\n'
def line(id, files, **more): print(json.dumps({"id": id, "change": {"files": files, **more}}))
line("one", [{"path": "main.tf", "before": tf, "after": None}], message="remove", author="a <b>")
print("not json")
line("three", [{"path": "main.tf", "before": None, "after": tf}], context=[{"path": "x.tf", "content": ""}])
print('{"id":"four"}')
print('{"id":"five","change":{"files":[{"path":"a.sh","before":"\\ud800","after":null}]}}')
print('{"id":"six","change":{"files":[{"path":"a.sh","before":null,"after":"\\u0000"}]}}')
print('{"id":"seven","id":"seven","change":{"files":[]}}')
line("eight", [{"path": "main.tf", "before": "cmVzb3VyY2UgImF3c19kYl9pbnN0YW5jZSIgIm0iIHt9Cg==", "after": None, "encoding": "base64"}])
line("nine", [{"path": "main.tf", "before": "%%%", "after": None, "encoding": "base64"}])
line("ten", [{"path": "main.tf", "before": tf}])
line("eleven", [])
PY
    "$BERM" stage <in.ndjson >out.ndjson
    [ "$(wc -l <out.ndjson)" -eq 11 ]
    python3 - <<'PY'
import json
out = [json.loads(line) for line in open("out.ndjson")]
ids = [o["id"] for o in out]
assert ids == ["one", None, "three", "four", "five" if ids[4] else None, "six", "seven", "eight", "nine", "ten", "eleven"], ids
errors = [i for i, o in enumerate(out) if "error" in o]
assert errors == [1, 3, 4, 6, 8, 9], errors
for i in errors:
    assert out[i]["error"]["line"] == i + 1 and out[i]["error"]["code"] == "json" and out[i]["error"]["message"]
assert out[1]["error"]["column"] > 0
for i in (0, 7):
    assert out[i]["tier"]["level"] >= 3 and out[i]["findings"], i
assert out[2]["tier"]["level"] == 0 and out[10]["score"] == 0
PY
}

@test "an answer comes before the next line is sent" {
    coproc STAGE { "$BERM" stage; }
    for id in 1 2 3; do
        echo "{\"id\":\"$id\",\"change\":{\"files\":[]}}" >&"${STAGE[1]}"
        read -r -t 10 answer <&"${STAGE[0]}"
        [[ "$answer" == *"\"id\":\"$id\""* ]] || [[ "$answer" == *"\"id\": \"$id\""* ]]
    done
    exec {STAGE[1]}>&-
    while kill -0 "${STAGE_PID:-0}" 2>/dev/null && [ -n "${STAGE_PID:-}" ]; do sleep 0.1; done
}

@test "a line of 20 MB" {
    python3 -c '
import json
print(json.dumps({"id": "long", "change": {"files": [{"path": "a.txt", "before": "x\n" * 10000000, "after": None}]}}))
print(json.dumps({"id": "next", "change": {"files": []}}))' >in.ndjson
    "$BERM" stage <in.ndjson >out.ndjson
    [ "$(wc -l <out.ndjson)" -eq 2 ]
    tail -n 1 out.ndjson | grep -q next
}

# measured FILE: runs stage on it into out.ndjson; the most memory it held, in KiB
measured() {
    python3 - "$1" <<'PY'
import os, resource, subprocess, sys
with open(sys.argv[1]) as source, open("out.ndjson", "w") as out:
    subprocess.run([os.environ["BERM"], "stage"], stdin=source, stdout=out, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
PY
}

@test "100,000 lines: in order, and memory does not grow with them" {
    python3 - <<'PY'
for name, count in (("few", 1000), ("many", 100000)):
    with open(name, "w") as out:
        for i in range(count):
            print('{"id":"%d","change":{"files":[{"path":"a%d.sh","before":null,"after":"echo %d"}]}}' % (i, i, i) if i % 10 == 0 else '{"id":"%d","change":{"files":[]}}' % i, file=out)
PY
    few=$(measured few)
    many=$(measured many)
    python3 -c '
import json
assert [json.loads(line)["id"] for line in open("out.ndjson")] == [str(i) for i in range(100000)]'
    echo "few $few KiB, many $many KiB"
    [ -n "${ASAN_OPTIONS:-}" ] || [ "$many" -lt $((few + 150000)) ]
}

@test "a line of 20 MB is given back before the next" {
    python3 - <<'PY'
import json
line = {"change": {"files": [{"path": "a.txt", "before": "x\n" * 10000000, "after": None}]}}
for name, count in (("one", 1), ("five", 5)):
    with open(name, "w") as out:
        for i in range(count):
            print(json.dumps({"id": str(i), **line}), file=out)
PY
    one=$(measured one)
    five=$(measured five)
    [ "$(wc -l <out.ndjson)" -eq 5 ]
    echo "one $one KiB, five $five KiB"
    [ -n "${ASAN_OPTIONS:-}" ] || [ "$five" -lt $((one + one / 2)) ]
}

@test "bad rules: exit 2 and nothing on stdout, even without input" {
    mkdir -p rules/data
    echo 'nonsense: 1' >rules/data/x.yaml
    run bash -c '"$BERM" stage --rules rules </dev/null 2>/dev/null'
    [ "$status" -eq 2 ]
    [ -z "$output" ]
}

@test "a line whose parser crashes is answered, and so is the next one" {
    can_crash || skip "this build has no grammar that crashes"
    rules="$ROOT/tests/cli/crash"
    printf '%s\n' '{"id":"1","change":{"files":[{"path":"a.crash","before":null,"after":"{\"a\":\"!\"}"}]}}' \
        '{"id":"2","change":{"files":[]}}' >in.ndjson
    "$BERM" stage --rules "$rules" <in.ndjson >out.ndjson
    [ "$(wc -l <out.ndjson)" -eq 2 ]
    grep -q 'parser crashed' out.ndjson
}

@test "stage: a policy too large to be compared is told, not passed over" {
    python3 - >big.ndjson <<'PY'
import json
def policy(more):
    allowed = [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::b{i}/*"} for i in range(2001)]
    return json.dumps({"Version": "2012-10-17", "Statement": allowed + more})
everything = [{"Effect": "Allow", "Action": "*", "Resource": "*"}]
print(json.dumps({"id": "1", "change": {"files": [
    {"path": "iam/policy.json", "before": policy([]), "after": policy(everything)}]}}))
PY
    run "$BERM" stage <big.ndjson
    [[ "$output" == *'"complete":false'* ]]
    [[ "$output" == *"too large to be compared"* ]]
}
