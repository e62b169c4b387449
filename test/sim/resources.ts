/**
 * What a history writes on our side, and what that should give: kept twice, as resources in the store and as plain facts
 * for the model, which shares no code with the gateway.
 */
import type { AccessRequest, Requestable } from '../../src/core/access-request/access-request.js'
import {
  activate,
  passTime,
  release,
  resolve,
  revoke,
  type Step,
} from '../../src/core/access-request/transition.js'
import { newRequest } from '../sync/requests-world.js'
import { pluginName, type SimWorld } from './world.js'

export interface SimRole {
  readonly name: string
  /** `ACCOUNT/PERMISSION SET ARN`. */
  readonly allows: ReadonlySet<string>
  readonly denies: ReadonlySet<string>
}

export interface SimUser {
  readonly name: string
  roles: readonly string[]
  /** A trait of the name `team`; empty for none. */
  team?: string
  lockedUntil: number | undefined
}

/** What a list asks of people: everything that is said. */
export interface SimAsks {
  readonly role?: string
  readonly team?: string
}

export interface SimList {
  readonly name: string
  title: string
  roles: readonly string[]
  /** By `user:NAME` or `list:NAME`, until when. */
  readonly members: Map<string, number>
  readonly isImported?: boolean
  asks?: SimAsks
  asksOwners?: SimAsks
  /** `user:NAME` or `list:NAME`. */
  owners?: readonly string[]
  ownerRoles?: readonly string[]
  /** From then on it grants nothing while it has a member. */
  overdueAt?: number
}

/** One that was approved, and gives a pair from that moment on. */
export interface SimRequest {
  readonly user: string
  readonly pair: string
  readonly until: number
}

export class SimResources {
  readonly roles = new Map<string, SimRole>()
  readonly users = new Map<string, SimUser>()
  readonly lists = new Map<string, SimList>()
  readonly requests = new Map<string, SimRequest>()
  /** Those that nobody has decided yet, and that give nothing; `until` counts once they are approved. */
  readonly asked = new Map<string, SimRequest>()
  /** Members of imported lists that AWS knows; whether or not they are users here, they stay members. */
  readonly imported = new Set<string>()
  readonly #world: SimWorld

  constructor(world: SimWorld) {
    this.#world = world
  }

  async putRole(role: SimRole): Promise<void> {
    const rows = (pairs: ReadonlySet<string>) =>
      [...pairs].map((pair) => {
        const slash = pair.indexOf('/')
        return { account: pair.slice(0, slash), permission_set: pair.slice(slash + 1) }
      })
    const side = (pairs: ReadonlySet<string>) =>
      pairs.size === 0 ? {} : { account_assignments: rows(pairs) }
    await this.#write('role', role.name, 'v8', { allow: side(role.allows), deny: side(role.denies) })
    this.roles.set(role.name, role)
  }

