/**
 * @module The YAML form of `cluster_auth_preference` (v2): what holds for everyone. There is one of them, of a
 * fixed name. A field that would forbid something here and is not supported is refused, not ignored.
 */
import { z } from 'zod'
import type { ClusterAuthPreference } from '../../core/role/role.js'
import { hour, parseDuration } from '../../core/time.js'
import {
  duration,
  flag,
  ignoredShape,
  listIgnored,
  metadataSchema,
  optionalSection,
  readField,
  readText,
  readTexts,
  storedMetadata,
} from './fields.js'
import { findAt, parseWith, toPlain, type ParsedDocument, type ResourceProblem } from './parse.js'
import { deviceTrustMode, sessionMfa } from './role-options.js'

export const clusterAuthPreferenceName = 'cluster-auth-preference'

/** In force where nothing is stored. */
export const defaultClusterAuthPreference: ClusterAuthPreference = {
  samlIdpEnabled: true,
  requireSessionMfa: 'off',
  deviceTrustMode: 'off',
  secondFactor: 'required',
  defaultSessionTtlMs: 12 * hour,
}

const ignoredFields = [
  'allow_browser_auth',
  'allow_headless',
  'allow_passwordless',
  'connector_name',
  'disconnect_expired_cert',
  'hardware_key',
  'locking_mode',
  'message_of_the_day',
  'okta',
  'piv_slot',
  'signature_algorithm_suite',
  'stable_unix_user_config',
  'u2f',
  'webauthn',
] as const

/** Codes are the only second factor here: a list without them could be met by nobody. */
const secondFactors = readField((value, report): string[] => {
  const factors = readTexts(value, report)
  for (const factor of factors) {
    if (!['otp', 'webauthn', 'sso'].includes(factor)) report(`"${factor}" is none of otp, webauthn, sso`)
  }
  if (factors.length > 0 && !factors.includes('otp')) {
    report('must contain otp, the only second factor of this version; an empty list makes it optional')
  }
  return factors
})

/** The older form of `second_factors`. */
const secondFactor = readField((value, report): string => {
  const word = value === false ? 'off' : value === true ? 'on' : readText(value, report)
  if (!['off', 'optional', 'on', 'otp'].includes(word)) {
    report('must be off, optional, on or otp; other second factors are not supported by this version')
  }
  return word
})

const body = z.strictObject({
  kind: z.literal('cluster_auth_preference'),
  version: z.literal('v2'),
  metadata: metadataSchema((name) =>
    name === clusterAuthPreferenceName
      ? undefined
      : `must be ${clusterAuthPreferenceName}, the only one there is`,
  ),
  spec: z.strictObject({
    type: z.literal('local', 'must be local: only local sign-in is supported by this version').optional(),
    allow_local_auth: flag
      .refine(
        (allowed) => allowed,
        'local sign-in cannot be switched off in this version: nobody could sign in',
      )
      .optional(),
    second_factors: optionalSection(secondFactors.optional()),
    second_factor: secondFactor.optional(),
    require_session_mfa: sessionMfa.optional(),
    device_trust: optionalSection(
      z.strictObject({
        mode: deviceTrustMode.optional(),
        ...ignoredShape(['auto_enroll', 'ekcert_allowed_cas']),
      }),
    ),
    idp: optionalSection(
      z.strictObject({ saml: optionalSection(z.strictObject({ enabled: flag.optional() })) }),
    ),
    default_session_ttl: duration.optional(),
    ...ignoredShape(ignoredFields),
  }),
})

export type ClusterAuthPreferenceDocument = Omit<z.output<typeof body>, 'metadata'> & {
  readonly metadata: ReturnType<typeof storedMetadata>
}

function findBothFactors(input: unknown): ResourceProblem[] {
  const isSet = (field: string) => (findAt(input, ['spec', field]) ?? undefined) !== undefined
  if (!isSet('second_factor') || !isSet('second_factors')) return []
  return [
    { path: 'spec.second_factor', message: 'is the older form of second_factors; write only one of them' },
  ]
}

/**
 * Parses a `cluster_auth_preference` document.
 * @throws GatewayError `INVALID_RESOURCE` with every problem.
 */
export function parseClusterAuthPreferenceDocument(
  input: unknown,
  source?: string,
): ParsedDocument<ClusterAuthPreferenceDocument, ClusterAuthPreference> {
  const parsed = parseWith(body, 'cluster_auth_preference', input, source, findBothFactors)
  const document = toPlain({ ...parsed, metadata: storedMetadata(parsed.metadata) })
  const { spec } = document
  const ttl = spec.default_session_ttl
  const standard = defaultClusterAuthPreference
  return {
    document,
    value: {
      samlIdpEnabled: spec.idp?.saml?.enabled ?? standard.samlIdpEnabled,
      requireSessionMfa: spec.require_session_mfa ?? standard.requireSessionMfa,
      deviceTrustMode: spec.device_trust?.mode ?? standard.deviceTrustMode,
      secondFactor: readSecondFactor(spec),
      defaultSessionTtlMs:
        ttl === undefined ? standard.defaultSessionTtlMs : parseDuration(ttl, 'default_session_ttl'),
    },
    ignored: listIgnored(parsed.spec, 'spec', ignoredFields),
    revision: parsed.metadata.revision,
  }
}

function readSecondFactor(
  spec: ClusterAuthPreferenceDocument['spec'],
): ClusterAuthPreference['secondFactor'] {
  if (spec.second_factors !== undefined) return spec.second_factors.length > 0 ? 'required' : 'optional'
  if (spec.second_factor === undefined) return defaultClusterAuthPreference.secondFactor
  return spec.second_factor === 'on' || spec.second_factor === 'otp' ? 'required' : 'optional'
}
