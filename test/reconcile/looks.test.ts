/** Looks at AWS that a person asks for, their end with the replica, and a plugin that takes the name of another one. */
import { CreateAccountAssignmentCommand } from '@aws-sdk/client-sso-admin'
import { afterEach, expect, test } from 'vitest'
import type { PluginSyncRunner } from '../../src/reconcile/plugin-sync.js'
import { noteNames } from '../../src/reconcile/notes.js'
import { demo } from '../emulator/aws-world.js'
import { plugin, scanned, settle, SyncWorld } from './sync-world.js'

let world: SyncWorld
afterEach(() => world[Symbol.asyncDispose]())

async function open(): Promise<PluginSyncRunner> {
  world = await SyncWorld.open({ aws_ic: { drift: 'report' } })
  await world.user('ada@example.com')
  const runner = world.runner()
  await scanned(world, runner)
  await settle(runner)
  return runner
}

async function idOf(name: string): Promise<string> {
  return (await world.store.principalLinks.find(plugin, 'user', name))?.awsId ?? ''
}

test('credentials are neither good nor bad before AWS was asked with them', async () => {
  world = await SyncWorld.open()
  const runner = world.runner()
  expect((await runner.state()).credentials).toMatchObject({ ok: undefined, says: 'Not used yet.' })
  await scanned(world, runner)
  expect((await runner.state()).credentials).toMatchObject({ ok: true })
})

test('a look that waits for our last change sees what became ours meanwhile', async () => {
  const runner = await open()
  await world.user('first@example.com')
  await runner.cycle()
  const job = await runner.scan()
  expect(job).toMatchObject({ state: 'running', says: expect.stringContaining('Waiting a moment') as string })
  // Another person's list brings a user while the look waits, and somebody else gives that user an account.
  await world.user('late@example.com')
  await runner.cycle()
  const id = await idOf('late@example.com')
  await world.aws.clients.ssoAdmin.send(
    new CreateAccountAssignmentCommand({
      InstanceArn: demo.instanceArn,
      TargetId: demo.production,
      TargetType: 'AWS_ACCOUNT',
      PermissionSetArn: demo.billingArn,
      PrincipalType: 'USER',
      PrincipalId: id,
    }),
  )
  while ((await runner.state()).job?.state === 'running') await world.timers.sleep(200)
  const { observation } = await runner.plan()
  expect([...(observation.assignments.get(`user/${id}`) ?? [])]).toEqual([
    `${demo.production}/${demo.billingArn}`,
  ])
})

test('a look that waits ends with the replica, and that is no failure of AWS', async () => {
  const runner = await open()
  await world.user('first@example.com')
  await runner.cycle()
  await runner.scan()
  const before = world.timers.now()
  await runner[Symbol.asyncDispose]()
  expect(world.timers.now() - before).toBeLessThan(1000)
  const [note] = [await world.store.notes.find(noteNames.progress(plugin))]
  expect(note).not.toHaveProperty('scanFailure')
})

test('a plugin that takes the name of a removed one within a second waits for nothing of it and tells nothing of it', async () => {
  world = await SyncWorld.open()
  await world.user('ada@example.com')
  await world.user('grace@example.com')
  await world.addToken('wrong')
  const runner = world.runner()
  await scanned(world, runner)
  const stop = new AbortController()
  const looping = runner.loop(stop.signal)
  while ((await runner.state()).lastSync?.success !== false) await world.timers.sleep(50)
  expect((await runner.state()).job).toBeDefined()
  // What a removal does in one transaction, and the same document again.
  const spec = (await world.store.resources.find('plugin', plugin))?.document as { spec: unknown }
  await world.remove('plugin', plugin)
  for (const note of [noteNames.job(plugin), noteNames.progress(plugin)]) await world.store.notes.delete(note)
  await world.addToken(world.scim.token)
  await world.aws.advance(10)
  await world.put('plugin', plugin, spec.spec)
  const began = world.timers.now()
  expect((await runner.state()).job).toBeUndefined()
  while ((await world.store.principalLinks.find(plugin, 'user', 'grace@example.com')) === undefined) {
    await world.timers.sleep(100)
    expect(world.timers.now() - began).toBeLessThan(20_000)
  }
  stop.abort()
  await looping
})
