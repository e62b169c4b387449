import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { expectNoAxeViolations, expectSoundPage, useBrowser, paste } from '../../support/browser.js'
import { onPage, openWorld, type BrowserWorld, type Who } from './world.js'

const browser = useBrowser()
let world: BrowserWorld
beforeAll(async () => {
  world = await openWorld(['dev'])
})
afterAll(() => world?.[Symbol.asyncDispose]())

async function openAs(who: Who | 'admin', path: string): Promise<Page> {
  const { context, page } = await browser.open()
  await world.enter(context, who)
  await page.goto(world.origin + path)
  return page
}

const editor = (page: Page) => page.getByRole('textbox', { name: /^YAML of/ })
const check = (page: Page) => page.getByRole('region', { name: 'Check' })

async function typeYaml(page: Page, text: string): Promise<void> {
  await editor(page).click()
  await page.keyboard.press('ControlOrMeta+a')
  await paste(page, text)
}

test('every kind that the gateway knows has its list, its page and its beginning', async () => {
  const page = await openAs('admin', '/resources')
  await onPage(page, 'Configuration')
  await expectSoundPage(page)
  const links = page.getByRole('list', { name: 'Kinds of resources' }).getByRole('link')
  const paths = await links.evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''))
  expect(paths.length).toBeGreaterThanOrEqual(6)
  for (const path of paths) {
    await page.goto(world.origin + path)
    await page.getByRole('heading', { level: 1 }).waitFor()
    // A kind with one resource leads to that; the others to their list and a beginning.
    if (path.split('/').length > 3) {
      await expectNoAxeViolations(page)
      await page.getByRole('tab', { name: 'YAML' }).click()
      await editor(page).waitFor()
    } else {
      await page.goto(`${world.origin}${path}/new`)
      await editor(page).waitFor()
      await check(page).getByText('This is an example. Make it yours').waitFor()
      expect(await page.getByRole('button', { name: /^Create/ }).isDisabled()).toBe(true)
    }
    await expectNoAxeViolations(page)
  }
})

describe('several documents', () => {
  test('are made together, or not at all', async () => {
    const page = await openAs('admin', '/resources/role/new')
    await editor(page).waitFor()
    const role = (name: string, verb: string) =>
      `kind: role\nversion: v8\nmetadata:\n  name: ${name}\nspec:\n  allow:\n    rules:\n      - resources: [user]\n        verbs: [${verb}]\n`
    await typeYaml(page, `${role('one', 'list')}---\n${role('two', 'fly')}`)
    await check(page).getByText('1 problem').waitFor()
    await check(page)
      .getByRole('button', { name: /Line 19/ })
      .waitFor()
    await typeYaml(page, `${role('one', 'list')}---\n${role('two', 'read')}`)
    await check(page).getByText('Looks right: creates role one and creates role two.').waitFor()
    await expectSoundPage(page)
    await page.getByRole('button', { name: 'Create 2 resources' }).click()
    await onPage(page, 'Roles')
    await page.getByRole('link', { name: 'one', exact: true }).waitFor()
    await page.getByRole('link', { name: 'two', exact: true }).waitFor()
  })
})

describe('the editor with the keyboard alone', () => {
  test('indents by Tab, and is left by Escape and then Tab', async () => {
    const page = await openAs('admin', '/resources/lock/new')
    await editor(page).focus()
    await page.keyboard.press('ControlOrMeta+End')
    await page.keyboard.press('Tab')
    await page.keyboard.type('x')
    await expect.poll(() => page.locator('.cm-activeLine').textContent()).toMatch(/^ +x$/)
    const hint = await editor(page).getAttribute('aria-describedby')
    expect(await page.locator(`[id="${hint}"]`).textContent()).toMatch(/Escape and then Tab/)
    await page.keyboard.press('Escape')
    await page.keyboard.press('Tab')
    expect(await editor(page).evaluate((one) => one.matches(':focus'))).toBe(false)
  })

  test('searches', async () => {
    const page = await openAs('admin', '/resources/lock/new')
    await editor(page).focus()
    await page.keyboard.press('ControlOrMeta+f')
    await page.locator('.cm-search').waitFor()
    await page.keyboard.type('target')
    await expect.poll(() => page.locator('.cm-searchMatch').count()).toBeGreaterThan(0)
    await expectNoAxeViolations(page)
  })
})

test('a text with a mistake in its YAML is told at its line', async () => {
  const page = await openAs('admin', '/resources/cluster_auth_preference/cluster-auth-preference')
  await page.getByRole('tab', { name: 'YAML' }).click()
  await editor(page).waitFor()
  await typeYaml(page, 'kind: cluster_auth_preference\nversion: "v2\n')
  await check(page)
    .getByText(/problem|cannot be saved/)
    .waitFor()
  expect(await page.getByRole('button', { name: 'Save changes' }).isDisabled()).toBe(true)
  await expectSoundPage(page)
})

test('a secret is shown once, before the page goes on', async () => {
  const page = await openAs('admin', '/resources/token/new')
  await editor(page).waitFor()
  await typeYaml(
    page,
    'kind: token\nversion: v1\nmetadata:\n  name: builder\nspec:\n  roles: [auditor]\n  ttl: 24h\n',
  )
  await check(page)
    .getByText(/creates token builder\.$/)
    .waitFor()
  await page.getByRole('button', { name: 'Create token' }).click()
  const dialog = page.getByRole('dialog', { name: 'Copy the secret now' })
  await dialog.getByText(/^ght_/).waitFor()
  await expectNoAxeViolations(page)
  await page.keyboard.press('Escape')
  expect(await dialog.isVisible()).toBe(true)
  await dialog.getByRole('button', { name: 'I have copied it' }).click()
  await onPage(page, 'builder')
  expect(await page.getByText(/ght_/).count()).toBe(0)
})

test('a session that ends while somebody types loses nothing of it', async () => {
  const page = await openAs('admin', '/resources/role/reviewer')
  await editor(page).waitFor()
  await typeYaml(page, 'kind: role\nversion: v8\nmetadata:\n  name: reviewer\nspec: {}\n')
  await check(page)
    .getByText(/Looks right|Can be saved/)
    .waitFor()
  await page.context().clearCookies()
  await page.getByRole('button', { name: 'Save changes' }).click()
  await onPage(page, 'Sign in')
  await page.getByLabel('User name').fill('admin')
  await page.getByLabel('Password', { exact: true }).fill('a long enough password')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await onPage(page, 'reviewer')
  await page.getByText('This is what you typed before; it is not saved yet.').waitFor()
  await expect.poll(() => editor(page).textContent()).toContain('spec: {}')
})

describe('what is not there', () => {
  test.each([
    ['/resources/spaceship', 'This gateway knows no kind "spaceship"'],
    ['/resources/role/nobody', 'There is no role nobody'],
  ])('%s says so', async (path, words) => {
    const page = await openAs('admin', path)
    await page.getByText(words).waitFor()
    await expectSoundPage(page)
  })
})

test('an ordinary person finds no configuration but what everyone may read', async () => {
  const page = await openAs('dev', '/resources/role')
  await page.getByText('Your roles do not allow this').waitFor()
  expect(await page.getByRole('link', { name: /^New/ }).count()).toBe(0)
  await page.goto(`${world.origin}/resources/role/editor`)
  await page.getByText('Your roles do not allow this').waitFor()
  await expectSoundPage(page)
})
