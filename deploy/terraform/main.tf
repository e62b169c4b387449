# What AWS needs to trust a gateway: an OIDC provider, and a role that only the tokens of one integration can take on.
# The same as the set-up script and the CloudFormation template that Gatehouse writes (docs/identity-center.md). Apply
# it in the account from which Gatehouse works: the management account, or a delegated administrator.
terraform {
  required_version = ">= 1.3"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0, < 7.0"
    }
  }
}

data "aws_caller_identity" "current" {}

locals {
  partition     = split(":", var.instance_arn)[1]
  instance_id   = element(split("/", var.instance_arn), 1)
  provider_name = trimprefix(var.issuer, "https://")
  subject       = "gatehouse:${var.cluster_name}:integration:${var.integration}"
  known_arn     = "arn:${local.partition}:iam::${data.aws_caller_identity.current.account_id}:oidc-provider/${local.provider_name}"
  provider_arn  = var.provider_exists ? local.known_arn : aws_iam_openid_connect_provider.gatehouse[0].arn
  tags          = { gatehouse-integration = var.integration }

  # Filled in where the texts of policies/ are written. The texts are those of the gateway itself, letter by letter.
  filled = {
    partition    = local.partition
    instance_arn = var.instance_arn
    instance_id  = local.instance_id
  }

  base = jsondecode(templatefile("${path.module}/policies/base.json.tftpl", local.filled))
  asked = [
    for block in sort(var.blocks) : jsondecode(templatefile("${path.module}/policies/${block}.json.tftpl", local.filled))
  ]
}

resource "aws_iam_openid_connect_provider" "gatehouse" {
  count          = var.provider_exists ? 0 : 1
  url            = var.issuer
  client_id_list = [var.audience]
  tags           = local.tags
}

resource "aws_iam_role" "gatehouse" {
  name                 = var.role_name
  description          = "Gatehouse keeps IAM Identity Center by this role"
  max_session_duration = 3600
  tags                 = local.tags

  assume_role_policy = templatefile("${path.module}/policies/trust.json.tftpl", {
    provider_arn  = local.provider_arn
    provider_name = local.provider_name
    audience      = var.audience
    subject       = local.subject
  })
}

resource "aws_iam_role_policy" "gatehouse" {
  name = var.role_name
  role = aws_iam_role.gatehouse.id

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = concat(local.base, flatten(local.asked))
  })
}
