/** A review of an access list, from what it says of AWS beforehand to the groups that the emulator has afterwards. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { PluginSyncRunner } from '../../src/reconcile/plugin-sync.js'
import { GatewayError } from '../../src/core/error.js'
import { day } from '../../src/core/time.js'
import { systemAuthority, type Authority } from '../../src/service/authority.js'
import { decide } from '../../src/service/access-lists/reviews/decide.js'
import { submitReview, type SubmitReviewInput } from '../../src/service/access-lists/reviews/submit-review.js'
import type { IdentityCenterDeps } from '../../src/service/identity-center/deps.js'
import { demo } from '../emulator/aws-world.js'
import { plugin, scanned, settle, SyncWorld } from '../reconcile/sync-world.js'
import { added, inAws, people, sandboxBilling, sandboxReadOnly, type InAws } from './in-aws.js'
import { serve } from './served-world.js'

let world: SyncWorld
let runner: PluginSyncRunner
let deps: IdentityCenterDeps
let before: InAws
let owner: Authority

const [ann = '', bob = '', cat = ''] = people(3)

/** In team are ann, bob and cat; all has team within it; bob reads the sandbox by the list spare, too. */
beforeEach(async () => {
  world = await SyncWorld.open()
  before = await inAws(world)
  for (const name of [ann, bob, cat, 'ada@example.com']) await world.user(name)
  await world.list('team', [sandboxReadOnly], [ann, bob, cat])
  await world.list('spare', [sandboxReadOnly], [bob])
  await world.list('all', [sandboxBilling], [])
  const [row] = await world.store.members.list('spare')
  if (row === undefined) throw new Error('bob is in spare')
  await world.store.members.put([{ ...row, list: 'all', kind: 'list', name: 'team' }])
  // It does not import by itself: the groups of the demo organisation are none of ours.
  runner = world.runner()
  deps = { ...serve(world).deps, syncs: { of: () => Promise.resolve(runner), wakeAll: () => runner.wake() } }
  await scanned(world, runner)
  await settle(runner)
  const user = (await deps.catalog.read()).user('ada@example.com')
  owner = { name: 'ada@example.com', kind: 'person', user, roles: [] }
})
afterEach(() => world[Symbol.asyncDispose]())

async function ours(): Promise<Omit<InAws, 'idOf'>> {
  return added(before, await inAws(world))
}

async function submit(input: Partial<SubmitReviewInput>, list = 'team', by = owner) {
  const whole = { notes: '', keepRest: true, remove: [], dryRun: false, ...input }
  return await submitReview(deps, list, whole, by, undefined)
}

const notInStep = 'Identity Center is not in step at the moment; an administrator sees why.'
const pair = (set: string) => `${set} in sandbox (${demo.sandbox})`
const wordsOfTwo = [
  `2 people leave the group all: ${ann}, ${bob}.`,
  `2 people leave the group team: ${ann}, ${bob}.`,
  `${ann} loses `,
  `${bob} loses ${pair('Billing')}.`,
]

test('tells beforehand who leaves which group and what they lose, and AWS is so a moment later', async () => {
  expect((await ours()).members).toEqual([
    ...[ann, bob, cat].map((name) => `all: ${name}`),
    `spare: ${bob}`,
    ...[ann, bob, cat].map((name) => `team: ${name}`),
  ])
  const decisions = [ann, bob].map((name) => ({ kind: 'user', name, decision: 'remove' }) as const)
  await decide(deps, 'team', { decisions, keepRest: false, startOver: false }, owner, undefined)

  const dry = await submit({ dryRun: true })
  expect(dry.answer.inAws).toEqual(wordsOfTwo.map((words) => expect.stringContaining(words)))
  expect(dry.answer.inAws[2]).toContain(pair('ReadOnlyAccess'))
  expect(dry.answer.inAws[2]).toContain(pair('Billing'))
  await settle(runner)
  expect((await ours()).members).toHaveLength(7)

  const done = await submit({})
  expect(done.answer.inAws).toEqual(dry.answer.inAws)
  await settle(runner)
  const after = await ours()
  expect(after.members).toEqual([`all: ${cat}`, `spare: ${bob}`, `team: ${cat}`])
  expect(after.groups).toEqual(['all', 'spare', 'team'])
})

