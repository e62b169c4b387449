/**
 * @module The YAML form of a role, v3 to v8, and its way to the value that decisions work with. Every pattern and
 * template is parsed here, so that a stored role never fails in the middle of a decision.
 */
import { z } from 'zod'
import { parseMatcher } from '../../core/matcher.js'
import { parseLabelValue } from '../../core/role/label-selector.js'
import { defaultMaxSessionTtlMs } from '../../core/role/session-limits.js'
import { isTemplate } from '../../core/role/template.js'
import { roleVersions, type Role, type RoleConditions, type RoleVersion } from '../../core/role/role.js'
import { parseDuration } from '../../core/time.js'
import {
  duration,
  durationOrNever,
  flag,
  ignoredShape,
  isNever,
  listIgnored,
  metadataSchema,
  optionalSection,
  readField,
  readMap,
  readText,
  readTexts,
  reportThrown,
  storedMetadata,
  unsupported,
} from './fields.js'
import { findAt, parseWith, toPlain, type ParsedDocument, type ResourceProblem } from './parse.js'
import { deviceTrustMode, sessionMfa } from './role-options.js'
import { ignoredConditions, ignoredOptions, roleVerbs } from './role-fields.js'

const labelSelector = readField((value, report): Record<string, string[]> => {
  const pairs = readMap(value, report).map(([key, item]) => {
    const values = readTexts(item, report, key)
    if (values.length === 0) report('names no value; write at least one, or leave the label out', key)
    if (key === '*' && (values.length !== 1 || values[0] !== '*')) {
      report("the label '*' can only have the value '*', which means anything", key)
    }
    if (isTemplate(key)) report('a template can be a value, not the name of a label', key)
    for (const one of values) reportThrown((field) => parseLabelValue(one, field), report, key)
    return [key, values] as const
  })
  if (pairs.length > 1 && pairs.some(([key]) => key === '*')) {
    report("'*': '*' means anything and stands alone; remove it or the other labels")
  }
  return Object.fromEntries(pairs)
})

const assignmentSide = (kind: 'account' | 'permission_set') =>
  readField((value, report): string => {
    // AWS account ids are 12 digits: unquoted, YAML takes them for a number and drops leading zeros.
    const isAccountNumber = kind === 'account' && Number.isSafeInteger(value) && Number(value) >= 0
    const side = isAccountNumber ? String(value).padStart(12, '0') : readText(value, report)
    if (isTemplate(side)) report('templates are not supported in account_assignments; write the value')
    else if (typeof value !== 'object') reportThrown((field) => parseMatcher(side, field), report)
    return side
  })

const verbs = readField((value, report): string[] => {
  const all = readTexts(value, report)
  if (all.length === 0) report('names no verb')
  for (const verb of all) {
    if (!roleVerbs.includes(verb)) report(`"${verb}" is not a verb; the verbs are ${roleVerbs.join(', ')}`)
  }
  return all
})

const resources = readField((value, report): string[] => {
  const all = readTexts(value, report)
  if (all.length === 0) report('names no resource')
  for (const one of all) if (!/^(\*|[a-z][a-z0-9_]*)$/.test(one)) report(`"${one}" is not a kind of resource`)
  return all
})

const later = z.record(z.string(), z.unknown())

const conditions = z.strictObject({
  app_labels: optionalSection(labelSelector.optional()),
  app_labels_expression: unsupported(
    'this version cannot evaluate expressions, and leaving it out would widen the role; use app_labels',
  ),
  account_assignments: optionalSection(
    z.array(
      z.strictObject({
        account: assignmentSide('account'),
        permission_set: assignmentSide('permission_set'),
      }),
    ),
  ),
  rules: optionalSection(
    z.array(
      z.strictObject({
        resources,
        verbs,
        where: unsupported('this version cannot evaluate "where", and leaving it out would widen the rule'),
        ...ignoredShape(['actions']),
      }),
    ),
  ),
  request: optionalSection(later),
  review_requests: optionalSection(later),
  ...ignoredShape(ignoredConditions),
})

const options = z.strictObject({
  max_session_ttl: duration.optional(),
  client_idle_timeout: durationOrNever.optional(),
  require_session_mfa: sessionMfa.optional(),
  device_trust_mode: deviceTrustMode.optional(),
  idp: optionalSection(
    z.strictObject({ saml: optionalSection(z.strictObject({ enabled: flag.optional() })) }),
  ),
  ...ignoredShape(ignoredOptions),
})

const body = z.strictObject({
  kind: z.literal('role'),
  version: z.enum(roleVersions, 'must be one of v3, v4, v5, v6, v7, v8; new roles are v8'),
  metadata: metadataSchema(),
  spec: z.strictObject({
    options: optionalSection(options),
    allow: optionalSection(conditions),
    deny: optionalSection(conditions),
  }),
})

function findVersionProblem(input: unknown): ResourceProblem[] {
  const path = ['spec', 'options', 'idp', 'saml', 'enabled']
  if (findAt(input, ['version']) !== 'v8' || findAt(input, path) === undefined) return []
  const message = 'is not supported in v8; use app_labels to say which applications the role is for'
  return [{ path: path.join('.'), message }]
}

export type RoleDocument = Omit<z.output<typeof body>, 'metadata'> & {
  readonly metadata: ReturnType<typeof storedMetadata>
}

/**
 * Parses a role document.
 * @throws GatewayError `INVALID_RESOURCE` with every problem.
 */
export function parseRoleDocument(input: unknown, source?: string): ParsedDocument<RoleDocument, Role> {
  const parsed = parseWith(body, 'role', input, source, findVersionProblem)
  const document = toPlain({ ...parsed, metadata: storedMetadata(parsed.metadata) })
  return {
    document,
    value: buildRole(document),
    ignored: [
      ...listIgnored(parsed.spec.options, 'spec.options', ignoredOptions),
      ...listIgnored(parsed.spec.allow, 'spec.allow', ignoredConditions),
      ...listIgnored(parsed.spec.deny, 'spec.deny', ignoredConditions),
    ],
    revision: parsed.metadata.revision,
  }
}

function buildRole({ version, metadata, spec }: RoleDocument): Role {
  const idle = spec.options?.client_idle_timeout
  const ttl = spec.options?.max_session_ttl
  return {
    name: metadata.name,
    version,
    labels: metadata.labels ?? {},
    allow: buildConditions(spec.allow, version),
    deny: buildConditions(spec.deny, undefined),
    options: {
      maxSessionTtlMs: ttl === undefined ? defaultMaxSessionTtlMs : parseDuration(ttl, 'max_session_ttl'),
      clientIdleTimeoutMs:
        idle === undefined || isNever(idle) ? undefined : parseDuration(idle, 'client_idle_timeout'),
      requireSessionMfa: spec.options?.require_session_mfa ?? 'off',
      deviceTrustMode: spec.options?.device_trust_mode ?? 'off',
      samlIdpEnabled: spec.options?.idp?.saml?.enabled ?? true,
    },
  }
}

/** `version` is given for allow: v3 allows every label where it names none. */
function buildConditions(
  section: z.output<typeof conditions> | undefined,
  version: RoleVersion | undefined,
): RoleConditions {
  const assignments = section?.account_assignments ?? []
  return {
    appLabels: section?.app_labels ?? (version === 'v3' ? { '*': ['*'] } : {}),
    accountAssignments: assignments.map((entry) => ({
      account: entry.account,
      permissionSet: entry.permission_set,
    })),
    rules: (section?.rules ?? []).map((rule) => ({ resources: rule.resources, verbs: rule.verbs })),
  }
}
