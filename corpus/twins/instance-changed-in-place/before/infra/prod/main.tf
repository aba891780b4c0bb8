resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_instance" "worker" {
  ami                         = "ami-1"
  instance_type               = "m6i.large"
  subnet_id                   = aws_subnet.app.id
  user_data                   = "one"
  user_data_replace_on_change = false
}

resource "aws_subnet" "app" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}
