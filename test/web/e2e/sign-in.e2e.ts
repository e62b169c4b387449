import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { expectNoAxeViolations, expectSoundPage, useBrowser } from '../../support/browser.js'
import { fillSignIn, onPage, openWorld, password, readSeed, type BrowserWorld } from './world.js'

const browser = useBrowser()
let world: BrowserWorld
beforeAll(async () => {
  world = await openWorld(['dev', 'mfa', 'nofactor', 'gone'])
})
afterAll(() => world?.[Symbol.asyncDispose]())

async function expectPortal(page: Page, accounts: readonly string[]): Promise<void> {
  await onPage(page, `AWS accounts (${accounts.length})`)
  for (const account of accounts) await page.getByText(account).first().waitFor()
}

const accountsOfDev = ['production', 'staging', 'sandbox', 'shared-services']
const wrongCode = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

describe('from the access portal', () => {
  test.each(['redirect', 'post'])(
    'by %s: a wrong password costs nothing, the right one opens the portal',
    async (binding) => {
      const { page } = await browser.open()
      await page.goto(`${world.portal}?binding=${binding}`)
      await onPage(page, 'Sign in to continue to AWS')
      await expectSoundPage(page)
      const signInPage = page.url()
      const dev = world.person('dev')
      await fillSignIn(page, dev, 'not the password at all')
      await page.getByRole('alert').getByText(/wrong/i).waitFor()
      await expectNoAxeViolations(page)
      expect(await page.getByLabel('User name').inputValue()).toBe(dev.name)
      expect(page.url()).toBe(signInPage)
      await fillSignIn(page, dev)
      await expectPortal(page, accountsOfDev)
      expect(new URL(page.url()).origin).toBe(new URL(world.portal).origin)
      await expectNoAxeViolations(page)
    },
  )

  test('who is signed in here already goes straight through', async () => {
    const { context, page } = await browser.open()
    await world.enter(context, 'dev')
    await page.goto(world.portal)
    await expectPortal(page, accountsOfDev)
  })

  test('a user who is inactive at AWS is let through here and sees the words of AWS there', async () => {
    const { page } = await browser.open()
    await page.goto(world.portal)
    await fillSignIn(page, world.person('gone'))
    await onPage(page, 'Something went wrong')
    await page.getByText("Looks like this code isn't right. Please try again.").waitFor()
    expect(new URL(page.url()).origin).toBe(new URL(world.portal).origin)
    await expectNoAxeViolations(page)
  })
})

describe('from Resources', () => {
  test('the tile of aws-identity-center logs in to the portal', async () => {
    const { page } = await browser.open()
    await page.goto(world.origin)
    await onPage(page, 'Sign in')
    await fillSignIn(page, world.person('dev'))
    await onPage(page, 'Resources')
    const tile = page.getByRole('article').filter({ hasText: 'aws-identity-center' })
    await tile.waitFor()
    await expectSoundPage(page)
    await tile.getByRole('link', { name: /^Log In to / }).click()
    await expectPortal(page, accountsOfDev)
  })

  test('the page that carries the Response is sound while the portal takes its time', async () => {
    const { context, page } = await browser.open()
    await world.enter(context, 'dev')
    // An answer without content leaves the browser where it is.
    await context.route('**/platform/saml/acs/**', (route) => route.fulfill({ status: 204 }))
    await page.goto(`${world.origin}/saml/idp/login/aws-identity-center`, { waitUntil: 'commit' })
    await onPage(page, 'Signing in to aws-identity-center')
    await page.getByRole('button', { name: 'Continue to aws-identity-center' }).waitFor()
    await expectSoundPage(page)
  })

  test('without scripts the page that carries the Response has a button that works', async () => {
    const { context, page } = await browser.open({ javaScriptEnabled: false })
    await world.enter(context, 'dev')
    await page.goto(`${world.origin}/saml/idp/login/aws-identity-center`)
    await onPage(page, 'Signing in to aws-identity-center')
    await page.getByRole('button', { name: 'Continue to aws-identity-center' }).click()
    await expectPortal(page, accountsOfDev)
  })
})

describe('where a role asks for a code at each sign-in to AWS', () => {
  test('a wrong code is refused, the right one opens the portal', async () => {
    const mfa = world.person('mfa')
    const { page } = await browser.open()
    await page.goto(world.portal)
    await fillSignIn(page, mfa)
    await onPage(page, 'Enter your code')
    await expectSoundPage(page)
    const first = world.code(mfa)
    await page.getByLabel('Code').fill(wrongCode(first))
    await page.getByRole('button', { name: 'Confirm code' }).click()
    await page.getByRole('alert').waitFor()
    await page.getByLabel('Code').fill(first)
    await page.getByRole('button', { name: 'Confirm code' }).click()

    await onPage(page, 'Confirm your sign-in to aws-identity-center')
    await expectSoundPage(page)
    const toAws = page.getByRole('button', { name: 'Continue to aws-identity-center' })
    await page.getByLabel('Code').fill(first)
    await toAws.click()
    await page
      .getByRole('alert')
      .getByText(/used|wrong|not/i)
      .waitFor()
    const second = world.code(mfa)
    await page.getByLabel('Code').fill(wrongCode(second))
    await toAws.click()
    await page.getByRole('alert').waitFor()
    await expectNoAxeViolations(page)
    await page.getByLabel('Code').fill(second)
    await toAws.click()
    await onPage(page, /^AWS accounts/)
  })

  test('a person without a factor is told how to get one, adds it and signs in', async () => {
    const { page } = await browser.open()
    await page.goto(world.portal)
    await fillSignIn(page, world.person('nofactor'))
    await onPage(page, 'A second factor is needed')
    await expectSoundPage(page)
    await page.getByRole('link', { name: 'Add a second factor' }).click()
    await onPage(page, 'My settings')
    await page.getByRole('button', { name: 'Add authenticator app' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Password', { exact: true }).fill(password)
    await dialog.getByRole('button', { name: 'Show the code to scan' }).click()
    const seed = await readSeed(page)
    await dialog.getByLabel('Code from the app').fill(world.code(seed))
    await dialog.getByRole('button', { name: /^Add / }).click()
    await dialog.waitFor({ state: 'hidden' })

    await page.goto(world.portal)
    await onPage(page, 'Confirm your sign-in to aws-identity-center')
    await page.getByLabel('Code').fill(world.code(seed))
    await page.getByRole('button', { name: 'Continue to aws-identity-center' }).click()
    await onPage(page, /^AWS accounts/)
  })

  test('a step-up page that is left open too long says so and offers a new start', async () => {
    const { context, page } = await browser.open()
    await world.enter(context, 'mfa')
    await page.goto(`${world.origin}/step-up?handle=${'x'.repeat(43)}`)
    await onPage(page, 'This sign-in is over')
    await expectSoundPage(page)
    await page.getByRole('link', { name: 'Start again from Resources' }).click()
    await onPage(page, 'Resources')
  })
})
