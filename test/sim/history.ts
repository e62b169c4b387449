/**
 * One history: an organisation, edits on both sides, faults, processes that die and meet, and at its end, when the faults
 * have stopped, what has to be true. The same seed gives the same history.
 */
import { PluginSyncRunner } from '../../src/reconcile/plugin-sync.js'
import type { Prng } from '../../src/emulator/prng.js'
import { editAws, editResources } from './edits.js'
import { addFault } from './faults.js'
import { importAll, learnLists } from './import.js'
import type { SimProcess } from './harness/process.js'
import { actualAccess, desiredAccess, difference, isLocked, ownedIds } from './model.js'
import { SimResources } from './resources.js'
import { Watch } from './watch.js'
import { mendTokens, revokeTokens } from './tokens.js'
import { openWorld, pluginName, strictRemovals, type SimWorld } from './world.js'

const second = 1000
const minute = 60 * second

export interface HistoryResult {
  readonly seed: number
  /** Empty where all held. */
  readonly problems: readonly string[]
  /** What happened, in order. */
  readonly log: readonly string[]
  /** Calls that arrived at AWS. */
  readonly calls: readonly string[]
}

/** Without faults and foreign edits where those are switched off: to see what a failing seed depends on. */
export interface HistoryOptions {
  readonly faults?: boolean
  readonly crashes?: boolean
  readonly foreign?: boolean
  /** Calls go through sockets; then only what happens replays, not the order of what is due at one instant. */
  readonly overHttp?: boolean
}

/** The SDK loads parts of itself at their first use, which takes real time: one history is played for that alone. */
let warmUp: Promise<unknown> | undefined

export async function runHistory(seed: number, options: HistoryOptions = {}): Promise<HistoryResult> {
  await (warmUp ??= play(0, {}))
  return await play(seed, options)
}

async function play(seed: number, options: HistoryOptions): Promise<HistoryResult> {
  await using world = await openWorld(seed)
  await using _server = options.overHttp === true ? await world.aws.listen() : undefined
  const history = new History(world, options)
  try {
    await history.run()
  } catch (error) {
    history.problems.push(error instanceof Error ? (error.stack ?? error.message) : String(error))
  }
  return { seed, problems: history.problems, log: history.log, calls: world.aws.trace }
}

interface Running {
  readonly process: SimProcess
  readonly sync: PluginSyncRunner
  readonly stop: AbortController
}

class History {
  readonly problems: string[] = []
  readonly log: string[] = []
  readonly #world: SimWorld
  readonly #options: Required<Omit<HistoryOptions, 'overHttp'>>
  readonly #resources: SimResources
  readonly #watch: Watch
  readonly #prng: Prng
  /** Where people look at the plan; it never syncs. */
  readonly #console: PluginSyncRunner
  #running: Running[] = []
  #started = 0
  /** Faults and steps to die at may wait for a long time. */
  #isDisturbed = false
  /** Whether somebody else changed AWS. */
  #isTouched = false
  /** When everything stopped going wrong. */
  #calmAt = 0

  constructor(world: SimWorld, { faults = true, crashes = true, foreign = true }: HistoryOptions) {
    this.#world = world
    this.#options = { faults, crashes, foreign }
    this.#resources = new SimResources(world)
    this.#watch = new Watch(world, this.#resources)
    this.#prng = world.chance('history')
    world.journal.hasEnded = (action) => {
      if (action.kind !== 'assignment.delete' || action.principal.name === undefined) return false
      const now = world.scheduler.clock.now() + this.#watch.skewMs
      return this.#resources.hasEnded(action.principal.name, action.pair, now)
    }
    this.#console = new PluginSyncRunner(world.depsOf(world.startProcess('console')), pluginName)
  }

  async run(): Promise<void> {
    const prng = this.#prng
    const { policy } = this.#world
    this.#watch.isHeld = policy.isStrict
    // Half of the imports meet an empty gateway: then the import and the first sync give and take nothing at all.
    const isEmpty = policy.hasImport && prng.chance(0.5)
    if (!isEmpty) for (let count = 2 + prng.below(6); count > 0; count--) await this.#edit()
    this.#watch.noteForeign()
    const processes = prng.chance(0.4) ? 2 : 1
    for (let count = 0; count < processes; count++) this.#start()
    if (policy.hasImport) await this.#import(isEmpty)
    for (let steps = 3 + prng.below(8); steps > 0; steps--) {
      await this.#step()
      await this.#pass(prng.pick([0, 1, 7, 20, 65]) * second)
    }
    await this.#end()
  }

