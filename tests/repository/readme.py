#!/usr/bin/env python3
"""The README is true: every repository path it names exists, every option is in the program."""
import pathlib
import re
import subprocess
import sys

text = pathlib.Path("README.md").read_text()
problems = []
for span in re.findall(r"`([^`\n]+)`", text):
    for word in span.split():
        word = word.rstrip(",.;:")
        if re.fullmatch(r"(analyzer|bench|bindings|cmake|corpus|docs|grammars|include|rules|tests)(/[\w.<>*-]+)*/?", word):
            if "<" in word or "*" in word or word.startswith("build"):
                continue
            if not pathlib.Path(word).exists():
                problems.append(f"path does not exist: {word}")
program = next((p for p in ("build/berm", "build-test/berm") if pathlib.Path(p).exists()), None)
if program:
    known = subprocess.run([program, "help", "--markdown"], capture_output=True, text=True).stdout
    for option in sorted(set(re.findall(r"(?<![\w-])(--[a-z][a-z-]+)", text))):
        owner = [line for line in text.splitlines() if option in line]
        if all("git " in line or "cmake" in line for line in owner):
            continue
        if option not in known:
            problems.append(f"option not in `berm help --markdown`: {option}")
print("\n".join(problems))
sys.exit(bool(problems))
