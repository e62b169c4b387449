/**
 * @module The YAML form of a SAML connector (v2): an upstream identity provider through which people sign in. Its
 * metadata stays text here; `kind.ts` has the XML parsed.
 */
import { z } from 'zod'
import { textSchema } from '../../api/resource/field-schemas.js'
import {
  flag,
  ignoredShape,
  listIgnored,
  metadataSchema,
  optionalSection,
  readField,
  readText,
  storedMetadata,
} from '../../api/resource/fields.js'
import {
  findAt,
  parseWith,
  toPlain,
  type ParsedDocument,
  type ResourceProblem,
} from '../../api/resource/parse.js'
import type { RoleMapping } from '../../core/connector/map-roles.js'
import {
  boundedText,
  displayText,
  findConnectorNameProblem,
  mappedRoleNames,
  mappedValue,
} from '../shared/connector-fields.js'

/** A connector as configured, before its metadata is parsed. */
export interface SamlConnectorConfig {
  readonly name: string
  readonly display: string | undefined
  readonly mappings: readonly RoleMapping[]
  readonly createsUsers: boolean
  readonly entityDescriptor: string | undefined
  readonly metadataUrl: string | undefined
  readonly issuer: string | undefined
  readonly sso: string | undefined
  readonly certificates: readonly string[]
  readonly acs: string | undefined
  readonly allowsPrivateNetwork: boolean
  readonly allowsIdpInitiated: boolean
  readonly usernameAttribute: string | undefined
  readonly subjectAttribute: string | undefined
  readonly scimExternalIdAttribute: string | undefined
}

const longest = {
  descriptor: 512 * 1024,
  certificate: 64 * 1024,
  url: 2048,
  name: 512,
  display: 100,
} as const

function bounded(maxLength: number) {
  return readField((value, report): string => {
    const written = readText(value, report)
    if (written.length > maxLength) report(`must have at most ${maxLength} characters`)
    return written
  }, textSchema({ maxLength }))
}

const metadataUrl = readField(
  (value, report): string => {
    const written = readText(value, report)
    const url = written.length <= longest.url && URL.canParse(written) ? new URL(written) : undefined
    const isGood = url !== undefined && ['https:', 'http:'].includes(url.protocol)
    if (written !== '' && (!isGood || url.username !== '' || url.password !== '' || url.hash !== '')) {
      report('must be the https address of metadata, without a password or fragment')
    }
    return written
  },
  textSchema({ maxLength: longest.url }),
)

const attributesToRoles = z.array(
  z.strictObject({
    name: boundedText(longest.name).describe(
      'Name of the attribute in assertions, or of a trait that a login rule makes of it',
    ),
    value: mappedValue.describe('What a value must be: a text, a pattern with *, or a ^regex$'),
    roles: mappedRoleNames.describe('Roles of whoever has it; $1 is what the pattern took'),
  }),
)

/** Of the reference product; what they would do is done otherwise here, or not at all. */
const ignoredFields = ['provider', 'client_redirect_settings', 'mfa', 'single_logout_url'] as const

