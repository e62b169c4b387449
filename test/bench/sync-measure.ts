/**
 * @module Takes one organisation through its life: first look, import, first sync, a look at which nothing changed,
 * hundreds of new grants while members come and go, and an outage during which people go on editing. Time is
 * virtual, except that planning is measured in real time.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { buildDesired } from '../../src/core/entitlement/build-desired.js'
import { makePlan } from '../../src/core/plan/make-plan.js'
import {
  identityStoreRate,
  organizationsRates,
  scimRates,
  ssoAdminRate,
} from '../../src/emulator/limits/published.js'
import { services } from '../../src/emulator/aws/mount.js'
import { listOperations } from '../../src/emulator/faults/operations.js'
import { sizes, type SizeName } from '../../src/emulator/generate/size.js'
import { collectDesired, collectRemembered } from '../../src/reconcile/collect.js'
import { loadSeen } from '../../src/reconcile/seen.js'
import { startImport } from '../../src/service/identity-center/import.js'
import type { BenchLine } from './line.js'
import { editDuringOutage, grantInBulk, membersToCome } from './sync-edits.js'
import { fewestReads, fewestWrites, snapshot, type Counts } from './sync-fewest.js'
import { hour, openSyncWorld, plugin, type SyncWorld } from './sync-world.js'

/** The share of AWS's limits that the sync uses unless it is told otherwise. */
const share = 0.5
const second = 1000
const minute = 60 * second
const planRounds = 5
const planSeconds = 2
const planMegabytes = 1024
const latencySeconds = 1
const expirySeconds = 2
const outage = 2 * minute
const samples = 5
const bulkPairs = 250

export async function measureSync(name: SizeName): Promise<BenchLine[]> {
  await using world = await openSyncWorld(sizes[name])
  return await new Life(world, name).run()
}

class Life {
  readonly #world: SyncWorld
  readonly #name: SizeName
  readonly #lines: BenchLine[] = []

  constructor(world: SyncWorld, name: SizeName) {
    this.#world = world
    this.#name = name
  }

  async run(): Promise<BenchLine[]> {
    await this.#import()
    const stop = new AbortController()
    const { loop } = await this.#firstSync(stop.signal)
    await this.#measurePlanning()
    await this.#unchanged()
    await this.#bulk()
    await this.#outage()
    stop.abort()
    await this.#world.run(() => loop)
    await this.#world.run(() => this.#world.sync[Symbol.asyncDispose]())
    return this.#lines
  }

