/**
 * What went wrong with requests elsewhere, with the use cases as the routes call them and a sync that really works in
 * front of the emulator. Numbers are those of the issues of TEAM and sso-elevator.
 */
import { CreateAccountAssignmentCommand } from '@aws-sdk/client-sso-admin'
import { afterEach, expect, test } from 'vitest'
import type { CreateAccessRequest } from '../../src/api/contract.js'
import type { Requestable } from '../../src/core/access-request/access-request.js'
import { hour, minute } from '../../src/core/time.js'
import { askForAccess, askToExtend } from '../../src/service/access-requests/ask.js'
import type { AccessRequestDeps } from '../../src/service/access-requests/deps.js'
import { releaseRequest, revokeRequest } from '../../src/service/access-requests/end-request.js'
import { getRequest, showAsked } from '../../src/service/access-requests/get-request.js'
import { reviewRequest } from '../../src/service/access-requests/review-request.js'
import type { Authority } from '../../src/service/authority.js'
import { demo } from '../emulator/aws-world.js'
import { scanned } from '../reconcile/sync-world.js'
import { testKinds } from '../support/kinds.js'
import { callsOf, inAws } from './in-aws.js'
import {
  ann,
  lineOf,
  openRequests,
  productionReadOnly,
  rita,
  rob,
  sandboxBilling,
  type RequestsWorld,
} from './requests-world.js'

let us: RequestsWorld
afterEach(() => us.world[Symbol.asyncDispose]())

const billing = { kind: 'assignment', account: demo.sandbox, permissionSet: demo.billingArn } as const
const readOnly = { kind: 'assignment', account: demo.production, permissionSet: demo.readOnlyArn } as const

const productionBilling: Requestable = {
  kind: 'assignment',
  accountId: demo.production,
  permissionSetArn: demo.billingArn,
}

function deps(): AccessRequestDeps {
  const syncs = { of: () => Promise.resolve(us.runner), wakeAll: () => us.runner.wake() }
  return { ...us.deps, sendsMail: true, kinds: testKinds(), syncs }
}

async function person(name: string): Promise<{ readonly authority: Authority; readonly origin: undefined }> {
  const view = await us.catalog.read()
  const user = view.user(name)
  if (user === undefined) throw new Error(`${name} is nobody`)
  return { authority: { name, kind: 'person', user, roles: view.rolesOf(user).roles }, origin: undefined }
}

async function ask(input: Partial<CreateAccessRequest>, user = ann): Promise<string> {
  const whole = { items: [billing], reason: 'INC-1', duration: '1h', dryRun: false, ...input }
  return (await askForAccess(deps(), whole, await person(user))).request.id
}

async function approve(id: string, by = rita) {
  const { authority, origin } = await person(by)
  const input = { approve: [], deny: [], all: 'approve' as const, reason: '' }
  return await reviewRequest(deps(), { id, by: { authority }, origin }, input)
}

async function end(how: typeof releaseRequest, id: string, user: string) {
  const { authority, origin } = await person(user)
  return await how(deps(), { id, by: { authority }, origin, reason: 'done' })
}

async function seen(id: string, user = ann) {
  return await getRequest(deps(), id, await person(user))
}

const deletions = async (work: () => Promise<unknown>): Promise<number> =>
  (await callsOf(us.world, work))['sso-admin:DeleteAccountAssignment'] ?? 0

test('TEAM #279, #104: the end of one grant leaves what another still needs, and an extension cuts nobody off', async () => {
  us = await openRequests()
  const first = await ask({})
  await approve(first)
  await us.settle()
  await us.world.aws.advance(30 * minute)
  const second = await ask({})
  await approve(second)
  const { request } = await askToExtend(
    deps(),
    { id: second, duration: '1h', reason: '', dryRun: false },
    await person(ann),
  )
  await approve(request.id)
  await us.settle()
  const atFirstEnd = await deletions(async () => {
    await us.world.aws.advance(31 * minute)
    await us.settle()
  })
  expect([atFirstEnd, (await us.request(first)).state, await us.has()]).toEqual([0, 'expired', true])
  const atSecondEnd = await deletions(async () => {
    await us.world.aws.advance(30 * minute)
    await us.settle()
  })
  expect([atSecondEnd, (await us.request(second)).state, await us.has()]).toEqual([0, 'expired', true])
  await us.world.aws.advance(hour)
  await us.settle()
  expect(await us.has()).toBe(false)
})

