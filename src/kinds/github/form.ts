/** @module The YAML form of a GitHub connector (v3). The client secret is written and never read back. */
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
  text,
} from '../../api/resource/fields.js'
import { parseWith, toPlain, type ParsedDocument } from '../../api/resource/parse.js'
import { teamsClaim, type GithubConnector } from '../../core/connector/github.js'
import {
  boundedText,
  clientSecret,
  displayText,
  findConnectorNameProblem,
  findEndpointProblem,
  mappedRoleNames,
} from '../shared/connector-fields.js'

const ignoredFields = ['client_redirect_settings', 'teams_to_logins', 'user_matchers'] as const

/** Organisations and teams by their slugs, as they stand in the addresses of GitHub. */
const slug = readField(
  (value, report): string => {
    const written = readText(value, report)
    if (!/^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9._])?$/.test(written))
      report('is no name of an organisation or team, as it stands in the addresses of GitHub')
    // GitHub takes both for the same.
    return written.toLowerCase()
  },
  textSchema({ minLength: 1, maxLength: 100 }),
)

const endpoint = readField(
  (value, report): string => {
    const written = readText(value, report)
    if (written === '') return ''
    const problem = findEndpointProblem(written, true)
    if (problem !== undefined) report(problem)
    return written.replace(/\/+$/, '')
  },
  textSchema({ maxLength: 500 }),
)

export const githubForm = z.strictObject({
  kind: z.literal('github').describe('The kind of this document'),
  version: z.literal('v3').describe('The version of its form'),
  metadata: metadataSchema(findConnectorNameProblem),
  spec: z
    .strictObject({
      client_id: boundedText(400).describe('By which GitHub knows this gateway'),
      client_secret: clientSecret
        .optional()
        .describe('Kept sealed and never shown; without it the one that is kept goes on'),
      client_secret_id: boundedText(100).optional().describe('Which secret is kept; the gateway writes it'),
      redirect_url: optionalSection(text.optional()).describe(
        'Only the callback address of this connector, which holds without it',
      ),
      display: optionalSection(displayText.optional()).describe('Words on the button of the sign-in page'),
      teams_to_roles: optionalSection(
        z.array(
          z.strictObject({
            organization: slug.describe('The organisation'),
            team: slug.describe('A team of it'),
            roles: mappedRoleNames.describe('What members of the team get'),
          }),
        ),
      ).describe('Roles by teams; without any line only lists and administrators give roles'),
      endpoint_url: optionalSection(endpoint.optional()).describe(
        'Where people sign in; https://github.com without it',
      ),
      api_endpoint_url: optionalSection(endpoint.optional()).describe(
        'Where the API is; https://api.github.com without it',
      ),
      create_users: optionalSection(flag.optional()).describe(
        'Whether somebody without a user gets one; true without it',
      ),
      allow_private_network: optionalSection(flag.optional()).describe(
        'Whether an Enterprise server may have an address of a private network',
      ),
      ...ignoredShape(ignoredFields),
    })
    .describe('Where people sign in, and what their teams give'),
})

type GithubDocument = Omit<z.output<typeof githubForm>, 'metadata'> & {
  readonly metadata: ReturnType<typeof storedMetadata>
}

export const githubUrl = 'https://github.com'
const githubApiUrl = 'https://api.github.com'

/** @throws GatewayError `INVALID_RESOURCE` with every problem. */
export function parseGithubDocument(
  input: unknown,
  source?: string,
): ParsedDocument<GithubDocument, GithubConnector> {
  const { metadata, spec } = parseWith(githubForm, 'github', input, source)
  const endpointUrl = spec.endpoint_url || githubUrl
  // An Enterprise server has its API there (GitHub Enterprise Server, REST API, "Schema").
  const apiOfEndpoint = endpointUrl === githubUrl ? githubApiUrl : `${endpointUrl}/api/v3`
  return {
    document: toPlain({ kind: 'github', version: 'v3', metadata: storedMetadata(metadata), spec } as const),
    value: {
      kind: 'github',
      name: metadata.name,
      display: spec.display || undefined,
      mappings: (spec.teams_to_roles ?? []).map(({ organization, team, roles }) => {
        return { claim: teamsClaim, value: `${organization}/${team}`, roles }
      }),
      createsUsers: spec.create_users ?? true,
      scimExternalIdClaim: undefined,
      clientId: spec.client_id,
      redirectUrl: spec.redirect_url || undefined,
      endpointUrl,
      apiEndpointUrl: spec.api_endpoint_url || apiOfEndpoint,
      allowsPrivateNetwork: spec.allow_private_network ?? false,
    },
    ignored: listIgnored(spec, 'spec', ignoredFields),
    revision: metadata.revision,
  }
}
