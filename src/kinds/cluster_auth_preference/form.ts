/**
 * @module The YAML form of `cluster_auth_preference` (v2): what holds for everyone. There is one of them, of a
 * fixed name. A field that would forbid something here and is not supported is refused, not ignored.
 */
import { X509Certificate } from 'node:crypto'
import { z } from 'zod'
import { listSchema, textSchema, textsSchema } from '../../api/resource/field-schemas.js'
import {
  flag,
  ignoredShape,
  listIgnored,
  metadataSchema,
  optionalSection,
  readField,
  readText,
  readTexts,
  storedMetadata,
} from '../../api/resource/fields.js'
import {
  findAt,
  parseWith,
  toPlain,
  type ParsedDocument,
  type ResourceProblem,
} from '../../api/resource/parse.js'
import { deviceAssurances } from '../../core/device/device.js'
import { factorKinds } from '../../core/factor/factor.js'
import { defaultClusterAuthPreference } from '../../core/role/default-preference.js'
import type { ClusterAuthPreference } from '../../core/role/role.js'
import { parseDuration } from '../../core/time.js'
import { overdueSection, readOverdue } from '../shared/review-fields.js'
import { deviceTrustMode, requestWait, sessionMfa, sessionTtl } from '../shared/role-options.js'

export const clusterAuthPreferenceName = 'cluster-auth-preference'

const ignoredFields = [
  'allow_browser_auth',
  'allow_headless',
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
] as const

/** Another identity provider does not count as a factor here: a list of that alone could be met by nobody. */
const secondFactors = readField(
  (value, report): string[] => {
    const factors = readTexts(value, report)
    for (const factor of factors) {
      if (!['otp', 'webauthn', 'sso'].includes(factor)) report(`"${factor}" is none of otp, webauthn, sso`)
    }
    if (factors.length > 0 && !factorKinds.some((kind) => factors.includes(kind))) {
      report(
        'must contain webauthn or otp, the second factors of this version; an empty list makes them optional',
      )
    }
    return factors
  },
  listSchema({ enum: ['otp', 'webauthn', 'sso'] }),
)

/** The older form of `second_factors`. */
const secondFactor = readField(
  (value, report): string => {
    const word = value === false ? 'off' : value === true ? 'on' : readText(value, report)
    if (!['off', 'optional', 'on', 'otp', 'webauthn'].includes(word)) {
      report(
        'must be off, optional, on, otp or webauthn; other second factors are not supported by this version',
      )
    }
    return word
  },
  { enum: ['off', 'optional', 'on', 'otp', 'webauthn', true, false] },
)

const rpId = readField(
  (value, report): string => {
    const written = readText(value, report).toLowerCase()
    if (
      written.length > 253 ||
      !/^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/.test(written)
    ) {
      report('must be a domain name, such as example.com: the host of the gateway, or a domain above it')
    }
    return written
  },
  textSchema({ minLength: 1, maxLength: 253 }),
)

const certificates = readField(
  (value, report): string[] =>
    readTexts(value, report).map((written) => {
      if (!isCertificate(written)) report('must be certificates in PEM, one an item')
      return written
    }),
  textsSchema,
)

export const clusterAuthPreferenceForm = z.strictObject({
  kind: z.literal('cluster_auth_preference').describe('The kind of this document'),
  version: z.literal('v2').describe('The version of its form'),
  metadata: metadataSchema((name) =>
    name === clusterAuthPreferenceName
      ? undefined
      : `must be ${clusterAuthPreferenceName}, the only one there is`,
  ),
  spec: z
    .strictObject({
      type: z
        .literal('local', 'must be local: only local sign-in is supported by this version')
        .optional()
        .describe('How people sign in: by name and password'),
      allow_local_auth: flag
        .refine(
          (allowed) => allowed,
          'local sign-in cannot be switched off in this version: nobody could sign in',
        )
        .optional()
        .describe('Only true: local sign-in is the only one of this version'),
      second_factors: optionalSection(secondFactors.optional()).describe(
        'Second factors that everyone needs one of; an empty list makes them optional',
      ),
      second_factor: secondFactor.optional().describe('The older form of second_factors'),
      allow_passwordless: flag
        .optional()
        .describe('Whether a passkey signs in without name and password; by default yes'),
      webauthn: optionalSection(
        z.strictObject({
          rp_id: rpId
            .nullish()
            .describe('The domain that passkeys are made for; the host of the public URL where left out'),
          attestation_allowed_cas: certificates
            .nullish()
            .describe('Only devices for which one of these certificates vouches may be enrolled'),
          attestation_denied_cas: certificates
            .nullish()
            .describe('Devices for which one of these certificates vouches may not be enrolled'),
          ...ignoredShape(['disabled']),
        }),
      ).describe('Passkeys'),
      require_session_mfa: sessionMfa
        .optional()
        .describe('Whether each sign-in to an application needs a fresh second factor'),
      device_trust: optionalSection(
        z.strictObject({
          mode: deviceTrustMode
            .optional()
            .describe('Whether a trusted device has to vouch for each sign-in to an application'),
          minimum_assurance: z
            .enum(deviceAssurances)
            .optional()
            .describe('The least sure proof of a device that counts where one is required'),
          ...ignoredShape(['auto_enroll', 'ekcert_allowed_cas']),
        }),
      ).describe('Trust in devices'),
      idp: optionalSection(
        z.strictObject({
          saml: optionalSection(
            z.strictObject({
              enabled: flag.optional().describe('Whether anyone may sign in to applications by SAML'),
            }),
          ).describe('Its SAML side'),
        }),
      ).describe('The identity provider'),
      default_session_ttl: sessionTtl
        .optional()
        .describe('How long a session lasts where no role says less; 5m at least'),
      access_list_reviews: optionalSection(
        z.strictObject({
          when_overdue: optionalSection(overdueSection).describe(
            'What happens where nobody reviews a list in time that says nothing itself',
          ),
        }),
      ).describe('Reviews of access lists'),
      access_requests: optionalSection(
        z.strictObject({
          shorter_than_aws_session: z
            .enum(['allow', 'refuse'])
            .optional()
            .describe('Whether a request may be shorter than the AWS sessions of its permission sets'),
          pending_ttl: requestWait
            .optional()
            .describe('How long a request waits that does not say it; from 5m to 336h, by default 24h'),
        }),
      ).describe('Access requests'),
      ...ignoredShape(ignoredFields),
    })
    .describe('What holds for everyone'),
})

