/**
 * A new administrator connects Identity Center by the page alone, from nothing to the start page of AWS; what each step
 * may refuse on the way has stories of its own below.
 */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Page } from 'playwright-core'
import { stringify } from 'yaml'
import { expectSoundPage, useBrowser } from '../../support/browser.js'
import { demo, demoRegion } from '../../emulator/aws-world.js'
import { signIn, type TestPerson } from '../../support/people.js'
import { openIdentityCenterWorld, type IdentityCenterWorld } from './identity-center-world.js'
import { onPage } from './world.js'

const browser = useBrowser()
// The whole set-up is one story: reading AWS, importing and applying take their time.
vi.setConfig({ testTimeout: 240_000 })
let world: IdentityCenterWorld
beforeAll(async () => {
  world = await openIdentityCenterWorld()
})
afterAll(() => world?.[Symbol.asyncDispose]())

const patient = { timeout: 60_000 }

async function openAs(who: TestPerson, path: string): Promise<Page> {
  const { context, page } = await browser.open({ permissions: ['clipboard-read', 'clipboard-write'] })
  await world.enter(context, who)
  await page.goto(world.origin + path)
  return page
}

const step = (page: Page, name: RegExp) =>
  page.getByRole('navigation', { name: 'Steps of the set-up' }).getByRole('link', { name })

async function fillConnection(page: Page, name: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Region' }).fill(demoRegion)
  await page.getByLabel('Instance ARN').fill(demo.instanceArn)
  await page.getByLabel('Name here').fill(name)
}

