import {
  DescribeAccountCommand,
  DescribeOrganizationalUnitCommand,
  DescribeOrganizationCommand,
  ListAccountsCommand,
  ListAccountsForParentCommand,
  ListChildrenCommand,
  ListDelegatedAdministratorsCommand,
  ListOrganizationalUnitsForParentCommand,
  ListParentsCommand,
  ListRootsCommand,
  ListTagsForResourceCommand,
  paginateListAccounts,
  type OrganizationsClient,
} from '@aws-sdk/client-organizations'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemRandom } from '../../../src/lib/random.js'
import { AwsWorld } from '../aws-world.js'
import { clientOf, keys, openTree, organisation, tree } from './tree-world.js'

let world: AwsWorld
let client: OrganizationsClient
let units: Map<string, string>

beforeAll(async () => {
  world = await openTree()
  client = clientOf(world, keys.management)
  units = new Map()
  for (const parentId of [tree.rootId, undefined]) {
    const ParentId = parentId ?? units.get('Workloads') ?? ''
    const { OrganizationalUnits = [] } = await client.send(
      new ListOrganizationalUnitsForParentCommand({ ParentId }),
    )
    for (const { Name = '', Id = '' } of OrganizationalUnits) units.set(Name, Id)
  }
})
afterAll(() => world[Symbol.asyncDispose]())

const unit = (name: string): string => units.get(name) ?? ''
const arn = (rest: string): string => `arn:aws:organizations::${tree.management}:${rest}`

