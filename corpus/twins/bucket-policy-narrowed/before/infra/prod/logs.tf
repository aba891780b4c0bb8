resource "aws_s3_bucket_policy" "logs" {
  bucket = "logs"
  policy = jsonencode({
    Statement = [{ Sid = "Read", Effect = "Allow", Principal = { AWS = "*" }, Action = "s3:*", Resource = "*" }]
  })
}
