resource "aws_vpc" "main_v2" {
  cidr_block = "10.20.0.0/16"
  tags       = { Name = "costs-production-v2" }
}

resource "aws_subnet" "app_v2" {
  vpc_id     = aws_vpc.main_v2.id
  cidr_block = "10.20.1.0/24"
}
