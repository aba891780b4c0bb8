#!/usr/bin/env python3
"""Reviews the rewritings of tests/equality/, which mean the same before and after: no finding at all.

    tests/equality.py PROGRAM [WORD...]      only cases whose name holds one of the words

A file of tests/equality/ holds cases. `=== NAME` begins one; `--- before PATH`, `--- after PATH` and
`--- both PATH` begin a file of it on that side (`both`: an unchanged neighbour). A line
`!!! OLD => NEW` says that the case stops being equal when OLD is exchanged for NEW in the files
after: then there must be a finding with the effect replaced, removed or narrowed. So a case cannot pass only
because nothing was understood. A case with such a line counts as two tests.

Lines `??? TEXT` make a case the opposite: it is a loss, and findings of medium severity or worse
have to say each of the texts, as the object, in the message or among what falls with it.
"""
import pathlib
import sys

import stage

HERE = pathlib.Path(__file__).resolve().parent


def cases(path):
    found, lines = [], None
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line.startswith("=== "):
            found.append({"name": f"{path.stem}: {line[4:]}", "before": {}, "after": {}, "both": {}, "other": [], "told": []})
            lines = None
        elif line.startswith("--- "):
            side, name = line[4:].split(" ", 1)
            lines = found[-1][side].setdefault(name, [])
        elif line.startswith("!!! "):
            found[-1]["other"].append(line[4:].split(" => "))
        elif line.startswith("??? "):
            found[-1]["told"].append(line[4:])
        elif lines is not None:
            lines.append(line)
        elif line and not line.startswith("#"):
            raise ValueError(f"{path}:{number}: outside of a file")
    return found


def text(lines):
    return "\n".join(lines).strip("\n") + "\n"


def record(name, case, exchange=None):
    sides = {side: {path: text(lines) for path, lines in case[side].items()} for side in ("before", "after", "both")}
    if exchange:
        old, new = exchange
        changed = {path: content.replace(old, new) for path, content in sides["after"].items()}
        if changed == sides["after"]:
            raise ValueError(f"{name}: {old} stands in no file after")
        sides["after"] = changed
    paths = sorted(set(sides["before"]) | set(sides["after"]))
    files = [{"path": p, "before": sides["before"].get(p), "after": sides["after"].get(p)} for p in paths]
    context = [{"path": p, "content": c} for p, c in sides["both"].items()]
    return stage.record(name, files, context)


def problem(report, equal):
    if "findings" not in report:
        return f"no verdict: {report.get('error')}"
    told = [f"{f['effect']} {f['object']} ({f['rule']}, {f['confidence']})" for f in report["findings"]]
    if equal:
        return "; ".join(told)
    loud = [f for f in report["findings"] if f["effect"] in ("replaced", "removed", "narrowed")]
    return "" if loud else f"the difference was not seen; told: {'; '.join(told) or 'nothing'}"


def loss_problem(report, texts):
    if "findings" not in report:
        return f"no verdict: {report.get('error')}"
    loud = [f for f in report["findings"] if f["severity"] != "low"]
    said = [text for f in loud for text in (f["object"], f["message"], *f.get("cascade", []))]
    missing = [text for text in texts if not any(text in one for one in said)]
    told = "; ".join(f"{f['severity']} {f['effect']} {f['object']} ({f['rule']})" for f in report["findings"])
    return f"nothing says {', '.join(missing)}; told: {told or 'nothing'}" if missing else ""


def main():
    program, words = sys.argv[1], sys.argv[2:]
    records, checks = [], []
    for path in sorted((HERE / "equality").glob("*.txt")):
        for case in cases(path):
            if words and not any(word in case["name"] for word in words):
                continue
            records.append(record(case["name"], case))
            checks.append((lambda report, told=case["told"]: loss_problem(report, told)) if case["told"]
                          else lambda report: problem(report, True))
            for exchange in case["other"]:
                records.append(record(f"{case['name']} [{' => '.join(exchange)}]", case, exchange))
                checks.append(lambda report: problem(report, False))
    failed = 0
    for report, check in zip(stage.review(program, records), checks):
        found = check(report)
        failed += bool(found)
        if found:
            print(f"{report['id']}: {found}")
    print(f"{len(records) - failed} passed, {failed} failed")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
