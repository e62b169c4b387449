/**
 * @module Takes the pictures of the README: `npx tsx test/web/screenshots.ts` writes docs/images/*.png from a
 * gateway and an emulated access portal that it starts for itself. Not a test; run it when a page has changed.
 */
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { minute } from '../../src/core/time.js'
import { launchChromium } from '../support/chromium.js'
import { onPage, openWorld, type BrowserWorld, type Who } from './e2e/world.js'

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
} finally {
  await browser.close()
}
