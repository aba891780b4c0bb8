resource "aws_db_instance" "main" {
  identifier     = "app"
  engine         = "postgres"
  username       = "app_owner"
  instance_class = "db.m5.large"
}
