import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { expectSoundPage, useBrowser } from '../../support/browser.js'
import { role } from '../../support/people.js'
import { onPage, openWorld, type BrowserWorld, type Who } from './world.js'

const browser = useBrowser()
let world: BrowserWorld
beforeAll(async () => {
  world = await openWorld(['dev', 'roleReader'], 0, {
    resources: [
      role('role-reader', 'v8', {
        allow: { rules: [{ resources: ['cert_authority'], verbs: ['list', 'read'] }] },
      }),
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

const here = (page: Page) =>
  page.getByRole('list', { name: 'Phases of a key rollover' }).locator('[aria-current=step]')
const keys = (page: Page) => page.getByRole('list', { name: 'Signing keys' }).locator('> li')

/** Takes a step after its effect was told in the dialog. */
async function step(page: Page, name: string, effect: RegExp): Promise<void> {
  await page.getByRole('button', { name: `${name} …` }).click()
  const dialog = page.getByRole('dialog', { name: `${name}?` })
  await dialog.getByText(effect).waitFor()
  await expectSoundPage(page)
  await dialog.getByRole('button', { name: name.replace('Cancel: d', 'D') }).click()
  await dialog.waitFor({ state: 'detached' })
}

async function certificates(): Promise<number> {
  const text = await (await fetch(`${world.gateway.url}/saml/idp/metadata`)).text()
  return text.match(/<ds:X509Certificate>/g)?.length ?? 0
}

test('a key is changed in steps, each with its effect first, and the metadata follows', async () => {
  const page = await openAs('admin', '/')
  await page.getByRole('navigation').getByRole('link', { name: 'Signing keys' }).click()
  await onPage(page, 'Signing keys')
  await expect.poll(() => here(page).textContent()).toContain('Steady')
  const first = await page
    .getByText(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/)
    .first()
    .textContent()
  await expectSoundPage(page)

  await step(page, 'Prepare the next key', /publishes its certificate beside the current one/)
  await expect.poll(() => here(page).textContent()).toContain('Prepared')
  expect(await keys(page).count()).toBe(2)
  await page.getByText(/Import certificate/).waitFor()
  const advice = page.getByRole('region', { name: 'What to do now' })
  const ofApplication = advice.getByRole('listitem').getByRole('listitem')
  const file = ofApplication.first().getByRole('link', { name: 'Download next certificate' })
  const next = await file.getAttribute('href')
  expect(decodeURIComponent(next ?? '')).toContain('-----BEGIN CERTIFICATE-----')
  expect(await certificates()).toBe(2)
  await expectSoundPage(page)

  await step(page, 'Cancel: delete the next key', /Deletes the next key/)
  await expect.poll(() => here(page).textContent()).toContain('Steady')
  expect(await certificates()).toBe(1)

  await step(page, 'Prepare the next key', /goes on signing/)
  await step(page, 'Let the next key sign', /refuse every sign-in from then on/)
  await expect.poll(() => here(page).textContent()).toContain('Switched')
  expect(await keys(page).first().textContent()).not.toContain(first)
  await step(page, 'Delete the old key', /cannot be brought back/)
  await expect.poll(() => here(page).textContent()).toContain('Steady')
  expect(await page.getByText(first ?? 'no fingerprint').count()).toBe(0)
})

test('a step that somebody else took already is refused, and the page tells where it stands', async () => {
  const page = await openAs('admin', '/keys?of=audit')
  await expect.poll(() => here(page).textContent()).toContain('Steady')
  await page.getByRole('button', { name: 'Prepare the next key …' }).click()
  const other = await openAs('admin', '/keys?of=audit')
  await step(other, 'Prepare the next key', /Makes the next key/)
  const dialog = page.getByRole('dialog', { name: 'Prepare the next key?' })
  await dialog.getByRole('button', { name: 'Prepare the next key' }).click()
  await dialog.getByRole('alert').waitFor()
  await expectSoundPage(page)
  await dialog.getByRole('button', { name: 'Not now' }).click()
  await expect.poll(() => here(page).textContent()).toContain('Prepared')
})

describe('signing keys', () => {
  test('are read without buttons by a person who may not change them', async () => {
    const page = await openAs('roleReader', '/keys')
    await page.getByText('Your roles let you read the keys, not change them.').waitFor()
    expect(await page.getByRole('button', { name: /…$/ }).count()).toBe(0)
    await expectSoundPage(page)
  })

  test('are refused to a person without the right', async () => {
    const page = await openAs('dev', '/keys')
    await page.getByText('Your roles do not allow this').waitFor()
    expect(await page.getByRole('link', { name: 'Signing keys' }).count()).toBe(0)
    await expectSoundPage(page)
  })
})
