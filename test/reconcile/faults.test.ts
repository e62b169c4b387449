import {
  ListGroupMembershipsCommand,
  ListGroupsCommand,
  ListUsersCommand,
} from '@aws-sdk/client-identitystore'
import { ListAccountAssignmentsCommand } from '@aws-sdk/client-sso-admin'
import { afterEach, describe, expect, test } from 'vitest'
import { LeaseLost } from '../../src/reconcile/lease.js'
import { demo } from '../emulator/aws-world.js'
import { plugin, scanned, settle, SyncWorld } from './sync-world.js'

let world: SyncWorld
afterEach(() => world[Symbol.asyncDispose]())

const sandboxReadOnly = `assignment/${demo.sandbox}/${demo.readOnlyArn}`

async function explorers(): Promise<void> {
  world = await SyncWorld.open()
  await world.user('ada@example.com')
  await world.user('grace@example.com')
  await world.list('explorers', [sandboxReadOnly], ['grace@example.com', 'ada@example.com'])
}

/** What AWS holds of the list, by names. */
async function held(): Promise<{ users: number; groups: number; members: number; assignments: number }> {
  const { identitystore, ssoAdmin } = world.aws.clients
  const IdentityStoreId = demo.identityStoreId
  const users = (await identitystore.send(new ListUsersCommand({ IdentityStoreId }))).Users ?? []
  const groups = (await identitystore.send(new ListGroupsCommand({ IdentityStoreId }))).Groups ?? []
  const ours = groups.filter(({ DisplayName }) => DisplayName === 'explorers')
  const GroupId = ours[0]?.GroupId
  const members =
    GroupId === undefined
      ? []
      : ((await identitystore.send(new ListGroupMembershipsCommand({ IdentityStoreId, GroupId })))
          .GroupMemberships ?? [])
  const rows = await ssoAdmin.send(
    new ListAccountAssignmentsCommand({
      InstanceArn: demo.instanceArn,
      AccountId: demo.sandbox,
      PermissionSetArn: demo.readOnlyArn,
    }),
  )
  return {
    users: users.filter(({ UserName }) => UserName === 'grace@example.com').length,
    groups: ours.length,
    members: members.length,
    assignments: (rows.AccountAssignments ?? []).filter(({ PrincipalId }) => PrincipalId === GroupId).length,
  }
}

const everything = { users: 1, groups: 1, members: 2, assignments: 1 }

async function expectConverged(): Promise<void> {
  expect(await held()).toEqual(everything)
  expect(await world.store.changes.listOpen(plugin)).toEqual([])
  const ledger = await world.store.ledger.list(plugin)
  const group = (await world.store.principalLinks.find(plugin, 'group', 'explorers'))?.awsId
  expect(ledger.filter(({ principal }) => principal === `group/${group}`)).toHaveLength(3)
}

describe('answers that are lost after success', () => {
  for (const operation of ['scim:CreateUser', 'scim:CreateGroup', 'sso-admin:CreateAccountAssignment']) {
    test(`${operation}: what was made is found and never made twice (ssosync #2)`, async () => {
      await explorers()
      const runner = world.runner()
      await scanned(world, runner)
      await world.fault(operation, 'reset-after')
      await settle(runner)
      // AWS makes an assignment after it answered: only after a while is it known that it was not made.
      await world.aws.advance(10_000)
      await settle(runner)
      await expectConverged()
    })
  }

  test('a change that did not happen is made again', async () => {
    await explorers()
    const runner = world.runner()
    await scanned(world, runner)
    await world.fault('scim:CreateGroup', 'reset-before')
    await settle(runner)
    await expectConverged()
  })
})

describe('death of the process', () => {
  test('at any step of a change, the next one converges and makes nothing twice', async () => {
    for (let at = 1; ; at++) {
      await explorers()
      let steps = 0
      const onStep = () => {
        steps += 1
        return steps >= at ? Promise.reject(new Error('dead')) : Promise.resolve()
      }
      const mortal = world.runner('mortal', { onStep })
      await scanned(world, mortal)
      const isAlive = await settle(mortal).then(
        () => true,
        () => false,
      )
      // Its lease ends by itself; nobody gives it up.
      const heir = world.runner('heir')
      await world.aws.advance(20_000)
      await settle(heir)
      await expectConverged()
      if (isAlive) break
      await world[Symbol.asyncDispose]()
    }
  }, 120_000)
})

