resource "aws_rds_cluster" "costs_v2" {
  cluster_identifier = "costs-production-v2"
  engine             = "aurora-postgresql"
}

resource "aws_ecs_cluster" "costs_v2" {
  name = "costs-production-v2"
}

resource "aws_ecs_service" "explorer_v2" {
  name          = "explorer"
  cluster       = aws_ecs_cluster.costs_v2.id
  desired_count = 12
}

resource "aws_lb" "front_v2" {
  name    = "costs-front-v2"
  subnets = [aws_subnet.app_v2.id]
}

resource "aws_dynamodb_table" "reports_v2" {
  name     = "reports-production-v2"
  hash_key = "account"
  attribute {
    name = "account"
    type = "S"
  }
}
