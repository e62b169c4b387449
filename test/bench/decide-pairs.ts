/**
 * @module What a person with 200 roles reaches of 1,000 accounts with 750 permission sets each: one decision, a page of
 * the reach, a page of account assignment roles with a search. `cold` is the first page on an inventory on which no
 * pattern has been tried. The service tries them before that: at the start, and in the background when a role or the
 * inventory changed; `first` is the first page after that, `prepare` what it takes. A page that is asked for
 * meanwhile waits until the patterns of its own roles are done, and holds up nobody else. The patterns are compiled
 * when a role is stored. Each time is the shortest of three tries, so that what other processes take of the machine
 * does not count.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { listAssignmentRoles } from '../../src/core/inventory/list-assignment-roles.js'
import type { Inventory } from '../../src/core/inventory/inventory.js'
import { compileEntry } from '../../src/core/role/account-assignment.js'
import { decidePair } from '../../src/core/role/pair-access.js'
import { listReach } from '../../src/core/role/reach.js'
import type { AccountAssignmentMatcher, Role } from '../../src/core/role/role.js'
import { prepareReachInSlices } from '../../src/service/access/prepare-reach.js'
import { buildRole } from '../core/role/build.js'
import { buildInventory } from '../support/inventory.js'
import type { BenchLine } from './line.js'

const size = { accounts: 1000, permissionSets: 750 }
const roleCount = 200
const decisionLimitUs = 1000
const pageLimitMs = 50
const prepareLimitMs = 1000
const holdLimitMs = 10

/** Two entries a role: of ten roles four have literals, four globs, two regular expressions, always on both sides. */
function mixedEntries(at: number, { accounts, permissionSets }: Inventory): AccountAssignmentMatcher[] {
  const account = accounts[(at * 37) % accounts.length]?.id ?? ''
  const arn = permissionSets[(at * 53) % permissionSets.length]?.arn ?? ''
  const digits = String(at).padStart(3, '0')
  const kind = at % 10
  if (kind < 4) return [literal(account, arn), literal(account.replace(/.$/, '7'), arn)]
  if (kind < 8)
    return [literal(`*${digits.slice(1)}`, `*/ps-*${digits}*`), literal(account, `*/ps-0000${digits}*`)]
  return regexEntries(at)
}

/** Every pattern another one, which nothing can share; `other`, an alternative that nothing meets, makes them new ones. */
function regexEntries(at: number, other = ''): AccountAssignmentMatcher[] {
  const digits = String(at).padStart(3, '0')
  return [
    literal(
      `^1.*(${digits}|${at + 1}${other}).*$`,
      `^arn:aws:sso:::permissionSet/.*/ps-0+(${digits}|${at + 7}${other})[0-9a-f]+$`,
    ),
    literal(`^[0-9]+(${digits}${other})$`, `^.*/ps-[0-9]{8}.*(${at.toString(16)}${other})$`),
  ]
}

function literal(account: string, permissionSet: string): AccountAssignmentMatcher {
  return { account, permissionSet }
}

/** The collector of V8, which is out of reach without its flag. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect === 'function') collect()
}

function buildRoles(entriesOf: (at: number) => AccountAssignmentMatcher[]): Role[] {
  return Array.from({ length: roleCount }, (_, at) => {
    const role = roleOf(`role-${String(at).padStart(3, '0')}`, entriesOf(at))
    return at % 20 === 19 ? { ...role, allow: role.deny, deny: role.allow } : role
  })
}

export async function bench(): Promise<BenchLine[]> {
  const inventory = buildInventory(size)
  const mixed = buildRoles((at) => mixedEntries(at, inventory))
  const everything = [...mixed, roleOf('all', [literal('*', '*')])]
  const spelled = buildRoles(regexEntries)
  const started = usedMiB()
  const lines = [
    ...decisions(mixed, inventory),
    coldPage('reach_page', mixed, 'the first page, with nothing prepared'),
    ...pages('reach_page', mixed),
    coldPage('reach_page_all_pairs', everything, 'reaching nearly all 750,000'),
    ...pages('reach_page_all_pairs', everything),
    await firstPage(spelled),
    ...pages('reach_page_400_regexes', spelled),
    ...listings(),
  ]
  const used = usedMiB()
  // What a bare list of the pairs would take, at 16 bytes each.
  const limit = (size.accounts * size.permissionSets * 16) / 2 ** 20
  lines.push(line('memory_kept_mib', Math.max(0, used - started), limit, 1, 'a bare list of 750,000 pairs'))
  // Kept in use until here, so that the memory counts what the caches hold.
  if (listReach(mixed, inventory, { limit: 1 }).items.length === 0) throw new Error('nothing is reached')
  return [...lines, await newRolePage(spelled), ...(await preparations())]
}

/** As it is after it was stored: its patterns are compiled. */
function roleOf(name: string, entries: readonly AccountAssignmentMatcher[]): Role {
  entries.forEach(compileEntry)
  const role = buildRole(name, 'v8')
  return { ...role, allow: { ...role.allow, accountAssignments: entries } }
}

