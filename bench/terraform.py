"""Terraform directories to measure on; deterministic."""
import pathlib
import subprocess

LISTENER = """resource "aws_lb_listener" "item_{n}" {{
  load_balancer_arn = aws_lb.item_{n}.arn
  port              = {port}
  protocol          = "HTTP"
  tags = {{
    Owner = "team-{team}"
    Index = {n}
  }}
  default_action {{
    type             = "forward"
    target_group_arn = var.target_groups["item-{n}"]
  }}
}}

resource "aws_lb" "item_{n}" {{
  name               = "${{local.prefix}}-{n}"
  load_balancer_type = "application"
  security_groups    = [aws_security_group.item_{n}.id]
  subnets            = var.subnets
}}

resource "aws_security_group" "item_{n}" {{
  name        = "item-{n}"
  description = "entrance {n}"
  ingress {{
    from_port   = {port}
    to_port     = {port}
    protocol    = "tcp"
    cidr_blocks = ["10.{team}.0.0/16"]
  }}
}}

"""

HEAD = """variable "subnets" {
  type = list(string)
}

variable "target_groups" {
  type = map(string)
}

locals {
  prefix = "shop"
}

"""


def large_directory(root, lines):
    """`lines` lines in files of about 500; the edit renames one load balancer."""
    directory = root / "prod"
    directory.mkdir(parents=True)
    (directory / "variables.tf").write_text(HEAD)
    count, number, file = HEAD.count("\n"), 0, 0
    while count < lines:
        text = ""
        while text.count("\n") < 500:
            text += LISTENER.format(n=number, port=1024 + number, team=number % 200)
            number += 1
        (directory / f"part{file:02d}.tf").write_text(text)
        count += text.count("\n")
        file += 1
    return directory / "part03.tf", 'name               = "${local.prefix}-', 'name               = "${local.prefix}-x'


ITEM = """resource "aws_route_table" "r{n}" {{
  vpc_id = {parent}
  tags = {{
    Name = "r{n}"
  }}
}}

resource "aws_security_group" "s{n}" {{
  name   = "s{n}"
  vpc_id = {parent}
  ingress {{
    from_port   = {n}
    to_port     = {n}
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }}
}}

"""


def module_tree(root, resources):
    """A root whose network is passed down through modules in modules; all resources hang on it."""
    per_module = 20
    modules = resources // per_module
    for number in range(modules):
        directory = root / "modules" / f"m{number}"
        directory.mkdir(parents=True)
        text = 'variable "network" {\n  type = string\n}\n\n'
        text += "".join(ITEM.format(n=number * per_module + n, parent="var.network") for n in range(per_module // 2))
        text += 'output "network" {\n  value = var.network\n}\n'
        for child in (2 * number + 1, 2 * number + 2):
            if child < modules:
                text += f'\nmodule "m{child}" {{\n  source  = "../m{child}"\n  network = var.network\n}}\n'
        (directory / "main.tf").write_text(text)
    main = root / "prod" / "main.tf"
    main.parent.mkdir()
    main.write_text('resource "aws_vpc" "main" {\n  cidr_block           = "10.0.0.0/16"\n'
                    '  enable_dns_hostnames = false\n}\n\n'
                    'module "m0" {\n  source  = "../modules/m0"\n  network = aws_vpc.main.id\n}\n')
    return main


def files(root):
    return sorted(str(path) for path in pathlib.Path(root).rglob("*.tf"))


def commit(root, author):
    for command in (["init", "-q", "-b", "main"], ["add", "-A"], [*author, "commit", "-qm", "first"]):
        subprocess.run(["git", "-C", str(root), *command], check=True)
