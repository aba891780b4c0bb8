#!/usr/bin/env python3
"""Prints the figures as ratios. Alternatives are interleaved in one run after a warm-up; a figure is
the ratio of medians. Run through ./dev bench."""
import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import history
import sql_texts
import terraform

ROOT = pathlib.Path(__file__).resolve().parent.parent
BERM = str(ROOT / "build" / "berm")
NULL = subprocess.DEVNULL
GIT_AUTHOR = ["-c", "user.name=bench", "-c", "user.email=bench@example.org"]


def once(command, directory):
    start = time.perf_counter()
    done = subprocess.run(command, cwd=directory, stdout=NULL, stderr=NULL, stdin=NULL)
    elapsed = time.perf_counter() - start
    if done.returncode not in (0, 4):
        sys.exit(f"bench: {' '.join(command)} ended with {done.returncode}")
    return elapsed


def compare(alternatives, runs):
    """{name: (command, directory)} -> {name: median seconds}"""
    times = {name: [] for name in alternatives}
    for turn in range(runs + 1):
        for name, (command, directory) in alternatives.items():
            elapsed = once(command, directory)
            if turn:
                times[name].append(elapsed)
    return {name: statistics.median(values) for name, values in times.items()}


def show(title, medians, above, below, bar=None):
    figure = medians[above] / medians[below]
    met = "" if bar is None else "  (bar %.2f: %s)" % (bar, "met" if figure <= bar else "NOT met")
    detail = ", ".join(f"{name} {medians[name] * 1000:.2f} ms" for name in (below, above))
    print(f"{title:<62} {figure:6.2f}x{met}  {detail}", flush=True)


def startup(work):
    source = work / "empty.c"
    source.write_text("int main(void) { return 0; }\n")
    subprocess.run(["cc", "-O2", "-static", "-o", str(work / "empty"), str(source)], check=True)
    medians = compare({"empty": ([str(work / "empty")], None), "berm": ([BERM, "--version"], None)}, 200)
    show("start-up: berm --version / empty static program", medians, "berm", "empty", 1.2)


