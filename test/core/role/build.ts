/**
 * @module Roles and inputs for the tests of decisions: complete values with what a test says on top.
 */
import type {
  ClusterAuthPreference,
  LabelSelector,
  Role,
  RoleOptions,
  RoleVersion,
  Rule,
} from '../../../src/core/role/role.js'
import type { SamlAccessInput } from '../../../src/core/role/saml-access.js'
import { hour } from '../../../src/core/time.js'

export interface RoleParts {
  readonly allowLabels?: LabelSelector
  readonly denyLabels?: LabelSelector
  readonly allowRules?: readonly Rule[]
  readonly denyRules?: readonly Rule[]
  readonly options?: Partial<RoleOptions>
}

export const identityCenterLabels = { 'teleport.dev/origin': 'aws-identity-center' }
export const identityCenterSelector: LabelSelector = { 'teleport.dev/origin': ['aws-identity-center'] }

export function buildRole(name: string, version: RoleVersion, parts: RoleParts = {}): Role {
  return {
    name,
    version,
    labels: {},
    allow: { appLabels: parts.allowLabels ?? {}, accountAssignments: [], rules: parts.allowRules ?? [] },
    deny: { appLabels: parts.denyLabels ?? {}, accountAssignments: [], rules: parts.denyRules ?? [] },
    options: {
      maxSessionTtlMs: 30 * hour,
      clientIdleTimeoutMs: undefined,
      requireSessionMfa: 'off',
      deviceTrustMode: 'off',
      samlIdpEnabled: true,
      ...parts.options,
    },
  }
}

export const preference: ClusterAuthPreference = {
  samlIdpEnabled: true,
  requireSessionMfa: 'off',
  deviceTrustMode: 'off',
  secondFactor: 'required',
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
    session: { mfa: false, device: 'none' },
    ...more,
  }
}
