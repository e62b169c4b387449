/** The sync with exactly the permissions that the set-up script gives, and with one block after the other missing. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { CreateGroupCommand } from '@aws-sdk/client-identitystore'
import { CreateAccountAssignmentCommand } from '@aws-sdk/client-sso-admin'
import { connectIdentityCenter } from '../../src/aws/connect.js'
import { checkSetupOrder, type SetupBlock } from '../../src/core/aws-setup/order.js'
import { buildPolicy } from '../../src/core/aws-setup/policy.js'
import { noteNames } from '../../src/core/identity-center/note-names.js'
import { day } from '../../src/core/time.js'
import type { PluginSyncRunner } from '../../src/reconcile/plugin-sync.js'
import { testConnection } from '../../src/service/identity-center/test-connection.js'
import { endpointsOf } from '../aws/aws-connection.js'
import { adminKey, demo, demoRegion } from '../emulator/aws-world.js'
import { makeRole, policy } from '../emulator/sts/support.js'
import { plugin, scanned, settle, SyncWorld } from './sync-world.js'

const assumeRoleArn = `arn:aws:iam::${demo.management}:role/gatehouse`
const sandboxReadOnly = `assignment/${demo.sandbox}/${demo.readOnlyArn}`
const powerUserArn = 'arn:aws:sso:::permissionSet/ssoins-6987b2c41e0fa35d/ps-2b3c4d5e6f708192'

let world: SyncWorld
beforeEach(async () => {
  world = await SyncWorld.open({ aws_ic: { drift: 'revert' } })
  await world.user('ada@example.com')
  await world.user('grace@example.com', [sandboxReadOnly])
  await world.list('explorers', [sandboxReadOnly], ['ada@example.com', 'grace@example.com'])
})
afterEach(async () => {
  // Until the governors have nothing left to wake up for.
  await world.timers.sleep(60_000)
  await world[Symbol.asyncDispose]()
})

/** A sync whose role has the base of the policy and these blocks. */
async function runnerWith(blocks: readonly SetupBlock[]): Promise<PluginSyncRunner> {
  await makeOurRole(blocks)
  return openRunner()
}

function orderOf(blocks: readonly SetupBlock[]) {
  return checkSetupOrder({
    integration: 'aws',
    issuer: 'https://id.example.com',
    audience: 'sts.amazonaws.com',
    subject: `gatehouse:${plugin}`,
    instanceArn: demo.instanceArn,
    region: demoRegion,
    roleName: 'gatehouse',
    blocks,
  })
}