def staged_repository(work):
    """Three files, 16 KB in all over both sides, one block edited in each and staged."""
    repository = work / "staged"
    subprocess.run(["git", "init", "-q", "-b", "main", str(repository)], check=True)
    files = [history.File(number, 2700) for number in range(3)]
    for version in (0, 1):
        for file in files:
            file.versions[len(file.versions) // 2] = version
            path = repository / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(file.text())
        subprocess.run(["git", "-C", str(repository), "add", "-A"], check=True)
        if version == 0:
            subprocess.run(["git", "-C", str(repository), *GIT_AUTHOR, "commit", "-qm", "first"], check=True)
    return repository


def staged(work):
    repository = staged_repository(work)
    medians = compare({"git": (["git", "diff", "--cached"], repository),
                       "berm": ([BERM, "diff", "--staged"], repository)}, 60)
    show("berm diff --staged / git diff --cached (3 files, 16 KB)", medians, "berm", "git", 4.0)
    parts = subprocess.run([BERM, "diff", "--staged", "--timing"], cwd=repository, capture_output=True, text=True)
    for line in parts.stderr.splitlines():
        print("    " + line)


def scan(work):
    repository = str(work / "history")
    subprocess.run([sys.executable, str(ROOT / "bench" / "history.py"), repository, "2000"], check=True)
    one_thread = [BERM, "scan", "--jobs", "1"]
    medians = compare({"git": (["git", "-C", repository, "log", "-p"], None),
                       "berm": ([*one_thread, repository], None),
                       "uncut": ([*one_thread, "--no-block-cut", repository], None)}, 3)
    show("berm scan / git log -p (2,000 commits, one thread)", medians, "berm", "git", 3.0)
    show("  the same with the unchanged-block cut off", medians, "uncut", "git")


def ten_times_rules(work):
    """A second build whose rules directory holds each rule ten times, under other names and ids."""
    rules = work / "rules"
    shutil.copytree(ROOT / "rules", rules)
    for path in sorted((ROOT / "rules").rglob("*/*.yaml")):
        name = path.relative_to(ROOT / "rules")
        if name.parts[0] == "facts":
            continue
        text = path.read_text()
        identity = str(name.with_suffix(""))
        for copy in range(1, 10):
            (rules / name).with_name(f"{name.stem}-copy{copy}.yaml").write_text(
                text.replace(f"id: {identity}", f"id: {identity}-copy{copy}", 1))
    build = work / "build"
    for command in (["cmake", "-G", "Ninja", "-S", str(ROOT), "-B", str(build), f"-DBERM_RULES={rules}"],
                    ["ninja", "-C", str(build), "berm"]):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            sys.exit("bench: " + done.stdout[-2000:] + done.stderr[-2000:])
    return str(build / "berm")


def rules(work):
    program = ten_times_rules(work)
    repository = staged_repository(work)
    medians = compare({"rules": ([BERM, "diff", "--staged"], repository),
                       "ten times": ([program, "diff", "--staged"], repository)}, 60)
    show("ten times as many rules, berm diff --staged", medians, "ten times", "rules", 1.1)


SCRIPT_BYTES = 1_500_000  # enough to measure, read in about a second
SCRIPT_FOLDERS = [ROOT / "tests", ROOT / "corpus", "/etc", "/usr/bin", "/usr/sbin", "/usr/lib/git-core",
                  "/usr/share"]


def scripts():
    """Shell scripts of the project and of this machine, no text twice."""
    seen, size = {}, 0
    for folder in map(pathlib.Path, SCRIPT_FOLDERS):
        for path in sorted(p for p in folder.rglob("*") if p.is_file() and not p.is_symlink()):
            try:
                text = path.read_bytes() if path.stat().st_size < 200_000 else b""
            except OSError:
                continue
            first = text[:64].split(b"\n")[0]
            if first.startswith(b"#!") and first.rstrip().endswith((b"sh", b"sh -e")) and text not in seen:
                seen[text] = str(path)
                size += len(text)
            if size > SCRIPT_BYTES:
                return list(seen.values())
    return list(seen.values())


def shell(work):
    build = ROOT / "build"
    done = subprocess.run(["ninja", "-C", str(build), "berm_bench_shell"], capture_output=True, text=True)
    if done.returncode:
        sys.exit("bench: " + done.stdout[-2000:])
    out = subprocess.run([str(build / "berm_bench_shell"), "7", *scripts()], capture_output=True, text=True, check=True)
    files, size, plain, reader = out.stdout.split()
    figure = float(plain) / float(reader)
    met = "met" if figure >= 0.7 else "NOT met"
    print(f"{'shell reader / plain tree-sitter-bash, throughput':<62} {figure:6.2f}x  (bar 0.70: {met})"
          f"  {files} scripts, {int(size) // 1024} KiB: parse {plain} ms, parse and read {reader} ms", flush=True)


def build_sql(work):
    """One program with both grammars; the symbols of the public one are renamed."""
    package = ROOT / "bench" / "node_modules" / "@derekstride" / "tree-sitter-sql" / "src"
    if not package.exists():
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=ROOT / "bench",
                       stdout=NULL, stderr=NULL, check=True)
    runtime = ROOT / "grammars" / "node_modules" / "tree-sitter" / "vendor" / "tree-sitter" / "lib"
    own = ROOT / "grammars" / "sql" / "src"
    headers = f"-I{ROOT / 'grammars' / 'node_modules' / 'tree-sitter-bash' / 'src'}"
    parts = ("create", "destroy", "scan", "serialize", "deserialize")
    rename = ["-Dtree_sitter_sql=other_sql"]
    rename += [f"-Dtree_sitter_sql_external_scanner_{part}=other_{part}" for part in parts]
    define = ["-O2", "-w", "-D_DEFAULT_SOURCE", "-D_POSIX_C_SOURCE=200809L"]
    units = [(package / "parser.c", [f"-I{package}", *rename]), (package / "scanner.c", [f"-I{package}", *rename]),
             (own / "parser.c", [f"-I{own}", headers]), (own / "scanner.c", [f"-I{own}", headers]),
             (runtime / "src" / "lib.c", [f"-I{runtime / 'src'}", f"-I{runtime / 'include'}"]),
             (ROOT / "bench" / "sql_grammars.c", [f"-I{runtime / 'include'}"])]
    objects = []
    for number, (source, flags) in enumerate(units):
        objects.append(str(work / f"{number}.o"))
        subprocess.run(["cc", *define, *flags, "-c", str(source), "-o", objects[-1]], check=True)
    subprocess.run(["cc", *objects, "-o", str(work / "sql_grammars")], check=True)
    return str(work / "sql_grammars")


def sql_inputs(work):
    yield "migrations", "".join(sql_texts.migrations(1500)), 2.0
    yield "a 5 MB dump with COPY data", sql_texts.dump(5_000_000), 20.0
    yield "a 5 MB dump of INSERTs", sql_texts.inserts(5_000_000), None


