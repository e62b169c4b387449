/**
 * What each may do with an access list and may not: owner, member, outsider, administrator. What somebody may is done in
 * the page; what they may not is offered nowhere, and refused to their browser when it asks all the same.
 */
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { csrfHeader } from '../../../src/api/paths.js'
import { expectSoundPage } from '../../support/browser.js'
import { dayFrom, list, openListsWorld, type ListsWorld, type Part } from './access-lists-world.js'
import { useStage } from './stage.js'

let lists: ListsWorld
const { openAs } = useStage(async () => (lists = await openListsWorld()))

type Who = Extract<Part, 'owner' | 'member' | 'outsider'> | 'admin'
type Call = readonly [method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object]

interface Action {
  readonly name: string
  readonly may: readonly Who[]
  /** Where the page has it, after the address of the list, and what it has there. */
  readonly at: string
  readonly offer: (page: Page) => ReturnType<Page['getByRole']>
  readonly act: (page: Page, name: string) => Promise<void>
  readonly calls: (name: string) => readonly Call[]
}

const both: readonly Who[] = ['owner', 'admin']
const of = (name: string, rest = '') => `/v1/access-lists/${name}${rest}`
const button = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name })
const tab = (name: string) => (page: Page) => page.getByRole('tab', { name })
const document = (name: string, spec: object) =>
  [
    'POST',
    '/v1/resources?mode=replace',
    list(name, { title: 'Taken over', owners: [{ name: 'max@example.com' }], ...spec }) as object,
  ] as const

