import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { expectSoundPage, useBrowser } from '../../support/browser.js'
import { TestBrowser } from '../../support/people.js'
import { onPage, openWorld, type BrowserWorld, type Who } from './world.js'

const browser = useBrowser()
let world: BrowserWorld
beforeAll(async () => {
  world = await openWorld(['dev', 'auditor'])
  const stranger = new TestBrowser(world.gateway)
  for (let attempt = 0; attempt < 2; attempt++) {
    await stranger.post('/v1/sign-in', { user: world.person('dev').name, password: 'not the password' })
  }
})
afterAll(() => world?.[Symbol.asyncDispose]())

async function openAs(who: Who | 'admin', path: string): Promise<Page> {
  const { context, page } = await browser.open()
  await world.enter(context, who)
  await page.goto(world.origin + path)
  return page
}

const charts = (page: Page) => page.getByRole('region', { name: 'Charts' })
const bars = (page: Page) => charts(page).getByRole('button', { name: /^From .* succeeded, \d+ failed$/ })

async function labelsOf(page: Page): Promise<string[]> {
  const all = await bars(page).all()
  return await Promise.all(all.map(async (bar) => (await bar.getAttribute('aria-label')) ?? ''))
}

describe('the charts above the audit log', () => {
  test('count the same events as the list, and filter it by type, user and outcome', async () => {
    const page = await openAs('auditor', '/audit')
    await onPage(page, 'Audit log')
    await charts(page).getByText('Last 7 days').waitFor()
    await charts(page).getByText('2 failed', { exact: true }).waitFor()
    await expectSoundPage(page)

    await charts(page)
      .getByRole('button', { name: /^Only user\.login: / })
      .click()
    await expect.poll(() => new URL(page.url()).searchParams.getAll('type')).toEqual(['user.login'])
    await page.getByLabel('Outcome').selectOption('false')
    await charts(page).getByText('0 succeeded', { exact: true }).waitFor()
    await page.getByText('2 events shown').waitFor()
    await charts(page)
      .getByRole('button', { name: `Only ${world.person('dev').name}: 2 events` })
      .click()
    await expect.poll(() => new URL(page.url()).searchParams.get('user')).toBe(world.person('dev').name)
    await page.getByText('2 events shown').waitFor()
  })

  test('are walked by keyboard, and a bar narrows the time of both', async () => {
    const page = await openAs('admin', '/audit')
    await charts(page).waitFor()
    const labels = await labelsOf(page)
    const busy = labels.findIndex((label) => !label.endsWith(': 0 succeeded, 0 failed'))
    expect(busy).toBeGreaterThan(0)
    await bars(page).first().focus()
    await page.keyboard.press('End')
    for (let at = labels.length - 1; at > busy; at--) await page.keyboard.press('ArrowLeft')
    const focused = page.locator('[role=button]:focus')
    expect(await focused.getAttribute('aria-label')).toBe(labels[busy])
    await page.keyboard.press('Enter')
    await charts(page).getByText('In this time').waitFor()
    const { searchParams } = new URL(page.url())
    expect(Date.parse(searchParams.get('to') ?? '') - Date.parse(searchParams.get('from') ?? '')).toBe(
      4 * 3_600_000,
    )
    await page
      .getByRole('button', { name: /^Details of/ })
      .first()
      .waitFor()
    await expectSoundPage(page)
  })

  test('stand in a table too, whose rows do the same', async () => {
    const page = await openAs('admin', '/audit')
    await charts(page).getByText('As a table').click()
    const table = charts(page).getByRole('table')
    expect(await table.getByRole('row').count()).toBeGreaterThan(1)
    await expectSoundPage(page)
    await table.getByRole('button').first().click()
    await charts(page).getByText('In this time').waitFor()
  })

  test('are left out for one event, and where nothing may be read', async () => {
    const page = await openAs('admin', '/audit?uid=00000000-0000-4000-8000-000000000000')
    await page.getByText('No event matches').waitFor()
    expect(await charts(page).count()).toBe(0)
    await page.getByRole('textbox', { name: 'Reference' }).fill('nonsense')
    await page.getByText('A reference looks like 5f7116c9-e57b-…').waitFor()
    await page.getByText('This is no reference').waitFor()
    expect(await page.getByRole('table').count()).toBe(0)
    await expectSoundPage(page)
    await page.getByRole('button', { name: 'Clear filters' }).first().click()
    await charts(page).waitFor()
    expect(await page.getByRole('textbox', { name: 'Reference' }).inputValue()).toBe('')
    const other = await openAs('dev', '/audit')
    await other.getByText('Your roles do not allow this').waitFor()
    expect(await charts(other).count()).toBe(0)
    expect(await other.getByText('Your roles do not allow this').count()).toBe(1)
    await other
      .getByText(
        'None of your roles allows reading the audit log. Ask an administrator for a role that does; My settings shows yours.',
      )
      .waitFor()
    expect(await other.getByRole('region', { name: 'Filters' }).count()).toBe(0)
    await expectSoundPage(other)
  })
})

