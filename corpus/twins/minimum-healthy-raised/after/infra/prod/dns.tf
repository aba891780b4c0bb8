resource "aws_ecs_service" "resolver" {
  name                               = "dns-resolver"
  desired_count                      = 24
  deployment_minimum_healthy_percent = 90
}