def sql(work):
    program, times = build_sql(work), {}
    inputs = list(sql_inputs(work))
    for title, text, bar in inputs:
        path = work / "input.sql"
        path.write_text(text)
        out = subprocess.run([program, "5", str(path)], capture_output=True, text=True, check=True).stdout.split()
        figure = float(out[3]) / float(out[2])
        met = "" if bar is None else f"  (bar {bar:.2f}: {'met' if figure >= bar else 'NOT met'})"
        print(f"{'SQL grammar, public one / ours: ' + title:<62} {figure:6.2f}x{met}  "
              f"{int(out[1]) // 1024} KiB: ours {out[2]} ms, public {out[3]} ms", flush=True)
    for title, make in (("dump", sql_texts.dump), ("INSERTs", sql_texts.inserts),
                        ("migrations", lambda size: "".join(sql_texts.migrations(size // 920)))):
        for size in (4, 8):
            path = work / f"{size}.sql"
            path.write_text(make(size * 1_000_000))
            out = subprocess.run([program, "7", str(path)], capture_output=True, text=True, check=True).stdout.split()
            times[size] = float(out[2]) / int(out[1]) * size
        figure = times[8] / times[4]
        print(f"{'SQL grammar, 8 MB / 4 MB: ' + title:<62} {figure:6.2f}x"
              f"  (bar 2.20: {'met' if figure <= 2.2 else 'NOT met'})", flush=True)


def parser(work, grammar):
    """A program that only parses, with the runtime and the grammar that berm links."""
    modules = ROOT / "grammars" / "node_modules"
    runtime = modules / "tree-sitter" / "vendor" / "tree-sitter" / "lib"
    source = modules / "@tree-sitter-grammars" / f"tree-sitter-{grammar}" / "src"
    program = work / f"parse-{grammar}"
    sources = [ROOT / "bench" / "parse.c", runtime / "src" / "lib.c", source / "parser.c", source / "scanner.c"]
    subprocess.run(["cc", "-O2", "-static", "-w", f"-DGRAMMAR=tree_sitter_{grammar}", "-D_DEFAULT_SOURCE",
                    f"-I{runtime / 'include'}", f"-I{runtime / 'src'}", f"-I{source}",
                    "-o", str(program), *map(str, sources)], check=True)
    return str(program)


def large_terraform(work):
    root = work / "large"
    root.mkdir()
    path, old, new = terraform.large_directory(root, 10000)
    terraform.commit(root, GIT_AUTHOR)
    path.write_text(path.read_text().replace(old, new, 1))
    parse = parser(work, "hcl")
    medians = compare({"parse": ([parse, *terraform.files(root)], None), "berm": ([BERM, "diff"], str(root))}, 40)
    show("berm diff / tree-sitter parse (Terraform, 10,000 lines, one edit)", medians, "berm", "parse", 1.3)


def cascade(work):
    """The same tree with an edit that replaces everything, and with one that replaces nothing."""
    roots = {}
    for name, old, new in (("calm", "hostnames = false", "hostnames = true"),
                           ("cascade", "10.0.0.0/16", "10.1.0.0/16")):
        roots[name] = work / name
        roots[name].mkdir()
        path = terraform.module_tree(roots[name], 200)
        terraform.commit(roots[name], GIT_AUTHOR)
        path.write_text(path.read_text().replace(old, new, 1))
    report = json.loads(subprocess.run([BERM, "diff", "--format", "json"], cwd=roots["cascade"],
                                       capture_output=True, text=True).stdout)
    told = [len(finding["cascade"]) for finding in report["findings"]]
    if told != [200]:
        sys.exit(f"bench: the cascade of 200 resources is told as {told}")
    parse = parser(work, "hcl")
    empty = work / "empty.tf"
    empty.write_text("")
    medians = compare({"nothing": ([parse, str(empty)], None),
                       "parse": ([parse, *terraform.files(roots["cascade"])], None),
                       "calm": ([BERM, "diff"], str(roots["calm"])),
                       "cascade": ([BERM, "diff"], str(roots["cascade"]))}, 60)
    medians["parsing"] = medians["parse"] - medians["nothing"]
    medians["falling"] = medians["cascade"] - medians["calm"]
    show("cascade through modules / tree-sitter parse (200 resources)", medians, "falling", "parsing", 0.5)


PARTS = {"startup": startup, "staged": staged, "scan": scan, "shell": shell, "sql": sql, "rules": rules,
         "terraform": large_terraform, "cascade": cascade}


def main():
    for name in sys.argv[1:] or PARTS:
        if name not in PARTS:
            sys.exit(f"bench: no part {name}; there are {', '.join(PARTS)}")
        with tempfile.TemporaryDirectory(prefix="berm-bench-") as work:
            PARTS[name](pathlib.Path(work))


if __name__ == "__main__":
    main()
