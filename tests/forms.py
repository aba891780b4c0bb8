#!/usr/bin/env python3
"""Turns the examples of every rule into other changes, whose verdicts follow from the example's.

    tests/forms.py PROGRAM [WORD...]      only rules whose id holds one of the words

Forms, for each example of a rule in rules/:
    regress     a firing example as it is: the rule fires
    repair      the same backwards: the rule is silent, but for rules about what is equally bad both
                ways (tests/forms/both_ways.txt)
    stationary  either side against itself, edited in ways that mean nothing (comment, order, indent,
                quotes, flow and block style, line ends, place): nothing is found at all
    greenfield  the after side of a firing example where nothing was: rules that only ask for what is
                new fire (tests/forms/not_alone.txt: they need what was there before)
    deletion    the after side of a rule about something new, then nothing: the rule is silent
    move        either side under another file name of the same directory: nothing is found
    twice       a command or call of a firing example once more: the rule fires
Prints what went wrong, a line for each form, then "N passed, N failed".
"""
import json
import pathlib
import re
import sys

import yaml

import stage

ROOT = pathlib.Path(__file__).resolve().parent
RULES = ROOT.parent / "rules"
NEW = {"executed", "added"}
COMMENT = {".tf": "#", ".tofu": "#", ".tfvars": "#", ".hcl": "#", ".yml": "#", ".yaml": "#", ".sh": "#",
           ".bash": "#", ".py": "#", ".toml": "#", ".rb": "#", ".js": "//", ".ts": "//", ".go": "//",
           ".java": "//", ".sql": "--", ".conf": "#", ".cfg": "#", ".zone": ";"}
ABOUT_BYTES = {"governance/invisible-characters", "governance/not-understood", "governance/policy-changed",
               "governance/script-not-understood"}  # an edit of any other kind is not theirs
MOVABLE = {".tf", ".sh", ".py", ".js", ".ts", ".rb", ".go"}


# ---- edits that mean nothing ----

def head_and_rest(text):
    """What has to stay first: an interpreter line, a document's start, a comment for tools."""
    lines = text.split("\n")
    keep = 1 if lines[0].startswith(("#!", "---", "%", "# syntax", "#cloud-config")) else 0
    return lines[:keep], lines[keep:]


def with_comment(path, text):
    mark = COMMENT.get(path.suffix)
    if not mark or "<<" in text:
        return None
    head, rest = head_and_rest(text)
    return "\n".join(head + [f"{mark} reviewed last spring", ""] + rest).rstrip("\n") + f"\n\n{mark} the end\n"


def further_down(path, text):
    if path.suffix not in COMMENT:
        return None
    head, rest = head_and_rest(text)
    return "\n".join(head + [""] * 50 + rest)


def other_line_ends(path, text):
    return None if "<<" in text or "\\\n" in text else text.replace("\n", "\r\n")


def no_last_newline(path, text):
    return text.rstrip("\n")


def wider_indent(path, text):
    if path.suffix not in (".tf", ".sh", ".py", ".js", ".ts", ".go", ".java", ".rb", ".tfvars", ".conf",
                           ".cfg"):
        return None
    if "<<" in text or '"""' in text or "'''" in text or "`" in text or "\\\n" in text:
        return None
    for line in text.split("\n"):
        if line.count('"') % 2 or line.count("'") % 2:
            return None
    return re.sub(r"(?m)^( +|\t+)", lambda m: m.group(1) * 2, text)


def directives_on_one_line(path, text):
    """nginx: white space between words, whatever it is."""
    if path.suffix != ".conf" or "{" not in text or ";" not in text or "#" in text or "<%" in text:
        return None
    return re.sub(r"\s*([{};])\s*", r" \1  ", text.replace("\n", "\t"))


def directives_quoted(path, text):
    """A word in quotes is the same word."""
    if path.suffix not in (".conf", ".cfg") or "\"" in text or "'" in text or "<%" in text:
        return None
    return re.sub(r"(?m)^(\s+[a-z_-]+ )([\w./:-]+)(?=[\s;])", r'\1"\2"', text)


