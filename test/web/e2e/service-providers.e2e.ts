import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { expectNoAxeViolations, expectSoundPage, useBrowser } from '../../support/browser.js'
import { role } from '../../support/people.js'
import { onPage, openWorld, type BrowserWorld, type Who } from './world.js'

const browser = useBrowser()
const entityId = 'https://wiki.example.com/saml'
const acsUrl = 'https://wiki.example.com/saml/acs'
const metadata = `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${entityId}" validUntil="2099-01-01T00:00:00Z">
  <md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="${acsUrl}" index="0"/>
  </md:SPSSODescriptor>
</md:EntityDescriptor>`
const noProviders = [{ resources: ['saml_idp_service_provider'], verbs: ['list', 'read'] }]
let world: BrowserWorld
beforeAll(async () => {
  world = await openWorld(['dev', 'nolabels', 'roleReader'], 0, {
    resources: [role('role-reader', 'v8', { deny: { rules: noProviders } })],
  })
})
afterAll(() => world?.[Symbol.asyncDispose]())

async function openAs(who: Who | 'admin', path: string): Promise<Page> {
  const { context, page } = await browser.open({ permissions: ['clipboard-read', 'clipboard-write'] })
  await world.enter(context, who)
  await page.goto(world.origin + path)
  return page
}

const check = (page: Page) => page.getByRole('region', { name: 'Check' })

async function showAssertion(page: Page, person: string): Promise<ReturnType<Page['getByRole']>> {
  await page.getByRole('combobox', { name: 'Person' }).fill(person)
  const choice = page.getByRole('option', { name: person })
  // The choices stay while somebody scrolls to them, also where their field leaves the window.
  await choice.evaluate((node) => node.scrollIntoView({ block: 'start' }))
  await choice.click()
  await page.getByRole('button', { name: 'Show the assertion' }).click()
  const shown = page.getByRole('status', { name: `Assertion of ${person}` })
  await shown.waitFor()
  return shown
}

describe('the list of service providers', () => {
  test('shows labels and addresses, and leads to each', async () => {
    const page = await openAs('admin', '/')
    await page.getByRole('navigation').getByRole('link', { name: 'Service providers' }).click()
    await onPage(page, 'Service providers')
    const row = page.getByRole('row', { name: /aws-identity-center/ })
    await row.getByText('teleport.dev/origin: aws-identity-center').waitFor()
    await row.getByText(/\/platform\/saml\/d-/).waitFor()
    await expectSoundPage(page)
    await row.getByRole('link', { name: 'aws-identity-center' }).click()
    await onPage(page, 'aws-identity-center')
    await expectSoundPage(page)
  })

  test('is read, without a way to change anything, by a person who signs in to them', async () => {
    const page = await openAs('dev', '/service-providers')
    await page.getByRole('row', { name: /aws-identity-center/ }).waitFor()
    expect(await page.getByRole('navigation').getByRole('link', { name: 'Service providers' }).count()).toBe(
      0,
    )
    expect(await page.getByRole('link', { name: 'New service provider' }).count()).toBe(0)
    await expectSoundPage(page)
  })

  test('is refused to a person whose roles deny it', async () => {
    const page = await openAs('roleReader', '/service-providers')
    await page.getByText('Your roles do not allow this').waitFor()
    expect(await page.getByRole('link', { name: 'New service provider' }).count()).toBe(0)
    await expectSoundPage(page)
  })
})

