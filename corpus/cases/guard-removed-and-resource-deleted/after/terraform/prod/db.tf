resource "aws_security_group" "orders" {
  name = "orders-db"
}
