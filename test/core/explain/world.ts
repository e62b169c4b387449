/**
 * @module Carries out what an explanation says, from its words and its YAML alone, as a person who reads it would.
 */
import type { SessionProof } from '../../../src/core/role/saml-conditions.js'
import { parse } from 'yaml'
import type { ApplicationQuestion } from '../../../src/core/explain/application.js'
import type { Change } from '../../../src/core/explain/explanation.js'
import type { Role } from '../../../src/core/role/role.js'
import { decideSamlAccess, type SamlDecision } from '../../../src/core/role/saml-access.js'
import type { ServiceProvider } from '../../../src/core/saml/service-provider.js'
import { preference } from '../role/build.js'

export const application: ServiceProvider = {
  name: 'app',
  entityId: 'urn:app',
  labels: { env: 'prod' },
  assertionConsumerServices: [{ url: 'https://app.example.com/acs', index: 0, isDefault: true }],
  signingCertificates: [],
  authnRequestsSigned: false,
  wantAssertionsSigned: true,
  nameIdFormats: [],
  preset: 'unspecified',
  attributeMapping: [],
  relayState: undefined,
  launchUrls: [],
}

export function question(
  roles: readonly Role[],
  more: Partial<ApplicationQuestion> & { readonly labels?: Readonly<Record<string, string>> } = {},
): ApplicationQuestion {
  const { labels, ...rest } = more
  const names = roles.map(({ name }) => name)
  return {
    user: { name: 'alice@example.com', roles: names, traits: {}, origin: { kind: 'local' } },
    roles,
    missingRoles: [],
    allRoles: roles,
    serviceProvider: labels === undefined ? application : { ...application, labels },
    resource: undefined,
    preference,
    locks: [],
    means: { any: true, hardwareKey: false },
    ...rest,
  }
}

/** What somebody proved before they clicked. */
const nothingProved = { mfa: 'none', device: 'none' } as const

export function decide(
  asked: ApplicationQuestion,
  session: SessionProof = nothingProved,
): SamlDecision['effect'] {
  return decideSamlAccess({ ...asked, session }).effect
}

interface Lines {
  spec?: {
    allow?: { app_labels: Record<string, string[]> }
    deny?: { app_labels: Record<string, string[]> }
    options?: { idp?: unknown; device_trust_mode?: 'off'; require_session_mfa?: true }
    idp?: unknown
    device_trust?: { mode: 'off' }
    require_session_mfa?: true
  }
  metadata?: { labels: Record<string, string> }
}

/** The decision after the change was made. */
export function carryOut(asked: ApplicationQuestion, change: Change): SamlDecision['effect'] {
  const lines = change.yaml === undefined ? {} : (parse(change.yaml) as Lines)
  const role = asked.allRoles.find(({ name }) => name === change.role)
  switch (change.kind) {
    case 'add_role':
      if (role === undefined) throw new Error(`there is no role ${change.role}`)
      return decide(holding(asked, [...asked.roles, role]))
    case 'remove_role':
      return decide(
        holding(
          asked,
          asked.roles.filter(({ name }) => name !== change.role),
        ),
      )
    case 'edit_role':
      return decide(
        holding(
          asked,
          asked.roles.map((one) => (one.name === change.role ? editRole(one, lines) : one)),
        ),
      )
    case 'edit_application': {
      const { serviceProvider } = asked
      const labels = { ...serviceProvider.labels, ...lines.metadata?.labels }
      return decide({ ...asked, serviceProvider: { ...serviceProvider, labels } })
    }
    case 'edit_cluster':
      return decide({
        ...asked,
        preference: {
          ...asked.preference,
          ...(lines.spec?.idp !== undefined && { samlIdpEnabled: true }),
          ...(lines.spec?.device_trust !== undefined && { deviceTrustMode: lines.spec.device_trust.mode }),
          ...(lines.spec?.require_session_mfa === true && { requireSessionMfa: 'session' }),
        },
      })
    case 'remove_lock':
      return decide({ ...asked, locks: asked.locks.filter(({ name }) => !change.says.includes(`"${name}"`)) })
    case 'prove':
      return decide(
        asked,
        change.says.includes('device') ? { mfa: 'none', device: 'trusted' } : { mfa: 'totp', device: 'none' },
      )
  }
}

function holding(asked: ApplicationQuestion, roles: readonly Role[]): ApplicationQuestion {
  return { ...asked, roles, user: { ...asked.user, roles: roles.map(({ name }) => name) } }
}

function editRole(role: Role, { spec = {} }: Lines): Role {
  const { allow, deny, options } = spec
  return {
    ...role,
    allow: { ...role.allow, ...(allow !== undefined && { appLabels: allow.app_labels }) },
    deny: { ...role.deny, ...(deny !== undefined && { appLabels: deny.app_labels }) },
    options: {
      ...role.options,
      ...(options?.idp !== undefined && { samlIdpEnabled: true }),
      ...(options?.device_trust_mode !== undefined && { deviceTrustMode: options.device_trust_mode }),
      ...(options?.require_session_mfa === true && { requireSessionMfa: 'session' }),
    },
  }
}
