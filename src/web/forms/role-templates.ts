/** @module Beginnings of a role, as YAML that the server accepts once it has its own name. */

export interface RoleTemplate {
  readonly id: string
  readonly title: string
  readonly says: string
  readonly yaml: string
}

export const roleTemplates: readonly RoleTemplate[] = [
  {
    id: 'aws-sign-in',
    title: 'Sign in to AWS',
    says: 'Opens the AWS access portal; accounts come from other roles.',
    yaml: `kind: role
version: v8
metadata:
  name: identity-center-access
  description: Signs in to the AWS access portal
spec:
  allow:
    app_labels:
      teleport.dev/origin: aws-identity-center
`,
  },
  {
    id: 'account-assignments',
    title: 'AWS accounts',
    says: 'Opens the portal, and permission sets in the accounts you choose.',
    yaml: `kind: role
version: v8
metadata:
  name: aws-accounts
  description: Signs in to AWS and works in the accounts below
spec:
  allow:
    app_labels:
      teleport.dev/origin: aws-identity-center
    # One entry for each account and permission set. The form finds both by name.
    account_assignments: []
`,
  },
  {
    id: 'administrator',
    title: 'Administrator',
    says: 'Manages people, roles, applications, locks and tokens; reads the audit log. Opens nothing in AWS.',
    yaml: `kind: role
version: v8
metadata:
  name: administrator
  description: Manages this gateway; opens nothing in AWS
spec:
  allow:
    rules:
      - resources:
          - user
          - role
          - lock
          - token
          - saml_idp_service_provider
          - cluster_auth_preference
        verbs:
          - list
          - read
          - create
          - update
          - delete
      - resources:
          - event
          - session
        verbs:
          - list
          - read
`,
  },
  {
    id: 'empty',
    title: 'Empty',
    says: 'Opens nothing yet.',
    yaml: `kind: role
version: v8
metadata:
  name: new-role
spec:
  allow: {}
`,
  },
]

/** The template of this id, or the first one. */
export function findTemplate(id: string | null): RoleTemplate {
  const found = roleTemplates.find((template) => template.id === id) ?? roleTemplates[0]
  if (!found) throw new Error('there is no template')
  return found
}
