# The order database.
resource "aws_db_instance" "orders" {
    identifier = "orders-production"
    engine = "postgres"
    allocated_storage = 500
    instance_class = "db.r6g.2xlarge"

    lifecycle { prevent_destroy = true } # never
    deletion_protection = true
}

resource "aws_security_group" "orders" { name = "orders-db" }
