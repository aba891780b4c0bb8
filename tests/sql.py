#!/usr/bin/env python3
"""Reviews the statements of tests/sql/, each alone in a new migration, and whole cases.

    tests/sql.py PROGRAM [WORD...]      only those whose text holds one of the words

destructive.txt and harmless.txt say at their heads what is demanded of each statement. cases.txt
holds whole files in the form of tests/quiet.py; the first word of a case's name, LEAST..MOST, says
between which severities its worst finding lies. Everything has to be understood.
"""
import pathlib
import sys

import quiet
import stage

SEVERITIES = ["none", "low", "medium", "high", "critical"]
NOT_UNDERSTOOD = ("governance/not-understood", "governance/script-not-understood")
HERE = pathlib.Path(__file__).resolve().parent / "sql"
ESCAPES = {"\\\\": "\\", "\\n": "\n", "\\t": "\t"}


def unescaped(line):
    text, at = "", 0
    while at < len(line):
        pair = line[at:at + 2]
        text += ESCAPES.get(pair, line[at])
        at += 2 if pair in ESCAPES else 1
    return text


def statements(name):
    group = None
    for line in (HERE / name).read_text().splitlines():
        if line.startswith("=== "):
            group = line[4:].split()
        elif line and group:
            yield group, unescaped(line)


def selected_cases():
    for (engine, least), text in statements("destructive.txt"):
        path = f"db/migrations/{engine}/V7__change.sql"
        yield f"{engine}: {text}", (least, "critical"), [quiet_file(path, text)]
    for (engine,), text in statements("harmless.txt"):
        path = f"db/migrations/{engine}/V7__change.sql"
        yield f"{engine}: {text}", ("none", "low"), [quiet_file(path, text)]
    for name, files in quiet.cases(HERE / "cases.txt"):
        bounds, title = name.split(" ", 1)
        yield title, bounds.split(".."), [quiet.file_record(p, *s) for p, s in files.items()]


def quiet_file(path, text):
    return {"path": path, "before": None, "after": text + "\n"}


def review(program, selected):
    return stage.review(program, [stage.record(str(i), files) for i, (_, _, files) in enumerate(selected)])


def problems(report, least, most):
    if "tier" not in report:
        yield f"no verdict: {report.get('error')}"
        return
    told = [f for f in report["findings"] if f["rule"] not in NOT_UNDERSTOOD]
    if len(told) < len(report["findings"]):
        yield "not understood"
    worst = max((SEVERITIES.index(f["severity"]) for f in told), default=0)
    rules = ", ".join(sorted({f["rule"] for f in told}))
    if worst < SEVERITIES.index(least):
        yield f"{SEVERITIES[worst]}, not {least} or worse ({rules})"
    if worst > SEVERITIES.index(most):
        yield f"{SEVERITIES[worst]}, not {most} or less ({rules})"


def main():
    program, words = sys.argv[1], sys.argv[2:]
    selected = [case for case in selected_cases() if not words or any(word in case[0] for word in words)]
    failed = 0
    for (name, (least, most), _), report in zip(selected, review(program, selected)):
        found = list(problems(report, least, most))
        failed += bool(found)
        for problem in found:
            print(f"{name!r}: {problem}")
    print(f"{len(selected) - failed} passed, {failed} failed")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
