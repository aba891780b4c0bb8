#!/usr/bin/env python3
"""Layers look down only: a file may include its own stage and the stages before it."""
import pathlib
import re
import sys

ORDER = ["base", "fact", "source", "language", "syntax", "entity", "resolve", "delta", "rule",
         "reach", "score", "tier", "report", "api", "store", "cli"]
# Generated headers of the build tree stand in no stage.
GENERATED = {"rule_template_text.h"}
# The command line uses the public header and the store only; base is for text and processes.
CLI_MAY = {"cli", "store", "base"}

root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".") / "analyzer"
problems = []
for path in sorted(root.rglob("*.[ch]")):
    stage = path.relative_to(root).parts[0]
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
        if not match:
            continue
        target = match.group(1).split("/")[0]
        if target not in ORDER:
            if match.group(1) != "berm.h" and match.group(1) not in GENERATED:
                problems.append(f"{path}:{number}: {match.group(1)}: include as folder/file.h")
            continue
        above = ORDER.index(target) > ORDER.index(stage)
        if above or (stage == "cli" and target not in CLI_MAY):
            problems.append(f"{path}:{number}: {stage} must not include {target}")
print("\n".join(problems))
sys.exit(bool(problems))
