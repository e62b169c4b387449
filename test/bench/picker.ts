/**
 * @module The picker of access requests over 1,000 accounts with 750 permission sets each, as a person with 20 roles has
 * it at the server: what they have, what they may ask for by names and by roles that they search with, what is denied.
 * `cold` is the first page on an inventory on which no pattern has been tried; the gateway tries the patterns of stored
 * roles in the background when a role or the inventory changed, so that people meet the others. Pages of the whole list
 * and searches of all kinds are measured, each with its questions to the store, as the shortest of three tries.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Inventory } from '../../src/core/inventory/inventory.js'
import { ManualClock } from '../../src/lib/clock.js'
import { createLogger } from '../../src/lib/logger.js'
import { systemRandom } from '../../src/lib/random.js'
import { pickForPerson, type PickerInput } from '../../src/service/access-requests/picker.js'
import type { Authority } from '../../src/service/authority.js'
import { Catalog } from '../../src/service/resources/catalog.js'
import { openStore } from '../../src/store/sql/open.js'
import { testKinds } from '../support/kinds.js'
import { buildInventory } from '../support/inventory.js'
import type { BenchLine } from './line.js'

const size = { accounts: 1000, permissionSets: 750 }
const pageLimitMs = 50
const person = 'ann'

interface Allow {
  readonly account_assignments?: readonly { readonly account: string; readonly permission_set: string }[]
  readonly request?: { readonly roles?: readonly string[]; readonly search_as_roles?: readonly string[] }
}

/** Twenty roles of one person, and ten that resources are searched with. */
function rolesOf({
  accounts,
  permissionSets,
}: Inventory): { readonly name: string; readonly spec: object }[] {
  const account = (at: number) => accounts[(at * 37) % accounts.length]?.id ?? ''
  const arn = (at: number) => permissionSets[(at * 53) % permissionSets.length]?.arn ?? ''
  const allowOf = (at: number): Allow => {
    switch (at % 4) {
      case 0:
        return {
          account_assignments: [
            { account: account(at), permission_set: '*' },
            { account: `*${at % 10}`, permission_set: `*/ps-00000${at % 7}*` },
            { account: `^[0-9]+${at % 10}$`, permission_set: arn(at) },
          ],
        }
      case 1:
        return { request: { roles: [`*-on-*-prod-*${at}*`, `ReadOnly-*${at}*`, `Deploy-${at}-on-*`] } }
      case 2:
        return {
          request: {
            roles: [
              `^.*-on-(payments|search)-(dev|dr)-[0-9]*${at}[0-9]*-[0-9]{12}$`,
              `^Break-on-Glass-[0-9]*${at}-on-.*$`,
            ],
          },
        }
      default:
        return { request: { search_as_roles: [`search-${at % 10}`, `search-${(at + 4) % 10}`] } }
    }
  }
  const held = Array.from({ length: 20 }, (_, at) => {
    const deny = { account_assignments: [{ account: account(at + 5), permission_set: `*/ps-*${at}*` }] }
    const named = { request: { roles: [`*-on-*-sandbox-${at}*`] } }
    const spec = { allow: allowOf(at), ...(at % 5 === 4 && { deny: at % 2 === 0 ? deny : named }) }
    return { name: `role-${String(at).padStart(2, '0')}`, spec }
  })
  const searched = Array.from({ length: 10 }, (_, at) => {
    const account_assignments = [
      { account: `*${at}`, permission_set: `^.*/ps-[0-9]{8}${at.toString(16)}.*$` },
    ]
    return { name: `search-${at}`, spec: { allow: { account_assignments } } }
  })
  return [...held, ...searched]
}