export type ClusterAuthPreferenceDocument = Omit<z.output<typeof clusterAuthPreferenceForm>, 'metadata'> & {
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
  const parsed = parseWith(
    clusterAuthPreferenceForm,
    'cluster_auth_preference',
    input,
    source,
    findBothFactors,
  )
  const document = toPlain({ ...parsed, metadata: storedMetadata(parsed.metadata) })
  const { spec } = document
  const ttl = spec.default_session_ttl
  const overdue = spec.access_list_reviews?.when_overdue
  const requests = spec.access_requests
  const standard = defaultClusterAuthPreference
  return {
    document,
    value: {
      samlIdpEnabled: spec.idp?.saml?.enabled ?? standard.samlIdpEnabled,
      requireSessionMfa: spec.require_session_mfa ?? standard.requireSessionMfa,
      deviceTrustMode: spec.device_trust?.mode ?? standard.deviceTrustMode,
      ...(spec.device_trust?.minimum_assurance !== undefined && {
        minimumDeviceAssurance: spec.device_trust.minimum_assurance,
      }),
      secondFactor: readSecondFactor(spec),
      factorKinds: readFactorKinds(spec),
      allowPasswordless: spec.allow_passwordless ?? standard.allowPasswordless,
      ...(spec.webauthn && {
        webauthn: {
          rpId: spec.webauthn.rp_id ?? undefined,
          attestationAllowedCas: spec.webauthn.attestation_allowed_cas ?? [],
          attestationDeniedCas: spec.webauthn.attestation_denied_cas ?? [],
        },
      }),
      defaultSessionTtlMs:
        ttl === undefined ? standard.defaultSessionTtlMs : parseDuration(ttl, 'default_session_ttl'),
      accessListReviews: overdue === undefined ? undefined : readOverdue(overdue),
      ...(requests !== undefined && {
        accessRequests: {
          shorterThanAwsSession: requests.shorter_than_aws_session,
          pendingTtlMs:
            requests.pending_ttl === undefined
              ? undefined
              : parseDuration(requests.pending_ttl, 'access_requests.pending_ttl'),
        },
      }),
    },
    ignored: [
      ...listIgnored(parsed.spec, 'spec', ignoredFields),
      ...listIgnored(parsed.spec.webauthn ?? undefined, 'spec.webauthn', ['disabled']),
    ],
    revision: parsed.metadata.revision,
  }
}

function isCertificate(text: string): boolean {
  if (text.split('-----BEGIN CERTIFICATE-----').length !== 2) return false
  try {
    return new X509Certificate(text).fingerprint256 !== ''
  } catch {
    // What OpenSSL cannot read is none.
    return false
  }
}

function readSecondFactor(
  spec: ClusterAuthPreferenceDocument['spec'],
): ClusterAuthPreference['secondFactor'] {
  if (spec.second_factors !== undefined) return spec.second_factors.length > 0 ? 'required' : 'optional'
  if (spec.second_factor === undefined) return defaultClusterAuthPreference.secondFactor
  return ['on', 'otp', 'webauthn'].includes(spec.second_factor) ? 'required' : 'optional'
}

function readFactorKinds(spec: ClusterAuthPreferenceDocument['spec']): ClusterAuthPreference['factorKinds'] {
  const { second_factor: older, second_factors: named = [] } = spec
  if (older === 'otp' || older === 'webauthn') return [older]
  const allowed = factorKinds.filter((kind) => named.includes(kind))
  return allowed.length > 0 ? allowed : defaultClusterAuthPreference.factorKinds
}