function decisions(roles: readonly Role[], { accounts, permissionSets }: Inventory): BenchLine[] {
  const n = 5000
  const times: number[] = []
  let allowed = 0
  for (let run = -500; run < n; run++) {
    const accountId = accounts[Math.abs(run * 7919) % accounts.length]?.id ?? ''
    const permissionSetArn = permissionSets[Math.abs(run * 104_729) % permissionSets.length]?.arn ?? ''
    const pair = { accountId, permissionSetArn }
    const took = shortest(() => () => decidePair(roles, pair))
    if (decidePair(roles, pair).effect === 'allow') allowed++
    if (run >= 0) times.push(took * 1000)
  }
  if (allowed === 0 || allowed === n + 500) throw new Error('the benchmark must meet both verdicts')
  times.sort((a, b) => a - b)
  return [
    line('pair_p50_us_200_roles', at(times, 0.5), decisionLimitUs, n),
    line('pair_p99_us_200_roles', at(times, 0.99), decisionLimitUs, n),
  ]
}

function coldPage(metric: string, roles: readonly Role[], note: string): BenchLine {
  const cold = measure(7, () => {
    const fresh = buildInventory(size)
    return () => listReach(roles, fresh, { limit: 50 })
  })
  return line(`${metric}_cold_ms`, at(cold, 0.5), pageLimitMs, cold.length, note)
}

async function firstPage(roles: readonly Role[]): Promise<BenchLine> {
  const times = await measureAsync(7, async () => {
    const fresh = buildInventory(size)
    await prepareReachInSlices(roles, fresh)
    return () => timeOf(() => readPage(roles, fresh))
  })
  const note = 'every pattern a regex of its own; the first page after they were tried'
  return line('reach_page_400_regexes_first_ms', at(times, 0.5), pageLimitMs, times.length, note)
}

/** A person is given one more role that was stored this moment, and asks before anything of it was tried. */
async function newRolePage(roles: readonly Role[]): Promise<BenchLine> {
  const fresh = buildInventory(size)
  await prepareReachInSlices(roles, fresh)
  let count = 0
  const times = await measureAsync(21, () => {
    const written = roleOf(`new-${++count}`, regexEntries(count, `|x${count}`))
    return Promise.resolve(() => timeOf(() => readPage([...roles, written], fresh)))
  })
  const note = 'the same person with one new role, whose patterns were tried on nothing yet'
  return line('reach_page_new_role_p99_ms', at(times, 0.99), pageLimitMs, times.length, note)
}

/** As the service answers, but for the rights of whoever asks. */
async function readPage(roles: readonly Role[], inventory: Inventory): Promise<void> {
  await prepareReachInSlices(roles, inventory)
  listReach(roles, inventory, { limit: 50 })
}

/** All roles and the inventory new at once: how long it takes, and the longest that it lets nobody else have a turn. */
async function preparations(): Promise<BenchLine[]> {
  let count = 0
  const prepareNew = (measureWork: (work: () => Promise<void>) => Promise<number>) =>
    measureAsync(5, () => {
      const other = `|y${++count}`
      const roles = buildRoles((at) => regexEntries(at, other))
      const fresh = buildInventory(size)
      return Promise.resolve(() => measureWork(() => prepareReachInSlices(roles, fresh)))
    })
  const times = await prepareNew(timeOf)
  const holds = await prepareNew(longestHold)
  const note = 'all roles new at once; a page asked for meanwhile waits for its roles'
  return [
    line('prepare_800_regexes_ms', at(times, 0.5), prepareLimitMs, times.length, note),
    line(
      'prepare_800_regexes_hold_ms',
      at(holds, 0.5),
      holdLimitMs,
      holds.length,
      'nobody else waits longer',
    ),
  ]
}

