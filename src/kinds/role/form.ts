/**
 * @module The YAML form of a role, v3 to v8. A role written for the reference product loads unchanged; what cannot be
 * evaluated here and would change what it allows or denies is refused with its place.
 */
import { z } from 'zod'
import {
  duration,
  flag,
  ignoredShape,
  listIgnored,
  metadataSchema,
  optionalSection,
  storedMetadata,
  text,
} from '../../api/resource/fields.js'
import {
  findAt,
  parseWith,
  toPlain,
  type ParsedDocument,
  type ResourceProblem,
} from '../../api/resource/parse.js'
import { roleVersions, type Role } from '../../core/role/role.js'
import { deviceTrustMode, idleTimeout, sessionMfa, sessionTtl } from '../shared/role-options.js'
import { buildRole } from './build.js'
import { choice } from './choice.js'
import { conditions, ignoredRuleFields } from './conditions.js'
import { ignoredConditions, ignoredOptions, optionsWithoutEffect } from './fields.js'
import { ignoredRequestFields, ignoredReviewFields } from './requests.js'

const options = z.strictObject({
  max_session_ttl: sessionTtl.optional().describe('How long a session of a holder lasts at most; 5m or more'),
  client_idle_timeout: idleTimeout
    .optional()
    .describe('After how long without use a session ends: 1m or more, or never'),
  require_session_mfa: sessionMfa
    .optional()
    .describe('Whether each sign-in to an application needs a fresh second factor'),
  device_trust_mode: deviceTrustMode
    .optional()
    .describe('Whether a trusted device has to vouch for each sign-in to an application'),
  idp: optionalSection(
    z.strictObject({
      saml: optionalSection(
        z.strictObject({
          enabled: flag.optional().describe('Whether holders may sign in to applications by SAML; before v8'),
        }),
      ).describe('Its SAML side'),
    }),
  ).describe('The identity provider'),
  lock: optionalSection(choice(['strict', 'best_effort']).optional()).describe('Kept without effect'),
  mfa_verification_interval: optionalSection(duration.optional()).describe('Kept without effect'),
  request_access: optionalSection(choice(['optional', 'reason', 'always']).optional()).describe(
    'Kept without effect',
  ),
  request_prompt: optionalSection(text.optional()).describe('Kept without effect'),
  ...ignoredShape(ignoredOptions),
})

/** The document, before what only several fields together can tell. */
export const roleForm = z.strictObject({
  kind: z.literal('role').describe('The kind of this document'),
  version: z
    .enum(roleVersions, 'must be one of v3, v4, v5, v6, v7, v8; new roles are v8')
    .describe('The version of its form; new roles are v8'),
  metadata: metadataSchema(),
  spec: z
    .strictObject({
      options: optionalSection(options).describe('Limits on the sessions of holders'),
      allow: optionalSection(conditions).describe('What holders may do'),
      deny: optionalSection(conditions).describe('What holders may not do, whatever else allows it'),
    })
    .describe('What the role allows and denies'),
})

export type RoleDocument = Omit<z.output<typeof roleForm>, 'metadata'> & {
  readonly metadata: ReturnType<typeof storedMetadata>
}

/**
 * Parses a role document.
 * @throws GatewayError `INVALID_RESOURCE` with every problem.
 */
export function parseRoleDocument(input: unknown, source?: string): ParsedDocument<RoleDocument, Role> {
  const parsed = parseWith(roleForm, 'role', input, source, findProblems)
  const document = toPlain({ ...parsed, metadata: storedMetadata(parsed.metadata) })
  return {
    document,
    value: buildRole(document),
    ignored: [
      ...listIgnored(parsed.spec.options, 'spec.options', [...ignoredOptions, ...optionsWithoutEffect]),
      ...listIgnoredConditions(parsed.spec.allow, 'spec.allow'),
      ...listIgnoredConditions(parsed.spec.deny, 'spec.deny'),
    ],
    revision: parsed.metadata.revision,
  }
}

function findProblems(input: unknown): ResourceProblem[] {
  const problems: ResourceProblem[] = []
  const refuse = (path: readonly string[], message: string) => {
    if ((findAt(input, path) ?? null) !== null) problems.push({ path: path.join('.'), message })
  }
  if (findAt(input, ['version']) === 'v8') {
    const message = 'is not supported in v8; use app_labels to say which applications the role is for'
    refuse(['spec', 'options', 'idp', 'saml', 'enabled'], message)
  }
  refuse(['spec', 'deny', 'request', 'thresholds'], 'belongs to allow: a denial needs no reviews')
  return problems
}

function listIgnoredConditions(section: z.output<typeof conditions> | undefined, path: string): string[] {
  return [
    ...listIgnored(section, path, ignoredConditions),
    ...(section?.rules ?? []).flatMap((rule, index) =>
      listIgnored(rule, `${path}.rules.${index}`, ignoredRuleFields),
    ),
    ...listIgnored(section?.request, `${path}.request`, ignoredRequestFields),
    ...listIgnored(section?.review_requests, `${path}.review_requests`, ignoredReviewFields),
  ]
}
