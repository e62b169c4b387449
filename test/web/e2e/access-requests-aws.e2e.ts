/** From asking to AWS and back: a person asks, another approves, the granted set opens in the access portal, and it ends. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Page } from 'playwright-core'
import { hour } from '../../../src/core/time.js'
import { demo, demoRegion } from '../../emulator/aws-world.js'
import { expectSoundPage, useBrowser } from '../../support/browser.js'
import { createPerson, role, type TestPerson } from '../../support/people.js'
import { connectIdentityCenter, type Connected } from './connected-world.js'
import { openIdentityCenterWorld, type IdentityCenterWorld } from './identity-center-world.js'
import { onPage } from './world.js'

const browser = useBrowser()
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })
let world: IdentityCenterWorld
let aws: Connected
let dev: TestPerson
let rita: TestPerson

const assigned = role('billing-everywhere', 'v8', {
  allow: { account_assignments: [{ account: '*', permission_set: demo.billingArn }] },
})
const asks = role('asks', 'v8', { allow: { request: { search_as_roles: ['billing-everywhere'] } } })
const reviews = role('reviews', 'v8', {
  allow: { review_requests: { roles: ['billing-everywhere'], preview_as_roles: ['billing-everywhere'] } },
})

beforeAll(async () => {
  world = await openIdentityCenterWorld()
  aws = await connectIdentityCenter(world)
  const { admin } = aws
  await aws.apply(assigned, asks, reviews)
  dev = await createPerson(world.gateway, admin, { name: 'dev@example.com', roles: ['asks', 'access'] })
  rita = await createPerson(world.gateway, admin, { name: 'rita@example.com', roles: ['reviews'] })
})
afterAll(() => world?.[Symbol.asyncDispose]())

async function openAs(who: TestPerson, path: string): Promise<Page> {
  const { context, page } = await browser.open()
  context.setDefaultTimeout(45_000)
  await world.enter(context, who)
  await page.goto(world.origin + path)
  return page
}

const standing = (page: Page) => page.getByRole('region', { name: 'Where it stands' })
/** The permission set `Billing` of this account in the access portal. */
const inPortal = (page: Page, account: string) =>
  page.getByRole('link', { name: new RegExp(`^Billing\\w* in ${account}$`) })

/** Opens the portal as it is now; who is not signed in there is sent to us and back. */
async function enterPortal(page: Page): Promise<void> {
  await page.goto(`${world.emulator.url}/start`)
  await onPage(page, /^AWS accounts/)
}

async function isInPortal(page: Page, account: string): Promise<boolean> {
  await enterPortal(page)
  return (await inPortal(page, account).count()) > 0
}

/** Until the portal says so; it tells nobody when something changes. */
const portalSays = (page: Page, account: string, isThere: boolean) =>
  expect.poll(() => isInPortal(page, account), { timeout: 30_000, interval: 500 }).toBe(isThere)

/** Ticks it, asks for an hour, and is on the page of the request; answers its title. */
async function askInPage(page: Page, account: string): Promise<string> {
  const box = page.getByRole('checkbox', { name: new RegExp(`^Billing.* on ${account}$`) })
  await box.check()
  const title = (await box.getAttribute('aria-label')) ?? ''
  const basket = page.getByRole('complementary', { name: 'Your request' })
  await basket.getByText('rita@example.com').waitFor()
  await basket.getByRole('radio', { name: '1 hour', exact: true }).check()
  await basket.getByRole('button', { name: 'Ask for 1 item, 1 hour' }).click()
  await onPage(page, title)
  return title
}