describe('function', () => {
  test('DescribeOrganization names the organisation and its management account, to any member', async () => {
    const expected = {
      Id: tree.organizationId,
      Arn: arn('organization/o-exampleorg1'),
      FeatureSet: 'ALL',
      MasterAccountArn: arn(`account/o-exampleorg1/${tree.management}`),
      MasterAccountId: tree.management,
      MasterAccountEmail: 'aws@example.com',
    }
    for (const caller of [keys.management, keys.delegated, keys.member]) {
      const { Organization } = await clientOf(world, caller).send(new DescribeOrganizationCommand({}))
      expect(Organization).toMatchObject(expected)
    }
  })

  test('DescribeAccount has every published member', async () => {
    const { Account } = await client.send(new DescribeAccountCommand({ AccountId: tree.shop }))
    expect(Account).toEqual({
      Id: tree.shop,
      Arn: arn(`account/o-exampleorg1/${tree.shop}`),
      Email: 'aws+shop@example.com',
      Name: 'shop',
      Status: 'ACTIVE',
      State: 'ACTIVE',
      Paths: [`o-exampleorg1/r-ab12/${unit('Workloads')}/${unit('Production')}/${tree.shop}/`],
      JoinedMethod: 'CREATED',
      JoinedTimestamp: new Date('2024-01-15T09:00:00Z'),
    })
  })

  test('DescribeAccount of a suspended account says so', async () => {
    const { Account } = await client.send(new DescribeAccountCommand({ AccountId: tree.member }))
    expect(Account).toMatchObject({ Status: 'SUSPENDED', State: 'SUSPENDED' })
  })

  test('ListAccounts comes in pages of 20 by default, and each account once', async () => {
    const first = await client.send(new ListAccountsCommand({}))
    expect(first.Accounts).toHaveLength(20)
    const seen: (string | undefined)[] = []
    for await (const { Accounts = [] } of paginateListAccounts({ client, pageSize: 7 }, {})) {
      expect(Accounts.length).toBeLessThanOrEqual(7)
      seen.push(...Accounts.map(({ Id }) => Id))
    }
    expect(seen).toHaveLength(49)
    expect(new Set(seen).size).toBe(49)
  })

  test('pages may come short or empty and still go on', async () => {
    // Every coin falls on the short side, and every length comes out as none.
    const random = { ...systemRandom, bytes: (size: number) => Buffer.alloc(size) }
    await using short = await AwsWorld.open({ organisation, settings: { shortPages: 0.5 }, random })
    const seen: (string | undefined)[] = []
    const sizes: number[] = []
    let NextToken: string | undefined
    do {
      const page = await clientOf(short, keys.management).send(new ListAccountsCommand({ NextToken }))
      seen.push(...(page.Accounts ?? []).map(({ Id }) => Id))
      sizes.push(page.Accounts?.length ?? 0)
      NextToken = page.NextToken
    } while (NextToken !== undefined)
    expect(new Set(seen).size).toBe(49)
    expect(seen).toHaveLength(49)
    expect(sizes.slice(0, 4)).toEqual([0, 1, 0, 1])
  })

  test('ListRoots has one root', async () => {
    const { Roots, NextToken } = await client.send(new ListRootsCommand({ MaxResults: 1 }))
    expect(Roots).toEqual([
      { Id: tree.rootId, Arn: arn('root/o-exampleorg1/r-ab12'), Name: 'Root', PolicyTypes: [] },
    ])
    expect(NextToken).toBeUndefined()
  })

  test('ListOrganizationalUnitsForParent lists direct units only', async () => {
    const below = async (ParentId: string) =>
      (await client.send(new ListOrganizationalUnitsForParentCommand({ ParentId }))).OrganizationalUnits
    expect((await below(tree.rootId))?.map(({ Name }) => Name)).toEqual(['Security', 'Workloads'])
    expect(await below(unit('Workloads'))).toEqual([
      {
        Id: unit('Production'),
        Arn: arn(`ou/o-exampleorg1/${unit('Production')}`),
        Name: 'Production',
        Path: `o-exampleorg1/r-ab12/${unit('Workloads')}/${unit('Production')}/`,
      },
    ])
    expect(await below(unit('Production'))).toEqual([])
  })

  test('DescribeOrganizationalUnit tells a unit by its id', async () => {
    const { OrganizationalUnit } = await client.send(
      new DescribeOrganizationalUnitCommand({ OrganizationalUnitId: unit('Security') }),
    )
    expect(OrganizationalUnit).toEqual({
      Id: unit('Security'),
      Arn: arn(`ou/o-exampleorg1/${unit('Security')}`),
      Name: 'Security',
      Path: `o-exampleorg1/r-ab12/${unit('Security')}/`,
    })
  })

  test('ListAccountsForParent lists direct accounts only', async () => {
    const below = async (ParentId: string) =>
      (await client.send(new ListAccountsForParentCommand({ ParentId }))).Accounts?.map(({ Id }) => Id)
    expect(await below(tree.rootId)).toEqual([tree.management])
    expect(await below(unit('Security'))).toEqual([tree.delegated, tree.member])
    expect(await below(unit('Production'))).toEqual([tree.shop])
    expect(await below(unit('Workloads'))).toHaveLength(20)
  })

  test('ListChildren tells accounts and units apart', async () => {
    const children = async (ParentId: string, ChildType: 'ACCOUNT' | 'ORGANIZATIONAL_UNIT') =>
      (await client.send(new ListChildrenCommand({ ParentId, ChildType }))).Children
    expect(await children(unit('Security'), 'ACCOUNT')).toEqual([
      { Id: tree.delegated, Type: 'ACCOUNT' },
      { Id: tree.member, Type: 'ACCOUNT' },
    ])
    expect(await children(unit('Security'), 'ORGANIZATIONAL_UNIT')).toEqual([])
    expect(await children(unit('Workloads'), 'ORGANIZATIONAL_UNIT')).toEqual([
      { Id: unit('Production'), Type: 'ORGANIZATIONAL_UNIT' },
    ])
  })

  test('ListParents names the one parent', async () => {
    const parents = async (ChildId: string) =>
      (await client.send(new ListParentsCommand({ ChildId }))).Parents
    expect(await parents(tree.management)).toEqual([{ Id: tree.rootId, Type: 'ROOT' }])
    expect(await parents(tree.shop)).toEqual([{ Id: unit('Production'), Type: 'ORGANIZATIONAL_UNIT' }])
    expect(await parents(unit('Production'))).toEqual([
      { Id: unit('Workloads'), Type: 'ORGANIZATIONAL_UNIT' },
    ])
  })

  test('ListTagsForResource has the tags of accounts, units and the root', async () => {
    const tags = async (ResourceId: string) =>
      (await client.send(new ListTagsForResourceCommand({ ResourceId }))).Tags
    expect(await tags(tree.shop)).toEqual([
      { Key: 'team', Value: 'shop' },
      { Key: 'cost center', Value: '42' },
    ])
    expect(await tags(unit('Security'))).toEqual([])
    expect(await tags(tree.rootId)).toEqual([])
  })

  test('ListDelegatedAdministrators has the administrator of Identity Center, for that service', async () => {
    const delegated = async (ServicePrincipal?: string) =>
      (await client.send(new ListDelegatedAdministratorsCommand({ ServicePrincipal })))
        .DelegatedAdministrators
    const [found] = (await delegated()) ?? []
    expect(found).toMatchObject({ Id: tree.delegated, Name: 'identity', Status: 'ACTIVE' })
    expect(found?.DelegationEnabledDate).toEqual(new Date('2024-01-15T09:00:00Z'))
    expect(await delegated('sso.amazonaws.com')).toEqual([found])
    expect(await delegated('config.amazonaws.com')).toEqual([])
  })
})

