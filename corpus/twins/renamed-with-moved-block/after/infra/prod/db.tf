resource "aws_db_instance" "primary" {
  identifier     = "app"
  engine         = "postgres"
  username       = "app"
  instance_class = "db.m5.large"
}

moved {
  from = aws_db_instance.main
  to   = aws_db_instance.primary
}
