/**
 * 20,000 access lists, and one with 5,000 members: whoever scrolls gets on, and to the last, and the page never holds more
 * than what is in view.
 */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Locator, Page } from 'playwright-core'
import { useBrowser } from '../../support/browser.js'
import { openWorld, type BrowserWorld } from './world.js'

const browser = useBrowser()
vi.setConfig({ testTimeout: 240_000, hookTimeout: 180_000 })
const lists = 20_000
const members = 5000
/** Elements in the whole page; some thirty rows with all that is in them are a third of it. */
const mostElements = 2500
/** To the last of 5,000 it takes some seconds, on a busy machine some tens. */
const longestMs = 120_000

let world: BrowserWorld
beforeAll(async () => {
  world = await openWorld([])
  const { store } = world.gateway.gateway
  const now = world.gateway.clock.now()
  await store.transaction(async (tx) => {
    for (let index = 0; index < lists; index += 1) {
      const name = `list-${numbered(index)}`
      const spec = {
        title: `Team ${numbered(index)}`,
        description: 'Whoever works on it.',
        owners: [{ name: 'admin' }],
      }
      const document = { kind: 'access_list', version: 'v1', metadata: { name }, spec }
      await tx.resources.create({ kind: 'access_list', name, document, now })
    }
    await tx.members.put(
      Array.from({ length: members }, (_, index) => ({
        list: `list-${numbered(0)}`,
        kind: 'user' as const,
        name: `person-${numbered(index)}@example.com`,
        awsUserId: undefined,
        joinedAt: now,
        expiresAt: undefined,
        addedBy: 'admin',
        reason: 'since the beginning',
      })),
    )
  })
  // A gateway reads all documents when it starts; what was put there behind its back it would read at the first page.
  await world.gateway.gateway.catalog.read()
})
afterAll(() => world?.[Symbol.asyncDispose]())

function numbered(index: number): string {
  return index.toString().padStart(5, '0')
}

async function open(path: string): Promise<Page> {
  const { context, page } = await browser.open()
  await world.enter(context, 'admin')
  await page.goto(world.origin + path)
  return page
}

const countElements = (page: Page) => page.evaluate<number>('document.getElementsByTagName("*").length')

interface Shown {
  /** Numbers in the whole, from 0, of the first and the last row that exist in the page; -1 where none does. */
  readonly first: number
  readonly last: number
}

/** What of the whole exists in the page, by the numbers that assistive technology is told. */
const readShown = (page: Page) =>
  page.evaluate<Shown>(`(() => {
    const rows = [...document.querySelectorAll('[role=row][aria-rowindex]')].map((row) => row.ariaRowIndex - 2)
    const cards = [...document.querySelectorAll('[role=listitem][aria-posinset]')].map((card) => card.ariaPosInSet - 1)
    const shown = [...rows, ...cards].filter((index) => index >= 0)
    return shown.length === 0 ? { first: -1, last: -1 } : { first: Math.min(...shown), last: Math.max(...shown) }
  })()`)

/**
 * Scrolls on until that much is in the page; answers the most elements that the page had meanwhile. It goes by what the
 * page shows and not by one row: whoever scrolls may pass a row between two looks.
 */
async function scrollUntil(
  page: Page,
  step: () => Promise<void>,
  reached: (shown: Shown) => boolean,
): Promise<number> {
  let most = 0
  let shown = await readShown(page)
  const scroll = async () => {
    if (!reached(shown)) await step()
    most = Math.max(most, await countElements(page))
    shown = await readShown(page)
    return reached(shown) || shown
  }
  await expect.poll(scroll, { timeout: longestMs, interval: 5 }).toBe(true)
  return most
}

/** From the first by the wheel to some, by the keyboard to the last, and back. */
async function expectScrolls(
  page: Page,
  one: (index: number) => Locator,
  { some, last, named = 0 }: { readonly some: number; readonly last: number; readonly named?: number },
): Promise<void> {
  await one(named).waitFor({ timeout: longestMs })
  await page.mouse.move(640, 600)
  const byWheel = await scrollUntil(
    page,
    () => page.mouse.wheel(0, 2000),
    (shown) => shown.last >= some,
  )
  expect(await one(named).count()).toBe(0)
  const byKey = await scrollUntil(
    page,
    () => page.keyboard.press('End'),
    (shown) => shown.last >= last,
  )
  expect(Math.max(byWheel, byKey)).toBeLessThan(mostElements)
  // The browser's way up is an animation, which ends early where a page of rows comes in below.
  await scrollUntil(
    page,
    () => page.keyboard.press('Home'),
    (shown) => shown.first === 0,
  )
  await one(named).waitFor()
}

describe('20,000 access lists', () => {
  const list = (page: Page, role: 'row' | 'listitem') => (index: number) =>
    page.getByRole(role).filter({ hasText: `Team ${numbered(index)}` })

  test('TEAM #566, PR 543, PR 552, PR 502: are rows of a table of which only those in view exist', async () => {
    const page = await open('/access-lists?view=table')
    await expectScrolls(page, list(page, 'row'), { some: 300, last: 1500 })
  })

  test('are rows of a table to the last that are searched for', async () => {
    const page = await open('/access-lists?view=table&q=list-19')
    await expectScrolls(page, list(page, 'row'), { some: 300, last: 999, named: 19_000 })
  })

  test('are cards of which only those in view exist, to the last that are searched for', async () => {
    const page = await open('/access-lists?q=list-19')
    await expectScrolls(page, list(page, 'listitem'), { some: 300, last: 999, named: 19_000 })
  })

  test('are searched, and one is found', async () => {
    const page = await open('/access-lists?view=table')
    const row = list(page, 'row')
    await row(0).waitFor()
    expect(await countElements(page)).toBeLessThan(mostElements)
    await page.getByRole('textbox', { name: 'Search access lists' }).fill('team 17321')
    await row(17_321).waitFor()
    await expect.poll(() => page.getByRole('table').getByRole('row').count()).toBe(2)
    await page.getByRole('textbox', { name: 'Search access lists' }).fill('team 99999')
    await page.getByText('No access list matches').waitFor()
  })
})

describe('a list of 5,000 members', () => {
  const member = (page: Page, role: 'row' | 'listitem') => (index: number) =>
    page.getByRole(role).filter({ hasText: `person-${numbered(index)}@example.com` })

  test.each([
    ['members', '', 'row'],
    ['review', '/review', 'listitem'],
  ] as const)('has %s of which only those in view exist, to the last', async (_, part, role) => {
    const page = await open(`/access-lists/list-${numbered(0)}${part}`)
    await expectScrolls(page, member(page, role), { some: 500, last: members - 1 })
  })

  test('is searched, and one is found', async () => {
    const page = await open(`/access-lists/list-${numbered(0)}`)
    await member(page, 'row')(0).waitFor()
    await page.getByLabel('Search members').fill('person-04321')
    await member(page, 'row')(4321).waitFor()
    await expect.poll(() => page.getByRole('table', { name: 'Members' }).getByRole('row').count()).toBe(2)
  })
})
