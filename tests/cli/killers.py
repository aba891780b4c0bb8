#!/usr/bin/env python3
"""Writes inputs that are known to kill or stall parsers, each beside an ordinary dangerous change.

    tests/cli/killers.py DIRECTORY NAME    writes DIRECTORY/before and DIRECTORY/after
    tests/cli/killers.py --list
"""
import pathlib
import sys

ORDINARY = {
    "before": 'resource "aws_db_instance" "main" {\n  identifier = "orders"\n}\n',
    "after": "# nothing left\n",
}


def minified_json():
    return '{"items":[' + ",".join('{"id":%d,"name":"n%d","tags":["a","b"]}' % (n, n) for n in range(130000)) + "]}"


KILLERS = {
    "yaml-254-lists": ("deep.yaml", "- " * 254 + "x\n"),
    "yaml-254-maps": ("deep.yaml", "".join("  " * n + f"k{n}:\n" for n in range(254)) + "  " * 254 + "x\n"),
    "yaml-flow-300": ("flow.yaml", "a: " + "[" * 300 + "]" * 300 + "\n"),
    "json-brackets": ("open.json", "[" * 100000),
    "bash-braces": ("brace.sh", "#!/bin/bash\n" + "{)" * 30000 + "\n"),
    "yaml-40000-lines": ("long.yaml", "root:\n" + "".join(f"  key{n}: value\n" for n in range(40000))),
    "json-minified-5mb": ("big.json", minified_json()),
    "python-parens": ("nest.py", "x = " + "(" * 10000 + "1" + ")" * 10000 + "\n"),
    "bash-parens": ("nest.sh", "#!/bin/bash\n" + "(" * 10000 + "true" + ")" * 10000 + "\n"),
    "javascript-templates": ("nest.js", "x = " + "`${" * 10000 + "1" + "}`" * 10000 + "\n"),
    "typescript-arrows": ("nest.tsx", "const f = " + "a => " * 10000 + "1;\n"),
    "ruby-interpolations": ("nest.rb", "x = " + '"#{' * 10000 + "1" + '}"' * 10000 + "\n"),
    "go-parens": ("nest.go", "package m\n\nvar x = " + "(" * 10000 + "1" + ")" * 10000 + "\n"),
    "rust-calls": ("nest.rs", "fn f() {\n" + "if (a) " * 10000 + "\n"),
    "hcl-parens": ("nest.tf", "locals {\n  x = " + "(" * 10000 + "1" + ")" * 10000 + "\n}\n"),
}

# These are understood. Each once took time or memory that grew with the square of its size, or
# without any bound: both files are judged, in bounded time.
GROWING = {
    "hcl-doubling-names": ("names.tf", "locals {\n  a0 = \"x\"\n" + "".join(
        '  a%d = "${local.a%d}${local.a%d}"\n' % (n + 1, n, n) for n in range(100)) + "}\n"),
    "hcl-nested-names": ("names.tf", "locals {\n  a0 = \"x\"\n" + "".join(
        "  a%d = [local.a%d]\n" % (n + 1, n) for n in range(3000)) + "}\n"),
    "hcl-long-reference": ("long.tf", "locals {\n  x = a" + ".b" * 100000 + "\n}\n"),
    "bash-20000-findings": ("many.sh", "kubectl delete -f x.yaml\n" * 20000),
    "python-one-line-of-commands": ("line.py", 'import subprocess\nsubprocess.run("' + "rm -rf /data;" * 10000 + '", shell=True)\n'),
    "javascript-chain": ("chain.js", "x" + ".then(f)" * 900 + ";\n" + "x.y(" * 150 + ")" * 150 + ";\n" * 2000),
    "java-one-line-of-calls": ("Line.java", "class Line { void f() {" + " a.b().c(d -> e.f(1));" * 4000 + " } }\n"),
    "bash-words": ("words.sh", "rm -rf" + " /srv/a" * 100000 + "\n"),
}


def main():
    if sys.argv[1] == "--list":
        print("\n".join(KILLERS))
        return
    if sys.argv[1] == "--list-growing":
        print("\n".join(GROWING))
        return
    root, (name, text) = pathlib.Path(sys.argv[1]), {**KILLERS, **GROWING}[sys.argv[2]]
    for side in ("before", "after"):
        (root / side / "infra").mkdir(parents=True, exist_ok=True)
        (root / side / "infra" / "main.tf").write_text(ORDINARY[side])
        (root / side / "killer").mkdir(exist_ok=True)
    (root / "after" / "killer" / name).write_text(text)


if __name__ == "__main__":
    main()
