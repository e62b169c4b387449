/**
 * A review from the mail that asks for it to the group in AWS: the gateway with its own workers on a clock that is
 * moved, a real mail server, a real browser without a session, and the emulator.
 */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Page } from 'playwright-core'
import { stringify } from 'yaml'
import { z } from 'zod'
import { paths, planAnswer } from '../../../src/api/contract.js'
import { startOfDay } from '../../../src/core/calendar.js'
import { day } from '../../../src/core/time.js'
import { demo, demoRegion } from '../../emulator/aws-world.js'
import { expectSoundPage, useBrowser } from '../../support/browser.js'
import { MailServer } from '../../support/mail-server.js'
import { auditEvents, createPerson, signIn, type TestBrowser } from '../../support/people.js'
import { dayFrom, list } from './access-lists-world.js'
import { openIdentityCenterWorld, type IdentityCenterWorld } from './identity-center-world.js'
import { fillSignIn, onPage } from './world.js'

const browser = useBrowser()
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 })
const plugin = 'aws-identity-center'
const owner = 'olga@example.com'
const members = ['anna@example.com', 'bert@example.com', 'cleo@example.com']
const grant = `assignment/${demo.production}/${demo.readOnlyArn}`

let mail: MailServer
let world: IdentityCenterWorld
/** The day on which the review of `on-call` is due. */
let due: number
/** Everybody in AWS before the review. */
let before: readonly string[]

beforeAll(async () => {
  mail = await MailServer.open()
  world = await openIdentityCenterWorld({
    isStepped: true,
    env: {
      GATEHOUSE_SMTP_URL: `smtp://127.0.0.1:${mail.port}`,
      GATEHOUSE_MAIL_FROM: 'Gatehouse <gatehouse@example.com>',
    },
  })
  const admin = await signIn(world.gateway, world.admin)
  await connect(admin)
  for (const name of [owner, ...members]) await createPerson(world.gateway, admin, { name, roles: [] })
  due = startOfDay(world.gateway.clock.now()) + 60 * day
  const onCall = list('on-call', {
    title: 'On call',
    owners: [{ name: owner }],
    grants: { roles: [grant] },
    audit: { next_audit_date: dayFrom(due, 0), recurrence: { frequency: 3 } },
  })
  await apply(admin, onCall)
  const csv = ['name', ...members].join('\n')
  await ask(admin, 'post', '/v1/access-lists/on-call/change-members', { csv })
  const mine = async () => (await inGroups()).filter((line) => line.startsWith('On call: '))
  await vi.waitFor(async () => expect(await mine()).toEqual(members.map((name) => `On call: ${name}`)), {
    timeout: 30_000,
    interval: 100,
  })
  await settled(admin)
  before = await inGroups()
  // Weeks before nobody is written to.
  expect(mail.taken).toEqual([])
  world.moveTo(due)
  await mail.until(1)
})
afterAll(async () => {
  await world?.[Symbol.asyncDispose]()
  await mail?.[Symbol.asyncDispose]()
})

async function ask(
  admin: TestBrowser,
  method: 'get' | 'post' | 'put',
  path: string,
  body: object = {},
): Promise<unknown> {
  const answer = await (method === 'get' ? admin.get(path) : admin.send(method, path, body))
  if (answer.status >= 300) throw new Error(`${path} answered ${answer.status}: ${answer.text.slice(0, 300)}`)
  return answer.body as unknown
}

async function apply(admin: TestBrowser, document: unknown): Promise<void> {
  const type = { 'content-type': 'application/yaml' }
  const answer = await admin.send('post', '/v1/resources', stringify(document), type)
  if (answer.status >= 300)
    throw new Error(`applying answered ${answer.status}: ${answer.text.slice(0, 300)}`)
}

const statusForm = z.object({
  job: z.object({ state: z.string(), error: z.string().optional() }).optional(),
  waiting: z.object({ open: z.number() }),
})

async function settled(admin: TestBrowser): Promise<void> {
  await vi.waitFor(
    async () => {
      const { job, waiting } = statusForm.parse(
        await ask(admin, 'get', paths.awsicStatus.replace(':plugin', plugin)),
      )
      expect([job?.state, job?.error, waiting.open]).toEqual(['done', undefined, 0])
    },
    { timeout: 60_000, interval: 100 },
  )
}

