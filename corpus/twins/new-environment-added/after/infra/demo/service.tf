resource "aws_rds_cluster" "costs" {
  cluster_identifier  = "costs-demo"
  engine              = "aurora-postgresql"
  deletion_protection = true
  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_ecs_cluster" "costs" {
  name = "costs-demo"
}

resource "aws_ecs_service" "explorer" {
  name          = "explorer"
  cluster       = aws_ecs_cluster.costs.id
  desired_count = 12
}

resource "aws_lb" "front" {
  name    = "costs-front"
  subnets = [aws_subnet.app.id]
}

resource "aws_dynamodb_table" "reports" {
  name     = "reports-demo"
  hash_key = "account"
  attribute {
    name = "account"
    type = "S"
  }
}