  async #import(): Promise<void> {
    const { run, sync, services: deps, scheduler, tables } = this.#world
    const begun = scheduler.clock.now()
    const before = this.#mark()
    await run(async () => {
      await sync.scan()
      await this.#jobEnds()
    })
    const fewest = fewestReads(tables(), true)
    this.#addCalls('first_look', this.#callsSince(before), fewest)
    await run(async () => {
      await startImport(deps, plugin, 'system', undefined)
      await this.#jobEnds()
    })
    this.#addTime('virtual_seconds_to_import', scheduler.clock.now() - begun, secondsAtLeast(fewest))
  }

  /** The loop goes on until the signal. */
  async #firstSync(signal: AbortSignal): Promise<{ readonly loop: Promise<void> }> {
    const { sync, scheduler, setPlugin, tables } = this.#world
    const state = snapshot(tables())
    const before = this.#mark()
    const begun = scheduler.clock.now()
    await setPlugin('active')
    const loop = sync.loop(signal)
    const ended = await this.#converges(before, hour)
    const { calls } = fewestWrites(state, snapshot(tables()))
    this.#addCalls('first_sync', this.#callsSince(before), calls)
    this.#addTime('virtual_seconds_of_first_sync', ended - begun, secondsAtLeast(calls))
    return { loop }
  }

  /** Planning alone, from what is stored to the plan. */
  async #measurePlanning(): Promise<void> {
    const { deps, store, scheduler } = this.#world
    const now = scheduler.clock.now()
    const current = await this.#world.sync.plan()
    const seen = await loadSeen(store.observations, plugin)
    const remembered = await collectRemembered(store, plugin, now)
    const view = await deps.catalog.read()
    const collectGarbage = garbageCollector()
    collectGarbage()
    const heapBefore = process.memoryUsage().heapUsed
    let most = heapBefore
    const seconds: number[] = []
    for (let round = 0; round <= planRounds; round++) {
      const input = await collectDesired(deps, view, current.settings, seen, now)
      const begun = performance.now()
      const desired = buildDesired(input)
      const plan = makePlan({
        ...remembered,
        desired,
        observation: current.observation,
        settings: current.settings,
        managementAccountId: undefined,
        mode: 'steady',
        failures: new Map(),
        unresolved: new Set(),
        knownAccounts: new Set(seen.accounts.keys()),
        inventory: input.inventory,
        now,
      })
      if (round > 0) seconds.push((performance.now() - begun) / 1000)
      if (plan.actions.length > 0)
        throw new Error(`${plan.actions.length} actions in a state that is as it should be`)
      collectGarbage()
      most = Math.max(most, process.memoryUsage().heapUsed)
    }
    const value = median(seconds)
    this.#add(
      'planning_seconds',
      value,
      planSeconds,
      planRounds,
      'from what is stored to the plan, median; at most 1',
    )
    const megabytes = (most - heapBefore) / 2 ** 20
    this.#add(
      'planning_heap_megabytes',
      megabytes,
      planMegabytes,
      planRounds,
      'what is held with input, desired state and plan; at most 1',
    )
    const resident = process.memoryUsage().rss / 2 ** 20
    this.#add(
      'resident_megabytes',
      resident,
      planMegabytes,
      1,
      'the whole process, emulated AWS and store included',
    )
  }

  /** One more full look and the cycle after it. */
  async #unchanged(): Promise<void> {
    const { run, tables } = this.#world
    // Looks come by themselves: counted is one between two of them.
    await this.#nextLookEnds()
    const before = this.#mark()
    await this.#nextLookEnds()
    await run(() => this.#world.deps.timers.sleep(5 * second))
    const calls = this.#callsSince(before)
    const fewest = fewestReads(tables(), false)
    this.#addCalls('unchanged_cycle', calls, fewest)
    const writes = total(new Map([...calls].filter(([operation]) => isWrite(operation))))
    this.#add('unchanged_cycle_writes', writes, 1, total(calls), 'none; the limit is one, so at most 0')
  }

  /** AWS answers 503 while people edit; then it is back, and meanwhile a few more members come. */
  async #outage(): Promise<void> {
    const world = this.#world
    const { aws, scheduler, tables } = world
    const state = snapshot(tables())
    const { region } = aws.context.state.instance
    const operations = new Set(listOperations(services))
    const fault = aws.context.faults.add({
      ...{ operation: '*', operations, when: { at: 1 }, times: null },
      fault: { kind: 'region-down', region },
    })
    await scheduler.advance(5 * second)
    await editDuringOutage(world)
    await scheduler.advance(outage)
    aws.context.faults.remove(fault)
    const before = this.#mark()
    const begun = scheduler.clock.now()
    const latency = await this.#newMembers()
    const ended = await this.#converges(before, 12 * hour)
    const { calls, memberships } = fewestWrites(state, snapshot(tables()))
    const made = [...this.#callsSince(before)]
    this.#addCalls('after_outage', new Map(made.filter(([operation]) => isChange(operation))), calls)
    const reads = total(new Map(made.filter(([operation]) => !isChange(operation))))
    const look = total(fewestReads(tables(), false))
    this.#add(
      'after_outage_reads',
      reads,
      look,
      reads,
      'one full look; looks begin by themselves, and what was lost is read again',
    )
    this.#addTime(
      'virtual_seconds_to_converge_after_outage',
      ended - begun,
      Math.max(secondsAtLeast(calls), memberships / (100 * share)),
    )
    this.#add(
      'virtual_seconds_from_new_member_to_aws_after_outage',
      latency,
      latencySeconds,
      samples,
      'the slowest while the backlog of the outage is worked off; at most 1',
    )
  }

  /** One list is granted hundreds of pairs more; meanwhile members of other lists come, and some end by time. */
  async #bulk(): Promise<void> {
    const { scheduler, tables } = this.#world
    const state = snapshot(tables())
    const before = this.#mark()
    const begun = scheduler.clock.now()
    await grantInBulk(this.#world, bulkPairs)
    await scheduler.advance(5 * second)
    const latency = await this.#newMembers()
    this.#add(
      'virtual_seconds_from_new_member_to_aws',
      latency,
      latencySeconds,
      samples,
      'the slowest while hundreds of assignments are made; at most 1',
    )
    const expiry = await this.#expiries()
    this.#add(
      'virtual_seconds_from_expiry_to_aws',
      expiry,
      expirySeconds,
      samples,
      'the slowest membership that ended by time meanwhile; at most 1',
    )
    const isBusy = (await this.#world.sync.plan()).plan.actions.length > 0
    if (!isBusy) throw new Error('the bulk work ended before the measurement')
    const ended = await this.#converges(before, hour)
    // Members that came and went again are beside the work that is counted.
    const { calls } = fewestWrites(state, snapshot(tables()))
    this.#addTime('virtual_seconds_of_bulk', ended - begun, secondsAtLeast(calls))
  }

  /** The slowest from the instant at which a member is added to its membership in AWS, in seconds. */
  async #newMembers(): Promise<number> {
    const { scheduler, tables, store } = this.#world
    let slowest = 0
    for (const { list, groupId, user, userId } of await membersToCome(this.#world, samples)) {
      await scheduler.advance(second)
      const since = scheduler.clock.now()
      await store.members.put([member(list, user, since, undefined)])
      const isThere = () => tables().memberships.find('pair', `${groupId}/${userId}`) !== undefined
      await this.#until(() => Promise.resolve(isThere()), hour)
      slowest = Math.max(slowest, (scheduler.clock.now() - since) / second)
    }
    return slowest
  }

  /** The slowest from the instant at which a membership ends to its end in AWS, in seconds; all run side by side. */
  async #expiries(): Promise<number> {
    const { scheduler, tables, store } = this.#world
    const begun = scheduler.clock.now()
    const ending = (await membersToCome(this.#world, samples)).map((one, at) => {
      return { ...one, until: begun + 6 * second + at * 700 }
    })
    await store.members.put(ending.map(({ list, user, until }) => member(list, user, begun, until)))
    const isThere = ({ groupId, userId }: (typeof ending)[number]) =>
      tables().memberships.find('pair', `${groupId}/${userId}`) !== undefined
    await this.#until(() => Promise.resolve(ending.every(isThere)), 5 * second)
    let slowest = 0
    for (const one of ending) {
      await this.#until(() => Promise.resolve(!isThere(one)), 10 * minute)
      slowest = Math.max(slowest, (scheduler.clock.now() - one.until) / second)
    }
    return slowest
  }

  async #jobEnds(): Promise<void> {
    const { sync, deps } = this.#world
    for (;;) {
      const { job } = await sync.state()
      if (job?.state === 'failed') throw new Error(`${job.kind} failed: ${job.error}`)
      if (job?.state === 'done') return
      await deps.timers.sleep(100)
    }
  }

  async #nextLookEnds(): Promise<void> {
    const { sync } = this.#world
    const at = (await sync.state()).lastScan?.at
    await this.#until(async () => (await sync.state()).lastScan?.at !== at, 24 * hour, 5 * second)
  }

  /** Until the plan has been empty for a while; answers when it became so. */
  async #converges(mark: number, limitMs: number): Promise<number> {
    const { scheduler, sync } = this.#world
    const end = scheduler.clock.now() + limitMs
    for (;;) {
      await scheduler.advance(10 * second)
      const { actions } = (await sync.plan()).plan
      if (actions.length === 0) return this.#lastWriteSince(mark)
      if (scheduler.clock.now() > end) throw new Error(`no end: ${actions.length} actions are left`)
    }
  }

  /** When the last call arrived that changed anything. */
  #lastWriteSince(mark: number): number {
    const arrivals = this.#world.aws.trace.slice(mark).map(parse)
    return Math.max(...arrivals.filter(({ operation }) => isWrite(operation)).map(({ at }) => at))
  }

  async #until(isSo: () => Promise<boolean>, limitMs: number, stepMs = 20): Promise<void> {
    const { scheduler } = this.#world
    const end = scheduler.clock.now() + limitMs
    while (!(await isSo())) {
      if (scheduler.clock.now() > end) throw new Error(`nothing came of it in ${limitMs} ms`)
      await scheduler.advance(stepMs)
    }
  }

  #mark(): number {
    return this.#world.aws.trace.length
  }

  #callsSince(mark: number): Counts {
    const counts = new Map<string, number>()
    for (const line of this.#world.aws.trace.slice(mark)) {
      const { operation } = parse(line)
      counts.set(operation, (counts.get(operation) ?? 0) + 1)
    }
    return counts
  }

  #addCalls(what: string, calls: Counts, fewest: Counts, more = ''): void {
    const operations = [...new Set([...fewest.keys(), ...calls.keys()])].sort()
    for (const operation of operations) {
      const value = calls.get(operation) ?? 0
      const limit = fewest.get(operation) ?? 0
      const metric = `${what}_calls_${operation.replaceAll(' ', '_')}`
      this.#add(
        metric,
        value,
        Math.max(limit, 1),
        value,
        `the fewest that AWS allows${limit === 0 ? ' are none' : ''}`,
      )
    }
    const note = `the fewest that AWS allows${more === '' ? '' : `; ${more}`}`
    this.#add(`${what}_calls`, total(calls), Math.max(total(fewest), 1), total(calls), note)
  }

  #addTime(metric: string, ms: number, floor: number): void {
    this.#add(
      metric,
      ms / second,
      Math.max(floor, 0.001),
      1,
      "the fewest calls at half of AWS's published rates",
    )
  }

  #add(metric: string, value: number, limit: number, n: number, note: string): void {
    this.#lines.push({
      bench: 'sync',
      metric: `${this.#name}_${metric}`,
      value,
      limit,
      ratio: value / limit,
      n,
      note,
    })
  }
}