  /** The set-up: paused, it looks at AWS, imports, and is switched on when a person has seen the plan. */
  async #import(isEmpty: boolean): Promise<void> {
    const { scheduler, journal, setSync } = this.#world
    const prng = this.#prng
    const before = this.#everyAccess()
    const first = this.#running[0]
    if (first === undefined) return
    await scheduler.run(first.sync.scan(), 10 * minute)
    await this.#pass(40 * second)
    for (let times = prng.chance(0.2) ? 2 : 1; times > 0; times--) {
      await scheduler.run(importAll(this.#world, first, times), 10 * minute)
      await learnLists(this.#world, this.#resources)
      // What is bound now was given before by others.
      this.#watch.noteForeign()
      await this.#pass(prng.pick([5, 30]) * second)
    }
    this.#tell(`imported ${this.#resources.lists.size} lists`)
    if (journal.begun > 0) this.problems.push('changed AWS while it was paused')
    if (!isEmpty && prng.chance(0.5)) await this.#edit()
    await setSync('active')
    this.#watch.look()
    if (!isEmpty) return
    await this.#pass(2 * minute)
    const after = this.#everyAccess()
    for (const one of [
      ...difference('lost by the import', before, after),
      ...difference('gained', after, before),
    ])
      this.problems.push(one)
  }

  /** Of everybody, through whatever. */
  #everyAccess(): Set<string> {
    const { users, groups } = this.#world.aws.context.state.tables
    const all = (rows: readonly { readonly id: string }[]) => new Map(rows.map(({ id }) => [id, id] as const))
    return actualAccess(this.#world, { users: all(users.rows()), groups: all(groups.rows()) })
  }

  /** One thing that happens. */
  async #step(): Promise<void> {
    const prng = this.#prng
    const { faults, crashes, foreign } = this.#options
    const kind = prng.pick([
      ...['edit', 'edit', 'edit', 'edit', 'foreign', 'foreign'],
      ...['fault', 'fault', 'fault', 'crash', 'stall', 'jump', 'approve', 'token'],
    ])
    if (kind === 'approve') {
      await this.#approve(0.5)
      return
    }
    if (kind === 'edit') {
      await this.#edit()
      return
    }
    if (kind === 'foreign') {
      if (foreign) await this.#editAws()
      return
    }
    if (kind === 'fault' ? !faults : !crashes) return
    this.#watch.disturbedAt = this.#world.scheduler.clock.now()
    this.#isDisturbed = true
    if (kind === 'fault') this.#tell(addFault(this.#world, prng))
    if (kind === 'crash') this.#crash()
    if (kind === 'stall') this.#stall()
    if (kind === 'jump') this.#jump()
    if (kind === 'token') this.#tell(revokeTokens(this.#world))
  }

  /** A person approves of what waits, each with this probability. */
  async #approve(probability: number): Promise<void> {
    const { journal, store, scheduler } = this.#world
    const { actions } = (await this.#console.plan()).plan
    const held = actions.filter(({ holds, approvedBy }) => holds.length > 0 && approvedBy === undefined)
    const keys = held.map(({ action }) => action.key).filter(() => this.#prng.chance(probability))
    if (keys.length === 0) return
    const now = scheduler.clock.now()
    for (const key of keys) journal.approved.add(key)
    const expiresAt = now + 60 * minute
    await store.approvals.put(
      pluginName,
      keys.map((key) => ({ key, by: 'owner@example.com', at: now, expiresAt })),
    )
    for (const { sync } of this.#running) sync.wake()
    this.#tell(`approve ${keys.join(', ')}`)
  }

  async #edit(): Promise<void> {
    this.#watch.noteDesired()
    this.#tell(await editResources({ world: this.#world, resources: this.#resources, prng: this.#prng }))
    this.#watch.look()
    // A gateway whose API was called tells its own sync; the others look by themselves.
    if (this.#world.lookEveryMs > second && this.#running.length > 0)
      this.#prng.pick(this.#running).sync.wake()
  }

  async #editAws(): Promise<void> {
    const { journal } = this.#world
    const owned = { users: journal.owned('user'), groups: journal.owned('group') }
    this.#watch.look()
    journal.isForeign = true
    this.#isTouched = true
    this.#tell(editAws({ world: this.#world, resources: this.#resources, prng: this.#prng }, owned))
    journal.isForeign = false
    this.#watch.noteForeign()
    await Promise.resolve()
  }

  /** The clock of one of them is set. */
  #jump(): void {
    const { process } = this.#prng.pick(this.#running)
    process.skewMs += (this.#prng.below(41) - 20) * second
    this.#watch.skewMs = Math.max(this.#watch.skewMs, Math.abs(process.skewMs))
    this.#tell(`the clock of ${process.name} is ${process.skewMs} ms off`)
  }

  /** One of them stands still at a step of its next changes, mostly for longer than its lease holds. */
  #stall(): void {
    const { process } = this.#prng.pick(this.#running)
    const [steps, ms] = [1 + this.#prng.below(12), this.#prng.pick([3, 12, 16, 30, 60]) * second]
    process.stallAfter(steps, ms)
    this.#tell(`${process.name} is to stand still for ${ms} ms after ${steps} steps`)
  }

  #start(): void {
    const process = this.#world.startProcess(`process-${++this.#started}`)
    const stop = new AbortController()
    const sync = new PluginSyncRunner(this.#world.depsOf(process), pluginName)
    sync.loop(stop.signal).catch((error: unknown) => {
      this.problems.push(`the loop of ${process.name} ended: ${String(error)}`)
    })
    this.#running.push({ process, sync, stop })
    this.#tell(`${process.name} starts`)
  }

  /** One of them dies at a step of its next changes, and another one is started in its place. */
  #crash(): void {
    const { process } = this.#prng.pick(this.#running)
    const steps = 1 + this.#prng.below(12)
    process.dieAfter(steps)
    this.#tell(`${process.name} is to die after ${steps} steps`)
  }

  async #pass(ms: number): Promise<void> {
    const { scheduler } = this.#world
    const end = scheduler.clock.now() + ms
    do {
      await scheduler.advanceTo(Math.min(end, scheduler.clock.now() + 5 * second))
      this.#world.aws.context.settle()
      this.#watch.look()
      // Whatever goes wrong for a while goes wrong up to now.
      if (this.#isDisturbed) this.#watch.disturbedAt = scheduler.clock.now()
      this.#replaceTheDead()
    } while (scheduler.clock.now() < end)
  }

  #replaceTheDead(): void {
    const dead = this.#running.filter(({ process }) => !process.isAlive)
    this.#running = this.#running.filter(({ process }) => process.isAlive)
    for (const { process } of dead) {
      this.#tell(`${process.name} is dead`)
      this.#start()
    }
  }

