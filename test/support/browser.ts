/**
 * @module Real browsers for tests: one Chromium a test file, one context a person. Whatever goes wrong inside the
 * page fails the test that caused it: script errors, refused content (CSP), requests to another machine.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest'
import { launchChromium } from './chromium.js'
import { isLoopback } from './network-guard.js'

const desktop = { width: 1280, height: 800 }
export const phone = { width: 390, height: 844 }

export interface BrowserStage {
  /** A fresh browser profile with one page; it is closed at the end of the test. */
  open(options?: BrowserContextOptions): Promise<{ context: BrowserContext; page: Page }>
  /** What went wrong inside the pages of this test so far; whatever is left at its end fails it. */
  readonly faults: readonly string[]
  takeFaults(): string[]
}

/** Starts a browser for this test file; call it at the top of the file. */
export function useBrowser(): BrowserStage {
  // Some stories take many steps, and the first run unpacks the browser.
  vi.setConfig({ testTimeout: 90_000, hookTimeout: 120_000 })
  let browser: Browser | undefined
  const contexts: BrowserContext[] = []
  const faults: string[] = []
  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()))
    expect(faults.splice(0), 'what went wrong inside the pages').toEqual([])
  })
  afterAll(async () => {
    await browser?.close()
  })
  return {
    faults,
    takeFaults: () => faults.splice(0),
    open: async (options = {}) => {
      if (browser === undefined) throw new Error('open pages inside tests: the browser starts before them')
      const context = await browser.newContext({
        viewport: desktop,
        colorScheme: 'light',
        locale: 'en-GB',
        ...options,
      })
      context.setDefaultTimeout(15_000)
      contexts.push(context)
      watch(context, faults)
      return { context, page: await context.newPage() }
    },
  }
}

function watch(context: BrowserContext, faults: string[]): void {
  context.on('console', (message) => {
    if (message.type() !== 'error') return
    const { url } = message.location()
    if (!isRefusalByDesign(message.text(), url)) faults.push(`console at ${url}: ${message.text()}`)
  })
  context.on('weberror', (error) =>
    faults.push(`script error: ${error.error().stack ?? error.error().message}`),
  )
  context.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url())
    if (protocol.startsWith('http') && !isLoopback(hostname)) faults.push(`request to ${request.url()}`)
  })
}

/** The two styles of the document by which Chromium's own XML parser says that a text is malformed. */
const parserErrorStyles = [
  'sha256-ICa0DhwZQJsOd/Rn0N8H6FdQ71GfNL+op2zhAQ+Y4mM=',
  'sha256-ZD0chCyBaNHl+4UwQHJIHGoYhKwMeyCXGgJTKW5/67E=',
]

/** Chromium tells every answer from 400 on as an error; to people, "wrong password" is a page as it should be. */
function isRefusalByDesign(text: string, url: string): boolean {
  if (parserErrorStyles.some((hash) => text.includes(`a hash ('${hash}')`))) return true
  return /^Failed to load resource: .* status of 4\d\d /.test(text) && !/^[^?#]*\/assets\//.test(url)
}

/**
 * Pastes into what has the focus, as people bring in more than a line. What is typed over several lines of an editor,
 * Chromium gives the inline style of the old text, which nobody needs and the policy of our pages refuses with a message.
 */
export async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate(`(() => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', ${JSON.stringify(text)})
    const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true })
    document.activeElement.dispatchEvent(event)
  })()`)
}

/** Waits until nothing moves, so that no colour is measured half-way. */
export async function settle(page: Page): Promise<void> {
  await page.evaluate(`(async () => {
    const frame = () => new Promise(requestAnimationFrame)
    await frame()
    await frame()
    // What is in a closed <details> is not drawn, and its transitions never end.
    const moving = document.getAnimations().filter(({ effect }) =>
      effect?.getComputedTiming().endTime !== Infinity && effect?.target?.checkVisibility() !== false)
    await Promise.allSettled(moving.map((one) => one.finished))
  })()`)
}

/** The page as it stands, in both colour schemes; the second run looks at colours alone, as nothing else differs. */
export async function expectNoAxeViolations(page: Page): Promise<void> {
  const found = await scan(page, 'light')
  found.push(...(await scan(page, 'dark')))
  await page.emulateMedia({ colorScheme: 'light' })
  if (found.length > 0) throw new Error(`axe found at ${page.url()}:\n${found.join('\n')}`)
}

async function scan(page: Page, scheme: 'light' | 'dark'): Promise<string[]> {
  await page.emulateMedia({ colorScheme: scheme })
  await settle(page)
  const violations = await runAxe(page, scheme === 'dark' ? { runOnly: ['color-contrast'] } : {})
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, html }) => `${scheme}: ${id}: ${help}: ${target.join(' ')}: ${html.slice(0, 200)}`),
  )
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/**
 * Runs axe in the page itself: our pages have no frames, and what passed need not come over. The ready-made binding
 * for Playwright carries all results across, frame by frame, and takes twice the time of the checks.
 */
async function runAxe(page: Page, options: RunOptions): Promise<AxeResults['violations']> {
  if (!(await page.evaluate<boolean>(`'axe' in window`))) await page.evaluate(`${axeSource};0`)
  const wanted = JSON.stringify({ ...options, resultTypes: ['violations'] } satisfies RunOptions)
  const { frames, violations } = await page.evaluate<{
    frames: number
    violations: AxeResults['violations']
  }>(`axe.run(document, ${wanted}).then(({ violations }) => ({ frames: window.frames.length, violations }))`)
  if (frames > 0) throw new Error(`${page.url()} has frames, and axe looked into none of them`)
  return violations
}

/** Nothing sticks out of a phone's screen to the right. */
export async function expectFitsPhone(page: Page): Promise<void> {
  const before = page.viewportSize()
  await page.setViewportSize(phone)
  await settle(page)
  const wide = await page.evaluate<string[]>(`
    document.documentElement.scrollWidth <= window.innerWidth ? [] :
      [...document.querySelectorAll('body *')]
        .filter((one) => one.getBoundingClientRect().right > window.innerWidth + 1)
        .map((one) => one.outerHTML.slice(0, 160))`)
  if (before) await page.setViewportSize(before)
  if (wide.length > 0) throw new Error(`wider than a phone at ${page.url()}:\n${wide.join('\n')}`)
}

/** What every page and state has to stand: axe in both schemes, and a phone's width. */
export async function expectSoundPage(page: Page): Promise<void> {
  await expectNoAxeViolations(page)
  await expectFitsPhone(page)
}