function member(list: string, name: string, joinedAt: number, expiresAt: number | undefined) {
  return {
    list,
    kind: 'user' as const,
    name,
    awsUserId: undefined,
    joinedAt,
    expiresAt,
    addedBy: 'benchmark',
    reason: '',
  }
}

interface Arrival {
  readonly at: number
  readonly operation: string
}

/** `1790000000000 SWBExternalService.ListInstances 200`, or `… POST / 200`, or `… PATCH /tenant/scim/v2/Groups/id 204`. */
function parse(line: string): Arrival {
  const [at = '', name = '', path = ''] = line.split(' ')
  const resource = /\/scim\/v2\/(\w+)/.exec(path)?.[1]
  if (resource !== undefined) return { at: Number(at), operation: `scim ${name} ${resource}` }
  // Only STS is asked without a target.
  const operation = name === 'POST' ? 'GetCallerIdentity' : name.slice(name.indexOf('.') + 1)
  return { at: Number(at), operation }
}

function isWrite(operation: string): boolean {
  return /^(?:Create|Delete)|^scim (?:POST|PATCH|PUT|DELETE)/.test(operation)
}

/** With the questions whether it is done. */
function isChange(operation: string): boolean {
  return isWrite(operation) || operation.endsWith('Status')
}

const total = (counts: Counts): number => [...counts.values()].reduce((sum, one) => sum + one, 0)
const median = (values: number[]): number =>
  values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

