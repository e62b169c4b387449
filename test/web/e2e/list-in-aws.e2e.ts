/** A list and its group in AWS, as an administrator meets them: what is missing, what a change takes away, and its end. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Page } from 'playwright-core'
import { demo, demoRegion } from '../../emulator/aws-world.js'
import { expectSoundPage, useBrowser } from '../../support/browser.js'
import { createPerson, type TestPerson } from '../../support/people.js'
import { list } from './access-lists-world.js'
import { connectIdentityCenter, type Connected } from './connected-world.js'
import { openIdentityCenterWorld, type IdentityCenterWorld } from './identity-center-world.js'
import { onPage } from './world.js'

const browser = useBrowser()
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })
const patient = { timeout: 45_000 }
let world: IdentityCenterWorld
let aws: Connected
let dev: TestPerson

beforeAll(async () => {
  world = await openIdentityCenterWorld()
  aws = await connectIdentityCenter(world)
  dev = await createPerson(world.gateway, aws.admin, { name: 'dev@example.com', roles: ['access'] })
  for (const name of ['olga@example.com', 'max@example.com'])
    await createPerson(world.gateway, aws.admin, { name, roles: ['access'] })
})
afterAll(() => world?.[Symbol.asyncDispose]())

const readProduction = `assignment/${demo.production}/${demo.readOnlyArn}`
const paySandbox = `assignment/${demo.sandbox}/${demo.billingArn}`

async function openAs(who: TestPerson, path: string): Promise<Page> {
  const { context, page } = await browser.open()
  context.setDefaultTimeout(45_000)
  await world.enter(context, who)
  await page.goto(world.origin + path)
  return page
}

async function makeList(name: string, title: string, roles: readonly string[]): Promise<void> {
  await aws.apply(list(name, { title, owners: [{ name: world.admin.name }], grants: { roles } }))
  const csv = 'name\ndev@example.com\nmax@example.com'
  await aws.ask('post', `/v1/access-lists/${name}/change-members`, { csv })
}

const people = ['user dev@example.com', 'user max@example.com']
const reads = `ReadOnlyAccess in ${demo.production}`
const pays = `Billing in ${demo.sandbox}`
const groupOf = async (title: string) => (await aws.groups()).get(title)
/** All other groups, with all that they have. */
const others = async (title: string) => [...(await aws.groups())].filter(([group]) => group !== title).sort()

test('what is missing is told while the sync did not make it, and then that all is as it should be', async () => {
  await aws.setSync('paused')
  await makeList('night', 'Night shift', [readProduction])
  const page = await openAs(world.admin, '/access-lists/night?view=aws')
  const group = page.getByRole('region', { name: /^Group Night shift/ })
  await group.getByText('paused', { exact: true }).waitFor()
  await group.getByText('The sync is paused: nothing is changed in AWS.').waitFor()
  await group.getByRole('heading', { name: 'About to change' }).waitFor()
  const accounts = group.getByRole('list', { name: 'Accounts' })
  await accounts.getByText('ReadOnlyAccess is about to come').waitFor()
  await expectSoundPage(page)
  expect(await groupOf('Night shift')).toBeUndefined()

  await aws.setSync('active')
  await expect.poll(() => groupOf('Night shift'), patient).toEqual([reads, ...people].sort())
  await group.getByText('as it should be', { exact: true }).waitFor()
  expect(await group.getByRole('heading', { name: 'About to change' }).count()).toBe(0)
  expect(await accounts.getByText(/is about to/).count()).toBe(0)
  await expectSoundPage(page)

  await aws.emulate('POST', { fault: { kind: 'region-down', region: demoRegion } })
  await aws.apply(
    list('night', {
      title: 'Night shift',
      owners: [{ name: world.admin.name }],
      grants: { roles: [readProduction, paySandbox] },
    }),
  )
  await accounts.getByText('Billing is about to come').waitFor()
  await group.getByText('as it should be', { exact: true }).waitFor({ state: 'detached' })
  await expectSoundPage(page)
  expect(await groupOf('Night shift')).toEqual([reads, ...people].sort())
  await aws.emulate('DELETE')
  await expect.poll(() => groupOf('Night shift'), patient).toEqual([reads, pays, ...people].sort())
  await group.getByText('as it should be', { exact: true }).waitFor()
})

