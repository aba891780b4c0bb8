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