  async putUser(user: SimUser): Promise<void> {
    await this.#write('user', user.name, 'v2', {
      roles: user.roles,
      traits: traitsOf(user.team),
    })
    this.users.set(user.name, user)
  }

  async deleteUser(name: string): Promise<void> {
    await this.#delete('user', name)
    this.users.delete(name)
    // As the gateway does within the same transaction: a later person of this name inherits none.
    for (const [id, { user }] of [...this.asked, ...this.requests])
      if (user === name) await this.endRequest(id)
  }

  /** Answers its id. */
  async askFor(asked: SimRequest): Promise<string> {
    const { user, pair, until } = asked
    const now = this.#world.scheduler.clock.now()
    const id = `request-${this.requests.size + this.asked.size}-${now}`
    const slash = pair.indexOf('/')
    const [accountId, permissionSetArn] = [pair.slice(0, slash), pair.slice(slash + 1)]
    const item: Requestable = { kind: 'assignment', accountId, permissionSetArn }
    const request = newRequest(id, now, [item], { user, durationMs: until - now })
    await this.#world.store.accessRequests.create(request)
    this.asked.set(id, asked)
    return id
  }

  /** Begins with the approval, in the same write. */
  async approve(id: string): Promise<void> {
    const asked = this.asked.get(id)
    if (asked === undefined) throw new Error(`nobody waits for ${id}`)
    const written = await this.#change(id, (request, at) => {
      const items = request.items.map((item) => ({ ...item, state: 'approved' as const }))
      const approved = resolve(request, items, { by: 'reviewer@example.com', at, reason: '' })
      return activate(approved, at, at, new Map())
    })
    this.asked.delete(id)
    this.requests.set(id, { ...asked, until: written.endsAt ?? 0 })
  }

  /** Given back by its person, or taken away by another. */
  async endRequest(id: string, how: 'release' | 'revoke' = 'revoke'): Promise<void> {
    const written = await this.#change(id, (request, at) => {
      const by = how === 'release' ? request.user : 'reviewer@example.com'
      return stepOf({ release, revoke }[how](request, { by, at, reason: '' }), request)
    })
    this.asked.delete(id)
    const known = this.requests.get(id)
    if (known !== undefined) {
      this.requests.set(id, { ...known, until: Math.min(known.until, written.endsAt ?? known.until) })
    }
  }

  /** Its person becomes a member of the list, and has what the request gave for a while longer. */
  async promote(id: string, list: SimList): Promise<void> {
    const known = this.requests.get(id)
    if (known === undefined) throw new Error(`there is no request ${id}`)
    await this.putMember(list, 'user', known.user, Infinity)
    const written = await this.#change(id, (request, at) => ({
      ...request,
      state: 'promoted',
      promotedTo: { list: list.name, title: list.title },
      endsAt: Math.min(request.endsAt ?? at, at + promotedMs),
    }))
    this.requests.set(id, { ...known, until: written.endsAt ?? 0 })
  }

  /** Writes what time has done, as the keeper of time does now and then; nothing that it changes gives or ends access. */
  async passTime(): Promise<number> {
    const now = this.#world.scheduler.clock.now()
    const due = await this.#world.store.accessRequests.listDue(now, 100)
    for (const { id } of due) await this.#change(id, (request) => passTime(request, now, () => new Map()))
    return due.length
  }

  /** Whether some request gave this, and none does so long after. */
  hasEnded(user: string, pair: string, at: number): boolean {
    const of = [...this.requests.values()].filter((one) => one.user === user && one.pair === pair)
    return of.some(({ until }) => until <= at)
  }

  async #change(
    id: string,
    change: (request: AccessRequest, now: number) => AccessRequest,
  ): Promise<AccessRequest> {
    const { accessRequests } = this.#world.store
    const request = await accessRequests.find(id)
    if (request === undefined) throw new Error(`there is no request ${id}`)
    const changed = change(request, this.#world.scheduler.clock.now())
    return changed === request ? request : await accessRequests.update(changed)
  }

  async lockUser(name: string, until: number | undefined): Promise<void> {
    const expires = until === undefined ? {} : { expires: new Date(until).toISOString() }
    await this.#write('lock', `lock ${name}`, 'v2', { target: { user: name }, ...expires })
    const user = this.users.get(name)
    if (user !== undefined) user.lockedUntil = until ?? Infinity
  }

  async unlockUser(name: string): Promise<void> {
    const lock = `lock ${name}`
    if ((await this.#world.store.resources.find('lock', lock)) === undefined) return
    await this.#delete('lock', lock)
    const user = this.users.get(name)
    if (user !== undefined) user.lockedUntil = undefined
  }

  async putList(list: SimList): Promise<void> {
    const { name, title, roles, isImported = false, owners = [], ownerRoles = [], overdueAt } = list
    const owning = owners.map((owner) =>
      owner.startsWith('list:')
        ? { name: owner.slice(5), membership_kind: 'list' }
        : { name: owner.slice(5) },
    )
    await this.#write('access_list', name, 'v1', {
      title,
      owners: owning.length === 0 ? [{ name: 'owner@example.com' }] : owning,
      grants: { roles },
      owner_grants: { roles: ownerRoles },
      membership_requires: requirementsOf(list.asks),
      ownership_requires: requirementsOf(list.asksOwners),
      ...(overdueAt !== undefined && { audit: auditOf(overdueAt) }),
      ...(isImported && { origin: { plugin: pluginName } }),
    })
    this.lists.set(name, list)
  }

  async deleteList(name: string): Promise<void> {
    const { members } = this.#world.store
    await members.deleteList(name)
    await this.#delete('access_list', name)
    this.lists.delete(name)
    for (const list of this.lists.values()) {
      if (list.members.delete(`list:${name}`))
        await members.delete(list.name, 'list', name, this.#world.scheduler.clock.now())
    }
  }

  async putMember(list: SimList, kind: 'user' | 'list', name: string, until: number): Promise<void> {
    await this.#world.store.members.put([
      {
        ...{ list: list.name, kind, name },
        awsUserId: undefined,
        joinedAt: this.#world.scheduler.clock.now(),
        expiresAt: until === Infinity ? undefined : until,
        addedBy: 'simulation',
        reason: '',
      },
    ])
    list.members.set(`${kind}:${name}`, until)
  }

  async deleteMember(list: SimList, kind: 'user' | 'list', name: string): Promise<void> {
    await this.#world.store.members.delete(list.name, kind, name, this.#world.scheduler.clock.now())
    list.members.delete(`${kind}:${name}`)
  }

  async #write(kind: string, name: string, version: string, spec: object): Promise<void> {
    const { kinds, store, scheduler } = this.#world
    const known = kinds.find(kind)
    if (known === undefined) throw new Error(`no kind ${kind}`)
    const { document } = known.parse({ kind, version, metadata: { name }, spec })
    const row = { kind, name, document, now: scheduler.clock.now() }
    const before = await store.resources.find(kind, name)
    if (before === undefined) await store.resources.create(row)
    else await store.resources.update({ ...row, expectedRevision: before.revision })
  }

  async #delete(kind: string, name: string): Promise<void> {
    const { resources } = this.#world.store
    const expectedRevision = (await resources.find(kind, name))?.revision ?? ''
    await resources.delete({ kind, name, expectedRevision })
  }
}

/** What of a promoted request stays until the group has taken over. */
const promotedMs = 15 * 60_000

/** One that is over stays as it is. */
function stepOf(step: Step, request: AccessRequest): AccessRequest {
  return step.ok ? step.request : request
}

function traitsOf(team: string | undefined): object {
  return team === undefined || team === '' ? {} : { team: [team] }
}

function requirementsOf({ role, team }: SimAsks = {}): object {
  return { roles: role === undefined ? [] : [role], traits: traitsOf(team) }
}

/** Due at the beginning of the day, and so much later without grants. */
function auditOf(overdueAt: number): object {
  const due = new Date(overdueAt).toISOString().slice(0, 10)
  return {
    next_audit_date: due,
    when_overdue: { then: 'remove_grants', after: `${overdueAt - Date.parse(due)}ms` },
  }
}
