import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectSoundPage, useBrowser } from '../../support/browser.js'
import { buildAccount, buildInventory, buildPermissionSet } from '../../support/inventory.js'
import { role, signIn } from '../../support/people.js'
import { onPage, openWorld, type BrowserWorld } from './world.js'

const browser = useBrowser()
const account = buildAccount(1)
const permissionSet = buildPermissionSet(1)
let world: BrowserWorld
beforeAll(async () => {
  world = await openWorld(['dev'], 0, {
    inventory: buildInventory({ accounts: 3, permissionSets: 3 }),
    resources: [
      role('reader', 'v8', {
        allow: { account_assignments: [{ account: account.id, permission_set: permissionSet.arn }] },
      }),
    ],
  })
  const admin = await signIn(world.gateway, world.person('admin'))
  const list = (name: string, title: string, roles: readonly string[]) => ({
    kind: 'access_list',
    version: 'v1',
    metadata: { name },
    spec: { title, owners: [{ name: 'admin@example.com' }], grants: { roles } },
  })
  expect(
    (await admin.post('/v1/resources', list('platform', 'Platform team', ['reader']))).status,
  ).toBeLessThan(300)
  expect((await admin.post('/v1/resources', list('contractors', 'Contractors', []))).status).toBeLessThan(300)
  const add = async (to: string, member: object) =>
    expect((await admin.post(`/v1/access-lists/${to}/members`, member)).status).toBeLessThan(300)
  await add('platform', { kind: 'list', name: 'contractors', reason: 'help' })
  await add('contractors', { name: 'dev@example.com', reason: 'project', expiresAt: '2099-01-01T00:00:00Z' })
})
afterAll(() => world?.[Symbol.asyncDispose]())

async function openAs(who: 'dev' | 'admin', path: string): Promise<Page> {
  const { context, page } = await browser.open()
  await world.enter(context, who)
  await page.goto(world.origin + path)
  return page
}

test('an administrator asks who can, and sees the way as a picture', async () => {
  const page = await openAs('admin', `/who-can?account=${account.id}&permissionSet=${permissionSet.name}`)
  await onPage(page, 'Who can')
  const person = page.getByRole('region', { name: 'dev@example.com' })
  const way = person.getByRole('list', { name: /^By access list contractors within platform/ })
  await way.getByText('Platform team').waitFor()
  const steps = await way.getByRole('listitem').allTextContents()
  expect(steps).toEqual([
    'Persondev@example.com',
    'is inAccess listContractors',
    'is withinAccess listPlatform team',
    'givesRolereader',
    expect.stringMatching(`ends .*${permissionSet.name}`) as string,
  ])
  await page.getByRole('button', { name: /Show who may ask/ }).click()
  await page.getByText('Nobody who does not have it may ask for it.').waitFor()
  await expectSoundPage(page)
})

test('people explain themselves, and learn what would give more', async () => {
  const page = await openAs('dev', `/explain?account=${account.id}`)
  await onPage(page, 'Explain access')
  await page.getByRole('heading', { name: /has 1 permission set in/ }).waitFor()
  await page.getByRole('list', { name: /^By access list contractors/ }).waitFor()
  await expectSoundPage(page)
})
