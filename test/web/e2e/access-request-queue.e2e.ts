/** The queue of a reviewer and the lists: what each row tells, many at once with what became of each, and live numbers. */
import { describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { expectSoundPage } from '../../support/browser.js'
import { openRequestsWorld, pairOf, type RequestsWorld } from './access-requests-world.js'
import { useStage } from './stage.js'
import { onPage } from './world.js'

let requests: RequestsWorld
const { openAs } = useStage(async () => (requests = await openRequestsWorld()))

/** With the patience of the browser, not the second that is usual. */
const poll = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 20_000 })

const menu = (page: Page) => page.getByRole('navigation', { name: 'Main' })
const chips = (page: Page) => page.getByRole('group', { name: 'Which requests' }).getByRole('button')

describe('the menu', () => {
  test('has "To review" for who reviews, with the number that waits, which comes and goes without a reload', async () => {
    const page = await openAs('reviewer', '/requests/all')
    const entry = (of: Page) => menu(of).getByRole('link', { name: /^To review/ })
    await poll(() => entry(page).allTextContents()).toEqual(['To review'])
    const id = await requests.ask('requester', [pairOf(30, 1).item], { reason: 'INC-30' })
    await menu(page).getByRole('link', { name: 'To review 1 waiting' }).waitFor({ timeout: 20_000 })
    await requests.review('second', id, { all: 'approve' })
    await poll(() => entry(page).allTextContents()).toEqual(['To review'])
    for (const who of ['outsider', 'requester', 'reader', 'keeper'] as const) {
      const other = await openAs(who, '/requests')
      await menu(other).getByRole('link', { name: 'My requests' }).waitFor()
      expect(await entry(other).count(), who).toBe(0)
    }
  })
})

describe('the lists', () => {
  test('say how many there are of each state, and go on saying it', async () => {
    const [kept, denied] = [pairOf(31, 2), pairOf(32, 2)]
    await requests.ask('careful', [kept.item], { reason: 'INC-31' })
    const id = await requests.ask('careful', [denied.item], { reason: 'INC-32' })
    const page = await openAs('careful', '/requests')
    await poll(() => chips(page).allTextContents()).toEqual([
      'All 2',
      'Waiting 2',
      'Active now 0',
      'Approved 0',
      'Over 0',
    ])
    await requests.review('reviewer', id, { all: 'deny', reason: 'No' })
    await poll(() => chips(page).allTextContents()).toEqual([
      'All 2',
      'Waiting 1',
      'Active now 0',
      'Approved 0',
      'Over 1',
    ])
    await page.getByRole('textbox', { name: 'Search requests' }).fill(denied.account.id)
    await poll(() => chips(page).first().textContent()).toBe('All 1')
    await expectSoundPage(page)
  })
})

describe('a row of the queue', () => {
  test('tells account, set, who, why, what they have already and what they asked for before', async () => {
    const [before, item] = [pairOf(33, 2), pairOf(34, 2)]
    const first = await requests.ask('twice', [before.item], { reason: 'INC-33' })
    await requests.review('reviewer', first, { all: 'deny', reason: 'Too early' })
    const earlier = await requests.ask('requester', [pairOf(35, 1).item], {
      reason: 'INC-35',
      duration: '1h',
    })
    await requests.review('reviewer', earlier, { all: 'approve' })
    await requests.ask('twice', [item.item], { reason: 'INC-34: the disk is full' })
    await requests.ask('requester', [pairOf(35, 1).item, pairOf(36, 1).item], { reason: 'INC-36' })
    const page = await openAs('second', '/requests/review')
    const row = page.getByRole('group', { name: `tom@example.com: ${item.title}` })
    await row.getByText('“INC-34: the disk is full”').waitFor()
    await row.getByText(item.account.id).waitFor()
    await row.getByText('not this').waitFor()
    const past = row.getByRole('listitem').filter({ hasText: ': denied, asked ' })
    await past.getByRole('link', { name: before.title }).waitFor()
    const two = page.getByRole('group', { name: `ann@example.com: ${pairOf(35, 1).title} and 1 more` })
    await two.getByText(new RegExp(`^${pairOf(35, 1).title} until .* by another request$`)).waitFor()
    await expectSoundPage(page)
    await past.getByRole('link').click()
    await onPage(page, before.title)
  })
})

describe('several at once', () => {
  test('are approved with what became of each; who was faster is told at the one that was theirs', async () => {
    const ids: string[] = []
    for (const at of [40, 41, 42])
      ids.push(await requests.ask('careful', [pairOf(at, 2).item], { reason: `INC-${at}` }))
    const twice = await requests.ask('twice', [pairOf(43, 2).item], { reason: 'INC-43' })
    const page = await openAs('reviewer', `/requests/review`)
    for (const at of [40, 41, 42, 43])
      await page
        .getByRole('group', { name: pairOf(at, 2).title })
        .getByRole('checkbox', { name: /^Choose the request of / })
        .check()
    await page.getByRole('button', { name: 'Approve 4', exact: true }).click()
    await requests.review('second', ids[1] ?? '', { all: 'deny', reason: 'Not this one' })
    await page.getByRole('dialog').getByRole('button', { name: 'Approve 4 requests' }).click()
    const done = page.getByRole('region', { name: 'Just decided' })
    await done.getByText('3 of 4 requests decided, 1 could not be').waitFor()
    const line = (at: number) => done.getByRole('listitem').filter({ hasText: pairOf(at, 2).title })
    for (const at of [40, 42]) await line(at).getByText('gives access now').waitFor()
    await line(41).getByText('not decided').waitFor()
    await line(41).getByText('The request is denied already.').waitFor()
    await line(43).getByText('Your decision is kept; it waits for that of others.').waitFor()
    await expectSoundPage(page)
    await requests.review('second', twice, { all: 'approve' })
    await done.getByRole('button', { name: 'Put away' }).click()
    await done.waitFor({ state: 'detached' })
  })
})
