import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { expectNoAxeViolations, expectSoundPage, useBrowser } from '../../support/browser.js'
import { authnRequest, redirectPath } from '../../support/sp.js'
import { formatInstant } from '../../../src/core/time.js'
import { fillSignIn, onPage, openWorld, type BrowserWorld, type Who } from './world.js'

const browser = useBrowser()
let world: BrowserWorld
beforeAll(async () => {
  world = await openWorld(['dev', 'nolabels', 'v7off'])
})
afterAll(() => world?.[Symbol.asyncDispose]())

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/

/** The number that a refused person would read out to the administrator. */
async function readReference(page: Page): Promise<string> {
  const text = (await page.getByRole('region', { name: 'Reference' }).textContent()) ?? ''
  return uuid.exec(text)?.[0] ?? `no reference in: ${text}`
}

const refusals: readonly { who: Who; title: string; reason: RegExp; advice: RegExp; error: string }[] = [
  {
    who: 'nolabels',
    title: 'None of your roles allows aws-identity-center',
    reason: /engineer.*app_labels/,
    advice: /Ask an administrator for a role whose app_labels match/,
    error: 'access to saml_idp_service_provider denied. User does not have permissions. ',
  },
  {
    who: 'v7off',
    title: 'One of your roles forbids signing in to aws-identity-center',
    reason: /legacy-no-idp/,
    advice: /idp\.saml\.enabled: true/,
    error: 'user has been denied access to the SAML IdP by role legacy-no-idp',
  },
]

describe('a refused person', () => {
  test.each(refusals.map((refusal) => [refusal.who, refusal] as const))(
    '%s reads why and what to do, and the administrator finds the event by the reference',
    async (who, { title, reason, advice, error }) => {
      const { page } = await browser.open()
      await page.goto(world.portal)
      const answered = page.waitForResponse((response) => response.url().includes('/saml/idp/continue'))
      await fillSignIn(page, world.person(who))
      expect((await answered).status()).toBe(403)
      await onPage(page, title)
      await page.getByText(world.person(who).name).waitFor()
      await page.getByRole('heading', { name: 'Why' }).waitFor()
      await page.getByText(reason).waitFor()
      await page.getByRole('heading', { name: 'What to do' }).waitFor()
      await page.getByText(advice).waitFor()
      await expectSoundPage(page)
      const reference = await readReference(page)
      expect(reference).toMatch(uuid)
      await page.getByText('it finds this event in the audit log').waitFor()

      const admin = await browser.open()
      await world.enter(admin.context, 'admin')
      await admin.page.goto(`${world.origin}/audit`)
      await onPage(admin.page, 'Audit log')
      await admin.page.getByRole('textbox', { name: 'Reference' }).fill(reference)
      await admin.page.keyboard.press('Enter')
      await expectEvent(admin.page, { uid: reference, error, user: world.person(who).name })
      await expectSoundPage(admin.page)
    },
  )

  test('is led to Resources, where the tile says the same', async () => {
    const { context, page } = await browser.open()
    await world.enter(context, 'nolabels')
    await page.goto(world.portal)
    await page.getByRole('link', { name: 'Go to Resources' }).click()
    await onPage(page, 'Resources')
    const tile = page.getByRole('article').filter({ hasText: 'aws-identity-center' })
    await tile.getByText('You cannot sign in to this yet').waitFor()
    const login = tile.getByRole('button', { name: /^Log In to / })
    expect(await login.getAttribute('aria-disabled')).toBe('true')
    await expectSoundPage(page)
  })
})

async function expectEvent(page: Page, expected: Record<string, unknown>): Promise<void> {
  const shown = page
    .getByRole('dialog', { name: 'Event details' })
    .getByRole('region', { name: 'Event as JSON' })
  const event: unknown = JSON.parse((await shown.textContent()) ?? '')
  expect(event).toMatchObject({ event: 'saml.idp.auth', code: 'TSI000I', success: false, ...expected })
}