async function makeOurRole(blocks: readonly SetupBlock[]): Promise<void> {
  const trust = policy({
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${demo.management}:root` },
    Action: 'sts:AssumeRole',
  })
  await makeRole(world.aws, 'gatehouse', trust, JSON.stringify(buildPolicy(orderOf(blocks))))
}

/** As if the script were run again with other blocks. */
async function changeOurRole(blocks: readonly SetupBlock[]): Promise<void> {
  const PolicyDocument = JSON.stringify(buildPolicy(orderOf(blocks)))
  const change = { RoleName: 'gatehouse', PolicyName: 'may', PolicyDocument }
  await world.aws.clients.iam.send(new PutRolePolicyCommand(change))
  // Sessions that AWS gave out may be judged by the policy of before for a while.
  await world.aws.advance(30_000)
}

function openRunner(): PluginSyncRunner {
  const { timers } = world
  return world.runner('one', {
    connect: (settings, governor) =>
      Promise.resolve(
        connectIdentityCenter({
          instanceArn: settings.instanceArn,
          region: settings.region,
          credentials: { kind: 'ambient', assumeRoleArn, chain: () => Promise.resolve({ ...adminKey }) },
          governor: {
            run: (call, options, make) =>
              governor.run(call, options, (signal) => timers.during(() => make(signal))),
          },
          timers,
          endpoints: endpointsOf(world.aws.url),
        }),
      ),
  })
}

/** The connection test, as a person makes it. */
async function tested(runner: PluginSyncRunner) {
  return await testConnection(
    {
      store: world.store,
      catalog: world.catalog(),
      clock: world.aws.clock,
      syncs: { of: () => Promise.resolve(runner), wakeAll: () => undefined },
    },
    plugin,
  )
}

describe('with nothing but the base of the policy', () => {
  test('AWS is read, brought to what is desired, and drift is taken back', async () => {
    const runner = await runnerWith([])
    await scanned(world, runner)
    await settle(runner)
    expect((await runner.state()).errors).toEqual([])
    const group = await world.store.principalLinks.find(plugin, 'group', 'explorers')
    const PrincipalId = group?.awsId ?? ''
    await world.aws.clients.ssoAdmin.send(
      new CreateAccountAssignmentCommand({
        InstanceArn: demo.instanceArn,
        TargetId: demo.production,
        TargetType: 'AWS_ACCOUNT',
        PermissionSetArn: demo.billingArn,
        PrincipalType: 'GROUP',
        PrincipalId,
      }),
    )
    await world.aws.advance(30_000)
    await scanned(world, runner)
    await settle(runner)
    const { plan, observation, accounts } = await runner.plan()
    expect(plan.actions).toEqual([])
    expect([...(observation.assignments.get(`group/${PrincipalId}`) ?? [])]).toHaveLength(1)
    // What the block ous_and_tags would tell is left out, and nothing else.
    expect(accounts.length).toBeGreaterThan(3)
    expect(accounts.filter(({ ouPath }) => ouPath !== undefined)).toEqual([])
    expect((await runner.state()).pairsDenied).toBe(false)
  })

  test('reads by pair are tried where they seem to take fewer calls, once a day, and their refusal breaks nothing', async () => {
    for (let at = 0; at < 20; at++) {
      const group = new CreateGroupCommand({
        IdentityStoreId: demo.identityStoreId,
        DisplayName: `group ${at}`,
      })
      await world.aws.clients.identitystore.send(group)
    }
    const runner = await runnerWith([])
    await scanned(world, runner)
    const first = (await runner.plan()).observation.assignments
    const refusals = async (): Promise<number> => {
      const { calls } = (await world.aws.control('GET', 'calls')) as { calls: Record<string, number> }
      const [, count = 0] =
        Object.entries(calls).find(([name]) => /\bListAccountAssignments$/.test(name)) ?? []
      return count
    }
    // As where few pairs are provisioned and there are many principals.
    const reading = (await world.store.notes.find(noteNames.reading(plugin))) as object
    await world.store.notes.put(noteNames.reading(plugin), { ...reading, provisionedPairs: 0 })
    await world.store.leases.release(noteNames.lease(plugin), 'one')
    await runner[Symbol.asyncDispose]()
    const again = openRunner()
    await scanned(world, again)
    expect(await refusals()).toBeGreaterThan(0)
    expect((await again.state()).pairsDenied).toBe(true)
    expect((await again.plan()).observation.assignments).toEqual(first)
    const tried = await refusals()
    await scanned(world, again)
    expect(await refusals()).toBe(tried)
    await world.aws.advance(day)
    await scanned(world, again)
    expect(await refusals()).toBeGreaterThan(tried)
    expect((await again.state()).errors).toEqual([])
  })
})

describe('assignments in the management account', () => {
  /** Nobody else has it there, so that the role goes with the last assignment. */
  const only = `assignment/${demo.management}/${powerUserArn}`
  const has = async (): Promise<boolean> => {
    const user = await world.store.principalLinks.find(plugin, 'user', 'grace@example.com')
    const rows = await world.store.ledger.listOf(plugin, `user/${user?.awsId ?? ''}`)
    return rows.some(({ target }) => target === `${demo.management}/${powerUserArn}`)
  }

  const settled = async (runner: PluginSyncRunner): Promise<void> => {
    await scanned(world, runner)
    await settle(runner)
  }
  const told = async (runner: PluginSyncRunner): Promise<string> =>
    (await runner.plan()).plan.notes.join('\n')
  const triedThere = async (): Promise<boolean> =>
    JSON.stringify(await world.store.changes.list(plugin, { limit: 100 })).includes(
      `${demo.management}/${powerUserArn}`,
    )

  test('are neither made nor tried once the connection test found their block missing; the rest goes on', async () => {
    await world.user('grace@example.com', [sandboxReadOnly, only])
    const runner = await runnerWith(['ous_and_tags'])
    await scanned(world, runner)
    const answer = await tested(runner)
    expect(answer.limits.join()).toContain('neither made nor taken back')
    await settled(runner)
    expect(await has()).toBe(false)
    expect(await triedThere()).toBe(false)
    const { plan, closed } = await runner.plan()
    expect(plan.actions).toEqual([])
    expect(plan.notes.join()).toContain('1 assignment that is wanted there is not made.')
    expect(closed).toMatchObject([{ id: demo.management, missing: 1, stuck: 0 }])
    expect(closed?.[0]?.remedy).toContain('block management_account, then test the connection again')
    expect((await runner.state()).errors).toEqual([])
    const grace = await world.store.principalLinks.find(plugin, 'user', 'grace@example.com')
    const rows = await world.store.ledger.listOf(plugin, `user/${grace?.awsId ?? ''}`)
    expect(rows.map(({ target }) => target)).toContain(`${demo.sandbox}/${demo.readOnlyArn}`)
  })

  test('are made as soon as a test finds the block again, without anything else happening', async () => {
    await world.user('grace@example.com', [sandboxReadOnly, only])
    const runner = await runnerWith(['ous_and_tags'])
    await scanned(world, runner)
    await tested(runner)
    await settled(runner)
    expect((await runner.plan()).plan.actions).toEqual([])
    await changeOurRole(['management_account', 'ous_and_tags'])
    // Not before somebody tests: the script may have been run for something else.
    expect((await runner.plan()).plan.actions).toEqual([])
    await tested(runner)
    expect((await runner.plan()).plan.actions).toHaveLength(1)
    const stop = new AbortController()
    const looping = runner.loop(stop.signal)
    const deadline = world.timers.now() + 60_000
    while (!(await has()) && world.timers.now() < deadline) await world.timers.sleep(500)
    stop.abort()
    await looping
    expect(await has()).toBe(true)
    expect(await told(runner)).not.toContain('management_account')
  })

  test('that were made before stay ours, and are told as what cannot be taken back', async () => {
    await world.user('grace@example.com', [sandboxReadOnly, only])
    const runner = await runnerWith(['management_account', 'ous_and_tags'])
    await settled(runner)
    expect(await has()).toBe(true)
    await changeOurRole(['ous_and_tags'])
    await tested(runner)
    expect(await told(runner)).toContain('What we gave there (2) stays as it is.')
    expect(await told(runner)).not.toContain('cannot be taken back')
    await world.user('grace@example.com', [])
    await settled(runner)
    expect(await has()).toBe(true)
    expect((await runner.state()).errors).toEqual([])
    const { plan, closed } = await runner.plan()
    expect(plan.actions).toEqual([])
    expect(plan.notes.join()).toContain('1 of it is not given here any more and cannot be taken back.')
    expect(closed).toMatchObject([{ missing: 0, stuck: 1 }])
    await changeOurRole(['management_account', 'ous_and_tags'])
    await tested(runner)
    await settled(runner)
    expect(await has()).toBe(false)
  })

  test('are tried where a test had other settings, or none was made', async () => {
    await world.user('grace@example.com', [sandboxReadOnly, only])
    const runner = await runnerWith(['ous_and_tags'])
    await scanned(world, runner)
    await tested(runner)
    const name = noteNames.tested(plugin)
    await world.store.notes.put(name, { ...((await world.store.notes.find(name)) as object), of: 'other' })
    expect((await runner.plan()).closed).toEqual([])
    await settled(runner)
    await world.user('grace@example.com', [])
    await settle(runner)
    const { errors } = await runner.state()
    expect(errors.map(({ kind }) => kind)).toEqual(['assignment'])
    expect(errors[0]?.remedy).toContain('management_account')
  })

  test('are taken back with it', async () => {
    await world.user('grace@example.com', [sandboxReadOnly, only])
    const runner = await runnerWith(['management_account', 'ous_and_tags'])
    await scanned(world, runner)
    await settle(runner)
    await world.user('grace@example.com', [])
    await settle(runner)
    expect((await runner.state()).errors).toEqual([])
    expect(await has()).toBe(false)
    const { accounts } = await runner.plan()
    expect(accounts.some(({ ouPath }) => ouPath !== undefined)).toBe(true)
  })
})