test('TEAM #111: two approvals at the same moment both give what they approve', async () => {
  us = await openRequests()
  const ids = [await ask({}), await ask({ items: [readOnly] })]
  await Promise.all(ids.map((id) => approve(id)))
  await us.settle()
  expect([await us.has(sandboxBilling), await us.has(productionReadOnly)]).toEqual([true, true])
})

test('TEAM #149: access ends though the process was replaced while it lasted', async () => {
  us = await openRequests()
  const id = await ask({})
  await approve(id)
  await us.settle()
  await us.restart()
  await us.world.aws.advance(hour)
  await us.settle()
  expect([await us.has(), (await us.request(id)).state]).toEqual([false, 'expired'])
})

test('TEAM #195, #255: a revocation takes effect or says why it does not yet, and how long sessions may go on', async () => {
  us = await openRequests()
  const id = await ask({})
  await approve(id)
  await us.settle()
  const { inAws: there } = (await seen(id)).items[0] ?? {}
  expect(there).toMatchObject({ state: 'there' })
  expect((await seen(id)).awsSessionsUntil).toBeDefined()
  await end(revokeRequest, id, rita)
  const asked = await seen(id)
  expect([asked.state, asked.items[0]?.inAws?.state, asked.items[0]?.inAws?.says]).toEqual([
    'revoked',
    'pending',
    'The assignment is about to be removed.',
  ])
  expect(Date.parse(asked.awsSessionsUntil ?? '')).toBeGreaterThan(us.world.timers.now())
  await us.settle()
  expect([(await seen(id)).items[0]?.inAws?.state, await us.has()]).toEqual(['none', false])
})

test('TEAM #320: one request is for several accounts', async () => {
  us = await openRequests()
  const id = await ask({ items: [billing, readOnly] })
  await approve(id)
  await us.settle()
  const { assignments } = await inAws(us.world)
  expect(assignments).toEqual(expect.arrayContaining([lineOf(sandboxBilling), lineOf(productionReadOnly)]))
  expect((await seen(id)).items.map((item) => item.inAws?.state)).toEqual(['there', 'there'])
})

test('TEAM #81: who approves hangs on the permission set, not on the account alone', async () => {
  us = await openRequests()
  const role = (name: string, allow: unknown) => us.world.put('role', name, { allow }, 'v8')
  await role('billing', { account_assignments: [{ account: demo.sandbox, permission_set: demo.billingArn }] })
  await role('reading', {
    account_assignments: [{ account: demo.sandbox, permission_set: demo.readOnlyArn }],
  })
  await role('dev', { request: { search_as_roles: ['billing', 'reading'] } })
  await role('bill-lead', { review_requests: { roles: ['billing'] } })
  await us.world.user(rob, ['bill-lead'])
  const sameAccount = { ...billing, permissionSet: demo.readOnlyArn }
  const id = await ask({ items: [billing, sameAccount] })
  expect((await seen(id, rob)).items.map(({ mayReview }) => mayReview)).toEqual([true, false])
  const { request, effectual } = await approve(id, rob)
  expect([effectual, request.items.map(({ state }) => state)]).toEqual([true, ['approved', 'pending']])
})

/** Mail that was written since the last look, by whom it is for. */
async function toldTo() {
  const { store, timers } = us.world
  const mails = await store.outbox.claim({ now: timers.now(), until: 0, limit: 50 })
  for (const mail of mails) await store.outbox.markSent(mail.id, timers.now())
  return mails.map(({ to, text }) => ({ to, text })).sort((a, b) => (a.to < b.to ? -1 : 1))
}

test('TEAM #276, #187: who was locked approves nothing and hears nothing, and the others see who decided', async () => {
  us = await openRequests()
  await us.world.put('lock', 'rob-left', { target: { user: rob } }, 'v2')
  const id = await ask({})
  expect((await toldTo()).map(({ to }) => to)).toEqual([rita])
  await expect(approve(id, rob)).rejects.toThrow('there is no access request')
  await approve(id, rita)
  const [review] = (await seen(id, rita)).reviews
  expect(review?.author).toBe(rita)
  await expect(approve(id, rita)).rejects.toMatchObject({ code: 'CONFLICT' })
})