describe('a new service provider', () => {
  test('for AWS says in the words of its console what to copy where', async () => {
    const page = await openAs('admin', '/service-providers/new')
    await page.getByText('What to do in the AWS console').click()
    await page.getByText('External identity provider').waitFor()
    const shown = await page.getByText(`${world.origin}/saml/idp/metadata`).first().textContent()
    await page.getByRole('button', { name: 'Copy metadata address' }).click()
    await page.getByRole('button', { name: 'metadata address copied' }).waitFor()
    expect(await page.evaluate<string>('navigator.clipboard.readText()')).toBe(shown)
    await page.getByRole('button', { name: 'Copy certificate' }).click()
    await page.getByRole('button', { name: 'certificate copied' }).waitFor()
    const pem = await page.evaluate<string>('navigator.clipboard.readText()')
    expect(pem).toMatch(/^-----BEGIN CERTIFICATE-----\n[\w+/=\n]+\n-----END CERTIFICATE-----\n$/)
    await page.getByText('IdP sign-in URL').waitFor()
    expect(await page.getByRole('button', { name: 'Create service provider' }).isDisabled()).toBe(true)
    await expectSoundPage(page)
  })

  test('from metadata shows what it says, and is tried with a person before it exists', async () => {
    const page = await openAs('admin', '/service-providers/new?for=other')
    await page.getByLabel('Description').fill('The wiki')
    await page.getByText('It needs a name first.').waitFor()
    expect(
      await check(page)
        .getByText(/metadata\.name/)
        .count(),
    ).toBe(0)
    await page.getByLabel('Name', { exact: true }).fill('wiki')
    await page.getByLabel('Metadata (XML)').fill('<not-metadata/>')
    await page.getByText('This text is not metadata of one application.').waitFor()
    await check(page)
      .getByText(/problem/)
      .waitFor()
    await expectSoundPage(page)
    await page.locator('input[type=file]').setInputFiles({
      name: 'metadata.xml',
      mimeType: 'application/xml',
      buffer: Buffer.from(metadata),
    })
    await page.getByText(acsUrl, { exact: true }).waitFor()
    await check(page).getByText('Looks right: creates service provider wiki.').waitFor()
    await page.getByRole('button', { name: 'Add attribute' }).click()
    const attribute = page.getByRole('group', { name: 'Attribute 1' })
    await attribute.getByLabel('Attribute', { exact: true }).fill('cost')
    await attribute.getByLabel('Value').fill('user.spec.traits.cost_center')
    const told = await showAssertion(page, world.person('dev').name)
    await told.getByText('Refused').waitFor()
    await told.getByRole('row', { name: /cost.*4711/ }).waitFor()
    await expectSoundPage(page)
    await page.getByRole('button', { name: 'Create service provider' }).click()
    await onPage(page, 'wiki')
    expect(new URL(page.url()).pathname).toBe('/service-providers/wiki')
    await page.getByRole('tab', { name: 'Set up there' }).click()
    expect(await page.getByText('External identity provider').count()).toBe(0)
    await page.getByText(acsUrl, { exact: true }).waitFor()
    await expectSoundPage(page)
  })

  test('from entity ID and ACS, and refused where another has the entity ID', async () => {
    const page = await openAs('admin', '/service-providers/new?for=other')
    const fill = async (name: string): Promise<void> => {
      await page.getByLabel('Name', { exact: true }).fill(name)
      await page.getByText('Entity ID and ACS').click()
      await page.getByLabel('Entity ID', { exact: true }).fill('https://notes.example.com')
      await page.getByLabel(/^Assertion consumer service/).fill('https://notes.example.com/acs')
    }
    await fill('notes')
    await page.getByRole('button', { name: 'Create service provider' }).click()
    await onPage(page, 'notes')
    await page.goto(`${world.origin}/service-providers/new?for=other`)
    await fill('notes-again')
    await check(page)
      .getByText(/notes\.example\.com.*notes|"notes"/)
      .first()
      .waitFor()
    expect(await page.getByRole('button', { name: 'Create service provider' }).isDisabled()).toBe(true)
  })
})

describe('the test of a stored service provider', () => {
  test('shows NameID, attributes, what is left out and why, and the XML', async () => {
    const page = await openAs('admin', '/service-providers/aws-identity-center?tab=test')
    const told = await showAssertion(page, world.person('dev').name)
    await told.getByText('Allowed').waitFor()
    await told.getByRole('row', { name: /AccessControl:CostCenter.*4711/ }).waitFor()
    await told.getByText('Assertion as XML, unsigned').click()
    await told.getByRole('region', { name: 'Assertion as XML' }).getByText('saml:Assertion').first().waitFor()
    await expectSoundPage(page)

    const other = await showAssertion(page, world.person('nolabels').name)
    await other.getByText('Refused').waitFor()
    await other.getByText('Left out').waitFor()
    expect(await other.getByRole('row', { name: /CostCenter/ }).count()).toBe(0)
    await expectSoundPage(page)
  })

  test('is told to be out of reach for who may not read people', async () => {
    const page = await openAs('dev', '/service-providers/aws-identity-center?tab=test')
    await page.getByText('your roles do not let you read people').waitFor()
    expect(await page.getByRole('button', { name: 'Show the assertion' }).count()).toBe(0)
    expect(await page.getByRole('tab', { name: 'Form' }).count()).toBe(0)
    await expectSoundPage(page)
  })
})

test('a service provider is deleted after its effect was told', async () => {
  const page = await openAs('admin', '/service-providers/aws-identity-center')
  await page.getByRole('button', { name: 'Delete service provider …' }).click()
  const dialog = page.getByRole('dialog', { name: 'Delete service provider aws-identity-center?' })
  await dialog.getByText('This cannot be undone.').waitFor()
  await expectNoAxeViolations(page)
  await dialog.getByRole('button', { name: 'Delete aws-identity-center' }).click()
  await onPage(page, 'Service providers')
  expect(await page.getByRole('link', { name: 'aws-identity-center' }).count()).toBe(0)
})
