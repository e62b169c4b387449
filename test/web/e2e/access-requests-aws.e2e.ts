/** From asking to AWS and back: a person asks, another approves, the granted set opens in the access portal, and it ends. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Page } from 'playwright-core'
import { stringify } from 'yaml'
import { hour } from '../../../src/core/time.js'
import { demo, demoRegion } from '../../emulator/aws-world.js'
import { expectSoundPage, useBrowser } from '../../support/browser.js'
import { createPerson, role, signIn, type TestBrowser, type TestPerson } from '../../support/people.js'
import { openIdentityCenterWorld, type IdentityCenterWorld } from './identity-center-world.js'
import { onPage } from './world.js'

const browser = useBrowser()
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })
const plugin = 'aws-identity-center'
let world: IdentityCenterWorld
let admin: TestBrowser
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
  admin = await signIn(world.gateway, world.admin)
  await apply(assigned, asks, reviews, {
    kind: 'saml_idp_service_provider',
    version: 'v1',
    metadata: { name: plugin, labels: { 'teleport.dev/origin': 'aws-identity-center' } },
    spec: { entity_descriptor: await world.metadata(), preset: 'aws-identity-center' },
  })
  await world.takeOurMetadata()
  dev = await createPerson(world.gateway, admin, { name: 'dev@example.com', roles: ['asks', 'access'] })
  rita = await createPerson(world.gateway, admin, { name: 'rita@example.com', roles: ['reviews'] })
  const scim = await world.scim()
  await apply(connection('paused', scim.endpoint))
  await ask('put', `/v1/identity-center/${plugin}/scim`, { baseUrl: scim.endpoint, token: scim.token })
  await ask('post', `/v1/identity-center/${plugin}/scan`)
  await jobEnds()
  await ask('post', `/v1/identity-center/${plugin}/import`)
  await jobEnds()
  await apply(connection('active', scim.endpoint))
})
afterAll(() => world?.[Symbol.asyncDispose]())

function connection(sync: 'paused' | 'active', scimUrl: string) {
  return {
    kind: 'plugin',
    version: 'v1',
    metadata: { name: plugin },
    spec: {
      settings: {
        aws_ic: {
          arn: demo.instanceArn,
          region: demoRegion,
          credentials: { system: {} },
          access_list_default_owners: [world.admin.name],
          saml_idp_service_provider_name: plugin,
          // The emulator is no host of AWS.
          provisioning_spec: { base_url: scimUrl, allow_other_host: true },
          sync,
        },
      },
    },
  }
}

async function apply(...documents: readonly unknown[]): Promise<void> {
  const text = documents.map((one) => stringify(one)).join('---\n')
  const answer = await admin.send('post', '/v1/resources?mode=replace', text, {
    'content-type': 'application/yaml',
  })
  if (answer.status >= 300) throw new Error(`applying answered ${answer.status}: ${answer.text}`)
}

async function ask(method: 'post' | 'put', path: string, body: object = {}): Promise<void> {
  const answer = await admin.send(method, path, body)
  if (answer.status >= 300) throw new Error(`${path} answered ${answer.status}: ${answer.text.slice(0, 400)}`)
}

async function jobEnds(): Promise<void> {
  await vi.waitFor(
    async () => {
      const { body } = await admin.get(`/v1/identity-center/${plugin}/status`)
      expect((body as { job?: { state: string } }).job?.state).toBe('done')
    },
    { timeout: 60_000, interval: 200 },
  )
}

async function openAs(who: TestPerson, path: string): Promise<Page> {
  const { context, page } = await browser.open()
  context.setDefaultTimeout(45_000)
  await world.enter(context, who)
  await page.goto(world.origin + path)
  return page
}

test('what is approved opens in the access portal, and is gone at its end', async () => {
  const mine = await openAs(dev, `/request?q=sandbox`)
  const box = mine.getByRole('checkbox', { name: /^Billing.* on sandbox$/ })
  await box.check()
  const title = (await box.getAttribute('aria-label')) ?? ''
  const basket = mine.getByRole('complementary', { name: 'Your request' })
  await basket.getByText('rita@example.com').waitFor()
  await basket.getByRole('radio', { name: '1 hour', exact: true }).check()
  await basket.getByRole('button', { name: 'Ask for 1 item, 1 hour' }).click()
  await onPage(mine, title)

  const theirs = await openAs(rita, '/requests/review')
  const row = theirs.getByRole('group', { name: `dev@example.com: ${title}` })
  await row.focus()
  await theirs.keyboard.press('a')
  await theirs.getByRole('dialog').getByRole('button', { name: 'Approve the request' }).click()
  await theirs.getByText('Nothing waits for you').waitFor()

  const standing = mine.getByRole('region', { name: 'Where it stands' })
  await standing.getByText('gives access now').waitFor()
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
  const portal = await mine.context().newPage()
  await portal.goto(`${world.emulator.url}/start`)
  const granted = portal.getByRole('link', {
    name: new RegExp(`${title.split(' on ')[0]}.*sandbox|sandbox.*${title.split(' on ')[0]}`),
  })
  await granted.first().waitFor()

  world.gateway.clock.advance(hour)
  await standing.getByText('over', { exact: true }).waitFor()
  await expect
    .poll(
      async () => {
        await portal.goto(`${world.emulator.url}/start`)
        return granted.count()
      },
      { timeout: 30_000, interval: 500 },
    )
    .toBe(0)
})