test('a new administrator goes through the whole set-up and signs in', async () => {
  const before = await world.assignments()
  const page = await openAs(world.admin, '/')
  await page.getByRole('navigation').getByRole('link', { name: 'Integrations' }).click()
  await onPage(page, 'Integrations')
  await page.getByText('Nothing is connected yet').waitFor()
  await expectSoundPage(page)
  await page.getByRole('link', { name: 'Add new integration' }).first().click()
  await onPage(page, 'Add new integration')
  await expectSoundPage(page)
  await page.getByRole('link', { name: 'Set up AWS IAM Identity Center' }).click()

  await onPage(page, 'Connect AWS')
  await expectSoundPage(page)
  await fillConnection(page, 'aws-identity-center')
  await page.getByRole('radio', { name: /own credentials/ }).check()
  await page.getByRole('button', { name: 'Connect aws-identity-center' }).click()
  await page.getByRole('button', { name: 'Test the connection' }).click()
  await page.getByText('Connected', { exact: true }).waitFor(patient)
  await page.getByRole('region', { name: 'Permissions' }).waitFor()
  await step(page, /Connect AWS done/).waitFor()
  await expectSoundPage(page)
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight))
  await page.getByRole('link', { name: 'Next: Preview and import' }).click()

  await onPage(page, 'Preview and import')
  // A step begins at its top, with the focus on its heading.
  expect(await page.evaluate(() => window.scrollY)).toBe(0)
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1')
  await page.goto(`${world.origin}/integrations`)
  await page.getByRole('link', { name: 'Resume the set-up of aws-identity-center' }).click()
  await onPage(page, 'Preview and import')
  await page.getByRole('button', { name: 'Read what AWS has' }).click()
  const preview = page.getByRole('region', { name: 'Preview' })
  await preview.getByRole('list', { name: 'Preview' }).waitFor(patient)
  await preview.getByRole('tab', { name: /^Users/ }).click()
  await preview.getByText('ada@example.com').waitFor()
  await expectSoundPage(page)
  await page.getByRole('combobox', { name: 'Add a default owner' }).fill('nobody@example.com')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByText('There is no user nobody@example.com').waitFor()
  expect(await page.getByRole('button', { name: 'Remove default owner nobody@example.com' }).count()).toBe(0)
  await page.getByRole('combobox', { name: 'Add a default owner' }).fill(world.admin.name)
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByRole('button', { name: `Remove default owner ${world.admin.name}` }).waitFor()
  await page.getByRole('button', { name: /^Import \d+ groups? as access lists?$/ }).click()
  await page.getByText(/The import is complete/).waitFor(patient)
  await step(page, /Preview and import done/).waitFor()
  await expectSoundPage(page)
  expect(await world.assignments()).toEqual(before)

  await page.getByRole('link', { name: 'Next: Identity source' }).click()
  await onPage(page, 'Identity source')
  await page.getByRole('region', { name: 'Pre-flight' }).getByRole('table').waitFor(patient)
  await expectSoundPage(page)
  // Who is missing here is one press from being invited, by exactly the name that AWS has.
  const invite = page
    .getByRole('region', { name: 'Pre-flight' })
    .getByRole('link', { name: /^Invite / })
    .first()
  const missing = ((await invite.textContent()) ?? '').replace('Invite ', '')
  expect(await invite.getAttribute('href')).toBe(
    `/users?${new URLSearchParams({ invite: missing }).toString()}`,
  )
  await invite.click()
  await expect.poll(() => page.getByRole('dialog').getByLabel('User name').inputValue()).toBe(missing)
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
  expect(page.url()).toBe(`${world.origin}/users`)
  await page.goBack()
  await onPage(page, 'Identity source')
  const pasted = page.getByLabel('Metadata (XML)')
  await pasted.fill(await world.ourMetadata())
  await page.getByText('That is the metadata of Gatehouse itself').waitFor()
  expect(await page.getByRole('button', { name: /^Create service provider/ }).isDisabled()).toBe(true)
  await pasted.fill('<EntityDescriptor>')
  await page.getByText('This is no metadata that can be read').waitFor()
  await pasted.fill(await world.metadata())
  await page.getByRole('button', { name: /^Create service provider/ }).click()
  await page.getByText(/stands for the AWS access portal/).waitFor()
  // To look for another one changes nothing.
  await page.getByRole('button', { name: 'Change …' }).click()
  await page.getByRole('group', { name: 'Change the service provider' }).waitFor()
  await expectSoundPage(page)
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.getByText(/stands for the AWS access portal/).waitFor()
  // Who is in AWS and has neither role nor password here is not fine; who is can be looked at.
  const preflight = page.getByRole('region', { name: 'Pre-flight' })
  await preflight.getByText('Everybody', { exact: true }).click()
  await preflight.getByRole('textbox', { name: 'Search people' }).fill(world.admin.name)
  await preflight.getByText('1 person shown').waitFor()
  await preflight.getByRole('table').getByText('fine', { exact: true }).waitFor()
  await expectSoundPage(page)
  await world.takeOurMetadata()
  await page.getByRole('combobox', { name: 'Person' }).fill(world.admin.name)
  await page.getByRole('button', { name: 'Show the assertion' }).click()
  const assertion = page.getByRole('status', { name: `Assertion of ${world.admin.name}` })
  await assertion.getByText('User name (uid)').waitFor()
  await expectSoundPage(page)
  await page.getByRole('link', { name: 'Next: SCIM' }).click()

  await onPage(page, 'SCIM')
  const { endpoint, token } = await world.scim()
  await page.getByRole('textbox', { name: 'SCIM endpoint' }).fill(endpoint)
  await page.getByRole('textbox', { name: 'Access token' }).fill('not-the-token')
  await page.getByRole('checkbox', { name: /no host of AWS/ }).check()
  await page.getByRole('button', { name: 'Test and keep the token' }).click()
  await page.getByText('SCIM does not work yet.').waitFor(patient)
  await page.getByText(/endpoint and the token were copied whole/).waitFor()
  await expectSoundPage(page)
  await page.getByRole('textbox', { name: 'Access token' }).fill(token)
  await page.getByRole('button', { name: 'Test and keep the token' }).click()
  await page.getByRole('list', { name: 'SCIM tokens' }).waitFor(patient)
  await page.getByText('The token is kept').waitFor()
  await page.getByRole('button', { name: 'Delete the token in slot 1' }).click()
  const question = page.getByRole('dialog')
  await question.getByText('It is the only one.', { exact: false }).waitFor()
  await expectSoundPage(page)
  await question.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('list', { name: 'SCIM tokens' }).waitFor()
  expect(await page.content()).not.toContain(token)
  await expectSoundPage(page)
  await page.getByRole('link', { name: 'Next: First plan' }).click()

  await onPage(page, 'First plan')
  await page.getByRole('list', { name: 'Changes by kind' }).waitFor(patient)
  // Who becomes whom is told by name before anybody agrees.
  const binds = page.getByRole('note').filter({ hasText: 'of exactly that name' })
  await binds.getByText(world.admin.name).waitFor()
  await expectSoundPage(page)
  await page.getByRole('button', { name: /^(Apply|Switch).* …$/ }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText(/From then on Gatehouse is the truth/).waitFor()
  await dialog.getByText(`of exactly that name (${world.admin.name})`, { exact: false }).waitFor()
  await expectSoundPage(page)
  await dialog.getByRole('button', { name: /^(Apply|Switch)/ }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByText('The sync is on.').waitFor(patient)
  await step(page, /First plan done/).waitFor(patient)
  await page.getByRole('link', { name: 'Next: Access' }).click()

  await onPage(page, 'Access')
  await page.getByRole('button', { name: 'Create role identity-center-access' }).click()
  await page.getByRole('link', { name: 'identity-center-access' }).waitFor()
  await expectSoundPage(page)
  await page.getByRole('link', { name: 'Next: Start page' }).click()

  await onPage(page, 'Start page')
  await expectSoundPage(page)
  await page.getByRole('link', { name: /^Log In to/ }).click()
  await onPage(page, /^AWS accounts/)
})

