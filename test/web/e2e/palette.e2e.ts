import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { expectNoAxeViolations, phone, useBrowser } from '../../support/browser.js'
import { buildAccount, buildInventory } from '../../support/inventory.js'
import { onPage, openWorld, type BrowserWorld, type Who } from './world.js'

const browser = useBrowser()
const account = buildAccount(7)
let world: BrowserWorld
beforeAll(async () => {
  const inventory = buildInventory({ accounts: 1000, permissionSets: 750 })
  world = await openWorld(['dev', 'mfa'], 0, { inventory })
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
