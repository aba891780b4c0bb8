resource "aws_s3_bucket_policy" "backups" {
  bucket = "backups-production"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Read"
      Effect    = "Allow"
      Principal = { AWS = "*" }
      Action    = ["s3:GetObject"]
      Resource  = "arn:aws:s3:::backups-production/*"
    }]
  })
}
