/**
 * @module Organisation files (`fixtures/orgs/*.yaml`): read, checked as a whole, and turned into rows with every name
 * resolved. All problems are reported at once, each with its place in the file; names are looked up only where the
 * form is right.
 */
import { parse as parseYaml } from 'yaml'
import { EmulatorError } from '../error.js'
import type { Settings } from '../settings.js'
import type { OrganisationIds } from './account.js'
import { parseCertificate, type IdentityProvider } from './identity-provider.js'
import type { Instance } from './instance.js'
import { OrganisationSchema, type OrganisationFile } from './organisation-file.js'
import { resolveNames } from './resolve-organisation.js'
import type { StartingToken } from './scim-token.js'
import type { Contents } from './tables.js'

export type { OrganisationFile, OrganisationInput } from './organisation-file.js'

export interface SamlSettings {
  readonly clockSkewMs: number
  readonly requireSignatures: 'either' | 'both'
}

/** What an emulator starts from. */
export interface Organisation {
  readonly instance: Instance
  readonly ids: OrganisationIds
  readonly managementAccountId: string
  readonly delegatedAdministratorId: string | undefined
  /** All rows but the SCIM tokens: those begin with the emulator. */
  readonly contents: Omit<Contents, 'scimTokens'>
  readonly scimTokens: readonly StartingToken[]
  readonly saml: SamlSettings
  readonly idp: IdentityProvider | undefined
  readonly settings: Settings
}

/**
 * Parses the text of an organisation file; `source` names it in messages.
 * @throws EmulatorError `INVALID_ORGANISATION` that lists every problem.
 */
export function parseOrganisation(text: string, source: string): Organisation {
  let document: unknown
  try {
    document = parseDocument(text)
  } catch (error) {
    throw invalidOrganisation(source, [error instanceof Error ? error.message : 'is not YAML'])
  }
  return readOrganisation(document, source)
}

/**
 * Reads an organisation from a document of the file's form; `source` names it in messages.
 * @throws EmulatorError `INVALID_ORGANISATION` that lists every problem.
 */
export function readOrganisation(document: unknown, source: string): Organisation {
  const parsed = OrganisationSchema.safeParse(document)
  if (!parsed.success) {
    throw invalidOrganisation(
      source,
      parsed.error.issues.map((issue) => `${issue.path.join('.') || 'file'}: ${issue.message}`),
    )
  }
  const problems: string[] = []
  const resolved = resolveNames(parsed.data, problems)
  const idp = resolveIdp(parsed.data, problems)
  if (problems.length > 0) throw invalidOrganisation(source, problems)
  return {
    ...resolved,
    instance: parsed.data.instance,
    saml: {
      clockSkewMs: parsed.data.saml.clockSkewSeconds * 1000,
      requireSignatures: parsed.data.saml.requireSignatures,
    },
    idp,
    settings: parsed.data.settings,
  }
}

/** JSON is YAML, and large organisations are written in it: `JSON.parse` takes a hundredth of the time. */
function parseDocument(text: string): unknown {
  if (text.startsWith('{')) {
    try {
      return JSON.parse(text)
    } catch {
      // A flow mapping of YAML, or a mistake that the YAML parser tells with its line.
    }
  }
  return parseYaml(text)
}

/** A message that nobody reads to its end hides the first problem as well. */
const toldProblems = 100

function invalidOrganisation(source: string, problems: readonly string[]): EmulatorError {
  const told = problems.slice(0, toldProblems)
  if (problems.length > told.length) told.push(`and ${problems.length - told.length} more`)
  const list = told.map((problem) => `\n  - ${problem}`).join('')
  return new EmulatorError(400, 'INVALID_ORGANISATION', `${source} is not a usable organisation file:${list}`)
}

function resolveIdp(file: OrganisationFile, problems: string[]): IdentityProvider | undefined {
  const { idp } = file.saml
  if (idp === 'none') return undefined
  if (idp.redirectUrl === undefined && idp.postUrl === undefined) {
    problems.push('saml.idp: needs redirectUrl or postUrl')
  }
  const certificates = idp.certificates.flatMap((pem, index) => {
    try {
      return [parseCertificate(pem)]
    } catch (error) {
      problems.push(
        `saml.idp.certificates.${index}: ${error instanceof Error ? error.message : 'unreadable'}`,
      )
      return []
    }
  })
  return { ...idp, redirectUrl: idp.redirectUrl, postUrl: idp.postUrl, certificates }
}

/** What runs without a file: one management account and nobody in it. */
export const emptyOrganisation: Organisation = parseOrganisation(
  `instance:
  instanceArn: arn:aws:sso:::instance/ssoins-0000000000000000
  identityStoreId: d-0000000000
  region: us-east-1
  portalAlias: empty
  acsTenant: '0000000000000000-0000-0000-0000-000000000000'
accounts: [{ id: '111111111111', name: management, email: aws@example.com }]`,
  'the empty organisation',
)