def blocks_reversed(path, text):
    if path.suffix != ".tf" or "<<" in text:
        return None
    blocks = re.split(r"\n\n(?=\S)", text.strip("\n"))
    return "\n\n".join(reversed(blocks)) + "\n" if len(blocks) > 1 else None


def other_quotes(path, text):
    if path.suffix not in (".py", ".js", ".ts") or '"""' in text or "'''" in text:
        return None
    if re.search(r"""'[^'\n]*"[^'\n]*'|"[^"\n]*'[^"\n]*"|`""", text):
        return None
    return text.translate({ord("'"): '"', ord('"'): "'"})


def yaml_documents(path, text):
    if path.suffix not in (".yml", ".yaml") or "{{" in text or "{%" in text:
        return None
    try:
        return list(yaml.compose_all(text, Loader=yaml.SafeLoader))
    except yaml.YAMLError:
        return None


def each_node(node, visit, seen=None):
    seen = set() if seen is None else seen
    if id(node) in seen:
        return
    seen.add(id(node))
    visit(node)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            each_node(key, visit, seen)
            each_node(value, visit, seen)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            each_node(value, visit, seen)


def written(documents, visit, **options):
    for document in documents:
        if document is not None:
            each_node(document, visit)
    return yaml.serialize_all([d for d in documents if d is not None], Dumper=yaml.SafeDumper,
                              width=10000, allow_unicode=True, **options)


def yaml_reversed(path, text):
    documents = yaml_documents(path, text)

    def visit(node):
        if isinstance(node, yaml.MappingNode):
            node.value.reverse()
    return documents and written(documents, visit)


def yaml_flow(path, text):
    documents = yaml_documents(path, text)

    def visit(node):
        if isinstance(node, yaml.CollectionNode):
            node.flow_style = True
    return documents and written(documents, visit)


def yaml_block(path, text):
    documents = yaml_documents(path, text)

    def visit(node):
        if isinstance(node, yaml.CollectionNode):
            node.flow_style = False
    return documents and written(documents, visit, indent=6)


def yaml_quoted(path, text):
    documents = yaml_documents(path, text)

    def visit(node):
        if isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:str" and node.style is None:
            node.style = '"'
    return documents and written(documents, visit)


def json_value(path, text):
    if path.suffix not in (".json", ".template"):
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None


def json_compact(path, text):
    value = json_value(path, text)
    return value and json.dumps(value, separators=(",", ":"))


def json_wide(path, text):
    value = json_value(path, text)
    return value and json.dumps(value, indent=8) + "\n"


def json_reversed(path, text):
    def turn(value):
        if isinstance(value, dict):
            return {key: turn(value[key]) for key in reversed(value)}
        return [turn(item) for item in value] if isinstance(value, list) else value
    value = json_value(path, text)
    return value and json.dumps(turn(value), indent=2) + "\n"


EDITS = (with_comment, further_down, other_line_ends, no_last_newline, wider_indent, blocks_reversed,
         directives_on_one_line, directives_quoted, other_quotes, yaml_reversed, yaml_flow, yaml_block, yaml_quoted, json_compact, json_wide,
         json_reversed)


# ---- examples ----

def load_examples(words):
    for path in sorted(RULES.rglob("*.yaml")):
        rule = yaml.safe_load(path.read_text())
        if not isinstance(rule, dict) or "examples" not in rule or "on" not in rule and True not in rule:
            continue
        effects = rule.get("on", rule.get(True))
        effects = {effects} if isinstance(effects, str) else set(effects)
        if rule["id"] in ABOUT_BYTES or words and not any(word in rule["id"] for word in words):
            continue
        for example in rule["examples"]:
            files = example.get("files") or [example]
            plain = all(set(f) <= {"name", "fires", "path", "before", "after", "object", "effect", "line",
                                   "context", "absorbed", "files"} for f in files)
            if plain and all("path" in f for f in files):
                yield {"rule": rule["id"], "effects": effects, "name": example["name"],
                       "fires": example["fires"], "absorbed": example.get("absorbed", False),
                       "context": example.get("context", []),
                       "files": [{"path": f["path"], "before": f.get("before"), "after": f.get("after")}
                                 for f in files]}


def exceptions(name):
    return {line for line in (ROOT / "forms" / name).read_text().splitlines() if line and line[0] != "#"}