describe('searching and taking out', () => {
  test('words find events, the URL keeps them, and what is shown can be exported', async () => {
    const page = await openAs('auditor', '/audit')
    await onPage(page, 'Audit log')
    await page.getByLabel('Search').fill('T1000W')
    await page.keyboard.press('Enter')
    await expect.poll(() => new URL(page.url()).searchParams.get('search')).toBe('T1000W')
    await page.getByText('2 events shown').waitFor()
    await page.getByRole('button', { name: 'More filters' }).click()
    await page.getByLabel('Resource', { exact: true }).selectOption('role')
    await page.getByText('No event matches').waitFor()
    await page.getByLabel('Resource', { exact: true }).selectOption('')
    await page.getByText('2 events shown').waitFor()

    await page.getByRole('button', { name: 'Export', exact: true }).click()
    await page.getByLabel('Events as CSV').check()
    await expectSoundPage(page)
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export these events' }).click(),
    ])
    expect(download.suggestedFilename()).toBe('audit.csv')
    await page.getByText('audit.csv is saved: 2 events.').waitFor()
    await page.getByLabel('Evidence pack of a period').check()
    // All of this gateway's events are of the last minute, which a pack leaves out unless it is asked for.
    await page.getByRole('button', { name: 'Make evidence pack' }).click()
    await page.getByText('there is no event in this period').waitFor()
  })
})

describe('what happens while the page is open', () => {
  test('is counted at once and shown when asked for, beside the sinks that are late', async () => {
    const { auditSinks } = world.gateway.gateway.store
    const now = world.gateway.clock.now()
    const place = { sequence: 0, headSequence: 0 }
    await auditSinks.ensure({ key: 'siem', type: 'syslog', seenAt: now, ...place })
    await auditSinks.markFailed('siem', {
      since: now,
      error: 'it cannot be reached or written (ECONNREFUSED)',
      attempts: 2,
      nextAttemptAt: now,
      announced: false,
    })
    const page = await openAs('auditor', '/audit')
    await onPage(page, 'Audit log')
    await page.getByText('Sent on to 1 sink, of which 1 take nothing').waitFor()
    await page.getByText('Takes nothing: it cannot be reached or written (ECONNREFUSED)').waitFor()
    await expectSoundPage(page)
    const [first] = await page.getByRole('button', { name: /^Details of/ }).all()
    const top = await first?.getAttribute('aria-label')
    const asked: number[] = []
    page.on('request', (request) => {
      if (request.url().includes('/v1/audit/events')) asked.push(asked.length)
    })
    await new TestBrowser(world.gateway).post('/v1/sign-in', { user: 'nobody', password: 'not the password' })
    const show = page.getByRole('button', { name: /^Show \d+ new events?$/ })
    await show.waitFor()
    expect(asked).toHaveLength(1)
    expect(
      await page
        .getByRole('button', { name: /^Details of/ })
        .first()
        .getAttribute('aria-label'),
    ).toBe(top)
    await show.click()
    await expect
      .poll(
        async () =>
          await page
            .getByRole('button', { name: /^Details of/ })
            .first()
            .getAttribute('aria-label'),
      )
      .not.toBe(top)
  })
})