describe('the set-up', () => {
  test('is left and resumed where it stands', async () => {
    const page = await openAs(world.admin, '/integrations')
    await page.getByRole('link', { name: /et-up of aws-identity-center/ }).click()
    await onPage(page, 'Connect AWS')
    await step(page, /Connect AWS done/).waitFor()
    await step(page, /Identity source/).click()
    await onPage(page, 'Identity source')
    expect(page.url()).toBe(
      `${world.origin}/integrations/aws-identity-center/set-up/identity-source?plugin=aws-identity-center`,
    )
  })

  test('tells a malformed instance before it is sent, and what the server refuses', async () => {
    const page = await openAs(world.admin, '/integrations/aws-identity-center/set-up/connect')
    await fillConnection(page, 'second')
    await page.getByLabel('Instance ARN').fill('d-1234567890')
    await page.getByRole('button', { name: 'Connect second' }).click()
    await page.getByText(/ID of the identity store/).waitFor()
    await expectSoundPage(page)
    await page.getByLabel('Instance ARN').fill(demo.instanceArn)
    await page.getByRole('combobox', { name: 'Region' }).fill('eu-central-9999')
    await page.getByRole('button', { name: 'Connect second' }).click()
    await page.getByText(/looks like eu-west-1/).waitFor()
    await page.getByRole('combobox', { name: 'Region' }).fill(demoRegion)
    await page.getByRole('button', { name: 'Connect second' }).click()
    await page.getByText(/has it already/).waitFor()
    await expectSoundPage(page)
  })

  test('writes the script for a trust by OIDC, and keeps only the ARN of a role', async () => {
    const page = await openAs(world.admin, '/integrations/aws-identity-center/set-up/connect')
    await fillConnection(page, 'trusting')
    // Two plugins cannot keep one instance.
    await page.getByLabel('Instance ARN').fill('arn:aws:sso:::instance/ssoins-1111111111111111')
    await page.getByRole('button', { name: 'Connect trusting' }).click()
    const script = page.getByRole('region', { name: 'set-up script' })
    await script.waitFor()
    expect(await script.textContent()).toContain('AssumeRoleWithWebIdentity')
    await page.getByRole('checkbox', { name: /units and tags/ }).check()
    await expect.poll(() => script.textContent()).toContain('organizations:ListTagsForResource')
    await expectSoundPage(page)
    // Left and resumed: a script that is run again then takes nothing away.
    await page.reload()
    await expect.poll(() => page.getByRole('checkbox', { name: /units and tags/ }).isChecked()).toBe(true)
    expect(await page.getByRole('checkbox', { name: /Delegated administrator/ }).isChecked()).toBe(false)
    await expect.poll(() => script.textContent()).toContain('organizations:ListTagsForResource')
    await page.getByLabel('Role ARN').fill('GatehouseIdentityCenter')
    await page.getByRole('button', { name: 'Save the role' }).click()
    await page.getByText(/It looks like arn:aws:iam/).waitFor()
    await page.getByLabel('Role ARN').fill('arn:aws:iam::111111111111:role/GatehouseIdentityCenter')
    await page.getByRole('button', { name: 'Save the role' }).click()
    await page.getByText('Saved in integration trusting-oidc.').waitFor()
    await page.reload()
    await expect
      .poll(() => page.getByLabel('Role ARN').inputValue())
      .toBe('arn:aws:iam::111111111111:role/GatehouseIdentityCenter')
    // The trust was never made in AWS.
    await page.getByRole('button', { name: 'Test the connection' }).click()
    await page.getByRole('region', { name: 'Test of the connection' }).getByRole('alert').waitFor(patient)
    await expectSoundPage(page)
    // Nothing there rests on the issuer, so it can still be another one.
    await page.getByLabel('Public host of the keys').fill('https://id.example.com')
    await page.getByRole('button', { name: 'Use this host' }).click()
    await expect.poll(() => script.textContent()).toContain('https://id.example.com')
    await page.getByText('AWS reads our keys at https://id.example.com').waitFor()
    await page.getByRole('button', { name: 'Change region or ARN' }).click()
    await page.getByRole('textbox', { name: 'Region' }).fill('eu-west-1')
    await page.getByRole('button', { name: 'Save the instance' }).click()
    await page.getByRole('region', { name: 'The instance' }).getByText('eu-west-1').waitFor()
    await page.goto(`${world.origin}/integrations`)
    const tile = page.getByRole('listitem').filter({ hasText: 'trusting-oidc' }).last()
    await tile.getByText('being set up').waitFor()
    await tile.getByText(/Not tested yet/).waitFor()
  })

  test('is refused to a person without rights, who is offered no way into it', async () => {
    const page = await openAs(world.visitor, '/integrations/aws-identity-center/set-up/connect')
    await onPage(page, 'Connect AWS')
    expect(await page.getByRole('button', { name: /^Connect/ }).isDisabled()).toBe(true)
    await page.goto(`${world.origin}/integrations`)
    await page.getByText('Your roles do not allow this').waitFor()
    expect(await page.getByRole('link', { name: 'Add new integration' }).count()).toBe(0)
    await expectSoundPage(page)
  })
})