describe('the audit log', () => {
  test('opens the details of an event from its row, and the URL is the view', async () => {
    const { context, page } = await browser.open()
    await world.enter(context, 'nolabels')
    await page.goto(world.portal)
    const reference = await readReference(page)

    const admin = await browser.open()
    await world.enter(admin.context, 'admin')
    await admin.page.goto(`${world.origin}/audit`)
    await admin.page.getByRole('textbox', { name: 'User' }).fill('nolabels@example.com')
    await admin.page.keyboard.press('Enter')
    await admin.page.getByRole('button', { name: 'Clear filters' }).first().waitFor()
    await admin.page.getByRole('combobox', { name: 'Outcome' }).selectOption('Failed')
    const rows = admin.page.getByRole('button', { name: /^Details of saml\.idp\.auth/ })
    await rows.first().waitFor()
    await expectSoundPage(admin.page)
    await rows.first().click()
    await expectEvent(admin.page, { uid: reference, user: 'nolabels@example.com' })

    const colleague = await browser.open()
    await world.enter(colleague.context, 'admin')
    await colleague.page.goto(admin.page.url())
    await expectEvent(colleague.page, { uid: reference })
    await colleague.page.keyboard.press('Escape')
    await colleague.page.getByRole('dialog').waitFor({ state: 'hidden' })
    expect(await colleague.page.getByRole('textbox', { name: 'User' }).inputValue()).toBe(
      'nolabels@example.com',
    )
  })

  test('says when no event has a reference', async () => {
    const { context, page } = await browser.open()
    await world.enter(context, 'admin')
    await page.goto(`${world.origin}/audit?uid=00000000-0000-4000-8000-000000000000`)
    await page.getByText(/No event has the reference/).waitFor()
    await page.keyboard.press('Escape')
    await page.getByText('No event matches').waitFor()
    await expectSoundPage(page)
    await page.getByRole('button', { name: 'Clear filters' }).first().click()
    await page
      .getByRole('button', { name: /^Details of / })
      .first()
      .waitFor()
  })
})

describe('a sign-in that cannot go on', () => {
  test.each([
    [
      'a request of an unknown service provider',
      400,
      /not registered|unknown|no service provider/i,
      () => unknownRequest(),
    ],
    ['a tile that does not exist', 404, /No application named/, () => '/saml/idp/login/nowhere'],
    [
      'a request that is not SAML',
      400,
      /SAMLRequest|AuthnRequest/,
      () => '/saml/idp/sso?SAMLRequest=bm9uc2Vuc2U%3D',
    ],
  ])('%s shows what is wrong and a way on', async (_, status, detail, path) => {
    const { context, page } = await browser.open()
    await world.enter(context, 'dev')
    const answer = await page.goto(world.origin + path())
    await page.getByRole('heading', { level: 1 }).waitFor()
    expect(answer?.status()).toBe(status)
    await page.getByText(detail).first().waitFor()
    await page.getByRole('heading', { name: 'What to do' }).waitFor()
    expect(await readReference(page)).toMatch(uuid)
    await page.getByText('it finds this event in the audit log').waitFor()
    await expectSoundPage(page)
    await page.getByRole('link', { name: 'Go to Resources' }).click()
    await onPage(page, 'Resources')
  })

  test('a problem without an event does not send the administrator to the audit log', async () => {
    const { page } = await browser.open()
    const answer = await page.goto(`${world.origin}/saml/nothing`)
    expect(answer?.status()).toBe(404)
    await page.getByText('it finds the cause in the gateway’s log').waitFor()
    expect(await page.getByText('audit log').count()).toBe(0)
    await expectSoundPage(page)
  })

  test('a request that was answered is not answered again', async () => {
    const { context, page } = await browser.open()
    await world.enter(context, 'dev')
    const request = page.waitForRequest((one) => one.url().includes('/saml/idp/continue'))
    await page.goto(world.portal)
    const continued = (await request).url()
    await onPage(page, /^AWS accounts/)
    const again = await page.goto(continued)
    expect(again?.status()).toBe(409)
    await page.getByText(/already answered once/).waitFor()
    await page.getByText(/start the sign-in again/).waitFor()
    await expectNoAxeViolations(page)
    await page.getByRole('link', { name: 'Go to Resources' }).click()
    await onPage(page, 'Resources')
  })

  test('a page that does not exist says so', async () => {
    const { context, page } = await browser.open()
    await world.enter(context, 'dev')
    await page.goto(`${world.origin}/no-such-page`)
    await onPage(page, 'No page here')
    await expectSoundPage(page)
  })
})

function unknownRequest(): string {
  const { xml } = authnRequest({
    issuer: 'https://unknown.example/saml',
    issueInstant: formatInstant(world.gateway.clock.now()),
    destination: `${world.origin}/saml/idp/sso`,
  })
  return redirectPath(xml)
}
