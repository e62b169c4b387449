/**
 * What the tests of the Identity Store API start from: three users, two groups, a delegated administrator and a member
 * account, and calls whose bytes the SDK would not send.
 */
import { DescribeUserCommand, type CreateUserCommandInput, type User } from '@aws-sdk/client-identitystore'
import { parseOrganisation, type Organisation } from '../../../src/emulator/state/organisation.js'
import { AwsWorld, sendJson, type Clients, type Credentials, type WorldOptions } from '../aws-world.js'

export const storeId = 'd-1234567890'
export const issuer = 'https://scim.emulator.example'
export const ada = '53c4a8e2-20b1-70f5-8d13-0a6f1e2b9c01'
export const bo = '53c4a8e2-20b1-70f5-8d13-0a6f1e2b9c02'
export const cy = '9067729b3d-94f1e0b3-5f0c-4d8e-9a3e-0a6f1e2b9c03'
export const engineers = '53c4a8e2-20b1-70f5-8d13-0a6f1e2b9ca1'
export const auditors = '53c4a8e2-20b1-70f5-8d13-0a6f1e2b9ca2'
/** An id that nobody has. */
export const nobody = '00000000-0000-7000-8000-000000000000'
export const memberKey = {
  accessKeyId: 'AKIAMEMBEREXAMPLE000',
  secretAccessKey: 'member-secret-of-the-tests',
}
export const delegatedKey = {
  accessKeyId: 'AKIADELEGATEEXAMPLE0',
  secretAccessKey: 'delegate-secret-of-the-tests',
}
export const readerKey = {
  accessKeyId: 'AKIAREADEREXAMPLE000',
  secretAccessKey: 'reader-secret-of-the-tests',
}
const adminKey = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
}

/** What CreateUser asks for at least. */
export const newUser = {
  IdentityStoreId: storeId,
  UserName: 'dee@example.com',
  DisplayName: 'Dee',
  Name: { GivenName: 'Dee', FamilyName: 'Stone' },
} satisfies CreateUserCommandInput

/** Everything that the one extension has. */
export const extensions = {
  'aws:identitystore:enterprise': {
    employeeNumber: '7',
    costCenter: 'c-1',
    organization: 'Northwind',
    division: 'North',
    department: 'Ports',
    manager: { value: ada, $ref: '../Users/x' },
  },
}

const permissionSetArn = 'arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-1234567890abcdef'

export const organisation: Organisation = parseOrganisation(
  `
instance:
  instanceArn: arn:aws:sso:::instance/ssoins-1234567890abcdef
  identityStoreId: ${storeId}
  region: eu-central-1
  portalAlias: store
  acsTenant: 65752d63656e7472-5d31-4c0e-9a77-1f6b0e2d84c9
delegatedAdministrator: identity
accounts:
  - { id: '111111111111', name: management, email: management@example.com }
  - { id: '222222222222', name: identity, email: identity@example.com }
  - { id: '333333333333', name: member, email: member@example.com }
permissionSets:
  - { name: ReadOnly, arn: '${permissionSetArn}' }
users:
  - { id: ${ada}, userName: ada@example.com, displayName: Ada, givenName: Ada, familyName: Okafor, externalId: ext-ada }
  - { id: ${bo}, userName: bo@example.com, displayName: Bo, givenName: Bo, familyName: Lind, email: bo.lind@example.com }
  - { id: ${cy}, userName: cy@example.com, displayName: Cy, givenName: Cy, familyName: Roth, active: false }
groups:
  - { id: ${engineers}, displayName: Engineers, description: Who builds, externalId: ext-engineers, members: [ada@example.com, bo@example.com] }
  - { id: ${auditors}, displayName: Auditors }
assignments:
  - { user: ada@example.com, accounts: [member], permissionSets: [ReadOnly] }
  - { group: Engineers, accounts: [member, identity], permissionSets: [ReadOnly] }
credentials:
  - { accessKeyId: ${adminKey.accessKeyId}, secretAccessKey: ${adminKey.secretAccessKey}, userName: admin }
  - { accessKeyId: ${delegatedKey.accessKeyId}, secretAccessKey: ${delegatedKey.secretAccessKey}, userName: delegate, account: identity }
  - { accessKeyId: ${memberKey.accessKeyId}, secretAccessKey: ${memberKey.secretAccessKey}, userName: member, account: member }
  - accessKeyId: ${readerKey.accessKeyId}
    secretAccessKey: ${readerKey.secretAccessKey}
    userName: reader
    policies:
      - Version: '2012-10-17'
        Statement:
          - { Effect: Allow, Action: 'identitystore:Describe*', Resource: '*' }
          - { Effect: Allow, Action: 'identitystore:DeleteUser', Resource: ['arn:aws:identitystore::111111111111:identitystore/*', 'arn:aws:identitystore:::user/${bo}'] }
`,
  'the organisation of the tests',
)