/** At our share of the published rates, each bucket by itself and all side by side. */
function secondsAtLeast(calls: Counts): number {
  const seconds = new Map<string, number>()
  for (const [operation, count] of calls) {
    const [bucket, perSecond] = bucketOf(operation)
    seconds.set(bucket, (seconds.get(bucket) ?? 0) + count / (perSecond * share))
  }
  return Math.max(0, ...seconds.values())
}

const scimNames: Readonly<Record<string, string>> = {
  POST: 'Create',
  PATCH: 'Patch',
  DELETE: 'Delete',
  GET: 'List',
}

function bucketOf(operation: string): [bucket: string, perSecond: number] {
  const [kind, method = '', resource = ''] = operation.split(' ')
  if (kind === 'scim') {
    const name = `${scimNames[method] ?? ''}${resource.slice(0, -1)}`
    return [operation, scimRates.get(name)?.perSecond ?? 25]
  }
  const organizations = organizationsRates.get(operation)?.account.perSecond
  if (organizations !== undefined) return [operation, organizations]
  if (/^List(?:Users|Groups|GroupMemberships)/.test(operation))
    return [operation, identityStoreRate.perSecond]
  return ['sso-admin', ssoAdminRate.perSecond]
}

function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  return typeof collect === 'function' ? () => void collect() : () => undefined
}