async function timeOf(work: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/**
 * The longest between two turns that another gets, in milliseconds in which this process had a processor: an upper bound
 * of what the work itself takes, and nothing of what the machine gave to other processes.
 */
async function longestHold(work: () => Promise<void>): Promise<number> {
  let longest = 0
  let lastTime = performance.now()
  let lastUsage = process.cpuUsage()
  const see = () => {
    const time = performance.now()
    const { user, system } = process.cpuUsage(lastUsage)
    longest = Math.max(longest, Math.min(time - lastTime, (user + system) / 1000))
    lastTime = time
    lastUsage = process.cpuUsage()
  }
  let waiting = setImmediate(function again() {
    see()
    waiting = setImmediate(again)
  })
  await work()
  see()
  clearImmediate(waiting)
  return longest
}

function pages(metric: string, roles: readonly Role[]): BenchLine[] {
  const inventory = buildInventory(size)
  const { next } = listReach(roles, inventory, { limit: 50 })
  const warm = measure(
    200,
    (run) => () => listReach(roles, inventory, { limit: 50, after: run % 2 ? next : undefined }),
  )
  const searched = measure(
    200,
    (run) => () => listReach(roles, inventory, { limit: 50, search: `prod ${run % 10}` }),
  )
  return [
    line(`${metric}_p99_ms`, at(warm, 0.99), pageLimitMs, warm.length),
    line(`${metric}_search_p99_ms`, at(searched, 0.99), pageLimitMs, searched.length),
  ]
}

function listings(): BenchLine[] {
  const search = 'readonly-2 on-pay prod'
  const cold = measure(7, () => {
    const fresh = buildInventory(size)
    return () => listAssignmentRoles(fresh, { search, limit: 50 })
  })
  const inventory = buildInventory(size)
  const warm = measure(
    200,
    (run) => () => listAssignmentRoles(inventory, { search: `${search} ${run % 10}`, limit: 50 }),
  )
  return [
    line(
      'role_search_cold_ms',
      at(cold, 0.5),
      pageLimitMs,
      cold.length,
      'the first search after the inventory changed',
    ),
    line('role_search_p99_ms', at(warm, 0.99), pageLimitMs, warm.length),
  ]
}

/** Times in milliseconds, ascending; what `prepare` does is not counted. */
function measure(count: number, prepare: (run: number) => () => unknown): number[] {
  return Array.from({ length: count }, (_, run) => shortest(() => prepare(run))).sort((a, b) => a - b)
}

/** Of three tries, each on what was prepared for it: what other processes take of the machine does not count. */
function shortest(prepare: () => () => unknown): number {
  const tries = [prepare(), prepare(), prepare()].map((work) => {
    const start = performance.now()
    work()
    return performance.now() - start
  })
  return Math.min(...tries)
}

/** The same for work that measures itself. */
async function measureAsync(count: number, prepare: () => Promise<() => Promise<number>>): Promise<number[]> {
  const times: number[] = []
  for (let run = 0; run < count; run++) {
    let least = Number.POSITIVE_INFINITY
    for (let attempt = 0; attempt < 3; attempt++) {
      const work = await prepare()
      least = Math.min(least, await work())
    }
    times.push(least)
  }
  return times.sort((a, b) => a - b)
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

function line(metric: string, value: number, limit: number, n: number, note?: string): BenchLine {
  return {
    bench: 'decide',
    metric,
    value,
    limit,
    ratio: value / limit,
    n,
    ...(note === undefined ? {} : { note }),
  }
}

/** Heap and buffers after a collection. */
function usedMiB(): number {
  collectGarbage()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return (heapUsed + arrayBuffers) / 2 ** 20
}
