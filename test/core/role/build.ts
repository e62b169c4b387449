/**
 * @module Roles and inputs for the tests of decisions: complete values with what a test says on top.
 */
import type {
  AccountAssignmentMatcher,
  ClusterAuthPreference,
  LabelSelector,
  Role,
  RoleConditions,
  RoleOptions,
  RoleVersion,
  Rule,
} from '../../../src/core/role/role.js'
import type { SamlAccessInput } from '../../../src/core/role/saml-access.js'
import { hour } from '../../../src/core/time.js'

/** A rule; without `where` it holds always. */
export type RuleParts = Omit<Rule, 'where'> & { readonly where?: string | undefined }

export interface RoleParts {
  readonly allowLabels?: LabelSelector
  readonly denyLabels?: LabelSelector
  readonly allowExpression?: string | undefined
  readonly denyExpression?: string | undefined
  readonly allowRules?: readonly RuleParts[]
  readonly denyRules?: readonly RuleParts[]
  readonly allowAssignments?: readonly AccountAssignmentMatcher[]
  readonly denyAssignments?: readonly AccountAssignmentMatcher[]
  readonly options?: Partial<RoleOptions>
  readonly origin?: Role['origin']
}

export const identityCenterLabels = { 'teleport.dev/origin': 'aws-identity-center' }
export const identityCenterSelector: LabelSelector = { 'teleport.dev/origin': ['aws-identity-center'] }

export function buildRole(name: string, version: RoleVersion, parts: RoleParts = {}): Role {
  return {
    name,
    version,
    labels: {},
    allow: buildConditions(
      parts.allowLabels,
      parts.allowExpression,
      parts.allowRules,
      parts.allowAssignments,
    ),
    deny: buildConditions(parts.denyLabels, parts.denyExpression, parts.denyRules, parts.denyAssignments),
    options: {
      maxSessionTtlMs: 30 * hour,
      clientIdleTimeoutMs: undefined,
      requireSessionMfa: 'off',
      deviceTrustMode: 'off',
      samlIdpEnabled: true,
      ...parts.options,
    },
    origin: parts.origin ?? 'stored',
  }
}

export function buildConditions(
  appLabels: LabelSelector = {},
  appLabelsExpression?: string,
  rules: readonly RuleParts[] = [],
  accountAssignments: readonly AccountAssignmentMatcher[] = [],
): RoleConditions {
  return {
    appLabels,
    appLabelsExpression,
    accountAssignments,
    rules: rules.map((rule) => ({ where: undefined, ...rule })),
    request: undefined,
    reviewRequests: undefined,
  }
}

export const preference: ClusterAuthPreference = {
  samlIdpEnabled: true,
  requireSessionMfa: 'off',
  deviceTrustMode: 'off',
  secondFactor: 'required',
  factorKinds: ['webauthn', 'otp'],
  allowPasswordless: true,
  defaultSessionTtlMs: 12 * hour,
}

export function buildInput(roles: readonly Role[], more: Partial<SamlAccessInput> = {}): SamlAccessInput {
  return {
    user: { name: 'alice@example.com', traits: {} },
    roles,
    missingRoles: [],
    serviceProvider: {
      name: 'aws-identity-center',
      entityId: 'https://eu-west-1.signin.aws.amazon.com/platform/saml/d-1234567890',
      labels: identityCenterLabels,
    },
    preference,
    session: { mfa: 'none', device: 'none' },
    locks: [],
    ...more,
  }
}
