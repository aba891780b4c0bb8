#!/usr/bin/env python3
"""Writes a git history to measure on, through `git fast-import`; deterministic.

    bench/history.py REPOSITORY [COMMITS]

120 files, a third each HCL, YAML and bash, 1 to 8 KB, 20 Terraform files to a directory;
every commit edits one block in each of 1 to 3 files.
"""
import random
import subprocess
import sys

TYPES = ["aws_instance", "aws_security_group", "aws_s3_bucket", "aws_iam_role", "aws_lb", "aws_sqs_queue"]


def hcl_block(file, index, version):
    kind = TYPES[(file + index) % len(TYPES)]
    settings = "".join(f'  setting {{\n    key   = "k{n}"\n    value = var.value_{n}\n  }}\n' for n in range(index % 4))
    return (f'resource "{kind}" "item_{file}_{index}" {{\n'
            f'  name        = "service-{file}-{index}"\n'
            f'  description = "revision {version}"\n'
            f'  tags = {{\n    Owner = "team-{file % 7}"\n    Index = {index}\n  }}\n{settings}}}\n\n')


def yaml_block(file, index, version):
    keys = "".join(f'  key-{n}: "value {n} of {index}"\n' for n in range(4 + index % 6))
    return (f"---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: config-{file}-{index}\n"
            f'  namespace: app-{file % 9}\ndata:\n  revision: "{version}"\n{keys}')


def bash_block(file, index, version):
    copies = "".join(f'  if [ -f "$target/{n}.txt" ]; then\n    cp "$target/{n}.txt" "build/{n}.txt"\n  fi\n'
                     for n in range(1 + index % 3))
    return (f'step_{index}() {{\n  local target="$1"\n  echo "step {index} revision {version}"\n{copies}}}\n\n'
            f'step_{index} "work/{file}"\n\n')


KINDS = [("tf", "infra/stack{0}", hcl_block, ""),
         ("yaml", "deploy/apps", yaml_block, ""),
         ("sh", "scripts", bash_block, "#!/usr/bin/env bash\nset -euo pipefail\n\n")]


class File:
    def __init__(self, number, size):
        self.number = number
        extension, folder, self.block, self.head = KINDS[number % 3]
        self.path = f"{folder.format(number // 3 // 20)}/file{number // 3:02d}.{extension}"
        self.versions = [0]
        while len(self.text()) < size:
            self.versions.append(0)

    def text(self):
        return self.head + "".join(self.block(self.number, i, v) for i, v in enumerate(self.versions))


def write(out, text):
    data = text.encode()
    out.write(b"data %d\n" % len(data) + data + b"\n")


def main():
    repository, commits = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 2000
    rng = random.Random(20261120)
    files = [File(number, rng.randint(1000, 8000)) for number in range(120)]
    subprocess.run(["git", "init", "-q", "-b", "main", repository], check=True)
    importer = subprocess.Popen(["git", "-C", repository, "fast-import", "--quiet"], stdin=subprocess.PIPE)
    out = importer.stdin
    for number in range(commits):
        touched = files if number == 0 else rng.sample(files, rng.randint(1, 3))
        out.write(b"commit refs/heads/main\ncommitter Bench <bench@example.org> %d +0000\n" % (1700000000 + number * 60))
        write(out, f"change {number}")
        for file in touched:
            if number:
                file.versions[rng.randrange(len(file.versions))] = number
            out.write(b"M 100644 inline %s\n" % file.path.encode())
            write(out, file.text())
    out.close()
    if importer.wait():
        sys.exit("git fast-import failed")
    subprocess.run(["git", "-C", repository, "reset", "-q", "--hard", "main"], check=True)
    subprocess.run(["git", "-C", repository, "repack", "-adq"], check=True)


if __name__ == "__main__":
    main()
