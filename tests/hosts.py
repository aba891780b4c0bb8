#!/usr/bin/env python3
"""Puts every command of tests/hosts/commands.txt into every host of tests/hosts/*.host.

    tests/hosts.py PROGRAM [WORD...]      only hosts whose name holds one of the words

A host file holds cases. `=== NAME` begins one; lines `key: value` say how, the rest is the file:

    path     where the file stands (required)
    weight   what the host counts, in percent (100)
    quote    how a command is written there (plain); see QUOTES below
    only     words: nothing of the shell's own syntax, because the host runs a program, not a shell
    skip     glob patterns of commands that this host cannot hold
    shell    powershell or batch: those commands (tests/hosts/SHELL.txt) in the place of these

The command stands in the place of @@. Before the change a harmless one stands there. What berm says
of the command has to be what it says of the same line in a plain script: the same rules, or one that
absorbs them because it knows the host, with the host's weight, on the line of the command's program,
or for a statement that the program is handed, on the statement's own.
"""
import fnmatch
import json
import pathlib
import re
import shlex
import sys

import stage

HERE = pathlib.Path(__file__).resolve().parent / "hosts"
HARMLESS = "echo ready"
PLAIN = {"commands": ("deploy.sh", "#!/bin/sh\n"), "powershell": ("deploy.ps1", ""), "batch": ("deploy.cmd", "@echo off\n")}
STATEMENTS = {"data/everything-dropped", "data/table-dropped", "data/rows-deleted"}  # inside of a command


def single_quoted(command):
    return "'" + command.replace("'", "'\\''") + "'"


def words(command, separator=", ", quote=json.dumps):
    return "[" + separator.join(quote(word) for word in shlex.split(command)) + "]"


def broken(command, indent, glue=""):
    """At blanks outside of quotes, a word a line."""
    parts = re.findall(r"""(?:[^\s"']|"[^"]*"|'[^']*')+""", command)
    return (glue + "\n" + " " * indent).join(parts)


QUOTES = {
    "plain": lambda c: c,
    "double": json.dumps,  # YAML and JSON
    "single": lambda c: "'" + c.replace("'", "''") + "'",
    "hcl": lambda c: json.dumps(c).replace("${", "$${"),
    "hcl-heredoc": lambda c: c.replace("${", "$${"),
    "folded": lambda c: broken(c, 10),
    "continued": lambda c: broken(c, 10, " \\"),
    "words": words,
    "word-lines": lambda c: "\n".join("          - " + json.dumps(w) for w in shlex.split(c)).lstrip(),
    "shell-words": lambda c: json.dumps(["sh", "-c", c]),
    "shell-argument": single_quoted,
    "make": lambda c: c.replace("$", "$$"),
    "cron": lambda c: c.replace("%", "\\%"),
    "systemd": lambda c: "/bin/sh -c " + single_quoted(c.replace("%", "%%").replace("$", "$$")),
    "ini": lambda c: c.replace("%", "%%"),
    "groovy": lambda c: "'" + c.replace("\\", "\\\\").replace("'", "\\'") + "'",
    "groovy-double": lambda c: '"' + c.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$") + '"',
    "groovy-lines": lambda c: c.replace("\\", "\\\\"),
    "python": repr,
    "python-words": lambda c: ", ".join(map(repr, shlex.split(c))),
    "js-words": lambda c: json.dumps(shlex.split(c)[0]) + ", " + json.dumps(shlex.split(c)[1:]),
    "ruby": lambda c: "'" + c.replace("\\", "\\\\").replace("'", "\\'") + "'",
}


def commands(shell):
    return [line for line in (HERE / f"{shell}.txt").read_text().splitlines() if line and line[0] != "#"]


def is_words_only(command):
    return not re.search(r"[|;&<>$*(){}~#`?\n]", command)


def hosts():
    for path in sorted(HERE.glob("*.host")):
        found = None
        for line in path.read_text().splitlines():
            if line.startswith("=== "):
                if found:
                    yield found
                found = {"name": f"{path.stem}: {line[4:]}", "lines": [], "skip": "", "weight": "100",
                         "quote": "plain", "only": "", "shell": "commands"}
                head = True
            elif head and re.match(r"(path|weight|quote|only|skip|shell): ", line):
                key, value = line.split(": ", 1)
                found[key] = value
            else:
                head = False
                found["lines"].append(line)
        if found:
            yield found