test('a requirement that is made by it takes out of the groups whoever does not meet it', async () => {
  await world.user(cat, ['senior'])
  const membershipRequires = { roles: ['senior'], traits: {} }
  const { answer } = await submit({ membershipRequires })
  expect(answer.removed).toEqual([])
  expect(answer.inAws.slice(0, 2)).toEqual(wordsOfTwo.slice(0, 2))
  await settle(runner)
  expect((await ours()).members).toEqual([`all: ${cat}`, `spare: ${bob}`, `team: ${cat}`])
  expect(await world.store.members.list('team')).toHaveLength(3)
})

test('nobody who goes is nothing that changes, and a paused sync is said to be one', async () => {
  expect((await submit({})).answer.inAws).toEqual([])
  const known = await world.store.resources.find('plugin', plugin)
  const { spec } = known?.document as { spec: { settings: { aws_ic: object } } }
  await world.put('plugin', plugin, { settings: { aws_ic: { ...spec.settings.aws_ic, sync: 'paused' } } })
  const input = { remove: [{ kind: 'user' as const, name: ann }], dryRun: true }
  const told = (await submit(input, 'team', systemAuthority)).answer.inAws
  expect(told.at(-1)).toBe(`The sync of ${plugin} is paused: this happens once it is active again.`)
  // What an owner may not know of plugins is not told, but that there is something.
  expect((await submit(input)).answer.inAws).toEqual([...told.slice(0, -1), notInStep])
})

test('of lists that the owner does not see no more is told than that there are some', async () => {
  const known = await world.store.resources.find('access_list', 'all')
  const { spec } = known?.document as { spec: object }
  await world.put('access_list', 'all', { ...spec, owners: [{ name: cat }] })
  const { answer } = await submit({ remove: [{ kind: 'user', name: bob }], dryRun: true })
  expect(answer.inAws).toEqual([
    `${bob} leaves the group of a list that you do not see.`,
    `${bob} leaves the group team.`,
    `${bob} loses what lists that you do not see give.`,
  ])
})

test('why a plan cannot be told is told to those who look after the plugin alone', async () => {
  const error = new GatewayError('AWS_REFUSED', 'AccessDenied for arn:aws:iam::111122223333:role/sync')
  deps = { ...deps, syncs: { of: () => Promise.reject(error), wakeAll: () => undefined } }
  const input = { remove: [{ kind: 'user' as const, name: ann }], dryRun: true }
  expect((await submit(input)).answer.inAws).toEqual([notInStep])
  expect((await submit(input, 'team', systemAuthority)).answer.inAws).toEqual([
    `What changes in ${plugin} cannot be told now: ${error.message}.`,
  ])
})

test('more than the guard lets through is said to wait', async () => {
  const known = await world.store.resources.find('plugin', plugin)
  const { spec } = known?.document as { spec: { settings: { aws_ic: object } } }
  const guard = { removals: { memberships: { count: 1, share: 0.01 } } }
  await world.put('plugin', plugin, { settings: { aws_ic: { ...spec.settings.aws_ic, guard } } })
  const input = { remove: [{ kind: 'user' as const, name: ann }] }
  const dry = await submit({ ...input, dryRun: true }, 'team', systemAuthority)
  expect(dry.answer.inAws.at(-1)).toContain('That is more than the guard')
  const { answer } = await submit(input)
  expect(answer.inAws.at(-1)).toBe(notInStep)
  expect(answer.inAws.join()).not.toContain('guard')
  await settle(runner)
  expect((await ours()).members).toHaveLength(7)
})

test('of a list in code nobody leaves a group by it', async () => {
  const known = await world.store.resources.find('access_list', 'team')
  const { spec } = known?.document as { spec: object }
  await world.put('access_list', 'team', { ...spec, type: 'static' })
  const { answer } = await submit({ remove: [{ kind: 'user', name: ann }] })
  expect(answer.inAws.length).toBeGreaterThan(0)
  await settle(runner)
  expect((await ours()).members).toHaveLength(7)
})

/** Bob is in a list whose role denies Billing in the sandbox, and so is out of the group that gives it. */
async function keepFromBilling(): Promise<void> {
  const pairs = [{ account: demo.sandbox, permission_set: demo.billingArn }]
  await world.put('role', 'no-billing', { deny: { account_assignments: pairs } }, 'v8')
  await world.list('careful', ['no-billing'], [bob])
  await settle(runner)
  expect((await ours()).members).not.toContain(`all: ${bob}`)
}