test('what a restart finds done is told as the last sync', async () => {
  await explorers()
  const mortal = world.runner('mortal', {
    onStep: (at) => (at === 'before outcome' ? Promise.reject(new Error('dead')) : Promise.resolve()),
  })
  await scanned(world, mortal)
  await settle(mortal).catch(() => undefined)
  const heir = world.runner('heir')
  await world.aws.advance(20_000)
  const report = await heir.cycle()
  const { lastSync } = await heir.state()
  expect(lastSync?.success).toBe(true)
  expect(lastSync?.changed).toBeGreaterThan(report?.result?.succeeded ?? Infinity)
})

describe('two holders', () => {
  test('the second one waits for the lease, and the first one stops once it is lost', async () => {
    await explorers()
    const first = world.runner('first')
    const second = world.runner('second')
    await scanned(world, first)
    await expect(second.cycle()).rejects.toBeInstanceOf(LeaseLost)
    await world.aws.advance(20_000)
    await settle(second)
    await expect(first.cycle()).rejects.toBeInstanceOf(LeaseLost)
    await expectConverged()
  })
})

describe('what must never delete', () => {
  test('a token that AWS refuses stops users and groups until another one is there', async () => {
    await explorers()
    await world.addToken('wrong', 1)
    const runner = world.runner()
    await scanned(world, runner)
    const report = await runner.cycle()
    expect(report?.result?.stopped?.service).toBe('scim')
    expect((await held()).users).toBe(0)
    expect((await world.store.scimTokens.list(plugin))[0]?.refusedAt).toBeDefined()
    await world.addToken(world.scim.token, 2)
    await settle(runner)
    await expectConverged()
  })

  test('where AWS refuses one token the other slot is used, and the refusal is written down', async () => {
    await explorers()
    await world.aws.advance(1000)
    await world.addToken('wrong', 2)
    const runner = world.runner()
    await scanned(world, runner)
    await settle(runner)
    await expectConverged()
    const tokens = await world.store.scimTokens.list(plugin)
    expect(tokens.map(({ refusedAt }) => refusedAt !== undefined)).toEqual([false, true])
  })

  test('the refusal of a token that was replaced meanwhile neither marks the new one nor stops the sync', async () => {
    await explorers()
    await world.addToken('old', 1)
    const runner = world.runner('one', {
      unseal: async ({ sealedToken }) => {
        // The call with the old one is on its way when a person gives another.
        if (sealedToken === 'old') await world.addToken(world.scim.token, 1)
        return sealedToken
      },
    })
    await scanned(world, runner)
    const report = await runner.cycle()
    expect(report?.result?.stopped).toBeUndefined()
    await settle(runner)
    await expectConverged()
    const tokens = await world.store.scimTokens.list(plugin)
    expect(tokens.map(({ refusedAt }) => refusedAt)).toEqual([undefined])
  })

  test('a read that fails changes nothing (ssosync #278, #234)', async () => {
    await explorers()
    const runner = world.runner()
    await scanned(world, runner)
    await settle(runner)
    await world.fault('identitystore:*', 'error', null)
    await expect(scanned(world, runner)).rejects.toThrow()
    const report = await runner.cycle()
    expect(report?.plan.actions).toEqual([])
    await world.aws.control('DELETE', 'faults')
    expect(await held()).toEqual(everything)
  })
})

test('one user that AWS does not accept keeps nobody else waiting (ssosync #353)', async () => {
  await explorers()
  const foreign = await world.scim.send('POST', 'Users', {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName: 'somebody-else@example.com',
    displayName: 'Somebody Else',
    name: { givenName: 'Somebody', familyName: 'Else' },
    emails: [{ value: 'bad@example.com', type: 'work', primary: true }],
    active: true,
  })
  expect(foreign.status).toBe(201)
  await world.user('bad@example.com')
  const runner = world.runner()
  await scanned(world, runner)
  await settle(runner)
  await expectConverged()
  expect(await world.store.principalLinks.find(plugin, 'user', 'bad@example.com')).toBeUndefined()
  const { errors } = await runner.state()
  expect(errors).toMatchObject([{ kind: 'user', name: 'bad@example.com', attempts: 1 }])
  expect(errors[0]?.remedy).toContain('address')
})

test('what somebody else made under our name is not taken over', async () => {
  await explorers()
  const runner = world.runner()
  await scanned(world, runner)
  await settle(runner)
  const foreign = await world.scim.send('POST', 'Groups', {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
    displayName: 'late',
  })
  expect(foreign.status).toBe(201)
  await world.list('late', [sandboxReadOnly], ['ada@example.com'])
  await settle(runner)
  expect(await world.store.principalLinks.find(plugin, 'group', 'late')).toBeUndefined()
  const { plan } = await runner.plan()
  expect(plan.actions.find(({ action }) => action.kind === 'group.adopt')?.holds[0]?.rule).toBe('adoption')
})