test('uninstalling names who would lose what, before anybody agrees to it', async () => {
  const admin = await signIn(world.gateway, world.admin)
  const list = {
    kind: 'access_list',
    version: 'v1',
    metadata: { name: 'own' },
    spec: {
      title: 'Own',
      owners: [{ name: world.admin.name }],
      grants: { roles: [`assignment/${demo.sandbox}/${demo.billingArn}`] },
    },
  }
  const type = { 'content-type': 'application/yaml' }
  expect((await admin.send('post', '/v1/resources', stringify(list), type)).status).toBeLessThan(300)
  const member = { kind: 'user', name: world.visitor.name }
  expect((await admin.send('post', '/v1/access-lists/own/members', member)).status).toBeLessThan(300)
  const page = await openAs(world.admin, '/identity-center/uninstall')
  await expect
    .poll(
      async () => {
        await page.reload()
        await page.getByRole('region', { name: 'Goes' }).waitFor()
        return page.getByText(/1 person loses access/).count()
      },
      { ...patient, interval: 1000 },
    )
    .toBe(1)
  expect(await page.getByRole('list', { name: 'Who loses what' }).count()).toBe(0)
  await page.getByRole('checkbox', { name: /Also remove the access/ }).check()
  const losses = page.getByRole('list', { name: 'Who loses what' })
  await losses.getByText(world.visitor.name).waitFor()
  await losses.getByText('sandbox (777777777777)').waitFor()
  // The warning names the last sign-in in words of this place, not as the log writes it.
  expect(await page.getByRole('main').textContent()).not.toMatch(/\dT\d\d:\d\d/)
  await expectSoundPage(page)
})
