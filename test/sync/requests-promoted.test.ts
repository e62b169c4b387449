/** Promoted requests on their way to AWS: a membership takes the place of single assignments, and nobody stands without. */
import { afterEach, describe, expect, test } from 'vitest'
import { day, hour, minute } from '../../src/core/time.js'
import { demo } from '../emulator/aws-world.js'
import { inAws } from './in-aws.js'
import {
  ann,
  lineOf,
  openRequests,
  productionReadOnly,
  rob,
  sandboxBilling,
  type RequestsWorld,
} from './requests-world.js'

let us: RequestsWorld
afterEach(() => us.world[Symbol.asyncDispose]())

const pair = `${demo.sandbox}/${demo.billingArn}`

/** How ann comes to the assignment in AWS now. */
async function ways(): Promise<string[]> {
  const { assignments, members } = await inAws(us.world)
  const single = assignments.includes(lineOf(sandboxBilling)) ? ['single'] : []
  const isMember = members.includes(`billers: ${ann}`) && assignments.includes(`billers ${pair}`)
  return [...single, ...(isMember ? ['group'] : [])]
}

/** Requests that give access singly, of ann, with the list that rob is in. */
async function openPromotable(seen?: (ways: readonly string[]) => void): Promise<string> {
  let watches = false
  us = await openRequests({
    onStep: async () => {
      if (watches) seen?.(await ways())
    },
  })
  await us.world.list('billers', [`assignment/${pair}`], [rob])
  await us.settle()
  const id = await us.ask()
  await us.approve(id)
  await us.settle()
  expect(await ways()).toEqual(['single'])
  watches = seen !== undefined
  return id
}

async function scimDown(): Promise<void> {
  await us.world.fault('scim:*', 'error', null)
}

async function scimUp(): Promise<void> {
  await us.world.aws.control('DELETE', 'faults')
  // What failed for hours is not tried again at once.
  await pass(3 * hour, 6)
}

async function pass(ms: number, parts: number): Promise<void> {
  for (let part = 0; part < parts; part++) {
    await us.world.aws.advance(ms / parts)
    await us.settle()
  }
}

describe('a promotion', () => {
  test('keeps the single assignment until the membership is in AWS, with SCIM down past the end of the request', async () => {
    const seen: (readonly string[])[] = []
    const id = await openPromotable((found) => seen.push(found))
    await scimDown()
    await us.promote(id, 'billers')
    await pass(3 * hour, 6)
    expect(await ways()).toEqual(['single'])
    await us.restart()
    await us.settle()
    expect(await ways()).toEqual(['single'])
    await scimUp()
    expect(await ways()).toEqual(['group'])
    expect(await us.request(id)).toMatchObject({ state: 'promoted', promotedTo: { list: 'billers' } })
    // Before and after each step of the sync she had it; in between by both.
    expect(seen.filter((found) => found.length === 0)).toEqual([])
    expect(seen).toContainEqual(['single', 'group'])
    await us.settle()
    expect(await ways()).toEqual(['group'])
  })

  test('to a list that has no group yet keeps it until the group has the assignment, too', async () => {
    us = await openRequests()
    const id = await us.ask()
    await us.approve(id)
    await us.settle()
    await us.world.list('billers', [`assignment/${pair}`], [])
    await us.world.fault('sso-admin:CreateAccountAssignment', 'error', null)
    await us.promote(id, 'billers')
    await pass(30 * minute, 3)
    expect((await inAws(us.world)).members).toContain(`billers: ${ann}`)
    expect(await ways()).toEqual(['single'])
    await us.world.aws.control('DELETE', 'faults')
    await pass(30 * minute, 3)
    expect(await ways()).toEqual(['group'])
  })

  test('leaves nothing where an owner removes the membership while SCIM is down', async () => {
    const id = await openPromotable()
    await scimDown()
    await us.promote(id, 'billers')
    await pass(20 * minute, 2)
    expect(await ways()).toEqual(['single'])
    await us.world.store.members.delete('billers', 'user', ann, us.world.timers.now())
    await us.settle()
    expect(await ways()).toEqual([])
    await scimUp()
    expect(await ways()).toEqual([])
  })

  test.each([
    ['a lock on the person', async () => await us.world.put('lock', 'l', { target: { user: ann } }, 'v2')],
    [
      'an end of the membership',
      async () => {
        const [row] = (await us.world.store.members.list('billers')).filter(({ name }) => name === ann)
        if (row === undefined) throw new Error('ann is a member')
        await us.world.store.members.put([{ ...row, expiresAt: us.world.timers.now() + minute }])
        await us.world.aws.advance(2 * minute)
      },
    ],
    ['a list that gives it no more', async () => await us.world.list('billers', ['reader'], [rob])],
    [
      'a revocation',
      async (id: string) => {
        await us.end(id, 'revoke')
      },
    ],
  ])('is taken away at once by %s while SCIM is down', async (_, take) => {
    const id = await openPromotable()
    await scimDown()
    await us.promote(id, 'billers')
    await us.settle()
    expect(await ways()).toEqual(['single'])
    await take(id)
    await us.settle()
    expect(await ways()).toEqual([])
  })

  test('is made up for no longer than seven days', async () => {
    const id = await openPromotable()
    await scimDown()
    const { endsAt } = await us.promote(id, 'billers')
    expect(endsAt).toBe(us.world.timers.now() + 7 * day)
    await us.world.aws.advance(7 * day - minute)
    await us.settle()
    expect(await ways()).toEqual(['single'])
    await us.world.aws.advance(minute)
    await us.settle()
    expect(await ways()).toEqual([])
  })

  test('of what another reason gives as well leaves that alone', async () => {
    const id = await openPromotable()
    const other = await us.ask({ durationMs: 8 * hour })
    await us.approve(other)
    const elsewhere = await us.ask({ asked_: [productionReadOnly] })
    await us.approve(elsewhere)
    await us.promote(id, 'billers')
    await us.settle()
    await us.settle()
    expect(await ways()).toEqual(['single', 'group'])
    expect(await us.has(productionReadOnly)).toBe(true)
  })
})
