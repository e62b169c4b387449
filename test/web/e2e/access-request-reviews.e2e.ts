/** Reviews of access requests in the browser: item by item, several at once, by keyboard; ends, extensions, promotion. */
import { describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { expectSoundPage } from '../../support/browser.js'
import { openRequestsWorld, pairOf, type RequestsWorld } from './access-requests-world.js'
import { list } from './access-lists-world.js'
import { useStage } from './stage.js'
import { onPage } from './world.js'

let requests: RequestsWorld
const { openAs } = useStage(async () => (requests = await openRequestsWorld()))

/** With the patience of the browser, not the second that is usual. */
const poll = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 15_000 })

const standing = (page: Page) => page.getByRole('region', { name: 'Where it stands' })
const decision = (page: Page) => page.getByRole('region', { name: 'Your decision' })
const forty = Array.from({ length: 40 }, (_, at) => pairOf(at + 10, (at % 2) + 1))

describe('the review of a request', () => {
  test('approves 38 of 40 for a shorter time and denies the others, which wants a note', async () => {
    const id = await requests.ask(
      'requester',
      forty.map(({ item }) => item),
      { reason: 'INC-40', duration: '8h' },
    )
    const page = await openAs('reviewer', `/requests/${id}`)
    await decision(page).getByRole('button', { name: 'Approve all 40' }).waitFor()
    await expectSoundPage(page)
    for (const one of forty.slice(0, 2))
      await decision(page).getByRole('checkbox', { name: one.title }).uncheck()
    await decision(page)
      .getByRole('checkbox', { name: /^With the approval, deny the other 2/ })
      .check()
    await decision(page).getByRole('combobox', { name: 'For at most' }).selectOption('2 hours')
    await decision(page).getByRole('button', { name: 'Approve 38 of 40' }).click()
    await decision(page).getByText('Say why it is denied.').waitFor()
    await expectSoundPage(page)
    await decision(page).getByRole('textbox', { name: 'Note' }).fill('Not those two')
    await decision(page).getByRole('button', { name: 'Approve 38 of 40' }).click()
    await standing(page).getByText('gives access now').waitFor()
    await standing(page)
      .getByText(/left of 2 hours/)
      .waitFor()
    const items = page.getByRole('list', { name: 'What is asked for' })
    await poll(() => items.getByText('denied', { exact: true }).count()).toBe(2)
    expect(await items.getByText('approved', { exact: true }).count()).toBe(38)
    await page.getByText('rita@example.com approved 38 of 40, denied 2 of 40, for 2 hours').waitFor()
    await expectSoundPage(page)
  })

  test('of what somebody else decided meanwhile is told, and not overwritten', async () => {
    const id = await requests.ask('requester', [forty[0]?.item ?? {}], { reason: 'INC-41' })
    const page = await openAs('second', `/requests/${id}`)
    await decision(page).getByRole('button', { name: 'Deny' }).waitFor()
    await requests.review('reviewer', id, { all: 'approve' })
    await standing(page).getByText('gives access now').waitFor()
    expect(await decision(page).count()).toBe(0)
  })

  test('is not offered to the requester, and a stranger sees nothing of it', async () => {
    const id = await requests.ask('requester', [forty[1]?.item ?? {}], { reason: 'INC-42' })
    const mine = await openAs('requester', `/requests/${id}`)
    await standing(mine).getByRole('button', { name: 'Cancel the request …' }).waitFor()
    expect(await decision(mine).count()).toBe(0)
    const page = await openAs('outsider', `/requests/${id}`)
    await page.getByText('There is no such request for you').waitFor()
    await expectSoundPage(page)
    await page.goto(`${requests.world.origin}/requests/all`)
    await page.getByText('There is no request that you may see').waitFor()
    await expectSoundPage(page)
    await page.goto(`${requests.world.origin}/requests/review`)
    await page.getByText('You decide on no requests').waitFor()
    await expectSoundPage(page)
    const reader = await openAs('reader', `/requests/${id}`)
    await standing(reader).getByText('waits for a decision').waitFor()
    expect(await standing(reader).getByRole('button').count()).toBe(0)
    await standing(mine).getByRole('button', { name: 'Cancel the request …' }).click()
    await mine.getByRole('dialog').getByRole('button', { name: 'Cancel the request', exact: true }).click()
    await standing(mine).getByText('cancelled', { exact: true }).waitFor()
    await standing(reader).getByText('cancelled', { exact: true }).waitFor()
  })

  test('says why no access list can be joined in place of it', async () => {
    const id = await requests.ask('requester', [forty[2]?.item ?? {}], { reason: 'INC-43' })
    const page = await openAs('reviewer', `/requests/${id}`)
    await standing(page).getByRole('button', { name: 'Promote to an access list …' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('No access list gives all that is asked for.').waitFor()
    await expectSoundPage(page)
  })
})

describe('promotion', () => {
  test('makes the requester a member of a list that gives all of it, and says so to both', async () => {
    const { item, set, account } = pairOf(72, 1)
    await requests.apply(
      list('steady', {
        title: 'Steady hands',
        owners: [{ name: requests.people.reviewer.name }],
        grants: { roles: [`${set.name}-on-${account.name}-${account.id}`, 'reader'] },
        audit: { recurrence: { frequency: 3 } },
      }),
    )
    const id = await requests.ask('requester', [item], { reason: 'INC-72' })
    const mine = await openAs('requester', `/requests/${id}`)
    await standing(mine).getByText('waits for a decision').waitFor()
    const page = await openAs('reviewer', `/requests/${id}`)
    await standing(page).getByRole('button', { name: 'Promote to an access list …' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('radio', { name: 'Steady hands' }).check()
    await dialog.getByText(/Beyond it: /).waitFor()
    await expectSoundPage(page)
    await dialog.getByRole('button', { name: 'Add ann@example.com to Steady hands' }).click()
    for (const one of [page, mine]) {
      await standing(one).getByText('now by an access list').waitFor()
      await standing(one).getByRole('link', { name: 'Steady hands' }).waitFor()
    }
  })
})

describe('the queue', () => {
  test('is worked off by keyboard, several at once, a denial with its reason', async () => {
    const titles = ['INC-A', 'INC-B', 'INC-C']
    for (const [at, reason] of titles.entries())
      await requests.ask('careful', [pairOf(60 + at, 2).item], { reason })
    const page = await openAs('second', '/requests/review')
    const rows = page.getByRole('group', { name: /^cora@example.com: / })
    await poll(() => rows.count()).toBe(3)
    const before = await page.getByRole('group', { name: /@example.com: / }).count()
    await rows.first().focus()
    await page.keyboard.press('x')
    await page.keyboard.press('ArrowDown')
    await poll(() => rows.nth(1).evaluate((one) => one.matches(':focus'))).toBe(true)
    await page.keyboard.press('x')
    await page.getByRole('region', { name: 'Chosen requests' }).getByText('2 chosen').waitFor()
    await expectSoundPage(page)
    await page.keyboard.press('d')
    const dialog = page.getByRole('dialog')
    const deny = dialog.getByRole('button', { name: 'Deny 2 requests' })
    expect(await deny.isDisabled()).toBe(true)
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('Ask the owner of the account')
    await expectSoundPage(page)
    await deny.click()
    await dialog.waitFor({ state: 'detached' })
    await poll(() => rows.count()).toBe(1)
    await rows.first().focus()
    await page.keyboard.press('o')
    await onPage(page, pairOf(60, 2).title)
    const waiting = page.getByRole('link', { name: new RegExp(`^To review ?${before - 2} waiting$`) })
    await waiting.first().waitFor()
    const theirs = await openAs('careful', '/requests?state=over')
    await poll(() =>
      theirs.getByRole('list', { name: 'Requests' }).getByText('denied', { exact: true }).count(),
    ).toBe(2)
    await expectSoundPage(theirs)
  })
})

describe('an active request', () => {
  test('is extended by a request of its own, and given back', async () => {
    const id = await requests.ask('requester', [pairOf(70, 1).item], { reason: 'INC-70', duration: '1h' })
    await requests.review('reviewer', id, { all: 'approve' })
    const page = await openAs('requester', `/requests/${id}`)
    await standing(page).getByRole('button', { name: 'Extend …' }).click()
    const dialog = page.getByRole('dialog', { name: 'Extend the access?' })
    await dialog.getByText(/rita@example.com/).waitFor()
    await dialog.getByRole('radio', { name: '2 hours', exact: true }).check()
    await expectSoundPage(page)
    await dialog.getByRole('button', { name: 'Ask for 2 hours more' }).click()
    await standing(page).getByText('It extends an earlier request.').waitFor()
    await page.getByRole('link', { name: 'an earlier request' }).click()
    await standing(page).getByText('gives access now').waitFor()
    await standing(page).getByText('of it was asked for').waitFor()
    await standing(page).getByRole('button', { name: 'Give back …' }).click()
    await page
      .getByRole('dialog')
      .getByText(/AWS sessions that are open now may go on/)
      .waitFor()
    await expectSoundPage(page)
    await page.getByRole('dialog').getByRole('button', { name: 'Give back 1 item' }).click()
    await standing(page).getByText('over', { exact: true }).waitFor()
    await page.getByText('ann@example.com gave it back').waitFor()
  })

  test('is revoked by who may review it, and the requester sees it without a reload', async () => {
    const id = await requests.ask('requester', [pairOf(71, 1).item], { reason: 'INC-71', duration: '1h' })
    await requests.review('reviewer', id, { all: 'approve' })
    const mine = await openAs('requester', '/requests')
    const row = mine
      .getByRole('list', { name: 'Requests' })
      .getByRole('listitem')
      .filter({ hasText: pairOf(71, 1).title })
    await row.getByText('gives access now').waitFor()
    await expectSoundPage(mine)
    const page = await openAs('second', `/requests/${id}`)
    await standing(page).getByRole('button', { name: 'Revoke …' }).click()
    await page.getByRole('dialog').getByRole('textbox', { name: 'Reason' }).fill('The incident is over')
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke 1 item' }).click()
    await standing(page).getByText('revoked', { exact: true }).waitFor()
    await row.getByText('revoked', { exact: true }).waitFor()
  })
})
