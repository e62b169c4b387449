/**
 * @module Takes the pictures of the README: `npx tsx test/web/screenshots.ts` writes docs/images/*.png from a
 * gateway and an emulated access portal that it starts for itself. Not a test; run it when a page has changed.
 */
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { minute } from '../../src/core/time.js'
import { demo, demoRegion } from '../emulator/aws-world.js'
import { launchChromium } from '../support/chromium.js'
import { openRequestsWorld, pairOf } from './e2e/access-requests-world.js'
import { openListsWorld } from './e2e/access-lists-world.js'
import { openIdentityCenterWorld } from './e2e/identity-center-world.js'
import { onPage, openWorld, type BrowserWorld, type Who } from './e2e/world.js'

const patient = { timeout: 60_000 }
const folder = fileURLToPath(new URL('../../docs/images', import.meta.url))

async function openAs(
  browser: Browser,
  world: BrowserWorld,
  who: Who | 'admin',
): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 720 },
    colorScheme: 'light',
    locale: 'en-GB',
    timezoneId: 'UTC',
  })
  await world.enter(context, who)
  return { context, page: await context.newPage() }
}

async function save(page: Page, name: string): Promise<void> {
  await page.evaluate('document.fonts.ready')
  const path = `${folder}/${name}.png`
  await page.screenshot({ path, animations: 'disabled', caret: 'hide' })
  process.stdout.write(`${path}\n`)
}

/** The set-up as far as its first plan, a picture; then the status of what it made. */
async function takeIdentityCenter(browser: Browser): Promise<void> {
  await using world = await openIdentityCenterWorld()
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    colorScheme: 'light',
    locale: 'en-GB',
    timezoneId: 'UTC',
  })
  await world.enter(context, world.admin)
  const page = await context.newPage()
  const press = (name: string | RegExp) => page.getByRole('button', { name }).first().click()
  const go = (name: string) => page.getByRole('link', { name }).click()
  await page.goto(`${world.origin}/integrations/aws-identity-center/set-up/connect`)
  await page.getByRole('combobox', { name: 'Region' }).fill(demoRegion)
  await page.getByLabel('Instance ARN').fill(demo.instanceArn)
  await page.getByRole('radio', { name: /own credentials/ }).check()
  await press('Connect aws-identity-center')
  await go('Next: Preview and import')
  await press('Read what AWS has')
  await page.getByRole('region', { name: 'Preview' }).getByRole('list', { name: 'Preview' }).waitFor(patient)
  await page.getByRole('combobox', { name: 'Add a default owner' }).fill(world.admin.name)
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByRole('button', { name: `Remove default owner ${world.admin.name}` }).waitFor()
  await press(/^Import \d+ groups? as/)
  await page.getByText(/The import is complete/).waitFor(patient)
  await go('Next: Identity source')
  await page.getByLabel('Metadata (XML)').fill(await world.metadata())
  await press(/^Create service provider/)
  await page.getByText(/stands for the AWS access portal/).waitFor()
  await go('Next: SCIM')
  const { endpoint, token } = await world.scim()
  await page.getByRole('textbox', { name: 'SCIM endpoint' }).fill(endpoint)
  await page.getByRole('textbox', { name: 'Access token' }).fill(token)
  await page.getByRole('checkbox', { name: /no host of AWS/ }).check()
  await press('Test and keep the token')
  await page.getByRole('list', { name: 'SCIM tokens' }).waitFor(patient)
  await go('Next: First plan')
  await page.getByRole('list', { name: 'Changes by kind' }).waitFor(patient)
  await save(page, 'identity-center-plan')
  await press(/^(Apply|Switch).* …$/)
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^(Apply|Switch)/ })
    .click()
  await page.getByText('The sync is on.').waitFor(patient)
  await page.goto(`${world.origin}/identity-center`)
  await page.getByText('healthy').waitFor(patient)
  await page.getByRole('heading', { name: 'Calls to AWS' }).waitFor(patient)
  await save(page, 'identity-center-status')
  await context.close()
}

