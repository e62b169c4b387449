/** Decisions in two browsers at once: who is faster, who may, two of them, later and shorter, by a rule; nobody reloads. */
import { describe, expect, test } from 'vitest'
import type { Page, Route } from 'playwright-core'
import { hour, minute } from '../../../src/core/time.js'
import { expectSoundPage } from '../../support/browser.js'
import { openRequestsWorld, pairOf, type RequestsWorld } from './access-requests-world.js'
import { useStage } from './stage.js'
import { onPage } from './world.js'

let requests: RequestsWorld
const { openAs } = useStage(async () => (requests = await openRequestsWorld()), {
  timezoneId: 'UTC',
})

const standing = (page: Page) => page.getByRole('region', { name: 'Where it stands' })
const decision = (page: Page) => page.getByRole('region', { name: 'Your decision' })
const deny = (page: Page) => page.getByRole('button', { name: /^Deny/ })
const revoke = (page: Page) => page.getByRole('button', { name: /^Revoke/ })
const now = () => requests.world.gateway.clock.now()
/** As a field for day and time takes it. */
const local = (instant: number) => new Date(instant).toISOString().slice(0, 16)

/** The page reads the request no more until it is told to: as if its reading took long. */
async function holdNextRead(page: Page, id: string): Promise<{ readonly isHeld: () => boolean }> {
  let held: Route | undefined
  await page.route(`**/v1/access-requests/${id}`, async (route) => {
    if (held === undefined && route.request().method() === 'GET') held = route
    else await route.continue()
  })
  return { isHeld: () => held !== undefined }
}

describe('two who decide', () => {
  test('at once: who was slower is told by whom, and nothing of it counts', async () => {
    const id = await requests.ask('requester', [pairOf(20, 1).item], { reason: 'INC-20' })
    const page = await openAs('second', `/requests/${id}`)
    await decision(page).getByRole('textbox', { name: 'Note' }).fill('Not on a Friday')
    const read = await holdNextRead(page, id)
    await expect.poll(read.isHeld, { timeout: 15_000 }).toBe(true)
    await requests.review('reviewer', id, { all: 'approve', reason: 'Go on' })
    await deny(page).click()
    const told = page.getByRole('alert').filter({ hasText: 'rita@example.com was faster' })
    await told.getByText(/Your decision was not taken.*leaves nothing for you to decide/).waitFor()
    await standing(page).getByText('gives access now').waitFor()
    await standing(page).getByText('Approved by rita@example.com (Go on)').waitFor()
    await expectSoundPage(page)
    await told.getByRole('button', { name: 'Put away' }).click()
    await told.waitFor({ state: 'detached' })
    await page.unrouteAll({ behavior: 'ignoreErrors' })
  })

  test('where two are needed: the first approval is kept, the second gives access, each seen by all', async () => {
    const id = await requests.ask('twice', [pairOf(21, 2).item], { reason: 'INC-21' })
    const mine = await openAs('twice', `/requests/${id}`)
    await mine.getByText('0 of 2 approvals').waitFor()
    const first = await openAs('reviewer', `/requests/${id}`)
    const other = await openAs('second', `/requests/${id}`)
    await decision(first).getByRole('button', { name: 'Approve' }).click()
    for (const page of [first, other, mine]) await page.getByText('1 of 2 approvals').waitFor()
    await standing(first).getByText('waits for a decision').waitFor()
    await decision(first).waitFor({ state: 'detached' })
    await expectSoundPage(first)
    await decision(other).getByRole('button', { name: 'Approve' }).click()
    for (const page of [first, other, mine]) await standing(page).getByText('gives access now').waitFor()
    await mine.getByText('rita@example.com approved it').waitFor()
    await mine.getByText('rolf@example.com approved it').waitFor()
  })
})

describe('deny and revoke', () => {
  test('are never offered at once, and only to who can', async () => {
    const id = await requests.ask('requester', [pairOf(22, 1).item], { reason: 'INC-22' })
    const [page, keeper, mine, reader] = await Promise.all(
      (['reviewer', 'keeper', 'requester', 'reader'] as const).map((who) => openAs(who, `/requests/${id}`)),
    )
    if (!page || !keeper || !mine || !reader) throw new Error('four pages were opened')
    const offers = async (one: Page) => [await deny(one).count(), await revoke(one).count()]
    for (const one of [page, keeper, mine, reader])
      await standing(one).getByText('waits for a decision').waitFor()
    expect(await Promise.all([page, keeper, mine, reader].map(offers))).toEqual([
      [1, 0],
      [0, 1],
      [0, 0],
      [0, 0],
    ])
    await decision(page).getByRole('button', { name: 'Approve' }).click()
    for (const one of [page, keeper, mine, reader])
      await standing(one).getByText('gives access now').waitFor()
    expect(await Promise.all([page, keeper, mine, reader].map(offers))).toEqual([
      [0, 1],
      [0, 1],
      [0, 0],
      [0, 0],
    ])
    await revoke(keeper).click()
    await keeper.getByRole('dialog').getByRole('button', { name: 'Revoke 1 item' }).click()
    for (const one of [page, keeper, mine, reader])
      await standing(one).getByText('revoked', { exact: true }).waitFor()
    expect(await Promise.all([page, keeper, mine, reader].map(offers))).toEqual(Array(4).fill([0, 0]))
  })
})

