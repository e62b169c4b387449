/**
 * @module Organisation files (`fixtures/orgs/*.yaml`): read, checked as a whole, and turned into plain records
 * with every name resolved. All problems are reported at once, each with its place in the file.
 */
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { EmulatorError } from '../error.js'
import { AccountSchema, type Account } from './account.js'
import { AssignmentSchema, type AccountAssignment } from './assignment.js'
import { GroupSchema, type Group, type Membership } from './group.js'
import { IdentityProviderSchema, parseCertificate, type IdentityProvider } from './identity-provider.js'
import { InstanceSchema, type Instance } from './instance.js'
import { PermissionSetSchema, type PermissionSet } from './permission-set.js'
import { UserSchema, type User } from './user.js'

/** AWS documents neither its tolerance for clocks nor which element must be signed: both can be set. */
const SamlSchema = z.strictObject({
  idp: z.union([z.literal('none'), IdentityProviderSchema]).default('none'),
  clockSkewSeconds: z.int().min(0).max(600).default(60),
  /** `either`: the Response or the Assertion is signed; `both`: each is. */
  requireSignatures: z.enum(['either', 'both']).default('either'),
})

const OrganisationSchema = z.strictObject({
  instance: InstanceSchema,
  accounts: z.array(AccountSchema).min(1, 'needs at least the management account'),
  permissionSets: z.array(PermissionSetSchema).default([]),
  users: z.array(UserSchema).default([]),
  groups: z.array(GroupSchema).default([]),
  assignments: z.array(AssignmentSchema).default([]),
  saml: SamlSchema.prefault({}),
})

type OrganisationFile = z.infer<typeof OrganisationSchema>

export interface SamlSettings {
  readonly clockSkewMs: number
  readonly requireSignatures: 'either' | 'both'
}

/** The first account is the management account. */
export interface Organisation {
  readonly instance: Instance
  readonly accounts: readonly Account[]
  readonly permissionSets: readonly PermissionSet[]
  readonly users: readonly User[]
  readonly groups: readonly Group[]
  readonly memberships: readonly Membership[]
  readonly assignments: readonly AccountAssignment[]
  readonly saml: SamlSettings
  readonly idp: IdentityProvider | undefined
}

/**
 * Parses the text of an organisation file; `source` names it in messages.
 * @throws EmulatorError `INVALID_ORGANISATION` that lists every problem.
 */
export function parseOrganisation(text: string, source: string): Organisation {
  let document: unknown
  try {
    document = parseYaml(text)
  } catch (error) {
    throw invalidOrganisation(source, [error instanceof Error ? error.message : 'is not YAML'])
  }
  const parsed = OrganisationSchema.safeParse(document)
  if (!parsed.success) {
    throw invalidOrganisation(
      source,
      parsed.error.issues.map((issue) => `${issue.path.join('.') || 'file'}: ${issue.message}`),
    )
  }
  const problems = [...findDuplicates(parsed.data), ...findForeignPermissionSets(parsed.data)]
  const organisation = resolveNames(parsed.data, problems)
  if (problems.length > 0) throw invalidOrganisation(source, problems)
  return organisation
}

function invalidOrganisation(source: string, problems: readonly string[]): EmulatorError {
  const list = problems.map((problem) => `\n  - ${problem}`).join('')
  return new EmulatorError(400, 'INVALID_ORGANISATION', `${source} is not a usable organisation file:${list}`)
}

function findDuplicates(file: OrganisationFile): string[] {
  const uniques: readonly [where: string, values: readonly string[]][] = [
    ['accounts: id', file.accounts.map((account) => account.id)],
    ['accounts: name', file.accounts.map((account) => account.name)],
    ['permissionSets: name', file.permissionSets.map((set) => set.name)],
    ['permissionSets: arn', file.permissionSets.map((set) => set.arn)],
    ['users: userName', file.users.map((user) => user.userName)],
    ['groups: displayName', file.groups.map((group) => group.displayName)],
    ['users and groups: id', [...file.users, ...file.groups].map((principal) => principal.id)],
  ]
  return uniques.flatMap(([where, values]) => {
    const repeated = new Set(values.filter((value, index) => values.indexOf(value) !== index))
    return [...repeated].map((value) => `${where} "${value}" is there twice`)
  })
}

function findForeignPermissionSets(file: OrganisationFile): string[] {
  const instanceId = file.instance.instanceArn.split('/')[1] ?? ''
  return file.permissionSets
    .filter((set) => !set.arn.includes(`/${instanceId}/`))
    .map((set) => `permissionSets: "${set.name}" has an ARN of another instance than ${instanceId}`)
}

function resolveNames(file: OrganisationFile, problems: string[]): Organisation {
  const find = <Item>(items: readonly Item[], is: (item: Item) => boolean, missing: string): Item[] => {
    const item = items.find(is)
    if (item === undefined) problems.push(missing)
    return item === undefined ? [] : [item]
  }
  const memberships = file.groups.flatMap((group) =>
    group.members.flatMap((userName) =>
      find(
        file.users,
        (user) => user.userName === userName,
        `groups: "${group.displayName}" has the unknown member "${userName}"`,
      ).map((user) => ({ groupId: group.id, userId: user.id })),
    ),
  )
  const assignments = file.assignments.flatMap((line, index) => {
    const at = `assignments.${index}`
    const principals =
      line.user === undefined
        ? find(file.groups, (g) => g.displayName === line.group, `${at}: no group "${line.group ?? ''}"`)
        : find(file.users, (u) => u.userName === line.user, `${at}: no user "${line.user}"`)
    const accounts = line.accounts.flatMap((name) =>
      find(file.accounts, (a) => a.id === name || a.name === name, `${at}: no account "${name}"`),
    )
    const sets = line.permissionSets.flatMap((name) =>
      find(file.permissionSets, (set) => set.name === name, `${at}: no permission set "${name}"`),
    )
    const principalType = line.user === undefined ? ('GROUP' as const) : ('USER' as const)
    return principals.flatMap((principal) =>
      accounts.flatMap((account) =>
        sets.map((set) => ({
          principalType,
          principalId: principal.id,
          accountId: account.id,
          permissionSetArn: set.arn,
        })),
      ),
    )
  })
  return {
    ...file,
    groups: file.groups.map(({ id, displayName, description }) => ({ id, displayName, description })),
    memberships,
    assignments,
    saml: {
      clockSkewMs: file.saml.clockSkewSeconds * 1000,
      requireSignatures: file.saml.requireSignatures,
    },
    idp: resolveIdp(file, problems),
  }
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
export const emptyOrganisation: Organisation = {
  instance: {
    instanceArn: 'arn:aws:sso:::instance/ssoins-0000000000000000',
    identityStoreId: 'd-0000000000',
    region: 'us-east-1',
    portalAlias: 'empty',
    acsTenant: '0000000000000000-0000-0000-0000-000000000000',
  },
  accounts: [{ id: '111111111111', name: 'management', email: 'aws@example.com' }],
  permissionSets: [],
  users: [],
  groups: [],
  memberships: [],
  assignments: [],
  saml: { clockSkewMs: 60_000, requireSignatures: 'either' },
  idp: undefined,
}