export async function bench(): Promise<BenchLine[]> {
  const clock = new ManualClock(Date.parse('2026-03-02T09:00:00Z'))
  const logger = createLogger('silent')
  await using store = await openStore({ url: 'sqlite::memory:', clock })
  const kinds = testKinds({ clock })
  const first = buildInventory(size)
  const roles = rolesOf(first)
  await store.transaction(async (tx) => {
    const now = clock.now()
    const create = (kind: string, name: string, version: string, spec: object) =>
      tx.resources.create({ kind, name, document: { kind, version, metadata: { name }, spec }, now })
    for (const { name, spec } of roles) await create('role', name, 'v8', spec)
    const held = roles.flatMap(({ name }) => (name.startsWith('role-') ? [name] : []))
    await create('user', person, 'v2', { roles: held })
    await create('user', 'eve', 'v2', { roles: [...held, 'spelled'] })
    // A boundary of words is what only the library of regular expressions understands.
    const spelled = { allow: { request: { roles: [String.raw`^.*\bon\b.*\bprod\b.*7$`] } } }
    await create('role', 'spelled', 'v8', spelled)
  })
  const aws = { inventory: first }
  const catalog = new Catalog({ store, logger, kinds, inventory: () => Promise.resolve(aws.inventory) })
  const deps = { store, clock, random: systemRandom, logger, catalog }
  const pick = async (input: Partial<PickerInput>, name = person) => {
    const view = await catalog.read()
    const user = view.user(name)
    if (user === undefined) throw new Error(`${name} is not there`)
    const authority: Authority = { name, kind: 'person', user, roles: view.rolesOf(user).roles }
    const full = { show: 'requestable', search: undefined, cursor: undefined, limit: 50, ...input } as const
    return await pickForPerson(deps, full, authority)
  }
  const renew = async () => {
    aws.inventory = { ...buildInventory(size), revision: systemRandom.uuid() }
    await catalog.read()
  }

  const started = usedMiB()
  const cold: number[] = []
  for (let run = 0; run < 7; run++) {
    await renew()
    cold.push(await timeOf(() => pick({})))
  }
  const { total } = await pick({})
  if (total.pairs < 10_000 || total.pairs > 740_000) throw new Error(`${total.pairs} pairs tell little`)
  const lines = [
    line('first_page_cold_ms', at(cold, 0.5), pageLimitMs, cold.length, 'nothing tried before'),
    line(
      'page_p95_ms',
      at(await timePages(pick, 'requestable'), 0.95),
      pageLimitMs,
      60,
      `${total.pairs} pairs`,
    ),
    line(
      'page_all_p95_ms',
      at(await timePages(pick, 'all'), 0.95),
      pageLimitMs,
      60,
      'with what may not be had',
    ),
    line('page_have_p95_ms', at(await timePages(pick, 'have'), 0.95), pageLimitMs, 60),
    line('search_p95_ms', at(await timeSearches(pick), 0.95), pageLimitMs, searches.length * 10),
    line('memory_kept_mib', Math.max(0, usedMiB() - started), bareListMiB, 1, 'a bare list of 750,000 pairs'),
  ]
  await renew()
  lines.push(
    line('cold_hold_ms', await longestHold(() => pick({})), pageLimitMs, 1, 'nobody else waits longer'),
  )
  const spelled = await timeOf(() => pick({}, 'eve'))
  const again: number[] = []
  for (let run = 0; run < 21; run++) again.push(await shortest(() => pick({}, 'eve')))
  return [
    ...lines,
    line(
      'rare_regex_cold_ms',
      spelled,
      10_000,
      1,
      'a regex that is tried on every name, once for an inventory',
    ),
    line('rare_regex_page_p95_ms', at(again, 0.95), pageLimitMs, again.length, 'the same after that'),
  ]
}

type Pick = (input: Partial<PickerInput>) => Promise<{ readonly next: string | undefined }>

/** Pages on end, from the first on again. */
async function timePages(pick: Pick, show: PickerInput['show']): Promise<number[]> {
  const times: number[] = []
  let cursor: string | undefined
  for (let run = 0; run < 60; run++) {
    times.push(await shortest(() => pick({ show, cursor })))
    cursor = (await pick({ show, cursor })).next
  }
  return times
}

const searches = [
  'prod',
  'payments dev',
  'readonly-2',
  'stage=dr team=hr',
  'Root/Workloads',
  '1000',
  'glass on-on',
  'zzz',
]

async function timeSearches(pick: Pick): Promise<number[]> {
  const times: number[] = []
  for (let run = 0; run < 10; run++) {
    for (const search of searches) {
      const show = run % 2 === 0 ? 'requestable' : 'all'
      times.push(await shortest(() => pick({ show, search: `${search}${run > 5 ? ' a' : ''}` })))
    }
  }
  return times
}

/** Of three tries: what other processes take of the machine does not count. */
async function shortest(work: () => Promise<unknown>): Promise<number> {
  return Math.min(await timeOf(work), await timeOf(work), await timeOf(work))
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** The longest between two turns that another gets, in milliseconds of processor time. */
async function longestHold(work: () => Promise<unknown>): Promise<number> {
  let longest = 0
  let last = process.cpuUsage()
  let waiting = setImmediate(function again() {
    const { user, system } = process.cpuUsage(last)
    longest = Math.max(longest, (user + system) / 1000)
    last = process.cpuUsage()
    waiting = setImmediate(again)
  })
  await work()
  clearImmediate(waiting)
  return longest
}

/** What a bare list of the pairs would take, at 16 bytes each. */
const bareListMiB = (size.accounts * size.permissionSets * 16) / 2 ** 20

/** Heap and buffers after a collection, which is out of reach without its flag. */
function usedMiB(): number {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect === 'function') collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return (heapUsed + arrayBuffers) / 2 ** 20
}

function at(times: readonly number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

function line(metric: string, value: number, limit: number, n: number, note?: string): BenchLine {
  return {
    bench: 'picker',
    metric,
    value,
    limit,
    ratio: value / limit,
    n,
    ...(note !== undefined && { note }),
  }
}