/** In this order: one goes on with what the one before it left. */
const actions: readonly Action[] = [
  {
    name: 'adds a member',
    may: both,
    at: '',
    offer: button(/^Add/),
    act: async (page) => {
      await page.getByRole('combobox', { name: 'Person to add' }).fill('cara@example.com')
      await page.getByRole('button', { name: 'Add to the list' }).click()
      await page.getByText('Added cara@example.com.').waitFor()
    },
    calls: (name) => [
      ['POST', of(name, '/members'), { name: 'cara@example.com' }],
      ['POST', of(name, '/change-members'), { names: 'cara@example.com' }],
      ['GET', of(name, '/candidates?search=cara')],
    ],
  },
  {
    name: 'changes a membership',
    may: both,
    at: '',
    offer: button(/^Edit membership/),
    act: async (page) => {
      await page.getByRole('button', { name: 'Edit membership of max@example.com' }).click()
      const dialog = page.getByRole('dialog', { name: 'Membership of max@example.com' })
      await dialog.getByLabel('Reason').fill('Leads the shift')
      await dialog.getByRole('button', { name: 'Save the membership' }).click()
      await page.getByRole('cell', { name: 'Leads the shift' }).waitFor()
    },
    calls: (name) => [['POST', of(name, '/members'), { name: 'max@example.com', reason: 'I say so' }]],
  },
  {
    name: 'removes a member',
    may: both,
    at: '',
    offer: button(/^Remove/),
    act: async (page) => {
      await page.getByRole('button', { name: 'Remove nina@example.com' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Remove nina@example.com' }).click()
      await page.getByText('Removed nina@example.com.').waitFor()
    },
    calls: (name) => [
      ['DELETE', of(name, '/members/user/max%40example.com')],
      ['POST', of(name, '/change-members'), { remove: [{ kind: 'user', name: 'max@example.com' }] }],
    ],
  },
  {
    name: 'says what members need',
    may: both,
    at: '?view=grants',
    offer: button('Change what members need'),
    act: async (page) => {
      await page.getByRole('button', { name: 'Change what members need' }).click()
      await page.getByRole('combobox', { name: 'Add a role' }).fill('aws-sign-in')
      await page.getByRole('button', { name: 'Add', exact: true }).click()
      await page.getByRole('button', { name: 'Save: 1 person without it' }).click()
      await page.getByRole('list', { name: 'Requirements' }).getByText('aws-sign-in').waitFor()
    },
    calls: (name) => [['PUT', of(name, '/requirements'), { roles: ['asks'] }]],
  },
  {
    name: 'sees what it is in AWS',
    may: both,
    at: '?view=aws',
    offer: tab('Access in AWS'),
    act: async (page) => {
      await page.getByText('It is no group in AWS').waitFor()
    },
    calls: (name) => [['GET', of(name, '/aws')]],
  },
  {
    name: 'reads its history, its members and its reviews',
    may: both,
    at: '?view=history',
    offer: tab('History'),
    act: async (page, name) => {
      await page.getByText(`Access list "${name}" was created by admin.`).waitFor()
    },
    calls: (name) =>
      ['history', 'members', 'members.csv', 'people', 'reviews', 'review'].map((part) => [
        'GET',
        of(name, `/${part}`),
      ]),
  },
  {
    name: 'reviews it',
    may: both,
    at: '/review',
    offer: button(/^(Keep|Remove)/),
    act: async (page) => {
      await page.getByRole('button', { name: /^Keep all/ }).click()
      await page.getByRole('button', { name: 'See what changes' }).click()
      await page.getByRole('button', { name: /^Finish the review: keep all/ }).click()
      await page.getByText(/ is reviewed$/).waitFor()
    },
    calls: (name) => [
      [
        'POST',
        of(name, '/review/decisions'),
        { decisions: [{ kind: 'user', name: 'max@example.com', decision: 'remove' }] },
      ],
      ['POST', of(name, '/review/submit'), { keepRest: true, digest: 'of what I saw' }],
    ],
  },
  {
    name: 'says who owns it',
    may: ['admin'],
    at: '?view=edit',
    offer: tab('Edit'),
    act: async (page) => {
      const owners = page.getByRole('region', { name: 'Owners of the list' })
      await owners.getByRole('combobox', { name: 'Add an owner' }).fill('otto@example.com')
      await owners.getByRole('button', { name: 'Add', exact: true }).click()
      await page.getByRole('button', { name: 'Save changes' }).click()
      await page.getByRole('tab', { name: /^Owners\s?2$/ }).click()
      await page.getByRole('list', { name: 'Owners' }).getByText('otto@example.com').waitFor()
    },
    calls: (name) => [document(name, {})],
  },
  {
    name: 'says what it grants',
    may: ['admin'],
    at: '?view=edit',
    offer: tab('Edit'),
    act: async (page) => {
      const gets = page.getByRole('region', { name: 'What members get' })
      await gets.getByRole('combobox', { name: 'Add a role' }).fill('on-call-role')
      await gets.getByRole('option', { name: /^on-call-role/ }).click()
      await page.getByRole('button', { name: 'Save changes' }).click()
      await page.getByRole('tab', { name: 'Grants' }).click()
      await page.getByRole('list', { name: 'Grants' }).getByText('on-call-role').waitFor()
    },
    calls: (name) => [document(name, { grants: { roles: ['on-call-role'] } })],
  },
  {
    name: 'deletes it',
    may: ['admin'],
    at: '?view=edit',
    offer: button(/^Delete/),
    act: async (page, name) => {
      await page.getByRole('button', { name: 'Delete access list …' }).click()
      const dialog = page.getByRole('dialog', { name: `Delete access list ${name}?` })
      await dialog.getByText(`Removes 2 members of ${name}.`).waitFor()
      await expectSoundPage(page)
      await dialog.getByRole('button', { name: `Delete ${name}` }).click()
      await page.getByRole('heading', { level: 1, name: 'Access lists', exact: true }).waitFor()
    },
    calls: (name) => [['DELETE', `/v1/resources/access_list/${name}`]],
  },
]

/** Asks as the page itself would, with the session and the CSRF token of this browser. */
async function callIn(page: Page, [method, path, body]: Call): Promise<readonly [number, string]> {
  return await page.evaluate(
    async (call) => {
      const session = (await (await fetch('/v1/session')).json()) as { csrfToken: string }
      const answer = await fetch(call.path, {
        method: call.method,
        headers: { 'content-type': 'application/json', [call.header]: session.csrfToken },
        ...(call.body && { body: JSON.stringify(call.body) }),
      })
      const { code = '' } = answer.ok ? {} : ((await answer.json()) as { code?: string })
      return [answer.status, code] as const
    },
    { method, path, body, header: csrfHeader },
  )
}

async function stored(name: string): Promise<unknown> {
  const parts = ['', '/members', '/reviews', '/review']
  return await Promise.all(parts.map(async (part) => (await lists.admin.get(of(name, part))).body as unknown))
}

const forbidden = [403, 'FORBIDDEN'] as const
const unknown = [404, 'NOT_FOUND'] as const

test.each<[Who, readonly [number, string]]>([
  ['owner', forbidden],
  ['member', forbidden],
  // The list does not exist for them.
  ['outsider', unknown],
  ['admin', forbidden],
])('%s: what they may is done, the rest is not offered and is refused', async (who, refusal) => {
  const name = `for-${who}`
  await lists.apply(
    list(name, {
      title: `For the ${who}`,
      owners: [{ name: 'olga@example.com' }],
      audit: { next_audit_date: dayFrom(lists.world.gateway.clock.now(), 5), recurrence: { frequency: 3 } },
    }),
  )
  await lists.addMembers(name, 'name\nmax@example.com\nnina@example.com')
  const address = `${lists.world.origin}/access-lists/${name}`
  const page = await openAs(who, '/settings')
  const before = await stored(name)
  const wrong: unknown[] = []
  for (const { name: action, may, at, offer, act, calls } of actions) {
    await page.goto(address + at)
    await page.getByRole('heading', { level: 1 }).waitFor()
    if (may.includes(who)) {
      await offer(page).first().waitFor()
      await act(page, name)
      continue
    }
    await page
      .getByText(who === 'outsider' ? /^There is no access list/ : /You (are|own|cannot)/)
      .first()
      .waitFor()
    if ((await offer(page).count()) > 0) wrong.push([action, 'is offered'])
    for (const call of calls(name)) {
      const answer = await callIn(page, call)
      // Documents are refused by the right on all of them, whether there is such a list or not.
      const expected = call[1].startsWith('/v1/resources') ? forbidden : refusal
      if (answer.join() !== expected.join()) wrong.push([action, ...call, ...answer])
    }
  }
  expect(wrong).toEqual([])
  if (!actions.some(({ may }) => may.includes(who))) expect(await stored(name)).toEqual(before)
  if (who === 'admin') expect((await lists.admin.get(of(name))).status).toBe(404)
  else
    expect((await lists.admin.get(of(name))).body).toMatchObject({ title: `For the ${who}`, ownerCount: 1 })
})