test('an administrator changes owners and takes a grant away: that assignment goes, and only that', async () => {
  await makeList('day', 'Day shift', [readProduction, paySandbox])
  await expect.poll(() => groupOf('Day shift'), patient).toEqual([reads, pays, ...people].sort())
  await aws.settled()
  const before = await others('Day shift')
  const page = await openAs(world.admin, '/access-lists/day?view=edit')
  const owners = page.getByRole('region', { name: 'Owners of the list' })
  await owners.getByRole('combobox', { name: 'Add an owner' }).fill('olga@example.com')
  await owners.getByRole('button', { name: 'Add', exact: true }).click()
  await page
    .getByRole('region', { name: 'What members get' })
    .getByRole('button', { name: /^Remove .*Billing-on-sandbox/ })
    .click()
  await page
    .getByRole('region', { name: 'Check' })
    .getByText(/updates access list day\.$/)
    .waitFor()
  await expectSoundPage(page)
  expect(await groupOf('Day shift')).toEqual([reads, pays, ...people].sort())
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect.poll(() => groupOf('Day shift'), patient).toEqual([reads, ...people].sort())
  await aws.settled()
  expect(await groupOf('Day shift')).toEqual([reads, ...people].sort())
  expect(await others('Day shift')).toEqual(before)
  const theirs = await openAs({ name: 'olga@example.com', seed: undefined }, '/access-lists/day?view=aws')
  const accounts = theirs.getByRole('list', { name: 'Accounts' })
  await expect
    .poll(() => accounts.getByRole('listitem').allTextContents())
    .toEqual([expect.stringMatching(/^production.*ReadOnlyAccess$/)])
})

test('the last sign-in to AWS stands beside each name, in the list and in its review', async () => {
  await makeList('seen', 'Seen in AWS', [readProduction])
  const portal = await openAs(dev, '/')
  await portal.goto(`${world.emulator.url}/start`)
  await onPage(portal, /^AWS accounts/)
  const page = await openAs(world.admin, '/access-lists/seen?view=people')
  const row = (name: string) => page.getByRole('row').filter({ hasText: name })
  const today = new Date(world.gateway.clock.now()).getUTCFullYear()
  const when = row('dev@example.com').getByRole('cell').last().locator('time')
  expect(await when.getAttribute('datetime')).toMatch(new RegExp(`^${today}-`))
  await row('max@example.com').getByRole('cell', { name: 'never', exact: true }).waitFor()
  await expectSoundPage(page)
  await page.goto(`${world.origin}/access-lists/seen/review`)
  const member = (name: string) => page.getByRole('group', { name: new RegExp(`^${name}:`) })
  await member('dev@example.com')
    .getByText(/^signed in to AWS /)
    .waitFor()
  await member('max@example.com').getByText('never signed in to AWS').waitFor()
  await expectSoundPage(page)
})

test('an administrator deletes a list, told what goes: its group goes with all it had, and nothing else', async () => {
  await makeList('gone', 'Gone soon', [readProduction, paySandbox])
  await expect.poll(() => groupOf('Gone soon'), patient).toEqual([reads, pays, ...people].sort())
  await aws.settled()
  const before = await others('Gone soon')
  const page = await openAs(world.admin, '/access-lists/gone?view=edit')
  await page.getByRole('button', { name: 'Delete access list …' }).click()
  const dialog = page.getByRole('dialog', { name: 'Delete access list gone?' })
  await dialog.getByText('Removes 2 members of gone.').waitFor()
  await dialog.getByText(/^Its group in Identity Center goes, and with it the access/).waitFor()
  await expectSoundPage(page)
  expect(await groupOf('Gone soon')).toEqual([reads, pays, ...people].sort())
  await dialog.getByRole('button', { name: 'Delete gone' }).click()
  await onPage(page, 'Access lists')
  await expect.poll(() => groupOf('Gone soon'), patient).toBeUndefined()
  await aws.settled()
  expect(await others('Gone soon')).toEqual(before)
})
