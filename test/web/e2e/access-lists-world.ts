/**
 * @module The world of the stories about access lists: a list with an owner, members of every sort and a review that is
 * due; one that is managed as code; one within another; and people who own, belong, could join and have no part.
 */
import type { BrowserContext, Page } from 'playwright-core'
import { stringify } from 'yaml'
import { day } from '../../../src/core/time.js'
import { buildInventory } from '../../support/inventory.js'
import { createPerson, role, signIn, type TestBrowser, type TestPerson } from '../../support/people.js'
import { openWorld, type BrowserWorld } from './world.js'

export interface ListsWorld extends AsyncDisposable {
  readonly world: BrowserWorld
  readonly admin: TestBrowser
  readonly people: Readonly<Record<Part, TestPerson>>
  enter(context: BrowserContext, who: Part | 'admin'): Promise<void>
  /** Writes documents as the administrator. */
  apply(...documents: readonly unknown[]): Promise<void>
  /** Puts people and lists into a list, as the administrator. */
  addMembers(list: string, csv: string): Promise<void>
}

/** What somebody is to the list `on-call`. */
export type Part = 'owner' | 'member' | 'candidate' | 'outsider'

const inventory = buildInventory({ accounts: 4, permissionSets: 3 })
const account = inventory.accounts[1]
const permissionSet = inventory.permissionSets[1]
export const accessRole = `${permissionSet?.name}-on-${account?.name}-${account?.id}`

export function list(name: string, spec: object, metadata: object = {}): unknown {
  return { kind: 'access_list', version: 'v1', metadata: { name, ...metadata }, spec }
}

/** The day so far from now, as documents write it. */
export function dayFrom(now: number, days: number): string {
  return new Date(now + days * day).toISOString().slice(0, 10)
}

export async function openListsWorld(): Promise<ListsWorld> {
  const world = await openWorld([], 0, {
    inventory,
    resources: [role('on-call-role', 'v8', {}), role('asks', 'v8', { allow: { request: { roles: ['*'] } } })],
  })
  const { gateway } = world
  const admin = await signIn(gateway, world.person('admin'))
  const person = (name: string, roles: string[]) =>
    createPerson(gateway, admin, { name, roles, traits: { team: ['platform'] } })
  const people = {
    owner: await person('olga@example.com', ['aws-sign-in']),
    member: await person('max@example.com', ['aws-sign-in']),
    candidate: await person('cara@example.com', ['asks']),
    outsider: await person('otto@example.com', ['aws-sign-in']),
  }
  const apply = async (...documents: readonly unknown[]) => {
    const text = documents.map((one) => stringify(one)).join('---\n')
    const answer = await admin.send('post', '/v1/resources', text, { 'content-type': 'application/yaml' })
    if (answer.status >= 300) throw new Error(`applying answered ${answer.status}: ${answer.text}`)
  }
  const addMembers = async (name: string, csv: string) => {
    const answer = await admin.post(`/v1/access-lists/${name}/change-members`, { csv, addUnknown: true })
    if (answer.status >= 300) throw new Error(`${name} answered ${answer.status}: ${answer.text}`)
  }
  const now = gateway.clock.now()
  const owners = [{ name: people.owner.name }]
  await apply(
    list('juniors', { title: 'Juniors', description: 'New this year.', owners }),
    list('on-call', {
      title: 'On call',
      description: 'Whoever answers the pager of production.',
      owners: [...owners, { name: 'leads', membership_kind: 'list' }],
      grants: { roles: ['on-call-role', accessRole], traits: { rota: ['production'] } },
      audit: { next_audit_date: dayFrom(now, 5), recurrence: { frequency: 3, day_of_month: 15 } },
    }),
    list('leads', { title: 'Platform leads', owners: [{ name: 'admin' }] }),
    list(
      'as-code',
      {
        title: 'Kept as code',
        type: 'static',
        owners,
        audit: { next_audit_date: dayFrom(now, -3), recurrence: { frequency: 3 } },
      },
      { labels: { 'managed-by': 'the folder access of the platform repository' } },
    ),
    {
      kind: 'access_list_member',
      version: 'v1',
      metadata: { name: 'as-code/max@example.com' },
      spec: { access_list: 'as-code', name: people.member.name },
    },
  )
  await addMembers('juniors', 'name,reason\nnina@example.com,trainee\nnoah@example.com,trainee')
  const end = new Date(now + 20 * day).toISOString()
  await addMembers(
    'on-call',
    [
      'kind,name,expires,reason',
      `user,${people.member.name},,Runs the rota`,
      'list,juniors,,They answer at night',
      `user,vera@example.com,${end},Stands in for Max`,
      ...Array.from({ length: 9 }, (_, at) => `user,guest${at + 1}@example.com,,`),
    ].join('\n'),
  )
  return {
    world,
    admin,
    people,
    apply,
    addMembers,
    enter: async (context, who) => {
      if (who === 'admin') {
        await world.enter(context, 'admin')
        return
      }
      const { cookie = '' } = await signIn(gateway, people[who])
      const [name = '', value = ''] = cookie.split('=')
      await context.addCookies([
        { name, value, domain: 'localhost', path: '/', secure: true, httpOnly: true, sameSite: 'Lax' },
      ])
    },
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  }
}

/** The focused element, as a person with a keyboard sees it. */
export const focused = (page: Page) => page.locator(':focus')
