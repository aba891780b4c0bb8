locals {
  owner = "app"
}

resource "aws_db_instance" "main" {
  identifier     = "app"
  engine         = "postgres"
  username       = local.owner
  instance_class = "db.m5.large"
}
