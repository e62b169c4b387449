/**
 * @module The world of the stories about access requests: 300 accounts, people who ask, review, have no part, and may
 * read or end everything; of two who ask, the role of one wants a reason, and that of the other two approvals. What is set up without the page goes over HTTP.
 */
import type { BrowserContext } from 'playwright-core'
import { stringify } from 'yaml'
import { createAccessRequestAnswer } from '../../../src/api/contract.js'
import { buildInventory } from '../../support/inventory.js'
import { createPerson, role, signIn, type TestBrowser, type TestPerson } from '../../support/people.js'
import { openWorld, type BrowserWorld } from './world.js'

export type Part =
  'requester' | 'careful' | 'twice' | 'reviewer' | 'second' | 'outsider' | 'reader' | 'keeper'

export interface RequestsWorld extends AsyncDisposable {
  readonly world: BrowserWorld
  readonly people: Readonly<Record<Part, TestPerson>>
  as(who: Part): TestBrowser
  enter(context: BrowserContext, who: Part): Promise<void>
  /** Asks without the page; answers the id. */
  ask(who: Part, items: readonly object[], more?: object): Promise<string>
  review(who: Part, id: string, decision: object): Promise<void>
  /** Writes a document as the administrator. */
  apply(document: unknown): Promise<void>
}

export const inventory = buildInventory({ accounts: 300, permissionSets: 8 })
/** The account of this number with the permission set of that one, as requests write it, and as people read it. */
export function pairOf(account: number, set: number) {
  const [one, other] = [inventory.accounts[account], inventory.permissionSets[set]]
  if (one === undefined || other === undefined) throw new Error('there is none of this number')
  return {
    item: { kind: 'assignment', account: one.id, permissionSet: other.arn },
    title: `${other.name} on ${one.name}`,
    account: one,
    set: other,
  } as const
}

const assign = (permission_set: string) => ({ account_assignments: [{ account: '*', permission_set }] })

/** Sets 1 and 2 may be asked for everywhere; of set 5 whoever asks has one; nobody gives the others. */
const roles = [
  role('reader', 'v8', { allow: assign(inventory.permissionSets[2]?.arn ?? '') }),
  role('power', 'v8', { allow: assign(inventory.permissionSets[1]?.arn ?? '') }),
  role('on-call-engineer', 'v8', { allow: { rules: [{ resources: ['event'], verbs: ['list', 'read'] }] } }),
  role('asks', 'v8', {
    allow: {
      account_assignments: [
        { account: inventory.accounts[0]?.id, permission_set: inventory.permissionSets[5]?.arn },
      ],
      request: { search_as_roles: ['reader', 'power'], roles: ['on-call-engineer'], max_duration: '12h' },
    },
  }),
  role('asks-with-reason', 'v8', {
    allow: {
      request: {
        search_as_roles: ['reader'],
        max_duration: '4h',
        reason: { mode: 'required', prompt: 'Which ticket is it for?' },
      },
    },
  }),
  role('asks-twice', 'v8', {
    allow: {
      request: { search_as_roles: ['reader'], max_duration: '4h', thresholds: [{ approve: 2, deny: 1 }] },
    },
  }),
  role('reviews', 'v8', {
    allow: {
      review_requests: {
        roles: ['reader', 'power', 'on-call-engineer'],
        preview_as_roles: ['reader', 'power'],
      },
    },
  }),
  role('reads-requests', 'v8', {
    allow: { rules: [{ resources: ['access_request', 'access_review_rule'], verbs: ['list', 'read'] }] },
  }),
  role('keeps-requests', 'v8', {
    allow: { rules: [{ resources: ['access_request'], verbs: ['list', 'read', 'update'] }] },
  }),
]

export async function openRequestsWorld(env: Readonly<Record<string, string>> = {}): Promise<RequestsWorld> {
  const world = await openWorld([], 0, { inventory, resources: roles, env })
  const { gateway } = world
  const admin = await signIn(gateway, world.person('admin'))
  const person = (name: string, held: string[]) => createPerson(gateway, admin, { name, roles: held })
  const people = {
    requester: await person('ann@example.com', ['asks', 'aws-sign-in']),
    careful: await person('cora@example.com', ['asks-with-reason', 'aws-sign-in']),
    twice: await person('tom@example.com', ['asks-twice', 'aws-sign-in']),
    reviewer: await person('rita@example.com', ['reviews']),
    second: await person('rolf@example.com', ['reviews']),
    outsider: await person('otto@example.com', ['aws-sign-in']),
    reader: await person('rea@example.com', ['reads-requests']),
    keeper: await person('kim@example.com', ['keeps-requests']),
  }
  const browsers = new Map<Part, TestBrowser>()
  for (const [part, one] of Object.entries(people)) browsers.set(part as Part, await signIn(gateway, one))
  const as = (who: Part): TestBrowser => {
    const found = browsers.get(who)
    if (found === undefined) throw new Error(`${who} is nobody`)
    return found
  }
  return {
    world,
    people,
    as,
    enter: async (context, who) => {
      const { cookie = '' } = as(who)
      const [name = '', value = ''] = cookie.split('=')
      await context.addCookies([
        { name, value, domain: 'localhost', path: '/', secure: true, httpOnly: true, sameSite: 'Lax' },
      ])
    },
    ask: async (who, items, more = {}) => {
      const { status, body, text } = await as(who).post('/v1/access-requests', { items, ...more })
      if (status !== 200) throw new Error(`asking answered ${status}: ${text}`)
      return createAccessRequestAnswer.parse(body).request.id ?? ''
    },
    review: async (who, id, decision) => {
      const { status, text } = await as(who).post(`/v1/access-requests/${id}/reviews`, decision)
      if (status !== 200) throw new Error(`the review answered ${status}: ${text}`)
    },
    apply: async (document) => {
      const answer = await admin.send('post', '/v1/resources', stringify(document), {
        'content-type': 'application/yaml',
      })
      if (answer.status >= 300) throw new Error(`applying answered ${answer.status}: ${answer.text}`)
    },
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  }
}