describe('a rule', () => {
  test('that decided is named in words, with a link for who may read it', async () => {
    await requests.apply({
      kind: 'access_review_rule',
      version: 'v1',
      metadata: { name: 'night-reads' },
      spec: {
        decision: 'approve',
        items: { accounts: [pairOf(25, 2).account.id], permission_sets: ['*'] },
        reason: 'On call',
      },
    })
    const page = await openAs('requester', `/request?q=${pairOf(25, 2).account.id}`)
    await page.getByRole('checkbox', { name: pairOf(25, 2).title }).check()
    await page.getByRole('button', { name: /^Ask for 1 item/ }).click()
    await onPage(page, pairOf(25, 2).title)
    await standing(page).getByText('Approved by the rule night-reads (On call)').waitFor()
    await standing(page).getByText('gives access now').waitFor()
    await page.getByText('The rule night-reads approved it').waitFor()
    await page.getByText('The request is approved by the rule night-reads: On call').waitFor()
    expect(await page.getByRole('link', { name: 'night-reads' }).count()).toBe(0)
    expect(await page.getByText('rule/').count()).toBe(0)
    await expectSoundPage(page)
    const reader = await openAs('reader', new URL(page.url()).pathname)
    await standing(reader).getByRole('link', { name: 'night-reads' }).click()
    await onPage(reader, 'night-reads')
  })
})

// Last: they move the clock by hours, and sessions end by it.
describe('times', () => {
  test('a start that the reviewer moves later and an end that comes sooner show at the requester, who waits', async () => {
    const id = await requests.ask('requester', [pairOf(23, 1).item], { reason: 'INC-23', duration: '8h' })
    const mine = await openAs('requester', `/requests/${id}`)
    const page = await openAs('reviewer', `/requests/${id}`)
    const start = Math.ceil(now() / hour) * hour + hour
    await decision(page).getByLabel('Not before').fill(local(start))
    await decision(page).getByRole('combobox', { name: 'For at most' }).selectOption('30 minutes')
    await decision(page).getByRole('button', { name: 'Approve' }).click()
    for (const one of [page, mine]) {
      await standing(one).getByText('approved, begins later').waitFor()
      await standing(one)
        .getByText(/for 30 minutes/)
        .waitFor()
    }
    await mine.getByText(/^rita@example.com approved it, for 30 minutes, not before /).waitFor()
    expect(await standing(mine).getByRole('button').allTextContents()).toEqual([
      'Ask again',
      'Cancel the request …',
    ])
    await expectSoundPage(mine)
    requests.world.gateway.clock.set(start)
    await standing(mine).getByText('gives access now').waitFor()
    requests.world.gateway.clock.set(start + 30 * minute)
    await standing(mine).getByText('over', { exact: true }).waitFor()
  })

  test('an extension is approved like a request and goes on from the end, the countdown of the first running', async () => {
    const { item, title } = pairOf(24, 1)
    const id = await requests.ask('requester', [item], { reason: 'INC-24', duration: '1h' })
    await requests.review('reviewer', id, { all: 'approve' })
    const mine = await openAs('requester', `/requests/${id}`)
    await standing(mine)
      .getByText(/^\d+ (min|h).* left of 1 hour$/)
      .waitFor()
    await standing(mine).getByRole('button', { name: 'Extend …' }).click()
    await mine.getByRole('radio', { name: '1 hour', exact: true }).check()
    await mine.getByRole('button', { name: 'Ask for 1 hour more' }).click()
    await standing(mine).getByText('It extends an earlier request.').waitFor()
    await standing(mine).getByText('waits for a decision').waitFor()
    const page = await openAs('second', '/requests/review')
    const row = page.getByRole('group', { name: `ann@example.com: ${title}` })
    await row.getByText(/^it, until .* by another request$/).waitFor()
    await row.getByRole('button', { name: 'Approve' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Approve the request' }).click()
    await standing(mine).getByText('gives access now').waitFor()
    await standing(mine)
      .getByText(/ left, extended by 1 hour$/)
      .waitFor()
    requests.world.gateway.clock.advance(hour)
    await mine.getByRole('link', { name: 'an earlier request' }).click()
    await standing(mine).getByText('over', { exact: true }).waitFor()
    await mine.getByRole('link', { name: 'extension' }).click()
    await standing(mine).getByText('gives access now').waitFor()
    requests.world.gateway.clock.advance(hour)
    await standing(mine).getByText('over', { exact: true }).waitFor()
  })
})
