variable "issuer" {
  description = "The gateway's public URL without a trailing slash, as in its integration: AWS reads its keys there. https, without a port."
  type        = string

  validation {
    condition     = can(regex("^https://[a-z0-9.-]+(/[A-Za-z0-9._~-]+)*$", var.issuer))
    error_message = "Write https://, a name and perhaps a path, without a port and without a trailing slash."
  }
}

variable "instance_arn" {
  description = "ARN of the Identity Center instance, arn:aws:sso:::instance/ssoins-..."
  type        = string

  validation {
    condition     = can(regex("^arn:(aws|aws-us-gov|aws-cn):sso:::instance/(sso)?ins-[a-zA-Z0-9.-]{16}$", var.instance_arn))
    error_message = "This is not the ARN of an instance; write for example arn:aws:sso:::instance/ssoins-1234567890abcdef."
  }
}

variable "cluster_name" {
  description = "The gateway's cluster_name: the host of its public URL where none is configured."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9._-]+$", var.cluster_name))
    error_message = "Write letters, digits, dots, dashes and underscores."
  }
}

variable "integration" {
  description = "Name of the integration in Gatehouse."
  type        = string
  default     = "aws"

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$", var.integration))
    error_message = "Write at most 60 letters, digits, dots, dashes and underscores."
  }
}

variable "audience" {
  description = "The audience of the gateway's tokens."
  type        = string
  default     = "sts.amazonaws.com"

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9_+=,.@:/-]{0,254}$", var.audience))
    error_message = "Write 1 to 255 letters, digits and _+=,.@:/-."
  }
}

variable "role_name" {
  description = "Name of the role and of its policy."
  type        = string
  default     = "GatehouseIdentityCenter"

  validation {
    condition     = can(regex("^[A-Za-z0-9_+=,.@-]{1,64}$", var.role_name))
    error_message = "Write 1 to 64 letters, digits and +=,.@_-."
  }
}

variable "blocks" {
  description = "Parts of the policy on request: management_account, ous_and_tags, delegated_administrator. What each is for: docs/identity-center.md."
  type        = set(string)
  default     = []

  validation {
    condition     = length(setsubtract(var.blocks, ["management_account", "ous_and_tags", "delegated_administrator"])) == 0
    error_message = "The blocks are management_account, ous_and_tags and delegated_administrator."
  }
}

variable "provider_exists" {
  description = "Whether the account has an OIDC provider for the issuer already, with the audience."
  type        = bool
  default     = false
}
