#!/usr/bin/env python3
"""Reviews the edits of tests/replacements/: does the provider create the thing again, or change it?

    tests/replacements.py PROGRAM [WORD...]      only cases whose name holds one of the words

A file of tests/replacements/ holds cases in the form of tests/quiet.py. Their names begin with what is
known of the edit and the address: `replaced aws_instance.test: another image`. `replaced` asks for a
finding with the effect replaced, likely at least, of the object or with it in its cascade; `kept` for
none; `possible` for one at most, and that no more than possible.
"""
import pathlib
import sys

import quiet
import stage

LIKELY = ("certain", "likely")


def verdict(report, address):
    found = [f["confidence"] for f in report["findings"]
             if f["effect"] == "replaced" and address in [f["object"], *f["cascade"]]]
    return "replaced" if any(c in LIKELY for c in found) else "possible" if found else "kept"


def main():
    program, words = sys.argv[1], sys.argv[2:]
    cases = []
    for path in sorted(pathlib.Path(__file__).resolve().parent.glob("replacements/*.txt")):
        for name, files in quiet.cases(path):
            if not words or any(word in name for word in words):
                cases.append((name, [quiet.file_record(p, *sides) for p, sides in files.items()]))
    reports = stage.review(program, [stage.record(*case) for case in cases])
    failed = 0
    for (name, _), report in zip(cases, reports):
        wanted, address = name.split(":")[0].split(" ", 1)
        given = verdict(report, address) if "findings" in report else f"no verdict: {report.get('error')}"
        if given != wanted and not (wanted == "possible" and given == "kept"):
            failed += 1
            print(f"{name}: {given}")
    print(f"{len(cases) - failed} passed, {failed} failed")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