test('whom a role of the list kept from something is said to gain it, and by what', async () => {
  await keepFromBilling()
  const remove = [{ kind: 'user', name: bob }] as const
  const dry = await submit({ remove: [...remove], dryRun: true }, 'careful')
  expect(dry.answer.inAws).toEqual([
    `${bob} gains ${pair('Billing')} by the list all, which a role that goes with the list kept from them.`,
  ])
  await settle(runner)
  expect((await ours()).members).not.toContain(`all: ${bob}`)
  await submit({ remove: [...remove] }, 'careful')
  await settle(runner)
  expect((await ours()).members).toContain(`all: ${bob}`)
})

test('nobody is said to gain what another list goes on denying, or what they leave with the list', async () => {
  await keepFromBilling()
  await world.list('careful-too', ['no-billing'], [bob])
  const dry = await submit({ remove: [{ kind: 'user', name: bob }], dryRun: true }, 'careful')
  expect(dry.answer.inAws).toEqual([])
  const known = await world.store.resources.find('access_list', 'team')
  const { spec } = known?.document as { spec: object }
  await world.put('access_list', 'team', { ...spec, grants: { roles: [sandboxReadOnly, 'no-billing'] } })
  await world.store.members.delete('careful', 'user', bob, world.timers.now())
  await world.store.members.delete('careful-too', 'user', bob, world.timers.now())
  const leaves = await submit({ remove: [{ kind: 'user', name: bob }], dryRun: true })
  expect(leaves.answer.inAws.join(' ')).not.toContain('gains')
})

test('of a gain by a list that the owner does not see no more is told than that there is one', async () => {
  await keepFromBilling()
  const known = await world.store.resources.find('access_list', 'all')
  const { spec } = known?.document as { spec: object }
  await world.put('access_list', 'all', { ...spec, owners: [{ name: cat }] })
  const { answer } = await submit({ remove: [{ kind: 'user', name: bob }], dryRun: true }, 'careful')
  expect(answer.inAws).toEqual([
    `${bob} gains what lists that you do not see give, which a role that goes with the list kept from them.`,
  ])
})

test('a role held directly, and a lock on a role of the list, give back what they held back', async () => {
  await world.user(ann, [sandboxBilling, 'aws'])
  await keepFromBilling()
  await world.list('careful', ['no-billing'], [ann])
  const own = await submit({ remove: [{ kind: 'user', name: ann }], dryRun: true }, 'careful')
  expect(own.answer.inAws).toEqual([expect.stringContaining(`${ann} gains ${pair('Billing')} by`)])
  await world.list('locked', ['on-watch'], [cat])
  await world.put('role', 'on-watch', {}, 'v8')
  await world.put('lock', 'watch', { target: { role: 'on-watch' } }, 'v2')
  const unlocked = await submit({ remove: [{ kind: 'user', name: cat }], dryRun: true }, 'locked')
  expect(unlocked.answer.inAws).toEqual([
    `${cat} gains ${pair('ReadOnlyAccess')} by the list team, and ${pair('Billing')} by the list all, ` +
      'which a role that goes with the list kept from them.',
  ])
})

test('what a list gives again that gave nothing, since nobody reviewed it, is told before, and is there after', async () => {
  const audit = {
    next_audit_date: new Date(world.timers.now() - 30 * day).toISOString().slice(0, 10),
    recurrence: { frequency: 3 },
    when_overdue: { then: 'remove_grants', after: '0h' },
  }
  await world.put('access_list', 'team', {
    title: 'team',
    owners: [{ name: 'ada@example.com' }],
    grants: { roles: [sandboxReadOnly] },
    audit,
  })
  await settle(runner)
  const ofTeam = async () => (await ours()).assignments.filter((one) => one.includes('team'))
  expect(await ofTeam()).toEqual([])
  const remove = [{ kind: 'user', name: ann }] as const
  for (const removed of [[], [...remove]]) {
    const { answer } = await submit({ remove: removed, dryRun: true })
    expect(answer.inAws).toContain(
      `In AWS ${3 - removed.length} people hold 1 permission set in 1 account again.`,
    )
  }
  await submit({ remove: [...remove] })
  await settle(runner)
  expect(await ofTeam()).toHaveLength(1)
  expect((await ours()).members).toEqual(expect.arrayContaining([`team: ${bob}`, `team: ${cat}`]))
})
