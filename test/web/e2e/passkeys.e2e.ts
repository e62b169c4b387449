import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { tokenOf } from '../../support/people.js'
import { expectNoAxeViolations, expectSoundPage, useBrowser } from '../../support/browser.js'
import { plugIn, setPresence } from './virtual-authenticator.js'
import { fillSignIn, onPage, openWorld, password, type BrowserWorld } from './world.js'

const browser = useBrowser()
let world: BrowserWorld
beforeAll(async () => {
  world = await openWorld(['dev', 'mfa', 'nofactor'])
})
afterAll(() => world?.[Symbol.asyncDispose]())

async function openSettings(page: Page) {
  await page.goto(`${world.origin}/settings`)
  await onPage(page, 'My settings')
  return page.getByRole('region', { name: 'Second factors' })
}

async function addPasskey(
  page: Page,
  name: string,
  prove: (dialog: ReturnType<Page['getByRole']>) => Promise<void>,
) {
  const section = await openSettings(page)
  await section.getByRole('button', { name: 'Add passkey' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add passkey' })
  await dialog.waitFor()
  await dialog.getByLabel('Name').fill(name)
  await prove(dialog)
  await dialog.getByRole('button', { name: 'Make the passkey', exact: true }).click()
  await section.getByRole('row', { name: new RegExp(`^${name}`) }).waitFor()
  return section
}

async function signOut(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: `Account of ${name}` }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByText('You are signed out.').waitFor()
}

/** Keeps the first request to an address back until it is released. */
async function holdFirst(page: Page, address: string) {
  let letGo = (): void => undefined
  const held = new Promise<void>((resolve) => (letGo = resolve))
  let isFirst = true
  await page.route(address, async (route) => {
    const waits = isFirst
    isFirst = false
    if (waits) await held
    await route.continue()
  })
  return {
    release: async () => {
      letGo()
      await page.unrouteAll({ behavior: 'wait' })
    },
  }
}

describe('a passkey', () => {
  test('is added, signs in after the password and alone, is renamed and removed', async () => {
    const { context, page } = await browser.open()
    await world.enter(context, 'dev')
    const authenticator = await plugIn(page)
    const dev = world.person('dev')
    const section = await openSettings(page)
    await section.getByRole('button', { name: 'Add passkey' }).click()
    const dialog = page.getByRole('dialog', { name: 'Add passkey' })
    await dialog.getByLabel('Password', { exact: true }).waitFor()
    await expectSoundPage(page)
    await dialog.getByLabel('Password', { exact: true }).fill('not the password')
    await dialog.getByRole('button', { name: 'Make the passkey' }).click()
    await dialog.getByRole('alert').waitFor()
    await dialog.getByLabel('Name').fill('Laptop')
    await dialog.getByLabel('Password', { exact: true }).fill(password)
    await dialog.getByRole('button', { name: 'Make the passkey' }).click()
    await section.getByRole('row', { name: /^Laptop/ }).waitFor()
    await expectSoundPage(page)

    await setPresence(authenticator, false)
    await signOut(page, dev.name)
    await page.getByRole('button', { name: 'Sign in with a passkey' }).waitFor()
    await expectSoundPage(page)
    await fillSignIn(page, dev)
    await onPage(page, 'Confirm it is you')
    await expectSoundPage(page)
    await page.reload()
    await onPage(page, 'Confirm it is you')
    await setPresence(authenticator, true)
    await page.getByRole('button', { name: 'Confirm with a passkey' }).click()
    await onPage(page, 'Resources')

    await setPresence(authenticator, false)
    // The offer in the field for the user name would take the passkey by itself: it is late, and the button comes first.
    const offer = await holdFirst(page, '**/v1/sign-in/passkey/start')
    await signOut(page, dev.name)
    await setPresence(authenticator, true)
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await onPage(page, 'Resources')
    await offer.release()

    await openSettings(page)
    await section.getByRole('button', { name: 'Rename Laptop' }).click()
    const renaming = page.getByRole('dialog', { name: 'Rename Laptop' })
    await renaming.getByLabel('Name').fill('Ring')
    await expectNoAxeViolations(page)
    await renaming.getByRole('button', { name: 'Rename to Ring' }).click()
    await section.getByRole('button', { name: 'Remove Ring' }).click()
    const removing = page.getByRole('dialog', { name: 'Remove Ring' })
    await removing.getByText(/your only second factor/).waitFor()
    await expectSoundPage(page)
    await removing.getByRole('button', { name: 'Remove Ring with a passkey' }).click()
    await section.getByText('You have none: your password alone signs you in.').waitFor()
  })

  test('confirms a sign-in to AWS where a role asks for it, and the request is not lost', async () => {
    const { page } = await browser.open()
    const authenticator = await plugIn(page)
    const mfa = world.person('mfa')
    await page.goto(world.portal)
    await fillSignIn(page, mfa)
    await page.getByLabel('Code').fill(world.code(mfa))
    await page.getByRole('button', { name: 'Confirm code' }).click()
    await onPage(page, 'Confirm your sign-in to aws-identity-center')
    await addPasskey(page, 'Key', async (dialog) => {
      await dialog.getByLabel('Code from a factor you have').fill(world.code(mfa))
    })
    await setPresence(authenticator, false)

    await page.goto(world.portal)
    await onPage(page, 'Confirm your sign-in to aws-identity-center')
    const withPasskey = page.getByRole('button', { name: 'Continue to aws-identity-center with a passkey' })
    await withPasskey.waitFor()
    await page.getByLabel('Code').waitFor()
    await expectSoundPage(page)
    await setPresence(authenticator, true)
    await withPasskey.click()
    await onPage(page, /^AWS accounts/)
    expect(new URL(page.url()).origin).toBe(new URL(world.portal).origin)
  })

  test('that is lost is replaced by a recovery code and the password', async () => {
    const { context, page } = await browser.open()
    await world.enter(context, 'dev')
    const authenticator = await plugIn(page)
    const dev = world.person('dev')
    await addPasskey(page, 'Lost key', async (dialog) => {
      await dialog.getByLabel('Password', { exact: true }).fill(password)
    })
    const codes = page.getByRole('region', { name: 'Recovery codes' })
    await codes.getByText('You have none.').waitFor()
    await codes.getByRole('button', { name: 'Make recovery codes' }).click()
    const making = page.getByRole('dialog')
    await making.getByRole('button', { name: 'Make recovery codes with a passkey' }).click()
    await page.getByRole('dialog', { name: 'Keep these codes' }).waitFor()
    await expectSoundPage(page)
    const text = await making.getByRole('region', { name: 'list of codes' }).innerText()
    const [code = ''] = text.trim().split('\n')
    await making.getByRole('button', { name: 'I have kept them' }).click()
    await codes.getByText('10 are left.').waitFor()

    await setPresence(authenticator, false)
    await signOut(page, dev.name)
    await fillSignIn(page, dev)
    await page.getByRole('button', { name: 'I have lost it: use a recovery code' }).click()
    await page.getByLabel('Recovery code').fill('aaaa-bbbb-cccc-dddd')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').getByText('wrong or was used before').waitFor()
    await expectSoundPage(page)
    await page.getByLabel('Recovery code').fill(code)
    await page.keyboard.press('Enter')
    await onPage(page, 'My settings')
    await page.getByText('You signed in with a recovery code.').waitFor()
    await codes.getByText('9 are left.').waitFor()
    await expectSoundPage(page)
    await authenticator.cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: authenticator.id })
    await plugIn(page)
    const section = await addPasskey(page, 'New key', async (dialog) => {
      await dialog.getByLabel('Password', { exact: true }).fill(password)
    })
    await section.getByRole('button', { name: 'Remove Lost key' }).click()
    await page.getByRole('button', { name: 'Remove Lost key with a passkey' }).click()
    await section.getByRole('row', { name: /^Lost key/ }).waitFor({ state: 'detached' })
  })

  test('is made with an invitation, by keyboard alone', async () => {
    const { page } = await browser.open()
    await plugIn(page)
    const { context: ofAdmin, page: admin } = await browser.open()
    await world.enter(ofAdmin, 'admin')
    await admin.goto(`${world.origin}/users`)
    const url = await invite(admin)
    await page.goto(url)
    await page.getByRole('radio', { name: /^Passkey/ }).waitFor()
    await expectSoundPage(page)
    await page.getByLabel('New password', { exact: true }).fill(password)
    await page.getByLabel('New password again', { exact: true }).fill(password)
    await page.getByRole('radio', { name: /^Authenticator app/ }).focus()
    await page.keyboard.press('ArrowDown')
    await page.getByText('Your device asks to make a passkey').waitFor()
    await expectSoundPage(page)
    await page.getByRole('button', { name: 'Set password and second factor' }).press('Enter')
    await page.getByText('Your account is ready.').waitFor()
  })
})

/** Invites through the page's own session; answers the link. */
async function invite(page: Page): Promise<string> {
  const answer = await page.evaluate<string>(`(async () => {
    const session = await (await fetch('/v1/session')).json()
    const invited = await fetch('/v1/users', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-gatehouse-csrf': session.csrfToken },
      body: JSON.stringify({ name: 'new@example.com', roles: ['aws-sign-in'] }),
    })
    return (await invited.json()).url
  })()`)
  expect(tokenOf(answer)).not.toBe('')
  return answer
}
