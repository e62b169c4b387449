output "role_arn" {
  description = "Enter this in Gatehouse, step 2 of the set-up."
  value       = aws_iam_role.gatehouse.arn
}

output "integration_yaml" {
  description = "The integration as a document: terraform output -raw integration_yaml | gatehouse create -f -"
  value       = <<-YAML
    kind: integration
    sub_kind: aws-oidc
    version: v1
    metadata:
      name: ${var.integration}
    spec:
      aws_oidc:
        role_arn: ${aws_iam_role.gatehouse.arn}
        audience: ${var.audience}
        issuer: ${var.issuer}
  YAML
}
