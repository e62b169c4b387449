import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { expectSoundPage, useBrowser } from '../../support/browser.js'
import { role } from '../../support/people.js'
import { onPage, openWorld, type BrowserWorld, type Who } from './world.js'

const browser = useBrowser()
const soon = {
  kind: 'token',
  version: 'v1',
  metadata: { name: 'old-script' },
  spec: { roles: ['engineer'], ttl: '48h' },
}
let world: BrowserWorld
beforeAll(async () => {
  world = await openWorld(['dev', 'auditor', 'roleReader'], 0, {
    resources: [
      role('role-reader', 'v8', { allow: { rules: [{ resources: ['token'], verbs: ['list', 'read'] }] } }),
      soon,
    ],
  })
})
afterAll(() => world?.[Symbol.asyncDispose]())

async function openAs(who: Who | 'admin', path: string): Promise<Page> {
  const { context, page } = await browser.open({ permissions: ['clipboard-read', 'clipboard-write'] })
  await world.enter(context, who)
  await page.goto(world.origin + path)
  return page
}

const rowOf = (page: Page, name: string) =>
  page.getByRole('list', { name: 'Tokens' }).locator('> li').filter({ hasText: name })

/** What the gateway answers to a secret. */
async function ask(secret: string): Promise<number> {
  const response = await fetch(`${world.gateway.url}/v1/me`, {
    headers: { authorization: `Bearer ${secret}` },
  })
  if (response.status === 401) return 401
  const session = await fetch(`${world.gateway.url}/v1/roles`, {
    headers: { authorization: `Bearer ${secret}` },
  })
  return session.status
}

/** Copies the secret with the button beside it, and closes the dialog. */
async function takeSecret(page: Page, name: string): Promise<string> {
  const dialog = page.getByRole('dialog', { name: `Secret of ${name}` })
  await dialog.getByText(/it is shown this once/).waitFor()
  await expectSoundPage(page)
  await page.keyboard.press('Escape')
  await dialog.getByRole('button', { name: 'Copy secret' }).click()
  await dialog.getByRole('button', { name: 'secret copied' }).waitFor()
  const secret = await page.evaluate<string>('navigator.clipboard.readText()')
  await dialog.getByRole('button', { name: 'I have copied it' }).click()
  await dialog.waitFor({ state: 'detached' })
  return secret
}

describe('a new token', () => {
  test('shows its secret once, works with it, is rotated and deleted', async () => {
    const page = await openAs('admin', '/')
    await page.getByRole('navigation').getByRole('link', { name: 'Tokens' }).click()
    await onPage(page, 'Tokens')
    await page.getByRole('button', { name: 'New token' }).click()
    const dialog = page.getByRole('dialog', { name: 'New token' })
    await dialog.getByLabel('Name', { exact: true }).fill('deploy')
    await dialog.getByRole('combobox', { name: 'Add a role' }).fill('editor')
    await page.getByRole('option', { name: /^editor / }).click()
    await dialog.getByText('30 days', { exact: true }).click()
    await dialog.getByText('Makes a secret and shows it once.').waitFor()
    await expectSoundPage(page)
    await dialog.getByRole('button', { name: 'Create token deploy' }).click()
    const first = await takeSecret(page, 'deploy')
    expect(first).toMatch(/^ght_/)
    expect(await page.content()).not.toContain(first)
    expect(await ask(first)).toBe(200)
    await rowOf(page, 'deploy').getByText('editor').waitFor()

    await page.reload()
    await rowOf(page, 'deploy')
      .getByText(/last used.*from 127\.0\.0\.1/)
      .waitFor()
    await expectSoundPage(page)
    await page.getByRole('button', { name: 'Rotate token deploy' }).click()
    await page
      .getByRole('dialog', { name: 'Rotate token deploy?' })
      .getByRole('button', { name: 'Rotate deploy' })
      .click()
    const second = await takeSecret(page, 'deploy')
    expect([await ask(first), await ask(second)]).toEqual([401, 200])

    await page.getByRole('button', { name: 'Delete token deploy' }).click()
    await page.getByText('Its secret is worth nothing from now on.').waitFor()
    await expectSoundPage(page)
    await page.getByRole('button', { name: 'Delete deploy' }).click()
    await rowOf(page, 'deploy').waitFor({ state: 'detached' })
    expect(await ask(second)).toBe(401)
  })

  test('of a name that exists is refused before the button works', async () => {
    const page = await openAs('admin', '/tokens')
    await page.getByRole('button', { name: 'New token' }).click()
    const dialog = page.getByRole('dialog', { name: 'New token' })
    await dialog.getByLabel('Name', { exact: true }).fill('old-script')
    await dialog
      .getByRole('alert')
      .getByText(/exists/)
      .waitFor()
    expect(await dialog.getByRole('button', { name: 'Create token old-script' }).isDisabled()).toBe(true)
  })
})

describe('the list of tokens', () => {
  test('warns of what ends soon and of a token without a secret', async () => {
    const page = await openAs('admin', '/tokens')
    await rowOf(page, 'old-script').getByText('expires soon').waitFor()
    await rowOf(page, 'old-script').getByText('no secret yet').waitFor()
    await rowOf(page, 'old-script')
      .getByText(/never used/)
      .waitFor()
  })

  test('has no buttons for a person who may only read', async () => {
    const page = await openAs('roleReader', '/tokens')
    await rowOf(page, 'old-script').waitFor()
    expect(await page.getByRole('button', { name: /New token|Rotate|Delete/ }).count()).toBe(0)
    await expectSoundPage(page)
  })

  test.each(['dev', 'auditor'] as const)('is refused to %s, who lacks the right', async (who) => {
    const page = await openAs(who, '/tokens')
    await page.getByText('Your roles do not allow this').waitFor()
    expect(await page.getByRole('button', { name: 'New token' }).count()).toBe(0)
    await expectSoundPage(page)
  })
})