  /** Nothing goes wrong any more: within its bound everything is as it should be, and stays so. */
  async #end(): Promise<void> {
    const { aws, scheduler } = this.#world
    this.#tell('the faults stop')
    this.#calmAt = scheduler.clock.now()
    aws.context.faults.clear()
    for (const { process } of this.#running) {
      process.dieAfter(Number.MAX_SAFE_INTEGER)
      process.stallAfter(Number.MAX_SAFE_INTEGER, 0)
    }
    this.#isDisturbed = false
    this.#tell(await mendTokens(this.#world))
    for (const { sync } of this.#running) sync.wake()
    let left = ['nobody looked yet']
    const bound = scheduler.clock.now() + 25 * minute
    while (left.length > 0 && scheduler.clock.now() < bound) {
      await this.#pass(20 * second)
      await this.#approve(1)
      left = await this.#listDifferences()
    }
    this.problems.push(...left.map((one) => `does not converge: ${one}`))
    if (left.length === 0) await this.#stayQuiet()
    this.problems.push(...this.#watch.violations, ...this.#world.journal.violations)
    this.#checkGuard()
    await this.#checkLog()
    for (const { stop } of this.#running) stop.abort()
  }

  async #listDifferences(): Promise<string[]> {
    const { scheduler, store } = this.#world
    const now = scheduler.clock.now()
    const owned = await ownedIds(this.#world, pluginName)
    const actual = actualAccess(this.#world, owned)
    const ours = actualAccess(this.#world, owned, await this.#foundRows())
    const bound = new Set([...owned.users.values(), ...this.#strangers()])
    const desired = desiredAccess(this.#resources, now)
    const reachable = [...desired].filter((access) => bound.has(nameIn(access)))
    const open = await store.changes.listOpen(pluginName)
    const { plan, readAt = -Infinity } = await this.#console.plan()
    return [
      ...difference('missing', reachable, actual),
      ...difference('too much', ours, desired),
      ...difference('not bound', this.#unbound(new Set(owned.users.values())), new Set()),
      ...difference('wrong state', this.#wrongUsers(owned.users, now), new Set()),
      // Whoever has not looked at AWS has nothing to plan for.
      ...(readAt < this.#calmAt - this.#watch.skewMs ? ['nobody looked at AWS'] : []),
      ...plan.actions.slice(0, 3).map(({ action }) => `still planned: ${action.key}`),
      ...open.slice(0, 3).map(({ key }) => `open intent: ${key}`),
    ]
  }

  /** Members that AWS alone knows, as far as AWS lets them in: whether they are active there is nobody's here. */
  #strangers(): string[] {
    const users = this.#world.aws.context.state.tables.users.rows()
    return users.flatMap(({ userName, active }) =>
      active && this.#resources.imported.has(userName) ? [userName] : [],
    )
  }

  /** What was there when a person, the set-up or the import took something over stays until a person releases it. */
  async #foundRows(): Promise<Set<string>> {
    const ledger = await this.#world.store.ledger.list(pluginName)
    const found = ledger.filter(({ reasons }) => reasons.some(({ kind }) => kind === 'found'))
    return new Set(
      found.map(({ principal, target }) => `${principal.slice(principal.indexOf('/') + 1)} ${target}`),
    )
  }

  /** Users of ours that AWS does not know as ours. */
  #unbound(bound: ReadonlySet<string>): string[] {
    const now = this.#world.scheduler.clock.now()
    // Who is locked before being known there is not made.
    return [...this.#resources.users.values()]
      .filter(({ name, lockedUntil }) => !bound.has(name) && !isLocked(lockedUntil, now))
      .map(({ name }) => name)
  }

  #wrongUsers(owned: ReadonlyMap<string, string>, now: number): string[] {
    const rows = this.#world.aws.context.state.tables.users
    return [...owned].flatMap(([id, name]) => {
      const user = this.#resources.users.get(name)
      const row = rows.get(id)
      // Deactivated at once, and deleted after a delay.
      if (user === undefined)
        return [`${name} is ${row?.active === true ? 'active' : 'bound'} and deleted here`]
      const shouldBe = !isLocked(user.lockedUntil, now)
      // Who is locked is not made again.
      if (row === undefined) return shouldBe ? [`${name} is gone in AWS`] : []
      return row.active === shouldBe ? [] : [`${name} is ${row.active ? 'active' : 'not active'}`]
    })
  }

  /** The last instant at which time alone changes what is desired. */
  #endsByTime(): number {
    const { users, lists } = this.#resources
    const all = [
      ...[...users.values()].map(({ lockedUntil = 0 }) => lockedUntil),
      ...[...lists.values()].flatMap(({ members, overdueAt = 0 }) => [...members.values(), overdueAt]),
    ]
    return Math.max(0, ...all.filter((at) => at !== Infinity))
  }

  /** An unchanged state changes nothing. */
  async #stayQuiet(): Promise<void> {
    const { aws, scheduler } = this.#world
    // What only waits for its time: ends of locks and memberships, and deletions after their delay.
    for (let times = 0; times < 30; times++) {
      const { nextChangeAt = -Infinity } = (await this.#console.plan()).plan
      const left = Math.max(nextChangeAt, this.#endsByTime()) - scheduler.clock.now()
      if (left < 0) break
      await this.#pass(left + 10 * second)
      await this.#approve(1)
    }
    await this.#pass(75 * second)
    const before = aws.trace.length
    await this.#pass(75 * second)
    const writes = aws.trace
      .slice(before)
      .filter((line) =>
        / (?:(?:POST|PATCH|DELETE) \/[^ ]+\/scim\/|[^ ]+\.(?:Create|Delete)).* 2\d\d$/.test(line),
      )
    if (writes.length > 0)
      this.problems.push(`changes AWS although nothing changed: ${writes.slice(0, 3).join('; ')}`)
    this.problems.push(...(await this.#listDifferences()).map((one) => `does not stay so: ${one}`))
  }

  /** Whatever happened, no more was taken away than the guard lets through, but what a person approved. */
  #checkGuard(): void {
    const { journal, policy } = this.#world
    if (!policy.isStrict) return
    for (const [kind, count] of journal.unapprovedRemovals) {
      if (count > strictRemovals) this.problems.push(`took ${count} ${kind} away without asking`)
    }
  }

  /** Every change of AWS has an intent and an outcome in the audit log. */
  async #checkLog(): Promise<void> {
    const { store } = this.#world
    while ((await store.audit.chain(1000, () => '0'.repeat(64))) > 0);
    const phases = new Map<string, string[]>()
    for (let cursor = 0, page = 1; page > 0;) {
      const events = await store.audit.list({ cursor, limit: 1000, order: 'asc' })
      page = events.length
      cursor = events.at(-1)?.sequence ?? cursor
      for (const { json } of events) {
        const event: unknown = JSON.parse(json)
        if (!this.#isTouched && tellsLoss.test(json))
          this.problems.push(`drift, and nobody was there: ${json}`)
        if (typeof event !== 'object' || event === null || !('change_id' in event) || !('phase' in event))
          continue
        const id = String(event.change_id)
        phases.set(id, [...(phases.get(id) ?? []), String(event.phase)])
      }
    }
    for (const record of await store.changes.list(pluginName, { limit: 1000 })) {
      const told = phases.get(record.id) ?? []
      if (record.state === 'open') continue
      if (told.join() !== 'intent,outcome') {
        this.problems.push(`the log tells ${told.join() || 'nothing'} of ${record.key} (${record.state})`)
      }
    }
  }

  #tell(what: string): void {
    this.log.push(`${this.#world.scheduler.clock.now()} ${what}`)
  }
}

/** An event that says that somebody else deleted something. */
const tellsLoss = /"code":"TAIC107I".*"kind":"(?:group_missing|user_missing)"/

function nameIn(access: string): string {
  return access.slice(0, access.indexOf(' '))
}
