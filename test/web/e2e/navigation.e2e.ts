import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import {
  expectFitsPhone,
  expectNoAxeViolations,
  expectSoundPage,
  phone,
  useBrowser,
} from '../../support/browser.js'
import { fillSignIn, onPage, openWorld, password, type BrowserWorld, type Who } from './world.js'

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

const menu = (page: Page) => page.getByRole('navigation', { name: 'Main' }).getByRole('link')
const focused = (page: Page) => page.locator(':focus')

/** Presses Tab until this element has the focus. */
async function tabTo(page: Page, role: 'link' | 'button', name: string | RegExp): Promise<void> {
  const target = page.getByRole(role, { name }).first()
  for (let steps = 0; steps < 40; steps++) {
    await page.keyboard.press('Tab')
    if (await target.evaluate((element) => element.matches(':focus'))) return
  }
  throw new Error(`40 times Tab never reached the ${role} ${name}`)
}

describe('what a person may not open', () => {
  test('is not in the navigation', async () => {
    const page = await openAs('dev', '/')
    await onPage(page, 'Resources')
    expect((await menu(page).allTextContents()).sort()).toEqual([
      'Access lists',
      'All requests',
      'Explain access',
      'My requests',
      'My settings',
      'Request access',
      'Resources',
    ])
    const admin = await openAs('admin', '/')
    await onPage(admin, 'Resources')
    expect((await menu(admin).allTextContents()).sort()).toEqual([
      'Access lists',
      'Accounts',
      'All requests',
      'Audit log',
      'Configuration',
      'Connectors',
      'Devices',
      'Explain access',
      'Integrations',
      'Locks',
      'My requests',
      'My settings',
      'Plan',
      'Request access',
      'Resources',
      'Roles',
      'Service providers',
      'Signing keys',
      'Status',
      'Tokens',
      'Users',
      'Who can',
    ])
  })

  test.each([
    ['/audit', 'Audit log'],
    ['/users', 'Users'],
    ['/roles', 'Roles'],
    ['/integrations', 'Integrations'],
    ['/identity-center', 'Status'],
    ['/identity-center/plan', 'Plan'],
    ['/identity-center/accounts', 'Accounts'],
    ['/identity-center/uninstall', 'Uninstall Identity Center'],
  ])('%s says so, and shows nothing', async (path, title) => {
    const page = await openAs('dev', path)
    await onPage(page, title)
    await page.getByText('Your roles do not allow this').waitFor()
    expect(await page.getByRole('table').count()).toBe(0)
    expect(await page.getByRole('button', { name: /Invite|Reset|Details/ }).count()).toBe(0)
    await expectSoundPage(page)
  })
})

describe('who is not signed in', () => {
  test('signs in and comes back to the view that was asked for', async () => {
    const { page } = await browser.open()
    await page.goto(`${world.origin}/audit?outcome=false`)
    await onPage(page, 'Sign in')
    expect(new URL(page.url()).searchParams.get('next')).toBe('/audit?outcome=false')
    await fillSignIn(page, world.person('admin'))
    await onPage(page, 'Audit log')
    expect(page.url()).toBe(`${world.origin}/audit?outcome=false`)
  })

  test.each([
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '/%09/evil.example',
    'javascript:alert(1)',
  ])('is not led away by next=%s', async (next) => {
    const { page } = await browser.open()
    await page.goto(`${world.origin}/sign-in?next=${next.includes('%') ? next : encodeURIComponent(next)}`)
    await fillSignIn(page, world.person('dev'))
    await onPage(page, 'Resources')
    expect(page.url()).toBe(`${world.origin}/`)
  })
})

describe('with the keyboard alone', () => {
  test('a person signs in, skips the navigation, moves between pages and reads an event', async () => {
    const { page } = await browser.open()
    await page.goto(world.origin)
    await onPage(page, 'Sign in')
    await page.getByLabel('User name').waitFor()
    expect(await focused(page).getAttribute('name')).toBe('username')
    await page.keyboard.type('admin')
    await page.keyboard.press('Tab')
    await page.keyboard.type(password)
    await page.keyboard.press('Enter')
    await onPage(page, 'Resources')
    expect(await focused(page).textContent()).toBe('Resources')

    await page.reload()
    await onPage(page, 'Resources')
    await page.keyboard.press('Tab')
    expect(await focused(page).textContent()).toBe('Skip to content')
    await expectNoAxeViolations(page)
    await page.keyboard.press('Enter')
    expect(await focused(page).getAttribute('id')).toBe('content')

    await page.reload()
    await onPage(page, 'Resources')
    await tabTo(page, 'link', 'Audit log')
    await page.keyboard.press('Enter')
    await onPage(page, 'Audit log')
    expect(await focused(page).textContent()).toBe('Audit log')
    expect(await page.title()).toContain('Audit log')

    await page
      .getByRole('button', { name: /^Details of / })
      .first()
      .waitFor()
    await tabTo(page, 'button', /^Details of /)
    await page.keyboard.press('Enter')
    const details = page.getByRole('dialog', { name: 'Event details' })
    await details.getByRole('region', { name: 'Event as JSON' }).waitFor()
    expect(await details.locator(':focus').count()).toBe(1)
    await page.keyboard.press('Escape')
    await details.waitFor({ state: 'hidden' })
    await expect.poll(() => focused(page).getAttribute('aria-label')).toMatch(/^Details of /)
  })

  test('the palette finds a page', async () => {
    const page = await openAs('admin', '/')
    await onPage(page, 'Resources')
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: /^Find a page/ }).waitFor()
    await page.keyboard.type('settings')
    await page.getByRole('option', { name: /My settings/ }).waitFor()
    await expectNoAxeViolations(page)
    await page.keyboard.press('Enter')
    await onPage(page, 'My settings')
    await page.getByRole('combobox').waitFor({ state: 'detached' })
  })
})

describe('on a phone', () => {
  test('the navigation opens, leads on and closes, and every page fits', async () => {
    const { context, page } = await browser.open({ viewport: phone, hasTouch: true, isMobile: true })
    await world.enter(context, 'admin')
    await page.goto(world.origin)
    await onPage(page, 'Resources')
    expect(await menu(page).count()).toBe(0)
    for (const title of ['Users', 'Roles', 'Audit log', 'My settings', 'Configuration', 'Resources']) {
      await page.getByRole('button', { name: 'Open navigation' }).tap()
      await menu(page).first().waitFor()
      if (title === 'Users') await expectNoAxeViolations(page)
      await menu(page).filter({ hasText: title }).tap()
      await onPage(page, title)
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      await expectFitsPhone(page)
      await expectNoAxeViolations(page)
    }
  })
})
