/** The sync with exactly the permissions that the set-up script gives, and with one block after the other missing. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { CreateGroupCommand } from '@aws-sdk/client-identitystore'
import { CreateAccountAssignmentCommand } from '@aws-sdk/client-sso-admin'
import { connectIdentityCenter } from '../../src/aws/connect.js'
import { checkSetupOrder, type SetupBlock } from '../../src/core/aws-setup/order.js'
import { buildPolicy } from '../../src/core/aws-setup/policy.js'
import { noteNames } from '../../src/core/identity-center/note-names.js'
import { day } from '../../src/core/time.js'
import type { PluginSyncRunner } from '../../src/reconcile/plugin-sync.js'
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

async function makeOurRole(blocks: readonly SetupBlock[]): Promise<void> {
  const order = checkSetupOrder({
    integration: 'aws',
    issuer: 'https://id.example.com',
    audience: 'sts.amazonaws.com',
    subject: `gatehouse:${plugin}`,
    instanceArn: demo.instanceArn,
    region: demoRegion,
    roleName: 'gatehouse',
    blocks,
  })
  const trust = policy({
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${demo.management}:root` },
    Action: 'sts:AssumeRole',
  })
  await makeRole(world.aws, 'gatehouse', trust, JSON.stringify(buildPolicy(order)))
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

  test('are made, and without their block cannot be taken back: one error says which block, the rest goes on', async () => {
    await world.user('grace@example.com', [sandboxReadOnly, only])
    const runner = await runnerWith(['ous_and_tags'])
    await scanned(world, runner)
    await settle(runner)
    expect(await has()).toBe(true)
    await world.user('grace@example.com', [])
    await settle(runner)
    const { errors } = await runner.state()
    expect(errors.map(({ kind }) => kind)).toEqual(['assignment'])
    expect(errors[0]?.remedy).toContain('management_account')
    expect(await has()).toBe(true)
    const { plan } = await runner.plan()
    expect(plan.actions.map(({ action }) => action.kind)).toEqual(['assignment.delete'])
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
