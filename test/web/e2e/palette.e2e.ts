import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { expectNoAxeViolations, phone, useBrowser } from '../../support/browser.js'
import { buildAccount, buildInventory } from '../../support/inventory.js'
import { signIn } from '../../support/people.js'
import { onPage, openWorld, type BrowserWorld, type Who } from './world.js'

const browser = useBrowser()
const account = buildAccount(7)
let world: BrowserWorld
beforeAll(async () => {
  const inventory = buildInventory({ accounts: 1000, permissionSets: 750 })
  const resources = [
    {
      kind: 'access_list',
      version: 'v1',
      metadata: { name: 'nights' },
      spec: { title: 'Night shift', owners: [{ name: 'admin' }] },
    },
  ]
  world = await openWorld(['dev', 'mfa'], 0, { inventory, resources })
  const admin = await signIn(world.gateway, world.person('admin'))
  const added = await admin.post('/v1/access-lists/nights/members', { name: world.person('dev').name })
  expect(added.status, added.text).toBe(200)
  // Begins as parts of accounts and roles do, and no page.
  const invited = await admin.post('/v1/users', { name: 'dev-lead@example.com', roles: ['engineer'] })
  expect(invited.status, invited.text).toBe(201)
})
afterAll(() => world?.[Symbol.asyncDispose]())

async function openPalette(who: Who | 'admin'): Promise<Page> {
  const { context, page } = await browser.open()
  await world.enter(context, who)
  await page.goto(world.origin)
  await onPage(page, 'Resources')
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: /^Find a page/ }).waitFor()
  return page
}

/** Moves down until this option is chosen, then opens it. */
async function choose(page: Page, name: RegExp): Promise<void> {
  const option = page.getByRole('option', { name }).first()
  await option.waitFor()
  // What is found last may stand before what was found first.
  await page.locator('#palette-options[aria-busy="false"]').waitFor()
  for (let steps = 0; steps < 40; steps++) {
    if ((await option.getAttribute('aria-selected')) === 'true') {
      await page.keyboard.press('Enter')
      return
    }
    await page.keyboard.press('ArrowDown')
  }
  throw new Error(`40 steps down never reached ${String(name)}`)
}