/** The plugin, as its set-up leaves it: imported, with a SCIM token, and its sync at work. */
async function connect(admin: TestBrowser): Promise<void> {
  const at = (path: string) => path.replace(':plugin', plugin)
  const aws_ic = {
    arn: demo.instanceArn,
    region: demoRegion,
    credentials: { system: {} },
    provisioning_spec: { allow_other_host: true },
    access_list_default_owners: [world.admin.name],
    // Without it no users are made in AWS.
    saml_idp_service_provider_name: 'aws',
  }
  await apply(admin, {
    kind: 'plugin',
    version: 'v1',
    metadata: { name: plugin },
    spec: { settings: { aws_ic } },
  })
  for (const job of [paths.awsicScan, paths.awsicImport]) {
    await ask(admin, 'post', at(job))
    await settled(admin)
  }
  const { endpoint, token } = await world.scim()
  await ask(admin, 'put', at(paths.awsicScim), { baseUrl: endpoint, token })
  const heldDigest = async () => planAnswer.parse(await ask(admin, 'get', at(paths.awsicPlan))).heldDigest
  await ask(admin, 'post', at(paths.awsicApprove), { heldDigest: await heldDigest() })
  await ask(admin, 'post', at(paths.awsicApply), { heldDigest: await heldDigest() })
  await settled(admin)
}

const awsForm = z.object({
  users: z.array(z.object({ id: z.string(), userName: z.string() })),
  groups: z.array(z.object({ id: z.string(), displayName: z.string() })),
  memberships: z.array(z.object({ groupId: z.string(), userId: z.string() })),
})

/** Every membership in AWS: `On call: anna@example.com`. */
async function inGroups(): Promise<string[]> {
  const answer = await fetch(`${world.emulator.url}/_emulator/state?only=users,groups,memberships`)
  const { users, groups, memberships } = awsForm.parse(await answer.json())
  const name = new Map([
    ...users.map(({ id, userName }) => [id, userName] as const),
    ...groups.map(({ id, displayName }) => [id, displayName] as const),
  ])
  return memberships.map(({ groupId, userId }) => `${name.get(groupId)}: ${name.get(userId)}`).sort()
}

/** Opens the link of the mail without a session, and signs in where it leads. */
async function followMail(name: string): Promise<{ readonly page: Page; readonly link: string }> {
  const [link = ''] = /\S+\/access-lists\/\S+/.exec(mail.taken[0]?.text ?? '') ?? []
  const { page } = await browser.open()
  await page.goto(link)
  await onPage(page, 'Sign in')
  await fillSignIn(page, { name })
  return { page, link }
}

test('the mail goes to the owner on the day, once, and says what it is about', () => {
  expect(mail.taken.map(({ to }) => to)).toEqual([[owner]])
  const [letter] = mail.taken
  expect(letter?.headers.get('subject')).toBe(`Review access list "On call" by ${dayFrom(due, 0)}`)
  expect(letter?.text).toContain('3 people are in it.')
})

test('its link lets nobody review who does not own the list', async () => {
  const { page, link } = await followMail('anna@example.com')
  await page.getByText('You cannot review this list').waitFor()
  expect(page.url()).toBe(link)
  expect(await page.getByRole('button', { name: /Keep|Remove/ }).count()).toBe(0)
})

test('its link leads the owner through the sign-in to the review, and who is removed is out of the group', async () => {
  const { page, link } = await followMail(owner)
  await onPage(page, 'Review On call')
  expect(page.url()).toBe(link)
  await page.getByRole('checkbox', { name: 'Choose bert@example.com' }).check()
  const progress = page.getByRole('region', { name: 'Progress' })
  await progress.getByRole('button', { name: 'Keep all but 1' }).click()
  await progress.getByText('3 of 3 decided: 2 keep, 1 remove').waitFor()
  await progress.getByRole('button', { name: 'See what changes' }).click()
  const changes = page.getByRole('region', { name: 'What changes' })
  await changes.getByText('Bert@example.com leaves the group On call.').waitFor()
  const accounts = changes.getByRole('list', { name: 'In AWS, by account' })
  await accounts.getByText(`production (${demo.production})`).waitFor()
  await accounts.getByText('ReadOnlyAccess: bert@example.com loses it').waitFor()
  await expectSoundPage(page)
  expect(await inGroups()).toEqual(before)

  await page.getByRole('button', { name: 'Finish the review: remove 1' }).click()
  await page.getByText('On call is reviewed').waitFor()
  await expect
    .poll(inGroups, { timeout: 30_000 })
    .toEqual(before.filter((line) => line !== 'On call: bert@example.com'))
  await world.gateway.gateway.sequencer.flush()
  const [event] = await auditEvents(world.gateway, { type: 'access_list.review' })
  expect(event).toMatchObject({
    code: 'TAL004I',
    access_list_name: 'on-call',
    user: owner,
    kept_count: 2,
    removed_members: ['bert@example.com'],
  })
})