export class StoreWorld implements AsyncDisposable {
  readonly world: AwsWorld
  readonly client: Clients['identitystore']
  readonly #lent: { destroy(): void }[] = []

  private constructor(world: AwsWorld) {
    this.world = world
    this.client = world.clients.identitystore
  }

  static async open(options: WorldOptions = {}): Promise<StoreWorld> {
    return new StoreWorld(await AwsWorld.open({ organisation, ...options }))
  }

  as(credentials: Credentials): Clients['identitystore'] {
    const clients = this.world.clientsOf(credentials)
    this.#lent.push(...(Object.values(clients) as { destroy(): void }[]))
    return clients.identitystore
  }

  /** Status and body of a call made by hand, by the administrator where nobody else is named. */
  async send(
    operation: string,
    input: unknown,
    { accessKeyId }: Pick<Credentials, 'accessKeyId'> = adminKey,
  ): Promise<{ readonly status: number; readonly body: unknown }> {
    const authorization =
      `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20261122/eu-central-1/identitystore/aws4_request, ` +
      `SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`
    const { status, body } = await sendJson(
      this.world.url,
      `AWSIdentityStore.${operation}`,
      JSON.stringify(input),
      { headers: { authorization } },
    )
    return { status, body }
  }

  /** What DescribeUser answers, with the extensions of these names. */
  async describeUser(id: string | undefined, Extensions?: string[]): Promise<User> {
    const { $metadata: _, ...user } = await this.client.send(
      new DescribeUserCommand({ IdentityStoreId: storeId, UserId: id, ...(Extensions && { Extensions }) }),
    )
    return user
  }

  /** UpdateUser with operations of any form; throws where it is refused. */
  async updateUser(
    UserId: string,
    ...Operations: readonly { readonly AttributePath: string; readonly AttributeValue?: unknown }[]
  ): Promise<void> {
    const { status, body } = await this.send('UpdateUser', { IdentityStoreId: storeId, UserId, Operations })
    if (status !== 200) throw new Error(JSON.stringify(body))
  }

  async state(): Promise<State> {
    return (await this.world.control('GET', 'state')) as State
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#lent) client.destroy()
    await this.world[Symbol.asyncDispose]()
  }
}

/** The deprecated filter of ListUsers and ListGroups, which works all the same. */
export function filteredBy(
  AttributePath: string,
  AttributeValue: string,
): {
  readonly Filters: { AttributePath: string; AttributeValue: string }[]
} {
  return { Filters: [{ AttributePath, AttributeValue }] }
}

/** What `GET /_emulator/state` shows of the rows that these tests look at. */
export interface State {
  readonly users: readonly { readonly id: string; readonly userName: string; readonly active: boolean }[]
  readonly memberships: readonly { readonly groupId: string; readonly userId: string }[]
  readonly assignments: readonly { readonly principalId: string }[]
  readonly provisionedSets: readonly { readonly accountId: string }[]
}