def sides(example):
    for side in ("before", "after"):
        if any(f[side] for f in example["files"]):
            yield side


def stationary(example):
    for side in sides(example):
        for edit in EDITS:
            files, changed = [], False
            for file in example["files"]:
                text = file[side]
                other = edit(pathlib.PurePath(file["path"]), text) if text else None
                changed = changed or (other is not None and other != text)
                files.append({"path": file["path"], "before": text, "after": text if other is None else other})
            if changed:
                yield f"{side}, {edit.__name__}", files


def move(example):
    for side in sides(example):
        files = []
        for file in example["files"]:
            path = pathlib.PurePath(file["path"])
            if file[side] is None:
                continue
            if path.suffix not in MOVABLE or path.name.startswith(("main.", "index.", "setup.")) and path.suffix != ".tf":
                break
            if "override" in path.name or "migrat" in file["path"]:
                break
            files.append({"path": file["path"], "before": file[side], "after": None})
            files.append({"path": str(path.with_name(path.stem + "_moved" + path.suffix)), "before": None,
                          "after": file[side]})
        else:
            yield side, files


def twice(example):
    file = example["files"][0]
    path = pathlib.PurePath(file["path"])
    if len(example["files"]) > 1 or not example["fires"] or example["effects"] != {"executed"}:
        return
    if path.suffix != ".sh" or not file["after"] or "<<" in file["after"]:
        return
    before = (file["before"] or "").split("\n")
    new = [line for line in file["after"].split("\n") if line not in before]
    if len(new) == 1 and not new[0].startswith((" ", "\t")):
        yield "", [{"path": file["path"], "before": file["after"], "after": file["after"] + new[0] + "\n"}]


def forms(example, both_ways, not_alone):
    rule, files = example["rule"], example["files"]
    fires = example["fires"] and not example["absorbed"]
    if fires:
        yield "regress", "", files, "fires"
        if rule not in both_ways:
            yield "repair", "", [{"path": f["path"], "before": f["after"], "after": f["before"]} for f in files], "silent"
        if example["effects"] <= NEW:
            after = [f for f in files if f["after"] is not None]
            if rule not in not_alone:
                yield "greenfield", "", [dict(f, before=None) for f in after], "fires"
            yield "deletion", "", [dict(f, before=f["after"], after=None) for f in after], "silent"
        for name, changed in twice(example):
            yield "twice", name, changed, "fires"
    for name, changed in stationary(example):
        yield "stationary", name, changed, "nothing"
    for name, changed in move(example):
        yield "move", name, changed, "nothing"


# ---- review ----

def problem(report, rule, wanted):
    if "findings" not in report:
        return f"no verdict: {report.get('error')}"
    rules = [finding["rule"] for finding in report["findings"]]
    if wanted == "fires" and not rules:
        return "nothing is found"
    if wanted == "silent" and rule in rules:
        return "fires"
    if wanted == "nothing" and rules:
        return "finds " + ", ".join(sorted(set(rules)))
    return None


def main():
    program, words = sys.argv[1], sys.argv[2:]
    both_ways, not_alone = exceptions("both_ways.txt"), exceptions("not_alone.txt")
    cases = [(example, form) for example in load_examples(words)
             for form in forms(example, both_ways, not_alone)]
    records = [{"id": str(i), "change": {"files": form[2], "context": example["context"]}}
               for i, (example, form) in enumerate(cases)]
    counts = {}
    for (example, (form, name, _, wanted)), report in zip(cases, stage.review(program, records)):
        found = problem(report, example["rule"], wanted)
        good, bad = counts.get(form, (0, 0))
        counts[form] = (good + (not found), bad + bool(found))
        if found:
            where = f"{example['name']}{': ' + name if name else ''}"
            print(f"{form}: {example['rule']} ({where}): {found}")
    for form, (good, bad) in counts.items():
        print(f"  {form:<11} {good} passed, {bad} failed")
    print(f"{sum(c[0] for c in counts.values())} passed, {sum(c[1] for c in counts.values())} failed")
    return any(c[1] for c in counts.values())


if __name__ == "__main__":
    sys.exit(main())
