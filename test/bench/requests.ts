/**
 * @module Lists of access requests at the server, of 2,000 and of 20,000: all of them by page and by a search that finds
 * none, what waits for a reviewer, a person's own; and webhooks with as many messages. The limit is that of every page,
 * 50 ms; the shortest of the tries counts, in time of the processor, so that other work on the machine does not.
 */
import type { AccessRequest } from '../../src/core/access-request/access-request.js'
import { day, hour } from '../../src/core/time.js'
import { ManualClock } from '../../src/lib/clock.js'
import { createLogger } from '../../src/lib/logger.js'
import { systemRandom } from '../../src/lib/random.js'
import { listRequests } from '../../src/service/access-requests/list-requests.js'
import { systemAuthority, type Authority } from '../../src/service/authority.js'
import { Catalog } from '../../src/service/resources/catalog.js'
import { listWebhooks } from '../../src/service/webhooks/show-webhooks.js'
import { openStore } from '../../src/store/sql/open.js'
import type { OutboxMessage, StoreTransaction } from '../../src/store/store.js'
import { buildInventory } from '../support/inventory.js'
import { testKinds } from '../support/kinds.js'
import { newRequest } from '../sync/requests-world.js'
import type { BenchLine } from './line.js'

const pageLimitMs = 50
const runs = 11
const start = Date.parse('2026-03-02T09:00:00Z')
const inventory = buildInventory({ accounts: 100, permissionSets: 20 })
const webhookCount = 10
/** Of the requests one in so many waits for its decision. */
const waits = 10

export async function bench(): Promise<BenchLine[]> {
  return [...(await measureSize(2000)), ...(await measureSize(20_000))]
}

async function measureSize(count: number): Promise<BenchLine[]> {
  const clock = new ManualClock(start)
  const logger = createLogger('silent')
  await using store = await openStore({ url: 'sqlite::memory:', clock })
  const kinds = testKinds({ clock })
  await store.transaction(async (tx) => {
    await putResources(tx)
    for (let place = 0; place < count; place++) await tx.accessRequests.create(requestOf(place))
    await tx.outbox.add(Array.from({ length: count }, (_, place) => messageOf(place)))
  })
  const sent = Array.from({ length: count }, (_, place) => `m${place}`).filter(
    (_, place) => place % 100 !== 0,
  )
  await store.transaction(async (tx) => {
    for (const id of sent) await tx.outbox.markSent(id, start)
  })
  const catalog = new Catalog({ store, logger, kinds, inventory: () => Promise.resolve(inventory) })
  const publicUrl = 'https://bench.example.com'
  const deps = {
    ...{ store, clock, logger, kinds, catalog, publicUrl },
    ...{ random: systemRandom, clusterName: 'bench' },
  }
  const view = await catalog.read()
  const personOf = (name: string): Authority => {
    const user = view.user(name)
    if (user === undefined) throw new Error(`${name} is not there`)
    return { name, kind: 'person', user, roles: view.rolesOf(user).roles }
  }
  const [rita, ann] = [personOf('rita'), personOf('person-7')]
  const page = (authority: Authority, of: 'all' | 'review' | 'mine', search?: string) =>
    listRequests(
      deps,
      { of, limit: 50, cursor: undefined, state: undefined, search, counts: true },
      { authority },
    )
  const line = { channel: 'webhook', to: 'hook-3' } as const
  return [
    await measure(`all_of_${count}_ms`, () => page(systemAuthority, 'all')),
    await measure(`all_of_${count}_as_reviewer_ms`, () => page(rita, 'all')),
    await measure(`all_of_${count}_searched_in_vain_ms`, () => page(rita, 'all', 'no such words')),
    await measure(`queue_of_${count}_ms`, () => page(rita, 'review')),
    await measure(`mine_of_${count}_ms`, () => page(ann, 'mine')),
    await measure(`webhooks_with_${count}_messages_ms`, () => listWebhooks(deps, systemAuthority)),
    await measure(`webhook_line_of_${count}_ms`, async () => {
      await store.outbox.listDue('webhook', start)
      await store.outbox.nextAt({ channel: 'webhook' })
      await store.outbox.claim({ line, now: start, until: start, limit: 1 })
    }),
  ]
}

async function putResources(tx: StoreTransaction): Promise<void> {
  const create = (kind: string, name: string, version: string, spec: object) =>
    tx.resources.create({ kind, name, document: { kind, version, metadata: { name }, spec }, now: start })
  await create('role', 'oncall', 'v8', {
    allow: { account_assignments: [{ account: '*', permission_set: '*' }] },
  })
  await create('role', 'lead', 'v8', { allow: { review_requests: { roles: ['oncall'] } } })
  await create('user', 'rita', 'v2', { roles: ['lead'] })
  for (let place = 0; place < 200; place++) await create('user', `person-${place}`, 'v2', { roles: [] })
  for (let place = 0; place < webhookCount; place++) {
    await create('webhook', `hook-${place}`, 'v1', { url: 'https://receiver.example.com/hook' })
  }
}

function requestOf(place: number): AccessRequest {
  const at = start - day + place
  const accountId = inventory.accounts[place % inventory.accounts.length]?.id ?? ''
  const sets = [0, 1, 2].map((one) => inventory.permissionSets[(place + one) % 20]?.arn ?? '')
  const asked = sets.map((permissionSetArn) => ({ kind: 'assignment', accountId, permissionSetArn }) as const)
  const user = `person-${place % 200}`
  const request = newRequest(`request-${place}`, at, asked, { user, pendingUntil: start + hour })
  if (place % waits === 0) return request
  const items = request.items.map((item) => ({ ...item, state: 'approved' as const }))
  return { ...request, items, state: 'expired', resolvedAt: at, activatedAt: at, endsAt: at + hour }
}

function messageOf(place: number): OutboxMessage {
  return {
    ...{ id: `m${place}`, key: `m${place}`, channel: 'webhook', to: `hook-${place % webhookCount}` },
    ...{ subject: 'access_request.created', text: '{}', html: '', createdAt: start, notBefore: start },
    ...{ expiresAt: start + day, attempts: 0, lastError: undefined },
  }
}

/** The least; the first, which makes what is kept between pages, is not counted. */
async function measure(metric: string, work: () => Promise<unknown>): Promise<BenchLine> {
  await work()
  let value = Infinity
  for (let run = 0; run < runs; run += 1) {
    const before = process.cpuUsage()
    await work()
    const { user, system } = process.cpuUsage(before)
    value = Math.min(value, (user + system) / 1000)
  }
  const ratio = value / pageLimitMs
  return { bench: 'requests', metric, value, limit: pageLimitMs, ratio, n: runs, note: 'any page, of CPU' }
}
