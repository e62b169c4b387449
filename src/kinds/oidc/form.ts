/** @module The YAML form of an OpenID Connect connector (v3). The client secret is written and never read back. */
import { z } from 'zod'
import { textSchema, textsSchema } from '../../api/resource/field-schemas.js'
import {
  durationFrom,
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
import { parseWith, toPlain, type ParsedDocument } from '../../api/resource/parse.js'
import type { OidcConnector } from '../../core/connector/oidc.js'
import { parseDuration } from '../../core/time.js'
import {
  boundedText,
  claimsToRoles,
  clientSecret,
  displayText,
  findConnectorNameProblem,
  findEndpointProblem,
} from '../shared/connector-fields.js'

const ignoredFields = ['client_redirect_settings', 'mfa', 'pkce_mode', 'provider'] as const

/** Whether http on this machine is allowed is judged when it is written, not when a stored one is read. */
const issuerUrl = readField(
  (value, report): string => {
    const written = readText(value, report)
    const problem = findEndpointProblem(written, true)
    if (problem !== undefined) report(problem)
    return written
  },
  textSchema({ minLength: 1, maxLength: 500 }),
)

const scopes = readField((value, report): string[] => {
  const all = [...new Set(readTexts(value, report))]
  for (const [index, one] of all.entries()) {
    // RFC 6749 3.3.
    if (!/^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/.test(one)) report('is no scope', index)
  }
  return all
}, textsSchema)

const redirectUrl = readField((value, report): string => {
  const [url = '', ...more] = readTexts(value, report)
  if (more.length > 0) report('names several addresses; a connector has one here')
  return url
}, textsSchema)

const prompts = ['none', 'login', 'consent', 'select_account'] as const

/** What authors may write. */
export const oidcForm = z.strictObject({
  kind: z.literal('oidc').describe('The kind of this document'),
  version: z.literal('v3').describe('The version of its form'),
  metadata: metadataSchema(findConnectorNameProblem),
  spec: z
    .strictObject({
      issuer_url: issuerUrl.describe('The issuer, to the letter as the provider names itself'),
      client_id: boundedText(400).describe('By which the provider knows this gateway'),
      client_secret: clientSecret
        .optional()
        .describe('Kept sealed and never shown; without it the one that is kept goes on'),
      client_secret_id: boundedText(100).optional().describe('Which secret is kept; the gateway writes it'),
      redirect_url: optionalSection(redirectUrl.optional()).describe(
        'Only the callback address of this connector, which holds without it',
      ),
      display: optionalSection(displayText.optional()).describe('Words on the button of the sign-in page'),
      claims_to_roles: optionalSection(claimsToRoles).describe(
        'Roles by what the provider says of a person; without any line only lists and administrators give roles',
      ),
      scope: optionalSection(scopes.optional()).describe(
        'Scopes beside openid; email and profile without it',
      ),
      prompt: optionalSection(z.enum([...prompts, '']).optional()).describe('What the provider is to ask'),
      acr_values: optionalSection(boundedText(400).optional()).describe(
        'Which kind of authentication is asked for; one of them must have been used',
      ),
      max_age: optionalSection(durationFrom(0).optional()).describe(
        'How old the sign-in at the provider may be',
      ),
      username_claim: optionalSection(boundedText(100).optional()).describe(
        'The claim that is the user name; email without it',
      ),
      scim_external_id_claim: optionalSection(boundedText(100).optional()).describe(
        'The claim that must equal the externalId of a user whom the directory pushed, at the first sign-in',
      ),
      allow_unverified_email: optionalSection(flag.optional()).describe(
        'Takes a mail address that the provider has not verified',
      ),
      create_users: optionalSection(flag.optional()).describe(
        'Whether somebody without a user gets one; true without it',
      ),
      allow_private_network: optionalSection(flag.optional()).describe(
        'Whether the provider may have an address of a private network',
      ),
      ...ignoredShape(ignoredFields),
    })
    .describe('The provider, and what its claims give'),
})

type OidcDocument = Omit<z.output<typeof oidcForm>, 'metadata'> & {
  readonly metadata: ReturnType<typeof storedMetadata>
}

/** @throws GatewayError `INVALID_RESOURCE` with every problem. */
export function parseOidcDocument(
  input: unknown,
  source?: string,
): ParsedDocument<OidcDocument, OidcConnector> {
  const { metadata, spec } = parseWith(oidcForm, 'oidc', input, source)
  const { name } = metadata
  return {
    document: toPlain({ kind: 'oidc', version: 'v3', metadata: storedMetadata(metadata), spec } as const),
    value: {
      kind: 'oidc',
      name,
      display: spec.display || undefined,
      mappings: spec.claims_to_roles ?? [],
      createsUsers: spec.create_users ?? true,
      scimExternalIdClaim: spec.scim_external_id_claim ?? undefined,
      issuerUrl: spec.issuer_url,
      clientId: spec.client_id,
      redirectUrl: spec.redirect_url || undefined,
      scope: spec.scope ?? ['email', 'profile'],
      prompt: spec.prompt || undefined,
      acrValues: spec.acr_values,
      maxAgeMs: spec.max_age === undefined ? undefined : parseDuration(spec.max_age, 'max_age'),
      usernameClaim: spec.username_claim ?? 'email',
      allowsUnverifiedEmail: spec.allow_unverified_email ?? false,
      allowsPrivateNetwork: spec.allow_private_network ?? false,
    },
    ignored: listIgnored(spec, 'spec', ignoredFields),
    revision: metadata.revision,
  }
}