/** A review as its owner finds it. */
async function takeReview(browser: Browser): Promise<void> {
  await using lists = await openListsWorld()
  const context = await browser.newContext({
    viewport: { width: 1280, height: 850 },
    colorScheme: 'light',
    locale: 'en-GB',
    timezoneId: 'UTC',
  })
  await lists.enter(context, 'owner')
  const page = await context.newPage()
  await page.goto(`${lists.world.origin}/access-lists/on-call/review`)
  await page.getByRole('button', { name: /left to decide/ }).waitFor()
  await save(page, 'access-list-review')
  await context.close()
}

/** The picker with a basket, a request that gives access, and the queue of who decides. */
async function takeRequests(browser: Browser): Promise<void> {
  await using requests = await openRequestsWorld()
  const open = async (who: 'requester' | 'reviewer', path: string) => {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 760 },
      colorScheme: 'light',
      locale: 'en-GB',
      timezoneId: 'UTC',
    })
    await requests.enter(context, who)
    const page = await context.newPage()
    await page.goto(requests.world.origin + path)
    return page
  }
  const item = (account: number, set: number) => pairOf(account, set).item
  const granted = await requests.ask('requester', [item(3, 1)], {
    reason: 'INC-3011: the queue is full',
    duration: '2h',
  })
  await requests.review('reviewer', granted, { all: 'approve', reason: 'Take care' })
  const denied = await requests.ask('careful', [item(4, 2)], { reason: 'CHG-88' })
  await requests.review('second', denied, { all: 'deny', reason: 'Ask the owner of the account' })
  await requests.ask('twice', [item(40, 2), item(48, 2), item(56, 2)], {
    reason: 'Rotate the certificates before Thursday',
  })
  await requests.ask('careful', [item(5, 2)], { reason: 'CHG-91: look at the logs' })
  await requests.ask('requester', [item(3, 1)], { reason: 'INC-3011 goes on' })

  const picker = await open('requester', '/request?q=payments')
  await picker
    .getByRole('checkbox', { name: /^ReadOnly/ })
    .first()
    .check()
  await picker
    .getByRole('checkbox', { name: /^PowerUser/ })
    .nth(1)
    .check()
  await picker.getByText('rita@example.com').waitFor()
  await save(picker, 'request-picker')
  const request = await open('requester', `/requests/${granted}`)
  await request.getByRole('list', { name: 'What happened' }).waitFor()
  await save(request, 'request')
  const queue = await open('reviewer', '/requests/review')
  await queue.getByRole('group', { name: /^ann@example.com: / }).waitFor()
  await save(queue, 'request-queue')
}

await mkdir(folder, { recursive: true })
await using world = await openWorld(['dev', 'nolabels', 'v7off', 'mfa', 'gone'], 6 * minute)
const browser = await launchChromium()
try {
  const dev = await openAs(browser, world, 'dev')
  await dev.page.goto(world.portal)
  await onPage(dev.page, /^AWS accounts/)
  await dev.page.goto(world.origin)
  await dev.page.getByRole('article').first().waitFor()
  await save(dev.page, 'resources')

  const nolabels = await openAs(browser, world, 'nolabels')
  await nolabels.page.goto(world.portal)
  await onPage(nolabels.page, /^None of your roles/)
  await save(nolabels.page, 'refusal')

  const admin = await openAs(browser, world, 'admin')
  await admin.page.goto(`${world.origin}/audit`)
  await admin.page
    .getByRole('button', { name: /^Details of saml\.idp\.auth/ })
    .first()
    .click()
  await admin.page.getByRole('region', { name: 'Event as JSON' }).waitFor()
  await admin.page.setViewportSize({ width: 1280, height: 1100 })
  await save(admin.page, 'audit-details')

  await takeIdentityCenter(browser)
  await takeReview(browser)
  await takeRequests(browser)
} finally {
  await browser.close()
}