def text_of(host, command):
    written = QUOTES[host["quote"]](command)
    return "\n".join(host["lines"]).strip("\n").replace("@@", written) + "\n"


def fits(host, command):
    if host["only"] and not is_words_only(command):
        return False
    return not any(fnmatch.fnmatchcase(command, pattern) for pattern in host["skip"].split(" ;; ") if pattern)


def line_of(host):
    for number, line in enumerate("\n".join(host["lines"]).strip("\n").splitlines(), 1):
        if "@@" in line:
            return number
    raise ValueError(f"{host['name']}: no place for a command")


def change(name, path, before, after):
    return stage.record(name, [{"path": path, "before": before, "after": after}])


def absorbers():
    """Rules by the ids of those that they make redundant, because they say more."""
    found = {}
    for path in sorted((HERE.parent.parent / "rules").glob("*/*.yaml")):
        text = path.read_text()
        absorbs = re.search(r"^absorbs: \[(.*?)\]", text, re.M | re.S)
        for rule in re.findall(r"[a-z]+/[a-z-]+", absorbs.group(1)) if absorbs else []:
            found.setdefault(rule, set()).add(re.search(r"^id: (\S+)", text, re.M).group(1))
    return found


def rules_of(report):
    return sorted({finding["rule"] for finding in report["findings"]})


def lines_of(host, command):
    """Where the command may be found: on its program's line, what it runs on its own."""
    first = line_of(host)
    return range(first, first + QUOTES[host["quote"]](command).count("\n") + 1)


def problems(report, host, command, wanted, stronger):
    lines = lines_of(host, command)
    found = [rule for rule in rules_of(report) if rule.startswith(("command/", "data/", "code/"))]
    told = {rule: {rule} | stronger.get(rule, set()) for rule in wanted}
    missing = [rule for rule in wanted if not told[rule] & set(rules_of(report))]
    wanted = set().union(*told.values())
    if missing:
        yield f"missing {' '.join(missing)}; found {' '.join(rules_of(report)) or 'nothing'}"
    for rule in found:
        if rule not in wanted:
            yield f"also {rule}"
    for finding, entry in ((report["findings"][entry["finding"]], entry) for entry in report.get("ledger", [])):
        if finding["rule"] not in wanted:
            continue
        inner = finding["rule"] in STATEMENTS
        if finding["line"] not in (lines if inner else lines[:1]):
            yield f"{finding['rule']} on line {finding['line']} instead of {line_of(host)}"
        weight = round(100 * entry["factors"].get("host", 1))
        if weight != int(host["weight"]):
            yield f"{finding['rule']} weighs {weight} instead of {host['weight']}"


def main():
    program, wanted_words = sys.argv[1], sys.argv[2:]
    every = [(shell, command) for shell in PLAIN for command in commands(shell)]
    plain = stage.review(program, [change(c, PLAIN[shell][0], f"{PLAIN[shell][1]}{HARMLESS}\n", f"{PLAIN[shell][1]}{c}\n")
                             for shell, c in every])
    rules = {case: rules_of(report) for case, report in zip(every, plain)}
    failed = [case for case in every if not rules[case]]
    for shell, command in failed:
        print(f"plain script ({shell}): nothing is found in: {command}")
    cases = [(host, command) for host in hosts() for shell, command in every
             if host["shell"] == shell and fits(host, command) and (not wanted_words or any(w in host["name"] for w in wanted_words))]
    lines = [change(f"{host['name']}: {command}", host["path"], text_of(host, HARMLESS), text_of(host, command))
             for host, command in cases]
    bad, stronger = len(failed), absorbers()
    for report, (host, command) in zip(stage.review(program, lines), cases):
        found = list(problems(report, host, command, rules[host["shell"], command], stronger)) if "findings" in report else [str(report)]
        bad += bool(found)
        for problem in found:
            print(f"{report['id']}: {problem}")
    print(f"{len(cases) + len(every) - bad} passed, {bad} failed")
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
