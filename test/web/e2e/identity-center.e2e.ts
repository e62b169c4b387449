/** Identity Center after its set-up: status, plan, accounts, access lists and removal, over the real sync. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Page } from 'playwright-core'
import { stringify } from 'yaml'
import { auditEventsAnswer } from '../../../src/api/contract.js'
import { noteNames } from '../../../src/core/identity-center/note-names.js'
import { hour } from '../../../src/core/time.js'
import { demo, demoRegion } from '../../emulator/aws-world.js'
import { expectSoundPage, useBrowser } from '../../support/browser.js'
import { machineUser, runCommand } from '../../support/command-line.js'
import { signIn, type TestBrowser, type TestPerson } from '../../support/people.js'
import { openIdentityCenterWorld, type IdentityCenterWorld } from './identity-center-world.js'
import { onPage } from './world.js'

const browser = useBrowser()
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 })
const plugin = 'aws-identity-center'
let world: IdentityCenterWorld
let admin: TestBrowser
beforeAll(async () => {
  world = await openIdentityCenterWorld()
  admin = await signIn(world.gateway, world.admin)
  await ask('post', '/v1/resources', {
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
        },
      },
    },
  })
  await ask('post', `/v1/identity-center/${plugin}/scan`)
  await jobEnds()
  await ask('post', `/v1/identity-center/${plugin}/import`)
  await jobEnds()
})
afterAll(() => world?.[Symbol.asyncDispose]())

/** Asks as the administrator; documents go as YAML. */
async function ask(method: 'post' | 'put', path: string, body: object = {}): Promise<unknown> {
  const isDocument = path === '/v1/resources'
  const answer = await admin.send(
    method,
    path,
    isDocument ? stringify(body) : body,
    isDocument ? { 'content-type': 'application/yaml' } : {},
  )
  if (answer.status >= 300) throw new Error(`${path} answered ${answer.status}: ${answer.text.slice(0, 300)}`)
  return answer.body as unknown
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
  await world.enter(context, who)
  await page.goto(world.origin + path)
  return page
}

describe('the access lists', () => {
  test('that the import made have the members of their groups, and say what they are in AWS', async () => {
    const page = await openAs(world.admin, '/access-lists?filter=aws&view=table')
    await onPage(page, 'Access lists')
    const first = page.getByRole('table').getByRole('rowheader').getByRole('link').first()
    await first.waitFor()
    await expectSoundPage(page)
    await first.click()
    const members = page.getByRole('table', { name: 'Members' })
    await members.getByText('no user yet').first().waitFor()
    await expectSoundPage(page)
    await page.getByRole('tab', { name: 'Grants' }).click()
    await page.getByText(/^It is a group with \d+ permission sets? in \d+ accounts?\./).waitFor()
    await expectSoundPage(page)
    await page.getByRole('link', { name: 'See its access in AWS' }).click()
    const group = page.getByRole('region', { name: /^Group .* in aws-identity-center$/ })
    await group.getByText('The sync is paused: nothing is changed in AWS.').waitFor()
    await group.getByRole('list', { name: 'Accounts' }).getByRole('listitem').first().waitFor()
    await expectSoundPage(page)
  })

  test('tell what somebody loses in AWS before they are removed', async () => {
    const page = await openAs(world.admin, '/access-lists?filter=aws&view=table')
    await page.getByRole('table').getByRole('rowheader').getByRole('link').first().click()
    await page.getByRole('combobox', { name: 'Person to add' }).fill(world.visitor.name)
    await page.getByRole('button', { name: 'Add to the list' }).click()
    const members = page.getByRole('table', { name: 'Members' })
    await members.getByText(world.visitor.name).waitFor()
    await page.getByRole('button', { name: `Remove ${world.visitor.name}` }).click()
    const dialog = page.getByRole('dialog', { name: `Remove ${world.visitor.name}?` })
    await dialog.getByText(/^In AWS .* leaves the group .*, which gives \d+ permission sets? in/).waitFor()
    await expectSoundPage(page)
    await dialog.getByRole('button', { name: `Remove ${world.visitor.name}` }).click()
    await dialog.waitFor({ state: 'detached' })
    await expect.poll(() => members.getByText(world.visitor.name).count()).toBe(0)
  })
})

