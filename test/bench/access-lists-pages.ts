/**
 * @module Pages of access lists: the cards of 20,000 lists as somebody who owns some of them, as the owner of all of them,
 * with those that are to be reviewed, as somebody whose role has a condition on lists and as an administrator sees them,
 * after a change too, and a page of the people of a list with 5,000 members. The limit is that of every page, 50 ms of
 * the server's processor.
 */
import { ManualClock } from '../../src/lib/clock.js'
import { createLogger } from '../../src/lib/logger.js'
import { systemRandom } from '../../src/lib/random.js'
import { systemAuthority, type Authority } from '../../src/service/authority.js'
import { listCards, type ListCardsInput } from '../../src/service/access-lists/list-cards.js'
import { listPeople } from '../../src/service/access-lists/list-people.js'
import { Catalog } from '../../src/service/resources/catalog.js'
import { openStore } from '../../src/store/sql/open.js'
import { testKinds } from '../support/kinds.js'
import type { BenchLine } from './line.js'

const lists = 20_000
const people = 5000
const pageLimitMs = 50
/** Once after a start, or after a change of the role or the person: every document is read and judged. */
const firstLimitMs = 400
const runs = 21

export async function bench(): Promise<BenchLine[]> {
  const clock = new ManualClock(Date.parse('2026-03-02T09:00:00Z'))
  const logger = createLogger('silent')
  await using store = await openStore({ url: 'sqlite::memory:', clock })
  const kinds = testKinds({ clock })
  const inventory = { revision: '1', accounts: [], permissionSets: [] }
  const now = clock.now()
  await store.transaction(async (tx) => {
    const create = (kind: string, name: string, version: string, spec: object) =>
      tx.resources.create({ kind, name, document: { kind, version, metadata: { name }, spec }, now })
    await create('role', 'granted', 'v8', { allow: {} })
    const rules = [
      {
        resources: ['access_list'],
        verbs: ['list', 'read'],
        where:
          'contains(resource.spec.owners, user.metadata.name) || contains(resource.spec.grants.roles, "other")',
      },
    ]
    await create('role', 'reads-some', 'v8', { allow: { rules } })
    await create('user', 'aud', 'v2', { roles: ['reads-some'] })
    await create('role', 'asks', 'v8', { allow: { request: { roles: ['gran*'] } } })
    await create('user', 'ann', 'v2', { roles: ['asks'] })
    await create('user', 'boss', 'v2', { roles: ['asks'] })
    for (let index = 0; index < lists; index += 1) {
      const spec = {
        title: `Team ${index}`,
        owners: [index % 100 === 0 ? 'ann' : 'bob', 'boss'],
        // Every other one is to be reviewed.
        audit: { next_audit_date: index % 2 === 0 ? '2026-03-10T00:00:00Z' : '2026-09-01T00:00:00Z' },
        grants: { roles: ['granted'] },
      }
      await create('access_list', `list-${index}`, 'v1', spec)
    }
    const facts = { awsUserId: undefined, joinedAt: now, expiresAt: undefined, addedBy: 'x', reason: '' }
    await tx.members.put([
      ...Array.from({ length: people }, (_, index) => ({
        list: `list-${index % 10}`,
        kind: 'user' as const,
        name: `person-${index}@example.com`,
        ...facts,
      })),
      ...Array.from({ length: lists - 10 }, (_, index) => ({
        list: `list-${index + 10}`,
        kind: 'user' as const,
        name: `person-${index % people}@example.com`,
        ...facts,
      })),
      ...Array.from({ length: 9 }, (_, index) => ({
        list: `list-${index}`,
        kind: 'list' as const,
        name: `list-${index + 1}`,
        ...facts,
      })),
    ])
  })
  const deps = {
    store,
    clock,
    random: systemRandom,
    logger,
    clusterName: 'bench',
    publicUrl: 'https://bench.example.com',
    kinds,
    catalog: new Catalog({ store, logger, kinds, inventory: () => Promise.resolve(inventory) }),
  }
  const view = await deps.catalog.read()
  const person = (name: string): Authority => {
    const user = view.user(name)
    if (user === undefined) throw new Error(`${name} is not there`)
    return { name, kind: 'person', user, roles: view.rolesOf(user).roles }
  }
  const [ann, boss] = [person('ann'), person('boss')]
  const cards = (authority: Authority, search?: string, more: Partial<ListCardsInput> = {}) =>
    listCards(
      deps,
      { filter: 'all', sort: 'title', limit: 50, ...(search !== undefined && { search }), ...more },
      authority,
    )
  const aud = person('aud')
  let step = 0
  const change = async () => {
    step += 1
    await store.transaction(async (tx) => {
      const was = await tx.resources.find('access_list', 'list-77')
      await tx.resources.update({
        kind: 'access_list',
        name: 'list-77',
        expectedRevision: was?.revision ?? '',
        document: {
          kind: 'access_list',
          version: 'v1',
          metadata: { name: 'list-77' },
          spec: {
            title: `Changed ${step}`,
            owners: ['bob', 'boss'],
            audit: { next_audit_date: '2026-03-10T00:00:00Z' },
            grants: { roles: ['granted'] },
          },
        },
        now,
      })
    })
  }
  return [
    await measure('first_cards_of_20000_where_ms', () => cards(aud), { first: true }),
    await measure('cards_of_20000_where_ms', () => cards(aud)),
    await measure('cards_of_20000_person_ms', () => cards(ann)),
    await measure('cards_of_the_owner_of_20000_ms', () => cards(boss, undefined, { filter: 'mine' })),
    await measure('reviews_due_of_the_owner_of_20000_ms', () =>
      cards(boss, undefined, { filter: 'due', sort: 'due' }),
    ),
    await measure('cards_of_20000_searched_ms', () => cards(systemAuthority, 'team 1999')),
    await measure('cards_of_20000_person_after_a_change_ms', () => cards(ann), { before: change }),
    await measure('cards_of_20000_where_after_a_change_ms', () => cards(aud), { before: change }),
    await measure('cards_of_the_owner_of_20000_after_a_change_ms', () => cards(boss), { before: change }),
    await measure('people_of_5000_over_10_levels_ms', () =>
      listPeople(deps, 'list-0', { limit: 50 }, systemAuthority),
    ),
  ]
}

/** The median; the first, which makes what is kept between pages, is counted only where it is asked for. */
async function measure(
  metric: string,
  work: () => Promise<unknown>,
  { first = false, before }: { first?: boolean; before?: () => Promise<void> } = {},
): Promise<BenchLine> {
  if (!first) await work()
  const times: number[] = []
  const count = first ? 1 : runs
  for (let run = 0; run < count; run += 1) {
    await before?.()
    const start = process.cpuUsage()
    await work()
    const { user, system } = process.cpuUsage(start)
    times.push((user + system) / 1000)
  }
  const value = times.sort((a, b) => a - b)[(count - 1) / 2] ?? 0
  const limit = first ? firstLimitMs : pageLimitMs
  const note = first ? 'once; every list is judged' : before ? 'one list changed before it' : 'any page'
  return {
    bench: 'access-lists',
    metric,
    value,
    limit,
    ratio: value / limit,
    n: count,
    atMost: true,
    note,
  }
}
