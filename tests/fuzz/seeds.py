#!/usr/bin/env python3
"""Seeds for a fuzz target from corpus/: tests/fuzz/seeds.py TARGET DIRECTORY"""
import difflib
import json
import pathlib
import sys

import yaml

target, out = sys.argv[1], pathlib.Path(sys.argv[2])
root = pathlib.Path(__file__).resolve().parent.parent.parent


def sides(case):
    texts = {}
    for side in ("before", "after"):
        for path in sorted((case / side).rglob("*")) if (case / side).exists() else []:
            if path.is_file():
                texts.setdefault(str(path.relative_to(case / side)), {})[side] = path.read_text()
    return texts


def patch(texts):
    lines = []
    for path, text in texts.items():
        lines += difflib.unified_diff(text.get("before", "").splitlines(True), text.get("after", "").splitlines(True),
                                      "a/" + path if "before" in text else "/dev/null",
                                      "b/" + path if "after" in text else "/dev/null")
    return "".join(lines)


for case in sorted((root / "corpus").glob("*/*/")):
    texts = sides(case)
    if target == "fuzz_change":
        files = [{"path": p, "before": t.get("before"), "after": t.get("after")} for p, t in list(texts.items())[:4]]
        (out / case.name).write_text(json.dumps({"id": case.name, "change": {"files": files}}))
    elif target == "fuzz_patch":
        (out / case.name).write_text(patch(texts))
if target == "fuzz_sql":
    for path in sorted((root / "grammars" / "sql" / "test" / "corpus").glob("*.txt")):
        (out / path.name).write_text(path.read_text())
if target == "fuzz_change":
    # One file of each programming language, as it stands after an everyday change.
    path = None
    for line in (root / "tests/quiet/languages.txt").read_text().splitlines():
        if line.startswith("--- file "):
            path = line[9:]
            seed = out / ("language-" + path.replace("/", "-"))
            lines = []
        elif path and line[:1] in ("", " ", "+"):
            lines.append(line[1:])
            text = "\n".join(lines)
            seed.write_text(json.dumps({"id": path, "change": {"files": [{"path": path, "before": None, "after": text}]}}))
if target == "fuzz_lines":
    # Each example of a rule that is in one of the formats, twice: the first half is the side before.
    formats = ["nginx/", ".cfg", ".zone", "Makefile", "Dockerfile", ".service", "crontab", "justfile", "Jenkinsfile", ".htaccess", "Caddyfile"]
    for rule in sorted((root / "rules").rglob("*.yaml")):
        for number, example in enumerate((yaml.safe_load(rule.read_text()) or {}).get("examples") or []):
            for at, name in enumerate(formats):
                if name in example.get("path", "") and example.get("before"):
                    (out / f"{rule.stem}-{number}").write_text(chr(at) + example["before"] + (example.get("after") or ""))
if target == "fuzz_policy":
    (out / "policy").write_text("critical:\n  - paths: [infra/**]\n    floor: senior\n    name: pay\nsuppressions:\n"
                                "  - rule: a/b\n    path: c/**\n    reason: because\n    until: 2027-01-31\nbands: {peer: 5}\n")
