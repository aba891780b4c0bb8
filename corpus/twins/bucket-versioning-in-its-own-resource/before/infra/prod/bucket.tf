resource "aws_s3_bucket" "reports" {
  bucket = "reports-production"
  versioning {
    enabled = true
  }
}