test('TEAM #128, #340, #356: that nobody can approve is said before anybody waits', async () => {
  us = await openRequests()
  await us.world.user(rita, [])
  await us.world.user(rob, [])
  const by = await person(ann)
  const input = { items: [billing], reason: '', duration: '1h', dryRun: true }
  const answer = await showAsked(deps(), await askForAccess(deps(), input, by), { ...by, dryRun: true })
  expect(answer.reviewers).toEqual([])
  expect(answer.notes.join(' ')).toContain('Nobody may review it now')
  expect(answer.request.user).toBe(ann)
})

test('sso-elevator #35: who is done gives the access back, and it is gone', async () => {
  us = await openRequests()
  const id = await ask({})
  await approve(id)
  await us.settle()
  await end(releaseRequest, id, ann)
  await us.settle()
  expect([(await us.request(id)).state, await us.has()]).toEqual(['expired', false])
  await expect(end(releaseRequest, id, ann)).rejects.toMatchObject({ code: 'CONFLICT' })
})

test('sso-elevator #47: two people press Approve, and there is one grant with one end', async () => {
  us = await openRequests()
  const id = await ask({})
  const pressed = await Promise.allSettled([approve(id, rita), approve(id, rob)])
  expect(pressed.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  await us.settle()
  expect((await us.request(id)).reviews).toHaveLength(1)
  const removed = await deletions(async () => {
    await us.world.aws.advance(hour)
    await us.settle()
  })
  expect([removed, await us.has()]).toEqual([1, false])
})

test('sso-elevator #138: a reviewer who is not there keeps no request from being made', async () => {
  us = await openRequests()
  const by = await person(ann)
  const input = {
    items: [billing],
    reason: '',
    duration: '1h',
    suggestedReviewers: ['gone@example.com', rob],
    dryRun: false,
  }
  const answer = await showAsked(deps(), await askForAccess(deps(), input, by), { ...by, dryRun: false })
  expect([answer.request.state, answer.reviewers]).toEqual(['pending', [rob, rita]])
})

test('sso-elevator #158, PR 163, PR 170: who may ask for what is said by roles', async () => {
  us = await openRequests()
  await us.world.user('eve@example.com', [])
  await expect(ask({}, 'eve@example.com')).rejects.toMatchObject({ code: 'REQUEST_NOT_ALLOWED' })
})

test('sso-elevator #26: a request that nobody decides ends by itself', async () => {
  us = await openRequests()
  const id = await ask({ pendingFor: '10m' })
  await us.world.aws.advance(10 * minute)
  await us.settle()
  expect((await us.request(id)).state).toBe('expired')
  await expect(approve(id)).rejects.toMatchObject({ code: 'CONFLICT' })
})

test('sso-elevator #3, #108: what somebody assigned by hand is there after the end of a request, of the same person too', async () => {
  us = await openRequests({}, { aws_ic: { drift: 'report' } })
  const id = await ask({})
  await approve(id)
  await us.settle()
  const { world, runner } = us
  const annId = (await inAws(world)).idOf(ann) ?? ''
  for (const principalId of [annId, demo.devId]) {
    await world.aws.clients.ssoAdmin.send(
      new CreateAccountAssignmentCommand({
        ...{ InstanceArn: demo.instanceArn, TargetId: demo.production, TargetType: 'AWS_ACCOUNT' },
        ...{ PermissionSetArn: demo.billingArn, PrincipalType: 'USER', PrincipalId: principalId },
      }),
    )
  }
  await world.aws.advance(minute)
  const byHand = (await inAws(world)).assignments.filter((line) => line !== lineOf(sandboxBilling, ann))
  expect(byHand).toEqual(
    expect.arrayContaining([ann, 'dev@example.com'].map((name) => lineOf(productionBilling, name))),
  )
  // The sync has seen what was made by hand, before the end and after it.
  await scanned(world, runner)
  await us.settle()
  await world.aws.advance(hour)
  await us.settle()
  await scanned(world, runner)
  await us.settle()
  expect((await us.request(id)).state).toBe('expired')
  expect((await inAws(world)).assignments).toEqual(byHand)
})

test('TEAM #263: every reviewer hears that another one has decided, and who; nobody is told of their own decision', async () => {
  us = await openRequests()
  const id = await ask({})
  expect((await toldTo()).map(({ to }) => to)).toEqual([rita, rob])
  await approve(id, rita)
  const told = await toldTo()
  expect(told.map(({ to }) => to)).toEqual([ann, rob])
  expect(told[1]?.text).toContain(rita)
  expect(told[1]?.text).toMatch(/approved/)
})
