resource "aws_vpc" "main" {
  cidr_block = "10.20.0.0/16"
  tags       = { Name = "costs-production" }
}

resource "aws_subnet" "app" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.20.1.0/24"
}

resource "aws_db_instance" "orders" {
  identifier          = "orders-production"
  engine              = "postgres"
  instance_class      = "db.r6g.2xlarge"
  allocated_storage   = 500
  deletion_protection = true

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_security_group" "orders" {
  name = "orders-db"
}
