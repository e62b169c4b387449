/** Access requests in the browser: the picker and its basket, the page of a request, the review, two browsers at once. */
import { describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { hour } from '../../../src/core/time.js'
import { expectSoundPage, phone } from '../../support/browser.js'
import { openRequestsWorld, pairOf, type RequestsWorld } from './access-requests-world.js'
import { useStage } from './stage.js'
import { onPage } from './world.js'

let requests: RequestsWorld
const { openAs } = useStage(async () => (requests = await openRequestsWorld()))

/** With the patience of the browser, not the second that is usual. */
const poll = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 15_000 })

const [first, second, third] = [pairOf(3, 1), pairOf(4, 2), pairOf(5, 2)]
const basket = (page: Page) => page.getByRole('complementary', { name: 'Your request' })
const inBasket = (page: Page) => page.getByRole('list', { name: 'What you ask for' }).getByRole('listitem')
const standing = (page: Page) => page.getByRole('region', { name: 'Where it stands' })

async function search(page: Page, text: string, expected: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Search what you may ask for' }).fill(text)
  await page.getByRole('heading', { level: 2, name: expected }).waitFor()
}

describe('the picker', () => {
  test('finds by search, ticks across accounts, asks once, and shows the request', async () => {
    const page = await openAs('requester', '/request')
    await onPage(page, 'Request access')
    await page.getByText('601 permission sets in 300 accounts').waitFor()
    await basket(page)
      .getByText(/^Nothing yet/)
      .waitFor()
    await expectSoundPage(page)
    await search(page, first.account.id, first.account.name)
    expect(new URL(page.url()).searchParams.get('q')).toBe(first.account.id)
    await page.getByRole('checkbox', { name: first.title }).check()
    await search(page, second.account.id, second.account.name)
    await page.getByRole('checkbox', { name: second.title }).check()
    await basket(page).getByText('rita@example.com').waitFor()
    await basket(page).getByRole('radio', { name: '2 hours', exact: true }).check()
    await basket(page).getByRole('textbox', { name: 'Reason' }).fill('INC-7: the queue is full')
    await basket(page).getByText('at most 12 hours').waitFor()
    await expectSoundPage(page)
    await basket(page).getByRole('button', { name: 'Ask for 2 items, 2 hours' }).click()
    await onPage(page, `${first.title} and 1 more`)
    await standing(page).getByText('waits for a decision').waitFor()
    await page.getByText('INC-7: the queue is full').first().waitFor()
    await expectSoundPage(page)
    await page.goto(`${requests.world.origin}/request`)
    await basket(page)
      .getByText(/^Nothing yet/)
      .waitFor()
    await page
      .getByRole('group', { name: 'Asked for last' })
      .getByRole('button', { name: first.title })
      .waitFor()
  })

  test.each([
    ['the name of an account', first.account.name],
    ['an organisational unit', `${first.account.ouPath} ${first.account.name}`],
    ['a tag', `team=${first.account.tags['team'] ?? ''} ${first.account.name}`],
    ['a permission set', `${first.set.name} ${first.account.id}`],
  ])('finds by %s', async (_what, text) => {
    const page = await openAs('requester', '/request')
    await search(page, text, first.account.name)
    await page.getByText(/ in 1 account$/).waitFor()
    await page.getByRole('checkbox', { name: first.title }).waitFor()
  })

  test('a start to come stands in the request, which waits for it once it is approved', async () => {
    const page = await openAs('requester', `/request?q=${pairOf(6, 1).account.id}`)
    await page.getByRole('checkbox', { name: pairOf(6, 1).title }).check()
    await basket(page).getByText('Later', { exact: true }).click()
    const start = new Date(requests.world.gateway.clock.now() + 26 * hour)
    await basket(page).getByLabel('Not before').fill(start.toISOString().slice(0, 16))
    await basket(page)
      .getByRole('button', { name: /^Ask for 1 item/ })
      .click()
    await onPage(page, pairOf(6, 1).title)
    await page.getByText(/, not before /).waitFor()
    const id = new URL(page.url()).pathname.split('/').at(-1) ?? ''
    await requests.review('reviewer', id, { all: 'approve' })
    await standing(page).getByText('approved, begins later').waitFor()
    await standing(page)
      .getByText(/^begins in 1 day/)
      .waitFor()
  })

  test('keeps the basket over a reload, tells what cannot be asked for at its item, and leaves it out', async () => {
    const page = await openAs('requester', `/request?q=${third.account.id}`)
    await page.getByRole('checkbox', { name: third.title }).check()
    await basket(page).getByRole('textbox', { name: 'Reason' }).fill('Kept')
    await page.reload()
    await poll(() => inBasket(page).count()).toBe(1)
    expect(await basket(page).getByRole('textbox', { name: 'Reason' }).inputValue()).toBe('Kept')
    // What was allowed when it was put in is not any more: as if a role had been changed meanwhile.
    await page.evaluate(`(() => {
      const key = 'gatehouse.basket.ann@example.com'
      const basket = JSON.parse(sessionStorage.getItem(key))
      basket.items.push({ input: { kind: 'role', name: 'auditor' }, title: 'auditor', more: 'Role' })
      sessionStorage.setItem(key, JSON.stringify(basket))
    })()`)
    await page.reload()
    await inBasket(page).nth(1).getByRole('alert').waitFor()
    expect(
      await basket(page)
        .getByRole('button', { name: /^Ask for 2 items/ })
        .isDisabled(),
    ).toBe(true)
    await expectSoundPage(page)
    await basket(page).getByRole('button', { name: 'Leave out the 1 item that cannot be asked for' }).click()
    await basket(page)
      .getByRole('button', { name: /^Ask for 1 item/ })
      .click()
    await onPage(page, third.title)
  })

  test('a basket that somebody else wrote is read as text', async () => {
    const page = await openAs('outsider', '/request')
    await onPage(page, 'Request access')
    await page.evaluate(
      `sessionStorage.setItem('gatehouse.basket.otto@example.com', '{"items":[null,{"input":{"kind":"x"}},7],"reason":{}}')`,
    )
    await page.reload()
    await basket(page)
      .getByText(/^Nothing yet/)
      .waitFor()
  })

  test('shows why not, and only what one has', async () => {
    const [own, others] = [pairOf(0, 5), pairOf(3, 5)]
    const page = await openAs('requester', `/request?show=all&q=${others.account.id}`)
    const box = page.getByRole('checkbox', { name: others.title })
    await box.waitFor()
    expect(await box.isDisabled()).toBe(true)
    await page.getByText('no role of yours lets you ask for it').waitFor()
    await search(page, own.account.id, own.account.name)
    await page.getByRole('combobox', { name: 'Show' }).selectOption('Only what I have')
    await page.getByText('1 permission set in 1 account').waitFor()
    await page.getByText('You have it by the role asks').waitFor()
    await expectSoundPage(page)
  })

  test('asks for roles, keeps favourites and templates', async () => {
    const page = await openAs('requester', '/request?of=roles')
    await page.getByRole('checkbox', { name: 'on-call-engineer' }).check()
    await basket(page).getByRole('button', { name: 'Save as template …' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('Night shift')
    await page.getByRole('button', { name: 'Save Night shift' }).click()
    await page
      .getByRole('group', { name: 'Templates' })
      .getByRole('button', { name: /^Night shift/ })
      .waitFor()
    await basket(page).getByRole('button', { name: 'Clear' }).click()
    await page.getByRole('button', { name: /^Night shift/ }).click()
    await poll(() => inBasket(page).count()).toBe(1)
    await page.goto(`${requests.world.origin}/request?q=${first.account.id}`)
    await page.getByRole('button', { name: `Favourite ${first.title}` }).click()
    await page.getByRole('group', { name: 'Favourites' }).getByRole('button', { name: first.title }).click()
    await poll(() => inBasket(page).count()).toBe(2)
    await page.getByRole('button', { name: 'Forget the template Night shift' }).click()
    await page.getByRole('group', { name: 'Templates' }).waitFor({ state: 'detached' })
  })

  test('wants the reason where the role does, and tells what reviewers ask', async () => {
    const page = await openAs('careful', `/request?q=${second.account.id}`)
    await page.getByRole('checkbox', { name: second.title }).check()
    await basket(page).getByText('Which ticket is it for?').waitFor()
    const button = basket(page).getByRole('button', { name: /^Ask for 1 item/ })
    await basket(page).getByText('at most 4 hours').waitFor()
    expect(await button.isDisabled()).toBe(true)
    await basket(page).getByRole('textbox', { name: 'Reason' }).fill('INC-8')
    await poll(() => button.isEnabled()).toBe(true)
  })

  test('on a phone the basket is a sheet from below', async () => {
    const page = await openAs('requester', `/request?q=${first.account.id}`, { viewport: phone })
    await page.getByRole('checkbox', { name: first.title }).check()
    await page.getByRole('button', { name: '1 item: reason and duration …' }).click()
    const sheet = page.getByRole('dialog', { name: 'Your request' })
    await sheet.getByRole('button', { name: /^Ask for 1 item/ }).waitFor()
    await expectSoundPage(page)
  })

  test('tells an outsider what to do', async () => {
    const page = await openAs('outsider', '/request')
    await page.getByRole('heading', { name: 'There is no AWS account that you may ask for' }).waitFor()
    await expectSoundPage(page)
  })
})

describe('two browsers at once', () => {
  test('what the reviewer approves shows at the requester without a reload, and ends by the clock', async () => {
    const id = await requests.ask('requester', [first.item, { kind: 'role', name: 'on-call-engineer' }], {
      reason: 'INC-9',
      duration: '1h',
    })
    const mine = await openAs('requester', `/requests/${id}`)
    await standing(mine).getByText('waits for a decision').waitFor()
    const theirs = await openAs('reviewer', '/requests/review')
    const nav = theirs.getByRole('navigation', { name: 'Main' })
    await nav.getByRole('link', { name: /^To review ?\d+ waiting$/ }).waitFor()
    const row = theirs.getByRole('group', { name: `ann@example.com: ${first.title} and 1 more` }).first()
    await row.waitFor()
    await expectSoundPage(theirs)
    await theirs.goto(`${requests.world.origin}/requests/${id}`)
    await theirs.getByRole('region', { name: 'Your decision' }).waitFor()
    await theirs.getByRole('region', { name: /^Recent requests of ann/ }).waitFor()
    await expectSoundPage(theirs)
    await theirs.getByRole('textbox', { name: 'Note' }).fill('Take care')
    await theirs.getByRole('button', { name: 'Approve all 2' }).click()
    await standing(theirs).getByText('gives access now').waitFor()
    await standing(mine).getByText('gives access now').waitFor()
    await mine.getByText('“Take care”').waitFor()
    await expectSoundPage(mine)
    const audit = mine.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Audit log' })
    expect(await audit.count()).toBe(0)
    await mine.getByRole('button', { name: 'Assume in this session' }).click()
    await audit.waitFor()
    await mine.getByRole('button', { name: 'Drop from this session' }).click()
    await mine.getByRole('button', { name: 'Assume in this session' }).waitFor()
    await audit.waitFor({ state: 'detached' })
    await mine.getByRole('button', { name: 'Assume in this session' }).click()
    await audit.waitFor()
    requests.world.gateway.clock.advance(2 * hour)
    await standing(mine).getByText('over', { exact: true }).waitFor()
    await audit.waitFor({ state: 'detached' })
    await mine.getByRole('button', { name: 'Ask again' }).click()
    await poll(() => inBasket(mine).count()).toBe(2)
  })
})