test('ask, approve, sign in with the granted set in the access portal, and it is gone at its end', async () => {
  const mine = await openAs(dev, `/request?q=sandbox`)
  const portal = await mine.context().newPage()
  expect(await isInPortal(portal, 'sandbox')).toBe(false)
  const theirs = await openAs(rita, '/requests/review')
  await theirs.getByText('Nothing waits for you').waitFor()

  const title = await askInPage(mine, 'sandbox')
  await standing(mine).getByText('waits for a decision').waitFor()
  const row = theirs.getByRole('group', { name: `dev@example.com: ${title}` })
  await row.focus()
  await theirs.keyboard.press('a')
  await theirs.getByRole('dialog').getByRole('button', { name: 'Approve the request' }).click()
  await theirs.getByText('Nothing waits for you').waitFor()
  const decided = theirs.getByRole('region', { name: 'Just decided' })
  await decided.getByText('gives access now').waitFor()

  await standing(mine).getByText('gives access now').waitFor()
  await mine.getByText('in AWS', { exact: true }).waitFor()
  const link = mine.getByRole('link', { name: `Open ${title} in AWS` })
  const href = (await link.getAttribute('href')) ?? ''
  expect(href).toMatch(/^https?:.*\/#\/console\?account_id=\d{12}&role_name=/)
  const home = await mine.context().newPage()
  await home.goto(world.origin)
  const own = home.getByRole('list', { name: 'Accounts in AWS' })
  const opened = own.getByRole('link', { name: `Open ${title} in AWS` })
  expect(await opened.getAttribute('href')).toBe(href)
  await expectSoundPage(home)

  // A sign-in of its own: as somebody comes who was never there.
  await enterPortal(portal)
  await portal.getByRole('button', { name: 'Sign out' }).click()
  await portalSays(portal, 'sandbox', true)
  await inPortal(portal, 'sandbox').click()
  const [, account] = /account_id=(\d{12})/.exec(href) ?? []
  const set = title.split(' on ')[0]
  await portal
    .getByRole('status')
    .getByText(`AWS would now open the console of account ${account} as ${set}.`)
    .waitFor()

  await decided.getByRole('link', { name: `dev@example.com: ${title}` }).click()
  await standing(theirs).getByText('gives access now').waitFor()
  world.gateway.clock.advance(hour)
  for (const page of [mine, theirs]) {
    await standing(page).getByText('over', { exact: true }).waitFor()
    await page.getByText('not in AWS', { exact: true }).waitFor()
  }
  expect(await link.count()).toBe(0)
  await portalSays(portal, 'sandbox', false)
  await portal.getByRole('button', { name: 'Sign out' }).click()
  expect(await isInPortal(portal, 'sandbox')).toBe(false)
})

test('what a reviewer revokes is gone from the access portal, and the requester sees both without a reload', async () => {
  const mine = await openAs(dev, `/request?q=staging`)
  const title = await askInPage(mine, 'staging')
  const theirs = await openAs(rita, new URL(mine.url()).pathname)
  await theirs.getByRole('button', { name: 'Approve', exact: true }).click()
  for (const page of [mine, theirs]) await page.getByText('in AWS', { exact: true }).waitFor()
  const portal = await mine.context().newPage()
  await portalSays(portal, 'staging', true)
  await standing(theirs).getByRole('button', { name: 'Revoke …' }).click()
  await theirs.getByRole('dialog').getByRole('textbox', { name: 'Reason' }).fill('Wrong account')
  await theirs.getByRole('dialog').getByRole('button', { name: 'Revoke 1 item' }).click()
  for (const page of [mine, theirs]) {
    await standing(page).getByText('Revoked by rita@example.com (Wrong account)').waitFor()
    await page.getByText('not in AWS', { exact: true }).waitFor()
  }
  expect(await mine.getByRole('link', { name: `Open ${title} in AWS` }).count()).toBe(0)
  await portalSays(portal, 'staging', false)
})

test('an end while AWS is silent says that the access is still there, to who had it and to who looks after it', async () => {
  const mine = await openAs(dev, `/request?q=sandbox`)
  const title = await askInPage(mine, 'sandbox')
  const theirs = await openAs(rita, new URL(mine.url()).pathname)
  await theirs.getByRole('button', { name: 'Approve', exact: true }).click()
  await mine.getByText('in AWS', { exact: true }).waitFor()
  const portal = await mine.context().newPage()
  await portalSays(portal, 'sandbox', true)
  const keeper = await openAs(world.admin, '/identity-center')
  const facts = keeper.getByRole('region', { name: 'Facts' })
  await facts.getByText('Ended, still in AWS').waitFor({ state: 'detached' })

  await aws.emulate('POST', { fault: { kind: 'region-down', region: demoRegion } })
  world.gateway.clock.advance(hour)
  await standing(mine).getByText('over', { exact: true }).waitFor()
  await mine.getByText('still in AWS', { exact: true }).waitFor()
  await mine.getByText(/It is over, and the assignment is still in AWS/).waitFor()
  await facts.getByText('Ended, still in AWS').waitFor()
  await facts.getByText(/^1 assignment to take away, the first ended /).waitFor()
  await keeper.getByText(/^1 assignment whose access ended is still in AWS/).waitFor()
  await expectSoundPage(keeper)

  await aws.emulate('DELETE')
  await keeper.getByRole('button', { name: 'Read AWS now' }).click()
  await mine.getByText('not in AWS', { exact: true }).waitFor()
  await facts.getByText('Ended, still in AWS').waitFor({ state: 'detached' })
  await portalSays(portal, 'sandbox', false)
  expect(title).toMatch(/ on sandbox$/)
})
