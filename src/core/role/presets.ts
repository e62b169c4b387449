/**
 * @module The roles that a new gateway starts with, as documents like those that people write. None but `access`
 * lets anyone sign in to AWS: all are v8, and v8 wants `app_labels`, so an administrator is no AWS user by that.
 */

/** A role as its author writes it, in YAML or JSON. */
export interface PresetRole {
  readonly kind: 'role'
  readonly version: 'v8'
  readonly metadata: { readonly name: string; readonly description: string }
  readonly spec: {
    readonly allow: {
      readonly app_labels?: Readonly<Record<string, string>>
      readonly rules?: readonly { readonly resources: readonly string[]; readonly verbs: readonly string[] }[]
      readonly request?: { readonly search_as_roles: readonly string[] }
      readonly review_requests?: {
        readonly roles: readonly string[]
        readonly preview_as_roles: readonly string[]
      }
    }
  }
}

const manage = ['list', 'create', 'read', 'update', 'delete']

export const presetRoles: readonly PresetRole[] = [
  preset('editor', 'Configures the gateway: people, roles, applications, integrations. Reads no audit log.', {
    rules: [
      { resources: ['user', 'role', 'lock'], verbs: manage },
      { resources: ['device'], verbs: [...manage, 'create_enroll_token'] },
      { resources: ['token', 'webhook'], verbs: [...manage, 'rotate'] },
      { resources: ['session'], verbs: ['list', 'read', 'delete'] },
      { resources: ['cert_authority'], verbs: ['list', 'read', 'rotate'] },
      { resources: ['oidc', 'saml', 'github', 'login_rule'], verbs: manage },
      { resources: ['saml_idp_service_provider', 'cluster_auth_preference'], verbs: manage },
      { resources: ['access_list', 'access_list_member', 'access_request'], verbs: manage },
      { resources: ['access_review_rule', 'on_call'], verbs: manage },
      { resources: ['plugin', 'integration'], verbs: [...manage, 'use'] },
    ],
  }),
  preset('auditor', 'Reads the audit log and sessions.', {
    rules: [
      { resources: ['event'], verbs: ['list', 'read'] },
      { resources: ['session'], verbs: ['list', 'read'] },
    ],
  }),
  preset('access', 'Signs in to AWS IAM Identity Center.', {
    app_labels: { 'teleport.dev/origin': 'aws-identity-center' },
  }),
  preset('requester', 'Asks for access.', { request: { search_as_roles: ['access'] } }),
  preset('reviewer', 'Reviews requests for access.', {
    review_requests: { roles: ['access'], preview_as_roles: ['access'] },
  }),
]

function preset(name: string, description: string, allow: PresetRole['spec']['allow']): PresetRole {
  return { kind: 'role', version: 'v8', metadata: { name, description }, spec: { allow } }
}
