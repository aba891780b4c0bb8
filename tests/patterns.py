#!/usr/bin/env python3
"""Makes one change for each pattern that rules say they cover: one of those rules has to find it.

    tests/patterns.py PROGRAM [WORD...]      only patterns whose name holds one of the words

tests/patterns/commands.txt holds commands, one a line; the other files hold changes in the form of
tests/quiet.py, named by their pattern. A pattern of rules/facts/patterns.tsv that a rule names in
`covers` needs at least one change here, and a change here a rule that names its pattern.
"""
import pathlib
import subprocess
import sys

import quiet
import stage

ROOT = pathlib.Path(__file__).resolve().parent


def script(text):
    return "#!/bin/bash\n" + "".join(line.strip() + "\n" for line in text.split(" ;; ") if line.strip())


def commands():
    for line in (ROOT / "patterns" / "commands.txt").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        pattern, text = line.split(" | ", 1)
        before, arrow, after = text.partition(" => ")
        if not arrow:
            before, after = "", text
        yield pattern, [{"path": "ops/deploy.sh", "before": script(before), "after": script(after)}]


def changes():
    yield from commands()
    for path in sorted((ROOT / "patterns").glob("*.txt")):
        if path.name != "commands.txt":
            for name, files in quiet.cases(path):
                yield name, [quiet.file_record(p, *sides) for p, sides in files.items()]


def coverage(program):
    """Rules by pattern, as `berm rules list --coverage` tells them."""
    done = subprocess.run([program, "rules", "list", "--coverage"], capture_output=True, text=True, check=True)
    found = {}
    for line in done.stdout.splitlines():
        words = line.split()
        if len(words) >= 4 and words[0][0] == "P" and ":" not in words[0]:
            found[words[2]] = {word.strip(",") for word in words[3:] if word != "-"}
    return found


def main():
    program, words = sys.argv[1], sys.argv[2:]
    covers = coverage(program)
    selected = [c for c in changes() if not words or any(word in c[0] for word in words)]
    failed = passed = 0
    reports = stage.review(program, [stage.record(*case) for case in selected])
    for (pattern, files), report in zip(selected, reports, strict=True):
        rules = {finding["rule"] for finding in report.get("findings", [])}
        good = covers.get(pattern, set()) & rules
        passed += bool(good)
        if not good:
            failed += 1
            print(f"{pattern}: found by {', '.join(sorted(rules)) or 'nothing'}, "
                  f"covered by {', '.join(sorted(covers.get(pattern, []))) or 'nothing'} ({files[0]['path']})")
    named = {pattern for pattern, _ in selected}
    for pattern in sorted(p for p, rules in covers.items() if rules and not words and p not in named):
        failed += 1
        print(f"{pattern}: covered by {', '.join(sorted(covers[pattern]))}, but no change here shows it")
    print(f"{passed} passed, {failed} failed")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