const refused = async (sent: Promise<unknown>): Promise<unknown> =>
  sent.then(
    () => 'accepted',
    (error: unknown) => error,
  )

describe('function: what does not exist', () => {
  const absentUnit = 'ou-ab12-00000000'
  test.each([
    [
      'DescribeAccount',
      () => new DescribeAccountCommand({ AccountId: '999999999999' }),
      'AccountNotFoundException',
      "You specified an account that doesn't exist.",
    ],
    [
      'DescribeOrganizationalUnit',
      () => new DescribeOrganizationalUnitCommand({ OrganizationalUnitId: absentUnit }),
      'OrganizationalUnitNotFoundException',
      "You specified an organizational unit that doesn't exist.",
    ],
    [
      'ListAccountsForParent',
      () => new ListAccountsForParentCommand({ ParentId: absentUnit }),
      'ParentNotFoundException',
      "You specified parent that doesn't exist.",
    ],
    [
      'ListOrganizationalUnitsForParent',
      () => new ListOrganizationalUnitsForParentCommand({ ParentId: 'r-zz99' }),
      'ParentNotFoundException',
      "You specified parent that doesn't exist.",
    ],
    [
      'ListChildren',
      () => new ListChildrenCommand({ ParentId: absentUnit, ChildType: 'ACCOUNT' }),
      'ParentNotFoundException',
      "You specified parent that doesn't exist.",
    ],
    [
      'ListParents',
      () => new ListParentsCommand({ ChildId: '999999999999' }),
      'ChildNotFoundException',
      "You specified a child that doesn't exist.",
    ],
    [
      'ListTagsForResource',
      () => new ListTagsForResourceCommand({ ResourceId: 'p-12345678' }),
      'TargetNotFoundException',
      "You specified a target that doesn't exist.",
    ],
  ])('%s', async (_name, command, name, message) => {
    // The client's overloads do not take a union of commands.
    const send = client.send.bind(client) as (command: unknown) => Promise<unknown>
    expect(await refused(send(command()))).toMatchObject({
      name,
      message,
      $metadata: { httpStatusCode: 400 },
    })
  })

  test('a token of another list', async () => {
    const { NextToken } = await client.send(new ListAccountsCommand({ MaxResults: 1 }))
    const message = 'You specified a NextToken that did not come from this list.'
    const expected = { name: 'InvalidInputException', Reason: 'INVALID_NEXT_TOKEN', message }
    const other = new ListAccountsForParentCommand({ ParentId: unit('Workloads'), NextToken })
    expect(await refused(client.send(other))).toMatchObject(expected)
    expect(await refused(client.send(new ListRootsCommand({ NextToken: 'made up' })))).toMatchObject(expected)
  })
})

describe('function: who may call', () => {
  test('the delegated administrator may list', async () => {
    const { Accounts } = await clientOf(world, keys.delegated).send(new ListAccountsCommand({}))
    expect(Accounts).toHaveLength(20)
  })

  test('another member may not, whatever its policies say', async () => {
    const member = clientOf(world, keys.member)
    const expected = {
      name: 'AccessDeniedException',
      message: "You don't have permissions to access this resource.",
    }
    expect(await refused(member.send(new ListAccountsCommand({})))).toMatchObject(expected)
    expect(await refused(member.send(new DescribeAccountCommand({ AccountId: tree.member })))).toMatchObject(
      expected,
    )
    expect(await refused(member.send(new ListRootsCommand({})))).toMatchObject(expected)
  })

  test('policies are asked for each action', async () => {
    const limited = clientOf(world, keys.limited)
    const user = `User: arn:aws:iam::${tree.management}:user/management is not authorized to perform:`
    expect((await limited.send(new ListAccountsCommand({}))).Accounts).toHaveLength(20)
    expect(await refused(limited.send(new DescribeAccountCommand({ AccountId: tree.shop })))).toMatchObject({
      name: 'AccessDeniedException',
      message:
        `${user} organizations:DescribeAccount on resource: ${arn(`account/o-exampleorg1/${tree.shop}`)} ` +
        'because no identity-based policy allows the organizations:DescribeAccount action',
    })
    expect(await refused(limited.send(new ListRootsCommand({})))).toMatchObject({
      name: 'AccessDeniedException',
      message: `${user} organizations:ListRoots on resource: * with an explicit deny in an identity-based policy`,
    })
  })
})
