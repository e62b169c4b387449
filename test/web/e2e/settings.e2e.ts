import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectNoAxeViolations, expectSoundPage, useBrowser } from '../../support/browser.js'
import { fillSignIn, onPage, openWorld, password, readSeed, type BrowserWorld, type Who } from './world.js'

const browser = useBrowser()
let world: BrowserWorld
beforeAll(async () => {
  world = await openWorld(['dev', 'nofactor', 'gone'])
})
afterAll(() => world?.[Symbol.asyncDispose]())

async function openSettings(who: Who) {
  const opened = await browser.open()
  await world.enter(opened.context, who)
  await opened.page.goto(`${world.origin}/settings`)
  await onPage(opened.page, 'My settings')
  return opened
}

describe('my settings', () => {
  test('a changed password is the one that signs in, here and nowhere else', async () => {
    const other = await openSettings('gone')
    const { page } = await openSettings('gone')
    await page.getByText('gone@example.com').first().waitFor()
    await expectSoundPage(page)
    const section = page.getByRole('region', { name: 'Password' })
    await section.getByRole('button', { name: 'Change password' }).click()
    await section.getByLabel('Present password', { exact: true }).fill('not the present one')
    await section.getByLabel('New password', { exact: true }).fill('a brand new password')
    await section.getByLabel('New password again', { exact: true }).fill('a brand new password')
    await section.getByRole('button', { name: 'Change password' }).click()
    await section.getByRole('alert').getByText(/wrong/).waitFor()
    await expectSoundPage(page)
    await section.getByLabel('Present password', { exact: true }).fill(password)
    await section.getByRole('button', { name: 'Change password' }).click()
    await section.getByText('Your password is changed.').waitFor()

    await other.page.reload()
    await onPage(other.page, 'Sign in')
    await page.getByRole('button', { name: 'Account of gone@example.com' }).click()
    const signOut = page.getByRole('menuitem', { name: 'Sign out' })
    await signOut.waitFor()
    await expectNoAxeViolations(page)
    await signOut.click()
    await page.getByText('You are signed out.').waitFor()
    await fillSignIn(page, world.person('gone'))
    await page.getByRole('alert').waitFor()
    await fillSignIn(page, world.person('gone'), 'a brand new password')
    await onPage(page, 'Resources')
  })

  test('an authenticator app is added with the password and removed with a code', async () => {
    const { page } = await openSettings('nofactor')
    const section = page.getByRole('region', { name: 'Second factors' })
    await section.getByText('You have none: your password alone signs you in.').waitFor()
    await section.getByRole('button', { name: 'Add authenticator app' }).click()
    const adding = page.getByRole('dialog', { name: 'Add authenticator app' })
    await adding.waitFor()
    await expectNoAxeViolations(page)
    await adding.getByLabel('Password', { exact: true }).fill('not the password')
    await adding.getByRole('button', { name: 'Show the code to scan' }).click()
    await adding.getByRole('alert').waitFor()
    await adding.getByLabel('Password', { exact: true }).fill(password)
    await adding.getByRole('button', { name: 'Show the code to scan' }).click()
    const seed = await readSeed(page)
    await adding.getByRole('img', { name: /QR code/ }).waitFor()
    await expectSoundPage(page)
    await adding.getByLabel('Name').fill('Phone')
    await adding.getByLabel('Code from the app').fill(world.code(seed))
    await adding.getByRole('button', { name: 'Add Phone' }).click()
    await section.getByRole('row', { name: /^Phone/ }).waitFor()
    await expectSoundPage(page)

    await section.getByRole('button', { name: 'Remove Phone' }).click()
    const removing = page.getByRole('dialog', { name: 'Remove Phone' })
    await removing.getByText(/your only second factor/).waitFor()
    await expectNoAxeViolations(page)
    await removing.getByLabel('Code').fill(world.code(seed))
    await removing.getByRole('button', { name: 'Remove Phone' }).click()
    await section.getByText('You have none: your password alone signs you in.').waitFor()
  })

  test('another session is ended from here and is signed out at once', async () => {
    const other = await openSettings('dev')
    const { page } = await openSettings('dev')
    const section = page.getByRole('region', { name: 'Sessions' })
    await section.getByText('This session').waitFor()
    await section.getByRole('button', { name: /^End session from / }).click()
    await section.getByRole('button', { name: /^End session from / }).waitFor({ state: 'detached' })
    expect(await section.getByRole('listitem').count()).toBe(1)
    await other.page
      .getByRole('navigation', { name: 'Main' })
      .getByRole('link', { name: 'Resources' })
      .click()
    await onPage(other.page, 'Sign in')
    await page.reload()
    await onPage(page, 'My settings')
  })

  test('the colours that a person chooses stay', async () => {
    const { page } = await openSettings('dev')
    const scheme = () => page.evaluate<string>('getComputedStyle(document.documentElement).colorScheme')
    expect(await scheme()).toBe('light')
    await page.getByRole('region', { name: 'Colours' }).getByText('Dark').click()
    await expect.poll(scheme).toBe('dark')
    await page.reload()
    await onPage(page, 'My settings')
    expect(await scheme()).toBe('dark')
  })
})
