/**
 * A review from the mail that asks for it to the group in AWS: the gateway with its own workers on a clock that is
 * moved, a real mail server, a real browser without a session, and the emulator.
 */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Page } from 'playwright-core'
import { startOfDay } from '../../../src/core/calendar.js'
import { day } from '../../../src/core/time.js'
import { demo } from '../../emulator/aws-world.js'
import { expectSoundPage, useBrowser } from '../../support/browser.js'
import { MailServer } from '../../support/mail-server.js'
import { auditEvents, createPerson } from '../../support/people.js'
import { dayFrom, list } from './access-lists-world.js'
import { connectIdentityCenter, type Connected } from './connected-world.js'
import { openIdentityCenterWorld, type IdentityCenterWorld } from './identity-center-world.js'
import { fillSignIn, onPage } from './world.js'

const browser = useBrowser()
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 })
const owner = 'olga@example.com'
const members = ['anna@example.com', 'bert@example.com', 'cleo@example.com']
const grant = `assignment/${demo.production}/${demo.readOnlyArn}`

let mail: MailServer
let world: IdentityCenterWorld
let aws: Connected
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
  aws = await connectIdentityCenter(world)
  const { admin } = aws
  for (const name of [owner, ...members]) await createPerson(world.gateway, admin, { name, roles: [] })
  due = startOfDay(world.gateway.clock.now()) + 60 * day
  const onCall = list('on-call', {
    title: 'On call',
    owners: [{ name: owner }],
    grants: { roles: [grant] },
    audit: { next_audit_date: dayFrom(due, 0), recurrence: { frequency: 3 } },
  })
  await aws.apply(onCall)
  const csv = ['name', ...members].join('\n')
  await aws.ask('post', '/v1/access-lists/on-call/change-members', { csv })
  const mine = async () => (await inGroups()).filter((line) => line.startsWith('On call: '))
  await vi.waitFor(async () => expect(await mine()).toEqual(members.map((name) => `On call: ${name}`)), {
    timeout: 30_000,
    interval: 100,
  })
  await aws.settled()
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

/** Every membership in AWS: `On call: anna@example.com`. */
async function inGroups(): Promise<string[]> {
  const lines = [...(await aws.groups())].flatMap(([group, has]) =>
    has.flatMap((one) => (one.startsWith('user ') ? [`${group}: ${one.slice(5)}`] : [])),
  )
  return lines.sort()
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
