import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { expectSoundPage, useBrowser } from '../../support/browser.js'
import { OidcIssuer } from '../../support/oidc-issuer.js'
import { onPage, openWorld, type BrowserWorld } from './world.js'

const browser = useBrowser()
let world: BrowserWorld
let issuer: OidcIssuer
beforeAll(async () => {
  world = await openWorld([])
  issuer = await OidcIssuer.open()
})
afterAll(async () => {
  await world?.[Symbol.asyncDispose]()
  await issuer?.[Symbol.asyncDispose]()
})

async function openAsAdmin(path: string): Promise<Page> {
  const { context, page } = await browser.open()
  await world.enter(context, 'admin')
  await page.goto(world.origin + path)
  return page
}

const dev = { sub: 'u-1', email: 'dev@example.com', email_verified: true, groups: ['platform'] }

test('an administrator makes a connector step by step, tests it, and a person signs in to AWS by its button', async () => {
  issuer.person = { ...dev, email: 'somebody@example.com' }
  const page = await openAsAdmin('/connectors')
  await onPage(page, 'Connectors')
  await page.getByText('No connector yet').waitFor()
  await expectSoundPage(page)
  await page.getByRole('link', { name: 'New OIDC connector' }).click()
  await onPage(page, 'New OIDC connector')
  await page.getByLabel('Name', { exact: true }).fill('okta')
  await page.getByText(`${world.origin}/v1/connectors/callback/oidc/okta`).waitFor()
  await expectSoundPage(page)
  await page.getByLabel('Words on the button').fill('Okta')
  await page.getByLabel('Issuer').fill(issuer.url)
  await page.getByLabel('Client ID').fill('gatehouse')
  await page.getByLabel('Client secret', { exact: true }).fill('a secret')
  await page.getByRole('textbox', { name: 'Claim' }).fill('groups')
  await page.getByRole('textbox', { name: 'Value' }).fill('platform')
  await page.getByRole('textbox', { name: 'Roles' }).fill('aws-sign-in')
  await page.getByRole('button', { name: 'Create connector okta' }).click()
  await page.getByText('Connector okta is there').waitFor()

  await page.getByRole('button', { name: 'Test okta' }).click()
  await onPage(page, 'Test of okta')
  await page.getByText('This would sign in somebody@example.com').waitFor()
  await page.getByText('matched platform and gives aws-sign-in').waitFor()
  await expectSoundPage(page)
  await page.goto(`${world.origin}/connectors`)
  await page.getByRole('cell', { name: issuer.url }).waitFor()
  await page.goto(`${world.origin}/users?q=somebody`)
  await onPage(page, 'Users')
  expect(await page.getByText('somebody@example.com').count()).toBe(0)

  issuer.person = dev
  const { page: theirs } = await browser.open()
  await theirs.goto(world.portal)
  await onPage(theirs, 'Sign in to continue to AWS')
  await expectSoundPage(theirs)
  await theirs.getByRole('link', { name: 'Sign in with Okta' }).click()
  await onPage(theirs, /^AWS accounts/)
  await theirs.goto(`${world.origin}/settings`)
  await onPage(theirs, 'My settings')
  await theirs.getByRole('button', { name: 'Add authenticator app' }).click()
  await theirs.getByText('You sign in through okta and have no password here').waitFor()
  await theirs.getByRole('button', { name: 'Show the code to scan' }).click()
  await theirs.getByLabel('Code from the app').waitFor()
})

test('who gets no role reads why, and how to go on', async () => {
  issuer.person = { ...dev, sub: 'u-2', email: 'nobody@example.com', groups: [] }
  const { page } = await browser.open()
  await page.goto(`${world.origin}/sign-in`)
  await page.getByRole('link', { name: 'Sign in with Okta' }).click()
  await page.getByText('No roles mapped from claims').waitFor()
  await expectSoundPage(page)
})