/** What authors may write. */
export const samlForm = z.strictObject({
  kind: z.literal('saml').describe('The kind of this document'),
  version: z.literal('v2').describe('The version of its form'),
  metadata: metadataSchema(findConnectorNameProblem),
  spec: z
    .strictObject({
      display: optionalSection(displayText.optional()).describe(
        'On the button of the sign-in page; the name without one',
      ),
      entity_descriptor: bounded(longest.descriptor)
        .optional()
        .describe('SAML metadata of the identity provider'),
      entity_descriptor_url: metadataUrl
        .optional()
        .describe('Where its metadata is fetched, every day and whenever its keys change'),
      issuer: bounded(1024)
        .optional()
        .describe('Entity ID of the identity provider; with sso and cert in place of metadata'),
      sso: bounded(longest.url).optional().describe('Where it takes requests by HTTP-Redirect'),
      cert: bounded(longest.certificate).optional().describe('Certificates by which it signs, in PEM'),
      acs: bounded(longest.url)
        .optional()
        .describe('Where it posts answers to; that of this gateway, and best left out'),
      attributes_to_roles: optionalSection(attributesToRoles).describe(
        'Roles by attributes; without any line people have the roles of their lists alone',
      ),
      username_attribute: bounded(longest.name)
        .optional()
        .describe("Attribute that is the user's name; the NameID without one"),
      subject_attribute: bounded(longest.name)
        .optional()
        .describe('Attribute that is never given to a second person; the NameID without one'),
      scim_external_id_attribute: bounded(longest.name)
        .optional()
        .describe(
          'Attribute that must equal the externalId of a user whom the directory pushed, at the first sign-in',
        ),
      allow_idp_initiated: optionalSection(flag.optional()).describe(
        'Whether people may start at the identity provider; a stranger can then sign others in as himself',
      ),
      create_users: optionalSection(flag.optional()).describe(
        'Whether somebody without a user gets one; true where left out',
      ),
      allow_private_network: optionalSection(flag.optional()).describe(
        'Whether metadata may be fetched from a private network; link-local addresses are never reached',
      ),
      ...ignoredShape(ignoredFields),
    })
    .describe('The identity provider and what its attributes give'),
})

export type SamlConnectorDocument = Omit<z.output<typeof samlForm>, 'metadata'> & {
  readonly metadata: ReturnType<typeof storedMetadata>
}

const inPlace = ['issuer', 'sso', 'cert'] as const

function findSpecProblems(input: unknown): ResourceProblem[] {
  const isSet = (field: string) => (findAt(input, ['spec', field]) ?? '') !== ''
  const given = inPlace.filter(isSet)
  const ways = [isSet('entity_descriptor'), isSet('entity_descriptor_url'), given.length > 0]
  const chosen = ways.filter(Boolean).length
  if (chosen === 0 || (given.length > 0 && given.length < inPlace.length)) {
    const message = 'needs entity_descriptor, entity_descriptor_url, or issuer, sso and cert together'
    return [{ path: 'spec', message }]
  }
  if (chosen === 1) return []
  const message =
    'gives the identity provider in more than one way; leave entity_descriptor, entity_descriptor_url, or issuer, sso and cert'
  return [{ path: 'spec', message }]
}

/** @throws GatewayError `INVALID_RESOURCE` with every problem. */
export function parseSamlDocument(
  input: unknown,
  source?: string,
): ParsedDocument<SamlConnectorDocument, SamlConnectorConfig> {
  const parsed = parseWith(samlForm, 'saml', input, source, findSpecProblems)
  const document = toPlain({ ...parsed, metadata: storedMetadata(parsed.metadata) })
  const { spec } = document
  const text = (value: string | undefined) => (value === undefined || value.trim() === '' ? undefined : value)
  return {
    document,
    value: {
      name: document.metadata.name,
      display: text(spec.display ?? undefined),
      mappings: (spec.attributes_to_roles ?? []).map(({ name, value, roles }) => ({
        claim: name,
        value,
        roles,
      })),
      createsUsers: spec.create_users ?? true,
      entityDescriptor: text(spec.entity_descriptor),
      metadataUrl: text(spec.entity_descriptor_url),
      issuer: text(spec.issuer),
      sso: text(spec.sso),
      certificates: splitCertificates(spec.cert ?? ''),
      acs: text(spec.acs),
      allowsPrivateNetwork: spec.allow_private_network ?? false,
      allowsIdpInitiated: spec.allow_idp_initiated ?? false,
      usernameAttribute: text(spec.username_attribute),
      subjectAttribute: text(spec.subject_attribute),
      scimExternalIdAttribute: text(spec.scim_external_id_attribute),
    },
    ignored: listIgnored(parsed.spec, 'spec', ignoredFields),
    revision: parsed.metadata.revision,
  }
}

/** Several stand one after the other while keys change. Text that is no PEM stays, to be refused by who reads it. */
function splitCertificates(text: string): string[] {
  const found = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g)
  return found ?? (text.trim() === '' ? [] : [text])
}
