#!/usr/bin/env python3
"""Runs every folder of corpus/ through berm and compares with its expect.json.

    tests/corpus.py PROGRAM [NAME...]

A case is a folder with before/ and after/ (either may be missing: everything added or removed),
and expect.json:
    incident  number or name in the incident list, or null
    why       one sentence: what happened, or why this twin is harmless
    tier      exact tier; or tier_at_most for benign twins
    findings  rule ids that must be among the findings; for twins the list may be empty
    object    optional: an object that one of these findings must name
corpus/cases holds the dangerous ones, corpus/twins the harmless look-alikes. Every id under
`incidents:` of a rule has to be the name of one of these folders.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

TIERS = ["auto", "peer", "two-peer", "senior", "director"]


def review(program, case):
    with tempfile.TemporaryDirectory() as empty:
        sides = [str(case / side) if (case / side).exists() else empty for side in ("before", "after")]
        done = subprocess.run([program, "diff", "--format", "json", "--trees", *sides],
                              capture_output=True, text=True)
    if done.returncode not in (0, 4):
        raise RuntimeError(f"exit {done.returncode}: {done.stderr.strip()}")
    return json.loads(done.stdout)


def problems(case, program):
    expect = json.loads((case / "expect.json").read_text())
    report = review(program, case)
    tier = report["tier"]["name"]
    rules = {finding["rule"] for finding in report["findings"]}
    if "tier" in expect and tier != expect["tier"]:
        yield f"tier is {tier} ({report['score']}), expected {expect['tier']}; findings {sorted(rules)}"
    if "tier_at_most" in expect and TIERS.index(tier) > TIERS.index(expect["tier_at_most"]):
        yield f"tier is {tier} ({report['score']}), expected at most {expect['tier_at_most']}; findings {sorted(rules)}"
    for rule in expect.get("findings", []):
        if rule not in rules:
            yield f"no finding {rule}; found {sorted(rules)}"
    wanted = expect.get("object")
    if wanted and not any(wanted in (f["object"], *f.get("cascade", [])) for f in report["findings"]):
        yield f"no finding names {wanted}; found {sorted({f['object'] for f in report['findings']})}"


def unknown_incidents(root):
    known = {case.name for case in root.glob("corpus/*/*/")}
    for rule in sorted(root.glob("rules/*/*.yaml")):
        for ids in re.findall(r"^incidents:\s*\[(.*?)\]", rule.read_text(), re.M | re.S):
            for name in re.split(r"[\s,]+", ids.strip()):
                if name and name not in known:
                    yield f"{rule.relative_to(root)}: corpus/ holds no incident {name}"


def main():
    program, names = sys.argv[1], set(sys.argv[2:])
    root = pathlib.Path(__file__).resolve().parent.parent / "corpus"
    passed = failed = 0
    for case in sorted(root.glob("*/*/")):
        if names and case.name not in names:
            continue
        try:
            found = list(problems(case, program))
        except (OSError, RuntimeError, ValueError) as error:
            found = [str(error)]
        for problem in found:
            print(f"{case.relative_to(root)}: {problem}")
        failed += bool(found)
        passed += not found
    for problem in unknown_incidents(root.parent):
        print(problem)
        failed += 1
    print(f"{passed} passed, {failed} failed")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
