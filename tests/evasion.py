#!/usr/bin/env python3
"""Reviews disguised commands: each must keep the tier of the plain one, its twin must stay quiet.

    tests/evasion.py PROGRAM [WORD...]      only cases whose name holds one of the words

A file of tests/evasion/ is a class of disguises. `=== NAME` begins a case; the lines below `--- base`,
`--- form` and `--- twin` are the plain command, the same disguised, and something harmless of the
same form. All are added to a script. At least 95 % of the forms have to reach the tier of their
base, and 97 % of the twins to end as auto or peer without a finding of medium severity or worse.
"""
import pathlib
import sys

import stage

TIER_SHARE, QUIET_SHARE = 95, 97
LOUD = ("medium", "high", "critical")
PARTS = ("base", "form", "twin")


def cases(path):
    found, part = [], None
    for line in path.read_text().split("\n"):
        if line.startswith("=== "):
            found.append((f"{path.stem}: {line[4:]}", {name: [] for name in PARTS}))
            part = None
        elif line.startswith("--- ") and line[4:] in PARTS:
            part = line[4:]
        elif part:
            found[-1][1][part].append(line)
    return [(name, {part: "\n".join(lines).strip("\n") for part, lines in texts.items()})
            for name, texts in found]


def record(identity, text):
    file = {"path": "bin/deploy.sh", "before": "#!/bin/bash\n", "after": f"#!/bin/bash\n{text}\n"}
    return stage.record(identity, [file])


def review(program, selected):
    records = [record(f"{name}/{part}", texts[part]) for name, texts in selected for part in PARTS]
    reports = stage.review(program, records)
    return [dict(zip(PARTS, reports[at:at + len(PARTS)])) for at in range(0, len(reports), len(PARTS))]


def rules(report):
    return ", ".join(sorted({finding["rule"] for finding in report["findings"]})) or "nothing"


def quiet(report):
    return report["tier"]["level"] <= 1 and not any(f["severity"] in LOUD for f in report["findings"])


def main():
    program, words = sys.argv[1], sys.argv[2:]
    files = sorted(pathlib.Path(__file__).resolve().parent.glob("evasion/*.txt"))
    selected = [case for path in files for case in cases(path)
                if not words or any(word in case[0] for word in words)]
    kept = calm = 0
    for (name, _), report in zip(selected, review(program, selected)):
        level = {part: report[part]["tier"]["level"] for part in PARTS}
        if level["base"] < 1:
            raise RuntimeError(f"{name}: the plain command is only tier {level['base']}")
        if level["form"] >= level["base"]:
            kept += 1
        else:
            print(f"{name}: {level['form']} instead of {level['base']} ({rules(report['form'])}; "
                  f"plain: {rules(report['base'])})")
        if quiet(report["twin"]):
            calm += 1
        else:
            print(f"{name}: the twin raises {rules(report['twin'])} (tier {level['twin']})")
    total = len(selected)
    print(f"{len(files)} classes: {kept} of {total} keep their tier, {calm} of {total} twins are quiet")
    failed = (kept * 100 < total * TIER_SHARE) + (calm * 100 < total * QUIET_SHARE)
    print(f"{kept + calm} passed, {(total - kept + total - calm) if failed else 0} failed")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
