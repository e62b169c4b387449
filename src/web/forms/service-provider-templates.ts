/** @module Beginnings of a service provider: IAM Identity Center, or any other application. */

export interface ServiceProviderTemplate {
  readonly id: 'aws' | 'other'
  readonly title: string
  readonly yaml: string
}

const [aws, other]: readonly [ServiceProviderTemplate, ServiceProviderTemplate] = [
  {
    id: 'aws',
    title: 'AWS IAM Identity Center',
    yaml: `kind: saml_idp_service_provider
version: v1
metadata:
  name: aws-identity-center
spec:
  preset: aws-identity-center
`,
  },
  {
    id: 'other',
    title: 'Another application',
    yaml: `kind: saml_idp_service_provider
version: v1
metadata:
  name: ""
  # Roles open it by these labels.
  labels:
    env: production
spec: {}
`,
  },
]

export const serviceProviderTemplates = [aws, other] as const

export function findServiceProviderTemplate(id: string | null): ServiceProviderTemplate {
  return id === other.id ? other : aws
}