describe('Identity Center', () => {
  test('shows its status: health, facts, calls and changes', async () => {
    const page = await openAs(world.admin, '/identity-center')
    await onPage(page, 'Status')
    await page.getByRole('region', { name: 'Health' }).waitFor()
    await page
      .getByRole('region', { name: 'Facts' })
      .getByText(/7 accounts/)
      .waitFor()
    await page.getByRole('list', { name: 'Pace by service' }).waitFor()
    await expectSoundPage(page)
  })

  test('shows who is assigned to what and why, and only one account where that is asked', async () => {
    const page = await openAs(world.admin, '/identity-center/accounts')
    await onPage(page, 'Accounts')
    const production = page.getByRole('region', { name: 'Account production' })
    await production.waitFor()
    await expectSoundPage(page)
    await production.getByRole('button', { name: 'Only this account' }).click()
    await expect.poll(() => new URL(page.url()).searchParams.get('account')).toBe(demo.production)
    await expect.poll(() => page.getByRole('region', { name: /^Account / }).count()).toBe(1)
  })

  test('plans by itself, and says so where nothing was searched for', async () => {
    const page = await openAs(world.admin, '/identity-center/plan')
    await onPage(page, 'Plan')
    await page.getByText('The sync is paused').waitFor()
    await expectSoundPage(page)
  })

  test('after a restore waits until somebody has seen the plan and released it, here or by the command', async () => {
    const membersOf = (list: string) => `/v1/access-lists/${list}/members`
    await ask('post', membersOf('developers'), { name: world.admin.name })
    const { clock, gateway } = world.gateway
    const restore = () =>
      gateway.store.notes.put(noteNames.restored(plugin), {
        backupAt: clock.now() - 2 * hour,
        restoredAt: clock.now(),
      })
    const events = async () => {
      const { body } = await admin.get('/v1/audit/events?type=aws_identity_center.restore.release')
      return auditEventsAnswer
        .parse(body)
        .items.map(({ json }) => (JSON.parse(json) as { updated_by: string }).updated_by)
    }
    await restore()
    const status = await openAs(world.admin, '/identity-center')
    const health = status.getByRole('region', { name: 'Health' })
    await health.getByText(/^Restored from a backup of .*: nothing is changed in AWS/).waitFor()

    const page = await openAs(world.admin, '/identity-center/plan')
    const banner = page.getByRole('alert', { name: 'Restored from a backup' })
    await banner.getByText('2 hours ago').waitFor()
    await page.getByText('1 held').waitFor()
    await expectSoundPage(page)
    const release = banner.getByRole('button', { name: 'Release 1 change …' })
    await release.click()
    const dialog = page.getByRole('dialog', { name: 'Release 1 change?' })
    await dialog.getByText('1 change in AWS. Users who gain access: 1; users who lose some: 0.').waitFor()
    await expectSoundPage(page)
    await dialog.getByRole('button', { name: 'Not now' }).click()
    await expect.poll(() => release.evaluate((one) => one === document.activeElement)).toBe(true)
    expect(await events()).toEqual([])
    await release.click()
    await dialog.getByRole('button', { name: 'Release 1 change' }).click()
    await banner.waitFor({ state: 'detached' })
    expect(await page.getByText('1 held').count()).toBe(0)
    expect(await events()).toEqual([world.admin.name])

    await restore()
    await ask('post', membersOf('finance'), { name: world.admin.name })
    const env = await machineUser(world.gateway, admin, { name: 'operator', roles: ['editor'] })
    const not = await runCommand(['awsic', 'release'], { env, answers: ['no'] })
    expect(not.out).toContain('waits: Restored from a backup of ')
    expect(not.err).toMatch(/Release the plan after the backup of .* was restored: 1 change in AWS\?/)
    expect(not.out).toContain('Nothing was released.')
    expect(await events()).toHaveLength(1)
    const command = await runCommand(['awsic', 'release'], { env, answers: ['yes'] })
    expect(command.code).toBe(0)
    expect(command.out).toContain('Released: 1 change. The sync is paused')
    expect(await events()).toHaveLength(2)
    const again = await runCommand(['awsic', 'release', '--yes'], { env })
    expect(again.out).toContain('No plan waits for its release')
    await status.reload()
    await health.waitFor()
    expect(await health.getByText(/Restored from a backup/).count()).toBe(0)
    for (const list of ['developers', 'finance']) {
      expect((await admin.send('delete', `${membersOf(list)}/user/${world.admin.name}`)).status).toBeLessThan(
        300,
      )
    }
  })

  test('is refused to a person without rights, on every page', async () => {
    for (const path of ['', '/plan', '/accounts', '/uninstall']) {
      const page = await openAs(world.visitor, `/identity-center${path}`)
      await page.getByText('Your roles do not allow this').waitFor()
    }
    const page = await openAs(world.visitor, '/access-lists')
    await page.getByText('No access list concerns you yet').waitFor()
  })
})

test('uninstalling tells what goes and stays, wants the name, and leaves AWS as it is', async () => {
  const before = await world.assignments()
  const page = await openAs(world.admin, '/integrations')
  await page.getByRole('link', { name: `Uninstall ${plugin}` }).click()
  await onPage(page, 'Uninstall Identity Center')
  const goes = page.getByRole('region', { name: 'Goes' })
  await goes.getByRole('list', { name: 'Access lists that go' }).getByRole('link').first().waitFor()
  const also = page.getByRole('checkbox', { name: /Also remove the access/ })
  await also.check()
  // All of it was there before the import.
  await page.getByText(/^Nothing to remove/).waitFor()
  expect(await page.getByRole('region', { name: 'Who loses what' }).count()).toBe(0)
  await also.uncheck()
  await expectSoundPage(page)
  const button = page.getByRole('button', { name: `Uninstall ${plugin}` })
  await page.getByLabel(`Type ${plugin} to confirm`).fill('something else')
  expect(await button.isDisabled()).toBe(true)
  await page.getByLabel(`Type ${plugin} to confirm`).fill(plugin)
  await button.click()
  await page.getByText(`${plugin} was removed`).waitFor({ timeout: 60_000 })
  await expectSoundPage(page)
  await page.goto(`${world.origin}/integrations`)
  await page.getByText('Nothing is connected yet').waitFor({ timeout: 60_000 })
  expect(await world.assignments()).toEqual(before)
})
