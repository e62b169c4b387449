import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { expectSoundPage, useBrowser } from '../../support/browser.js'
import { oidcConnector, TestDirectory } from '../../support/directory.js'
import { OidcIssuer } from '../../support/oidc-issuer.js'
import { onPage, openWorld, type BrowserWorld } from './world.js'

const browser = useBrowser()
let world: BrowserWorld
let issuer: OidcIssuer
beforeAll(async () => {
  world = await openWorld([], 0, { resources: [oidcConnector('entra')] })
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
  await page.getByRole('textbox', { name: 'Claim', exact: true }).fill('groups')
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

test('the directory of a connector gets a token, pushes, is held back, and a person decides', async () => {
  const { context, page } = await browser.open({ permissions: ['clipboard-read', 'clipboard-write'] })
  await world.enter(context, 'admin')
  await page.goto(`${world.origin}/connectors`)
  await page.getByRole('link', { name: 'entra', exact: true }).click()
  const card = page.getByRole('region', { name: 'Directory (SCIM)' })
  await card.getByText('No SCIM token yet').waitFor()
  await card.getByText(`${world.origin}/scim/v2`, { exact: true }).waitFor()
  await expectSoundPage(page)
  await card.getByRole('button', { name: 'Add token …' }).click()
  const adding = page.getByRole('dialog', { name: 'New SCIM token of entra' })
  await adding.getByLabel('Label').fill('Entra provisioning')
  await expectSoundPage(page)
  await adding.getByRole('button', { name: 'Create token' }).click()
  const shown = page.getByRole('dialog', { name: 'Give these to the provider' })
  await shown.getByText('it is shown this once').waitFor()
  await expectSoundPage(page)
  await page.keyboard.press('Escape')
  await shown.getByRole('button', { name: 'Copy token' }).click()
  await shown.getByRole('button', { name: 'token copied' }).waitFor()
  const secret = await page.evaluate<string>('navigator.clipboard.readText()')
  await shown.getByRole('button', { name: 'I have copied it' }).click()
  await card.getByText(/never used/).waitFor()
  expect(await page.content()).not.toContain(secret)

  const directory = new TestDirectory(world.gateway.url, secret)
  const ids: string[] = []
  for (let at = 0; at < 12; at += 1) ids.push((await directory.pushUser(`p${at}@example.com`)).id)
  await directory.pushGroup('Everyone', ids)
  for (const id of ids) await directory.patch(`/Users/${id}`, { op: 'replace', value: { active: false } })
  await page.goto(`${world.origin}/connectors`)
  await page.getByRole('link', { name: '2 changes wait in the directory of entra' }).click()
  await card.getByText('12 users, 1 group').waitFor()
  await card.getByText(/last used .* from 127\.0\.0\.1/).waitFor()
  const held = card.getByRole('region', { name: 'Held changes' })
  await held.getByText('2 waiting').waitFor()
  await held
    .getByText(/the limit is 10/)
    .first()
    .waitFor()
  await expectSoundPage(page)
  await held.getByRole('button', { name: 'Release: Deactivate the user p10@example.com' }).click()
  const releasing = page.getByRole('dialog', { name: 'Release this change?' })
  await releasing.getByText('Deactivate the user p10@example.com').waitFor()
  await expectSoundPage(page)
  await releasing.getByRole('button', { name: 'Release this change' }).click()
  await held.getByText(/released by admin/).waitFor()
  await held.getByRole('button', { name: 'Refuse: Deactivate the user p11@example.com' }).click()
  await page.getByRole('button', { name: 'Refuse this change' }).click()
  await held.getByText(/refused by admin/).waitFor()
  const tried = async (id = '') =>
    (await directory.patch(`/Users/${id}`, { op: 'replace', value: { active: false } })).status
  expect([await tried(ids[10]), await tried(ids[11])]).toEqual([200, 403])

  await card.getByRole('button', { name: 'Remove token Entra provisioning' }).click()
  const removing = page.getByRole('dialog', { name: 'Remove token Entra provisioning?' })
  await removing.getByText(/the last one that is good/).waitFor()
  await expectSoundPage(page)
  await removing.getByRole('button', { name: 'Remove token', exact: true }).click()
  await card.getByText('No SCIM token yet').waitFor()
  expect((await directory.ask('get', '/Users')).status).toBe(401)
})
