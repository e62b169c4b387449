/**
 * @module Edits of one document that might let a person in to an application: of a role that they hold, of the
 * application's labels, of what holds for everyone. Proposals only, each as the changed value and as YAML to write;
 * `application-changes.ts` tries them. No edit takes a label away or changes one: that could shut others out.
 */
import type { ClusterAuthPreference, LabelSelector, Labels, Role } from '../role/role.js'
import { yamlLines } from './yaml-lines.js'

export interface RoleEdit {
  readonly edited: Role
  readonly says: string
  readonly yaml: string
}

/** Widens `allow.app_labels` of a role as little as possible so that it matches these labels. */
export function widenLabels(role: Role, labels: Labels): RoleEdit | undefined {
  const appLabels = widen(role.allow.appLabels, labels)
  if (appLabels === undefined) return undefined
  return {
    edited: { ...role, allow: { ...role.allow, appLabels } },
    says: `Change app_labels of role "${role.name}" so that they match; it then counts for everyone who holds it.`,
    yaml: yamlLines({ spec: { allow: { app_labels: appLabels } } }),
  }
}

function widen(selector: LabelSelector, labels: Labels): LabelSelector | undefined {
  const keys = Object.keys(selector).filter((key) => Object.hasOwn(labels, key))
  // Nothing in common with what is there: ask for all that the application carries, which is the narrowest.
  if (keys.length === 0) {
    const wanted = Object.entries(labels).map(([key, value]) => [key, [value]] as const)
    return wanted.length === 0 || wanted.some(([, values]) => !isLiteral(values[0]))
      ? undefined
      : Object.fromEntries(wanted)
  }
  if (keys.some((key) => !isLiteral(labels[key]))) return undefined
  return Object.fromEntries(keys.map((key) => [key, including(selector[key] ?? [], labels[key] ?? '')]))
}

function including(values: readonly string[], value: string): readonly string[] {
  return values.includes(value) || values.includes('*') ? values : [...values, value]
}

/** What takes the denial or the condition out of a role. */
export function relax(role: Role): RoleEdit[] {
  const { options, deny, name } = role
  const edits: RoleEdit[] = []
  if (!options.samlIdpEnabled) {
    edits.push({
      edited: { ...role, options: { ...options, samlIdpEnabled: true } },
      says: `Let role "${name}" allow sign-in to applications again.`,
      yaml: yamlLines({ spec: { options: { idp: { saml: { enabled: true } } } } }),
    })
  }
  if (Object.keys(deny.appLabels).length > 0) {
    edits.push({
      edited: { ...role, deny: { ...deny, appLabels: {} } },
      says: `Take deny.app_labels out of role "${name}"; it then denies no application by labels.`,
      yaml: yamlLines({ spec: { deny: { app_labels: {} } } }),
    })
  }
  if (options.deviceTrustMode !== 'off') {
    edits.push({
      edited: { ...role, options: { ...options, deviceTrustMode: 'off' } },
      says: `Let role "${name}" do without a trusted device.`,
      yaml: yamlLines({ spec: { options: { device_trust_mode: 'off' } } }),
    })
  }
  if (options.requireSessionMfa !== 'off' && options.requireSessionMfa !== 'session') {
    edits.push({
      edited: { ...role, options: { ...options, requireSessionMfa: 'session' } },
      says: `Let role "${name}" take any second factor in place of a hardware key.`,
      yaml: yamlLines({ spec: { options: { require_session_mfa: true } } }),
    })
  }
  return edits
}

/** Labels that the application lacks and that would make a role match it. */
export function missingLabels(
  role: Role,
  labels: Labels,
): { readonly labels: Labels; readonly added: Labels; readonly yaml: string } | undefined {
  const added: Record<string, string> = {}
  for (const [key, values] of Object.entries(role.allow.appLabels)) {
    if (key === '*' || Object.hasOwn(labels, key)) continue
    const value = values.find(isLiteral)
    if (value === undefined) return undefined
    added[key] = value
  }
  if (Object.keys(added).length === 0) return undefined
  return { labels: { ...labels, ...added }, added, yaml: yamlLines({ metadata: { labels: added } }) }
}

/** Whether a pattern is plain text, so that it can be a label and a label can be it. */
function isLiteral(pattern: string | undefined): boolean {
  return pattern !== undefined && pattern !== '' && !/[*{]|^\^.*\$$/s.test(pattern)
}

/** Each switch of `cluster_auth_preference` that stands in somebody's way. */
export function relaxPreference(
  preference: ClusterAuthPreference,
): { readonly preference: ClusterAuthPreference; readonly says: string; readonly yaml: string }[] {
  const edits = []
  if (!preference.samlIdpEnabled) {
    edits.push({
      preference: { ...preference, samlIdpEnabled: true },
      says: 'Switch sign-in to applications on again, for everyone.',
      yaml: yamlLines({ spec: { idp: { saml: { enabled: true } } } }),
    })
  }
  if (preference.deviceTrustMode !== 'off') {
    edits.push({
      preference: { ...preference, deviceTrustMode: 'off' as const },
      says: 'Let the cluster do without trusted devices, for everyone.',
      yaml: yamlLines({ spec: { device_trust: { mode: 'off' } } }),
    })
  }
  if (!['off', 'session'].includes(preference.requireSessionMfa)) {
    edits.push({
      preference: { ...preference, requireSessionMfa: 'session' as const },
      says: 'Let the cluster take any second factor in place of a hardware key, for everyone.',
      yaml: yamlLines({ spec: { require_session_mfa: true } }),
    })
  }
  return edits
}
