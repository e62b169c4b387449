/**
 * What a history writes on our side, and what that should give: kept twice, as resources in the store and as plain facts
 * for the model, which shares no code with the gateway.
 */
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
  lockedUntil: number | undefined
}

export interface SimList {
  readonly name: string
  title: string
  roles: readonly string[]
  /** By `user:NAME` or `list:NAME`, until when. */
  readonly members: Map<string, number>
  readonly isImported?: boolean
}

export class SimResources {
  readonly roles = new Map<string, SimRole>()
  readonly users = new Map<string, SimUser>()
  readonly lists = new Map<string, SimList>()
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
    await this.#write('user', user.name, 'v2', { roles: user.roles, traits: {} })
    this.users.set(user.name, user)
  }

  async deleteUser(name: string): Promise<void> {
    await this.#delete('user', name)
    this.users.delete(name)
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
    const { name, title, roles, isImported = false } = list
    await this.#write('access_list', name, 'v1', {
      title,
      owners: [{ name: 'owner@example.com' }],
      grants: { roles },
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
      if (list.members.delete(`list:${name}`)) await members.delete(list.name, 'list', name)
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
    await this.#world.store.members.delete(list.name, kind, name)
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
