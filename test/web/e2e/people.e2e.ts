import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { expectNoAxeViolations, expectSoundPage, useBrowser } from '../../support/browser.js'
import { fillSignIn, onPage, openWorld, readSeed, type BrowserWorld } from './world.js'

const browser = useBrowser()
let world: BrowserWorld
beforeAll(async () => {
  world = await openWorld(['mfa', 'dev'])
})
afterAll(() => world?.[Symbol.asyncDispose]())

const firstPassword = 'four small words here'
const secondPassword = 'another set of words'

async function openUsers(): Promise<Page> {
  const { context, page } = await browser.open({ permissions: ['clipboard-read', 'clipboard-write'] })
  await world.enter(context, 'admin')
  await page.goto(world.origin)
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Users' }).click()
  await onPage(page, 'Users')
  return page
}

/** Copies the link with the button beside it, as people do. */
async function copyLink(page: Page): Promise<string> {
  const shown = await page.getByLabel('One-time link').inputValue()
  await page.getByRole('button', { name: 'Copy link' }).click()
  await page.getByRole('button', { name: 'link copied' }).waitFor()
  expect(await page.evaluate<string>('navigator.clipboard.readText()')).toBe(shown)
  return shown
}

async function typePassword(page: Page, password: string): Promise<void> {
  await page.getByLabel('New password', { exact: true }).fill(password)
  await page.getByLabel('New password again', { exact: true }).fill(password)
}

describe('an invitation', () => {
  test('makes a person who signs in with the password and the code they chose', async () => {
    const admin = await openUsers()
    await expectSoundPage(admin)
    await admin.getByRole('button', { name: 'Invite a person' }).click()
    const drawer = admin.getByRole('dialog', { name: 'Invite a person' })
    await drawer.getByLabel('User name').fill('newcomer@example.com')
    await drawer.getByRole('combobox', { name: 'Roles' }).fill('aws-sign-in')
    await admin.getByRole('option', { name: 'aws-sign-in', exact: true }).click()
    await admin.keyboard.press('Escape')
    await drawer.getByLabel(/^Traits/).fill('team: payments')
    await expectNoAxeViolations(admin)
    await drawer.getByRole('button', { name: 'Create user and link' }).click()
    const link = await copyLink(admin)
    await expectSoundPage(admin)
    await drawer.getByRole('button', { name: 'Close' }).last().click()
    await admin.getByRole('row', { name: /newcomer@example\.com.*no password yet/ }).waitFor()

    const { page } = await browser.open()
    await page.goto(link)
    await onPage(page, 'Welcome to Gatehouse')
    expect(new URL(link).pathname).toBe('/invite')
    await expect.poll(() => page.url()).toBe(`${world.origin}/invite`)
    await page.reload()
    await onPage(page, 'Open your link once more')
    await expectSoundPage(page)
    await page.goto(link)
    await onPage(page, 'Welcome to Gatehouse')
    await page.getByText('newcomer@example.com').first().waitFor()
    await page.getByRole('img', { name: /QR code/ }).waitFor()
    await expectSoundPage(page)
    const seed = await readSeed(page)
    const submit = page.getByRole('button', { name: 'Set password and second factor' })
    await typePassword(page, 'newcomer@example.com')
    await page.getByLabel('Code from the app').fill(world.code(seed))
    await submit.click()
    await page.getByRole('alert').waitFor()
    await expectNoAxeViolations(page)
    await typePassword(page, firstPassword)
    await page.getByLabel('Code from the app').fill(world.code(seed))
    await submit.click()
    await page.getByText('Your account is ready. Sign in with your new password.').waitFor()
    await expectSoundPage(page)
    await fillSignIn(page, { name: 'newcomer@example.com' }, firstPassword)
    await onPage(page, 'Enter your code')
    await page.getByLabel('Code').fill(world.code(seed))
    await page.getByRole('button', { name: 'Confirm code' }).click()
    await onPage(page, 'Resources')

    const second = await browser.open()
    await second.page.goto(link)
    await onPage(second.page, 'This link no longer works')
    await second.page.getByText(/ask your administrator for a new link/).waitFor()
    await expectSoundPage(second.page)
    await second.page.getByRole('link', { name: 'Go to sign-in' }).click()
    await onPage(second.page, 'Sign in')
  })

  test('of a name that exists already is refused in the drawer', async () => {
    const admin = await openUsers()
    await admin.getByRole('button', { name: 'Invite a person' }).click()
    const drawer = admin.getByRole('dialog', { name: 'Invite a person' })
    await drawer.getByLabel('User name').fill('dev@example.com')
    await drawer.getByRole('button', { name: 'Create user and link' }).click()
    await drawer
      .getByRole('alert')
      .getByText(/exists/)
      .waitFor()
    expect(await drawer.getByLabel('User name').inputValue()).toBe('dev@example.com')
  })
})

test('a search that finds nobody says so, and is cleared', async () => {
  const admin = await openUsers()
  await admin.getByLabel('Search users').fill('zzzz')
  await admin.getByText('Nobody matches “zzzz”').waitFor()
  expect(await admin.getByRole('table').count()).toBe(0)
  await expectSoundPage(admin)
  await admin.getByRole('button', { name: 'Clear' }).click()
  await admin.getByRole('link', { name: world.person('mfa').name }).waitFor()
})

describe('a reset link', () => {
  test('ends the sessions at once, sets a new password and keeps the second factor', async () => {
    const mfa = world.person('mfa')
    const old = await browser.open()
    await world.enter(old.context, 'mfa')
    await old.page.goto(`${world.origin}/settings`)
    await onPage(old.page, 'My settings')

    const admin = await openUsers()
    await admin.getByLabel('Search users').fill('mfa')
    await admin.getByRole('link', { name: mfa.name }).click()
    await onPage(admin, mfa.name)
    await admin.getByRole('button', { name: 'Reset link …' }).click()
    await admin.getByRole('dialog').getByText(`Signs ${mfa.name} out everywhere now.`).waitFor()
    await expectSoundPage(admin)
    await admin.getByRole('button', { name: 'Create reset link' }).click()
    const link = await copyLink(admin)
    await old.page.reload()
    await onPage(old.page, 'Sign in')

    const { page } = await browser.open()
    await page.goto(link)
    await onPage(page, 'Set a new password')
    await expectSoundPage(page)
    await typePassword(page, secondPassword)
    await page.getByRole('button', { name: 'Set new password' }).click()
    await page.getByText('Your password is changed. Sign in with the new one.').waitFor()

    await fillSignIn(page, mfa)
    await page.getByRole('alert').waitFor()
    await fillSignIn(page, mfa, secondPassword)
    await page.getByLabel('Code').fill(world.code(mfa))
    await page.getByRole('button', { name: 'Confirm code' }).click()
    await onPage(page, 'Resources')
  })
})
