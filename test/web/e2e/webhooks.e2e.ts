/** A webhook in the page: whether it is heard, a test, a new secret; for who may change it and who may only look. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { expectSoundPage, useBrowser } from '../../support/browser.js'
import { role } from '../../support/people.js'
import { verifies, WebhookReceiver } from '../../support/webhook-receiver.js'
import { openWorld, type BrowserWorld, type Who } from './world.js'

const browser = useBrowser()
let world: BrowserWorld
let receiver: WebhookReceiver
beforeAll(async () => {
  receiver = await WebhookReceiver.open()
  world = await openWorld(['roleReader'], 0, {
    resources: [
      role('role-reader', 'v8', { allow: { rules: [{ resources: ['webhook'], verbs: ['list', 'read'] }] } }),
      { kind: 'webhook', version: 'v1', metadata: { name: 'chat' }, spec: { url: receiver.url } },
    ],
  })
})
afterAll(async () => {
  await world?.[Symbol.asyncDispose]()
  await receiver?.[Symbol.asyncDispose]()
})

async function openAs(who: Who | 'admin'): Promise<Page> {
  const { context, page } = await browser.open({ permissions: ['clipboard-read', 'clipboard-write'] })
  await world.enter(context, who)
  await page.goto(`${world.origin}/resources/webhook/chat`)
  return page
}

describe('the page of a webhook', () => {
  test('gives a secret, sends a test that is signed by it, and says what became of it', async () => {
    const page = await openAs('admin')
    const messages = page.getByRole('region', { name: 'Messages', exact: true })
    await messages.getByText('no secret yet').waitFor()
    await messages.getByText('Nothing was sent yet.', { exact: false }).waitFor()
    await messages.getByRole('button', { name: 'Send a test' }).click()
    await messages.getByText('The test was not taken: the webhook has no secret.').waitFor()
    await messages.getByRole('button', { name: 'Rotate the secret …' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Rotate the secret' }).click()
    const dialog = page.getByRole('dialog', { name: 'Copy the secret now' })
    await expectSoundPage(page)
    await dialog.getByRole('button', { name: 'Copy secret of chat' }).click()
    const secret = await page.evaluate<string>('navigator.clipboard.readText()')
    await dialog.getByRole('button', { name: 'I have copied it' }).click()
    await messages.getByText('nothing sent yet').waitFor()
    await messages.getByRole('button', { name: 'Send a test' }).click()
    await messages.getByText('The test was taken: the receiver answered 204.').waitFor()
    const [ping] = await receiver.until(1)
    expect(ping && verifies(secret, ping, world.gateway.clock.now())).toBe(true)
    await expectSoundPage(page)
  })

  test('lets who may only read it look, and no more', async () => {
    const page = await openAs('roleReader')
    const messages = page.getByRole('region', { name: 'Messages', exact: true })
    for (const name of ['Send a test', 'Rotate the secret …']) {
      expect(await messages.getByRole('button', { name }).isDisabled()).toBe(true)
    }
  })
})
