import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { expectSoundPage, useBrowser } from '../../support/browser.js'
import { role } from '../../support/people.js'
import { fillSignIn, onPage, openWorld, type BrowserWorld, type Who } from './world.js'

const browser = useBrowser()
let world: BrowserWorld
beforeAll(async () => {
  world = await openWorld(['dev', 'gone', 'nolabels', 'roleReader'], 0, {
    resources: [
      role('role-reader', 'v8', { allow: { rules: [{ resources: ['lock'], verbs: ['list', 'read'] }] } }),
    ],
  })
})
afterAll(() => world?.[Symbol.asyncDispose]())

async function openAs(who: Who | 'admin', path: string): Promise<Page> {
  const { context, page } = await browser.open()
  await world.enter(context, who)
  await page.goto(world.origin + path)
  return page
}

const dialog = (page: Page) => page.getByRole('dialog', { name: 'New lock' })

describe('a new lock', () => {
  test('tells its effect before the button, ends sessions at once, and lets in again when it is lifted', async () => {
    const dev = world.person('dev').name
    const theirs = await openAs('dev', '/settings')
    await onPage(theirs, 'My settings')

    const page = await openAs('admin', '/locks')
    await page.getByText('Nothing is locked').waitFor()
    await expectSoundPage(page)
    await page.getByRole('button', { name: 'New lock' }).first().click()
    expect(await dialog(page).getByRole('button', { name: 'Lock …' }).isDisabled()).toBe(true)
    await dialog(page).getByRole('combobox', { name: 'User name' }).fill('dev')
    await page.getByRole('option', { name: dev }).click()
    await dialog(page).getByText('12 hours', { exact: true }).click()
    await dialog(page)
      .getByLabel(/^Message/)
      .fill('Laptop lost')
    await dialog(page).getByText('Ends one session of user dev@example.com.').waitFor()
    await dialog(page)
      .getByText(/^Sessions that are open at AWS go on.* up to 90 days/)
      .waitFor()
    await expectSoundPage(page)
    await theirs.reload()
    await onPage(theirs, 'My settings')
    await dialog(page)
      .getByRole('button', { name: `Lock ${dev}` })
      .click()

    const row = page.getByRole('listitem').filter({ hasText: dev })
    await row.getByText('“Laptop lost”').waitFor()
    await row.getByText(/ends in 1[12] hours/).waitFor()
    expect(await row.getByRole('link', { name: dev }).getAttribute('href')).toMatch(
      /^\/resources\/lock\/user-dev-example-com-[0-9a-f]{4}$/,
    )
    await expectSoundPage(page)
    await theirs.reload()
    await onPage(theirs, 'Sign in')
    await fillSignIn(theirs, { name: dev })
    await theirs.getByRole('alert').waitFor()

    await row.getByRole('button', { name: `Lift the lock on ${dev}` }).click()
    const lift = page.getByRole('dialog', { name: `Lift the lock on ${dev}?` })
    await lift.getByText('They can sign in again at once. Ended sessions stay ended.').waitFor()
    await expectSoundPage(page)
    await lift.getByRole('button', { name: 'Lift the lock' }).click()
    await page.getByText('Nothing is locked').waitFor()
    await fillSignIn(theirs, { name: dev })
    await onPage(theirs, 'My settings')
  })

  test('on a role says how many hold it; on a name that nobody has, that it hits nobody yet', async () => {
    const page = await openAs('admin', '/locks?do=lock')
    await dialog(page).getByText('A role', { exact: true }).click()
    await dialog(page).getByRole('combobox', { name: /^Role/ }).fill('no-such-role')
    await dialog(page)
      .getByText(/There is no role "no-such-role"/)
      .waitFor()
    await dialog(page).getByRole('combobox', { name: /^Role/ }).fill('aws-sign-in')
    await page.getByRole('option', { name: 'aws-sign-in Signs in to the AWS access portal' }).click()
    expect(await dialog(page).getByRole('radio', { name: 'Until somebody lifts it' }).isChecked()).toBe(true)
    await dialog(page).getByRole('button', { name: 'Lock aws-sign-in' }).click()
    const row = page.getByRole('listitem').filter({ hasText: 'aws-sign-in' })
    await row.getByText('until somebody lifts it').waitFor()
    await row.getByRole('link', { name: '2 holders' }).waitFor()
    await expectSoundPage(page)
  })

  test('until a time that has passed is refused with the words of the server', async () => {
    const page = await openAs('admin', '/locks?do=lock')
    await dialog(page).getByRole('combobox', { name: 'User name' }).fill('gone@example.com')
    await dialog(page).getByText('Until …', { exact: true }).click()
    await dialog(page)
      .getByLabel(/^Until \(/)
      .fill('2020-01-01T00:00')
    await dialog(page)
      .getByRole('alert')
      .getByText(/lies in the past/)
      .waitFor()
    expect(await dialog(page).getByRole('button', { name: 'Lock gone@example.com' }).isDisabled()).toBe(true)
    await expectSoundPage(page)
  })
})

describe('locks', () => {
  test('are read, not made or lifted, by a person with that right alone', async () => {
    const page = await openAs('roleReader', '/locks')
    await page.getByRole('listitem').filter({ hasText: 'aws-sign-in' }).waitFor()
    expect(await page.getByRole('button', { name: /New lock|Lift/ }).count()).toBe(0)
    await expectSoundPage(page)
  })

  test('are refused to a person without the right', async () => {
    const page = await openAs('nolabels', '/locks')
    await page.getByText('Your roles do not allow this').waitFor()
    expect(await page.getByRole('button', { name: /New lock|Lift/ }).count()).toBe(0)
    expect(await page.getByRole('link', { name: 'Locks' }).count()).toBe(0)
    await expectSoundPage(page)
  })
})
