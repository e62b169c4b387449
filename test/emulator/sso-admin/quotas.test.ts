import { CreatePermissionSetCommand, DeletePermissionSetCommand } from '@aws-sdk/client-sso-admin'
import { describe, expect, test } from 'vitest'
import type { Organisation } from '../../../src/emulator/state/organisation.js'
import type { Contents } from '../../../src/emulator/state/tables.js'
import { demo, type AwsWorld } from '../aws-world.js'
import { assign, assigned, unassign, unassigned } from './assign.js'
import { groups, openWorld, organisationOf, refusal, sets } from './support.js'

const { instanceArn: InstanceArn } = demo
const createdAt = Date.parse('2024-01-15T09:00:00Z')
const hex = (index: number, length: number): string => index.toString(16).padStart(length, '0')
const setArn = (index: number): string =>
  `arn:aws:sso:::permissionSet/ssoins-6987b2c41e0fa35d/ps-${hex(index, 16)}`
const groupId = (index: number): string => `83e4f8c2-70d1-7021-4f2b-${hex(index, 12)}`
const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index)

/** The usual organisation with more in it. */
function withMore(more: Contents): Organisation {
  const organisation = organisationOf()
  const contents = Object.fromEntries(
    Object.entries(organisation.contents).map(([table, rows]) => [
      table,
      [...(rows as readonly unknown[]), ...((more as Record<string, readonly unknown[]>)[table] ?? [])],
    ]),
  )
  return { ...organisation, contents }
}

const manySets = (count: number) =>
  numbers(count).map((index) => ({
    arn: setArn(index),
    name: `Set${index}`,
    sessionDuration: 'PT1H',
    createdAt,
    version: 1,
    tags: {},
  }))

describe('requests under way', () => {
  const requests = [
    demo.management,
    '222222222222',
    '333333333333',
    '444444444444',
    demo.production,
    '666666666666',
  ].flatMap((TargetId) =>
    [sets.readOnly, sets.billing, sets.audit].map((PermissionSetArn) =>
      assign({ TargetId, PermissionSetArn }),
    ),
  )
  async function fill(world: AwsWorld, count: number): Promise<void> {
    for (const request of requests.slice(0, count)) await world.clients.ssoAdmin.send(request)
  }

  test('fifteen may be, the sixteenth is throttled until one has ended', async () => {
    await using world = await openWorld()
    await fill(world, 15)
    expect(await refusal(world.clients.ssoAdmin.send(assign()))).toEqual({
      code: 'ThrottlingException',
      message: 'There are too many requests processing. Please try again later.',
    })
    await world.advance(500)
    await world.clients.ssoAdmin.send(assign())
  })

  test('their number and the error can be set', async () => {
    await using world = await openWorld({
      settings: { outstandingAssignments: 2, outstandingError: 'ServiceQuotaExceededException' },
    })
    await fill(world, 2)
    expect(await refusal(world.clients.ssoAdmin.send(assign()))).toEqual({
      code: 'ServiceQuotaExceededException',
      message: 'The limit of 2 outstanding account assignments is reached',
    })
  })

  test('deletions are not counted', async () => {
    await using world = await openWorld({ settings: { outstandingAssignments: 1 } })
    const { ssoAdmin } = world.clients
    await fill(world, 1)
    const members = { PermissionSetArn: sets.readOnly, PrincipalId: groups.developers }
    await ssoAdmin.send(unassign(members))
    await ssoAdmin.send(unassign({ ...members, TargetId: demo.production }))
    expect((await refusal(ssoAdmin.send(assign()))).code).toBe('ThrottlingException')
  })
})

