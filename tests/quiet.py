#!/usr/bin/env python3
"""Reviews the everyday changes of tests/quiet/: none may be more than one colleague's business.

    tests/quiet.py PROGRAM [WORD...]      only cases whose name holds one of the words

A file of tests/quiet/ holds cases. `=== NAME` begins one, `--- file PATH` a file of it. The lines
that follow are the file whole, before and after: they begin with a space where they stand on both
sides, with `-` where only before and with `+` where only after; an empty line stands on both. A side
without any line is no file at all. Every case has to end as auto or peer, without a finding of
medium severity or worse, but that nothing could be read in a language berm has no reader for.
"""
import pathlib
import sys

import stage

ALLOWED = ("auto", "peer")
LOUD = ("medium", "high", "critical")


def cases(path):
    found, sides = [], None
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line.startswith("=== "):
            found.append((line[4:], {}))
        elif line.startswith("--- file "):
            sides = found[-1][1].setdefault(line[9:], ([], []))
        elif line[:1] in ("", " ", "-", "+"):
            for side, other in ((0, "+"), (1, "-")):
                if line[:1] != other:
                    sides[side].append(line[1:])
        else:
            raise ValueError(f"{path}:{number}: neither ' ', '-' nor '+' in front")
    return found


def file_record(path, before, after):
    text = ["\n".join(lines).strip("\n") + "\n" if any(lines) else None for lines in (before, after)]
    return {"path": path, "before": text[0], "after": text[1]}


def review(program, selected):
    return stage.review(program, [stage.record(name, [file_record(p, *s) for p, s in files.items()])
                                  for name, files in selected])


def problems(report):
    if "tier" not in report:
        yield f"no verdict: {report.get('error')}"
        return
    if report["tier"]["name"] not in ALLOWED:
        yield f"tier is {report['tier']['name']} ({report['score']})"
    for finding in report["findings"]:
        if finding["severity"] in LOUD and finding["rule"] != "governance/not-understood":
            yield f"{finding['severity']} {finding['rule']}: {finding['message']}"


def main():
    program, words = sys.argv[1], sys.argv[2:]
    selected = []
    for path in sorted(pathlib.Path(__file__).resolve().parent.glob("quiet/*.txt")):
        selected += [(f"{path.stem}: {name}", files) for name, files in cases(path)
                     if not words or any(word in f"{path.stem}: {name}" for word in words)]
    failed = 0
    for report in review(program, selected):
        found = list(problems(report))
        failed += bool(found)
        for problem in found:
            print(f"{report['id']}: {problem}")
    print(f"{len(selected) - failed} passed, {failed} failed")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