describe('the palette', () => {
  test.each([
    ['dev@exam', /^dev@example\.com.*User$/, 'dev@example.com'],
    ['auditor', /^auditor.*Role$/, 'auditor'],
    ['configuration', /^Configuration.*Page$/, 'Configuration'],
    ['new role', /^New role.*Action$/, 'New role'],
  ])('finds %s by keyboard alone', async (text, option, title) => {
    const page = await openPalette('admin')
    await page.keyboard.type(text)
    await choose(page, option)
    await onPage(page, title)
    await page.getByRole('combobox', { name: /^Find a page/ }).waitFor({ state: 'detached' })
  })

  test('finds an account among a thousand, and leads to its roles', async () => {
    const page = await openPalette('admin')
    await page.keyboard.type(account.id)
    await page.getByRole('option', { name: new RegExp(`^${account.name}`) }).waitFor()
    await expectNoAxeViolations(page)
    await choose(page, new RegExp(`^${account.name}.*Account$`))
    await onPage(page, 'Roles')
    await page.getByText(/of 750$/).waitFor()
  })

  test('asks whom to lock, and opens the dialog on their page', async () => {
    const page = await openPalette('admin')
    await page.keyboard.type('lock a')
    await choose(page, /^Lock a person/)
    await page.getByRole('combobox', { name: /^Lock whom/ }).waitFor()
    await page.keyboard.type('mfa')
    await choose(page, /^mfa@example\.com/)
    await page.getByRole('dialog', { name: 'Lock mfa@example.com?' }).waitFor()
  })

  test('offers what was opened lately first', async () => {
    const page = await openPalette('admin')
    await page.keyboard.type('reviewer')
    await choose(page, /^reviewer/)
    await onPage(page, 'reviewer')
    await page.keyboard.press('Control+k')
    const first = page.getByRole('listbox', { name: 'Found' }).getByRole('option').first()
    await first.waitFor()
    expect(await first.textContent()).toMatch(/^reviewer.*recent$/)
  })

  test.each([
    ['the first, which nobody chose', 0],
    ['the one that somebody went to', 2],
  ])('stays on %s when people are found late and come before it', async (_, steps) => {
    const page = await openPalette('admin')
    const late: (() => void)[] = []
    await page.route('**/v1/resources/user?*', async (route) => {
      await new Promise<void>((resolve) => late.push(resolve))
      await route.continue()
    })
    await page.keyboard.type('dev-')
    const options = page.getByRole('option')
    for (const kind of ['Account', 'Role']) await options.filter({ hasText: kind }).first().waitFor()
    await page.locator('#palette-options[aria-busy="true"]').waitFor()
    for (let at = 0; at < steps; at += 1) await page.keyboard.press('ArrowDown')
    const selected = page.getByRole('option', { selected: true })
    const before = (await selected.textContent()) ?? ''
    expect(before).toMatch(/(Account|Role)$/)
    late.forEach((release) => release())
    await page.getByRole('option', { name: /^dev-lead@example\.com.*User$/ }).waitFor()
    await page.locator('#palette-options[aria-busy="false"]').waitFor()
    expect(await options.first().textContent()).toMatch(/^dev-lead@example\.com.*User$/)
    expect(await selected.allTextContents()).toEqual([before])
    await page.keyboard.press('Enter')
    await page.getByRole('combobox', { name: /^Find a page/ }).waitFor({ state: 'detached' })
    await page.waitForURL(/\/roles\b/)
  })

  test('opens by its button on a phone', async () => {
    const { context, page } = await browser.open({ viewport: phone })
    await world.enter(context, 'dev')
    await page.goto(world.origin)
    await onPage(page, 'Resources')
    await page.getByRole('button', { name: 'Find' }).click()
    await page.getByRole('combobox', { name: /^Find a page/ }).waitFor()
    await expectNoAxeViolations(page)
    await page.keyboard.type('settings')
    await choose(page, /^My settings/)
    await onPage(page, 'My settings')
  })

  test('says when there is nothing', async () => {
    const page = await openPalette('admin')
    await page.keyboard.type('nothing has such a name')
    await page.getByText('Nothing found for “nothing has such a name”.').waitFor()
    await expectNoAxeViolations(page)
  })

  test('finds for an ordinary person neither people nor roles nor actions', async () => {
    const page = await openPalette('dev')
    await page.keyboard.type('e')
    await page.getByRole('option', { name: /My settings/ }).waitFor()
    await page
      .getByRole('option', { name: /aws-identity-center/ })
      .first()
      .waitFor()
    const kinds = await page.getByRole('option').allTextContents()
    expect(kinds.filter((text) => /(User|Role|Action|Account)$/.test(text))).toEqual([])
  })
})

describe('access lists in the palette', () => {
  test('are found by title, with what their owner does, and the reviews that are due', async () => {
    const page = await openPalette('admin')
    await page.keyboard.type('night')
    await page.getByRole('option', { name: /^Night shift.*nights.*Access list$/ }).waitFor()
    await page.getByRole('option', { name: /^Add people to Night shift.*Action$/ }).waitFor()
    await expectNoAxeViolations(page)
    await choose(page, /^History of Night shift/)
    await onPage(page, 'Night shift')
    await page.getByRole('tab', { name: 'History', selected: true }).waitFor()
    await page.keyboard.press('Control+k')
    await page.keyboard.type('review night')
    await choose(page, /^Review Night shift/)
    await onPage(page, 'Review Night shift')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('reviews due')
    await choose(page, /^Reviews due.*Page$/)
    await onPage(page, 'Access lists')
    expect(new URL(page.url()).searchParams.get('filter')).toBe('due')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('new access list')
    await choose(page, /^New access list.*Action$/)
    await onPage(page, 'New access list')
  })

  test('are found by a member without what owners do, and not by who has no part in them', async () => {
    const member = await openPalette('dev')
    await member.keyboard.type('night')
    await member.getByRole('option', { name: /^Night shift/ }).waitFor()
    expect(await member.getByRole('option').allTextContents()).not.toContainEqual(
      expect.stringMatching(/Add people|History of|^Review Night/),
    )
    const other = await openPalette('mfa')
    await other.keyboard.type('night')
    await other.getByText('Nothing found for “night”.').waitFor()
  })
})