describe('permission sets provisioned in one account', () => {
  const inSandbox = (count: number) => ({
    permissionSets: manySets(count + 1),
    provisionedSets: numbers(count).map((index) => ({
      accountId: demo.sandbox,
      permissionSetArn: setArn(index),
      version: 1,
      roleSuffix: hex(index, 16),
      createdAt,
    })),
    assignments: numbers(count).map((index) => ({
      principalType: 'GROUP' as const,
      principalId: groups.admins,
      accountId: demo.sandbox,
      permissionSetArn: setArn(index),
      createdAt,
    })),
  })
  const exceeded = {
    code: 'ServiceQuotaExceededException',
    message: 'The account 777777777777 has 500 provisioned permission sets already',
  }

  test('are five hundred at most; another account has room', async () => {
    // The demo has four there.
    await using world = await openWorld({ organisation: withMore(inSandbox(496)) })
    const { ssoAdmin } = world.clients
    const PermissionSetArn = setArn(496)
    expect(await refusal(ssoAdmin.send(assign({ PermissionSetArn })))).toEqual(exceeded)
    await assigned(world, { PermissionSetArn: setArn(0) })
    await assigned(world, { PermissionSetArn, TargetId: demo.production })
    await unassigned(world, { PermissionSetArn: setArn(1), PrincipalId: groups.admins })
    expect((await assigned(world, { PermissionSetArn })).Status).toBe('SUCCEEDED')
  })

  test('count those under way, each once', async () => {
    await using world = await openWorld({ organisation: withMore(inSandbox(495)) })
    const { ssoAdmin } = world.clients
    const PermissionSetArn = setArn(495)
    await ssoAdmin.send(assign({ PermissionSetArn }))
    await ssoAdmin.send(assign({ PermissionSetArn, PrincipalId: groups.admins }))
    expect(await refusal(ssoAdmin.send(assign()))).toEqual(exceeded)
  })
})

describe('groups with one permission set in one account', () => {
  const withGroups = (count: number) =>
    withMore({
      groups: numbers(count + 2).map((index) => ({
        id: groupId(index),
        displayName: `group ${index}`,
        createdAt,
        updatedAt: createdAt,
      })),
      // The developers are the first.
      assignments: numbers(count - 1).map((index) => ({
        principalType: 'GROUP' as const,
        principalId: groupId(index),
        accountId: demo.production,
        permissionSetArn: sets.readOnly,
        createdAt,
      })),
    })
  const there = { TargetId: demo.production, PermissionSetArn: sets.readOnly }
  const exceeded = {
    code: 'ServiceQuotaExceededException',
    message: '100 groups are assigned with this permission set in the account 555555555555 already',
  }

  test('are a hundred at most; users are not counted, and what is there can be made again', async () => {
    await using world = await openWorld({ organisation: withGroups(100) })
    const { ssoAdmin } = world.clients
    const change = { ...there, PrincipalId: groupId(100) }
    expect(await refusal(ssoAdmin.send(assign(change)))).toEqual(exceeded)
    await assigned(world, { ...there, PrincipalType: 'USER', PrincipalId: demo.adaId })
    await assigned(world, { ...there, PrincipalId: groupId(0) })
    await unassigned(world, { ...there, PrincipalId: groupId(0) })
    expect((await assigned(world, change)).Status).toBe('SUCCEEDED')
  })

  test('count those under way', async () => {
    await using world = await openWorld({ organisation: withGroups(99) })
    const { ssoAdmin } = world.clients
    await ssoAdmin.send(assign({ ...there, PrincipalId: groupId(99) }))
    expect(await refusal(ssoAdmin.send(assign({ ...there, PrincipalId: groupId(100) })))).toEqual(exceeded)
  })
})

describe('permission sets of the instance', () => {
  test('are 3500 at most', async () => {
    await using world = await openWorld({ organisation: withMore({ permissionSets: manySets(3495) }) })
    const { ssoAdmin } = world.clients
    const create = new CreatePermissionSetCommand({ InstanceArn, Name: 'Operators' })
    expect(await refusal(ssoAdmin.send(create))).toEqual({
      code: 'ServiceQuotaExceededException',
      message: 'The instance has 3500 permission sets already',
    })
    await ssoAdmin.send(new DeletePermissionSetCommand({ InstanceArn, PermissionSetArn: setArn(0) }))
    await ssoAdmin.send(create)
  })
})
