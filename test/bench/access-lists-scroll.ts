/**
 * @module Scrolling a list of 5,000 members in a browser: what one step of the wheel costs the page's main thread, by
 * CDP's `Performance.getMetrics`, down over rows that were read, and back.
 */
import type { CDPSession, Page } from 'playwright-core'
import { freePort } from '../../src/demo/ports.js'
import { launchChromium } from '../support/chromium.js'
import { signInAdmin } from '../support/people.js'
import { openTestGateway } from '../support/test-gateway.js'
import type { BenchLine } from './line.js'

/** Three frames: what takes longer is seen as a jerk. */
const limitMs = 50
const members = 5000
const steps = 60
const stepPixels = 400

export async function bench(): Promise<BenchLine[]> {
  const port = await freePort()
  const origin = `http://localhost:${port}`
  await using gateway = await openTestGateway({
    port,
    env: { GATEHOUSE_PUBLIC_URL: origin },
    resources: [
      {
        kind: 'cluster_auth_preference',
        version: 'v2',
        metadata: { name: 'cluster-auth-preference' },
        spec: { second_factor: 'optional' },
      },
    ],
  })
  const { store } = gateway.gateway
  const now = gateway.clock.now()
  await store.transaction(async (tx) => {
    const metadata = { name: 'everybody' }
    const spec = { title: 'Everybody', owners: [{ name: 'admin' }] }
    const document = { kind: 'access_list', version: 'v1', metadata, spec }
    await tx.resources.create({ kind: 'access_list', name: metadata.name, document, now })
    await tx.members.put(
      Array.from({ length: members }, (_, index) => ({
        list: metadata.name,
        kind: 'user' as const,
        name: `person-${String(index).padStart(5, '0')}@example.com`,
        awsUserId: undefined,
        joinedAt: now,
        expiresAt: undefined,
        addedBy: 'admin',
        reason: 'since the beginning',
      })),
    )
  })
  const admin = await signInAdmin(gateway)
  const [cookie = '', value = ''] = (admin.cookie ?? '').split('=')
  const browser = await launchChromium()
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
    await context.addCookies([{ name: cookie, value, domain: 'localhost', path: '/', secure: true }])
    const page = await context.newPage()
    await page.goto(`${origin}/access-lists/everybody?tab=members`)
    await page.getByRole('row', { name: /person-00000/ }).waitFor()
    const devtools = await context.newCDPSession(page)
    await devtools.send('Performance.enable')
    await page.mouse.move(640, 600)
    await loadRows(page)
    const down = await perStep(page, devtools, stepPixels)
    const up = await perStep(page, devtools, -stepPixels)
    return [line('down_ms_per_step', down), line('up_ms_per_step', up)]
  } finally {
    await browser.close()
  }
}

/** Until so many rows are read that no step meets the end of what is there; then back to the first. */
async function loadRows(page: Page): Promise<void> {
  const wanted = Math.ceil((steps * stepPixels) / 40) + 50
  const shown = page.locator(`[role=row][aria-rowindex="${wanted}"]`)
  const row = (index: number) => page.locator(`[role=row][aria-rowindex="${index}"]`)
  for (let seen = 0; seen < wanted;) {
    await page.keyboard.press('End')
    seen = await page.evaluate<number>(
      `Math.max(...[...document.querySelectorAll('[role=row][aria-rowindex]')].map((one) => one.ariaRowIndex))`,
    )
  }
  await page.keyboard.press('Home')
  await row(2).waitFor()
  await shown.waitFor({ state: 'detached' })
  await page.waitForLoadState('networkidle')
}

/** Each step is painted before the next one: a browser would fold steps that follow at once into one. */
async function perStep(page: Page, devtools: CDPSession, pixels: number): Promise<number> {
  const before = await taskSeconds(devtools)
  for (let step = 0; step < steps; step += 1) {
    const painted = page.evaluate(untilPainted)
    await page.mouse.wheel(0, pixels)
    await painted
  }
  return ((await taskSeconds(devtools)) - before) * (1000 / steps)
}

const untilPainted = `new Promise((resolve) => {
  const inTwoFrames = () => requestAnimationFrame(() => requestAnimationFrame(resolve))
  addEventListener('scroll', inTwoFrames, { once: true })
})`

/** All that the main thread did so far, drawing and layout too. */
async function taskSeconds(devtools: CDPSession): Promise<number> {
  const { metrics } = await devtools.send('Performance.getMetrics')
  const found = metrics.find(({ name }) => name === 'TaskDuration')
  if (found === undefined) throw new Error('the browser tells no TaskDuration')
  return found.value
}

function line(metric: string, value: number): BenchLine {
  const note = 'main thread, with what measures it'
  return {
    bench: 'access-lists-scroll',
    metric,
    value,
    limit: limitMs,
    ratio: value / limitMs,
    n: steps,
    note,
  }
}
