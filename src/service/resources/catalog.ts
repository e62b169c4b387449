/**
 * @module The stored resources as the use cases see them: parsed, and cached until something is written. Each use
 * asks the store for its generation, one cheap query, so every replica sees a committed change at once; then only
 * resources with a new revision are read and parsed again. A resource that cannot be read is reported and never keeps the
 * others from being used; where it could have refused something, it refuses everything.
 */
import type { Inventory } from '../../core/inventory/inventory.js'
import type { ClusterAuthPreference, Role } from '../../core/role/role.js'
import type { ServiceProvider } from '../../core/saml/service-provider.js'
import type { User } from '../../core/user/user.js'
import type { Logger } from '../../lib/logger.js'
import type { ResourceKind, ResourceStore, StoredResource } from '../../store/store.js'
import {
  CatalogView,
  type Entry,
  type Parsed,
  type ParsedByName,
  type ResourceProblem,
} from './catalog-view.js'
import type { Kind, Kinds } from './kind.js'

/** The part of the store that is read. */
interface CatalogStore {
  readonly resources: Pick<ResourceStore, 'generation' | 'list' | 'listSince' | 'count' | 'listNames'>
}

export interface CatalogOptions {
  readonly store: CatalogStore
  readonly kinds: Pick<Kinds, 'all'>
  /** What is known of AWS now; asked at each use, so it must be cheap. */
  readonly inventory: () => Promise<Inventory>
  readonly logger: Logger
  /** Told of everything anew when a change was seen; must not do the work that follows from it at once. */
  readonly onChange?: (view: CatalogView) => void
}

export class Catalog {
  readonly #store: CatalogStore
  readonly #kinds: readonly Pick<Kind, 'name' | 'parse'>[]
  readonly #inventory: () => Promise<Inventory>
  readonly #logger: Logger
  readonly #onChange: (view: CatalogView) => void
  #view: CatalogView | undefined
  /** Exactly what was committed at its generation: what was written since is read on top of it. */
  #base: CatalogView | undefined
  #loading: Promise<CatalogView> | undefined

  constructor(options: CatalogOptions) {
    this.#store = options.store
    this.#kinds = options.kinds.all
    this.#inventory = options.inventory
    this.#logger = options.logger
    this.#onChange = options.onChange ?? (() => undefined)
  }

  /** Everything as it stands now: one cheap question to the store, and a load only after a write. */
  async read(): Promise<CatalogView> {
    const generation = await this.#store.resources.generation()
    let view = this.#view
    if (view !== undefined && generation < view.generation) view = await this.#forgetIfBack(view)
    // A load that began before the write we must see answers with an older generation: load again.
    while (view === undefined || view.generation < generation) {
      this.#loading ??= this.#loadAndKeep().finally(() => (this.#loading = undefined))
      view = await this.#loading
    }
    const fresh = await this.#withInventory(view)
    if (fresh !== view && this.#view === view) this.#keep(fresh)
    return fresh
  }

  /**
   * Everything as a transaction sees it. Nothing of it is kept where it differs from what is committed: the
   * transaction may be rolled back, and its generation given to another. The inventory is that of the last use,
   * since to find out a newer one may take the connection that the transaction holds.
   */
  async readIn(tx: CatalogStore): Promise<CatalogView> {
    const generation = await tx.resources.generation()
    const known = this.#view
    if (known?.generation === generation) return known
    const inventory = known?.inventory ?? (await this.#inventory())
    // What is committed may be newer than what the transaction sees.
    const base = this.#base
    const kinds =
      base !== undefined && base.generation <= generation
        ? await this.#readSince(tx, base)
        : await this.#readAll(tx)
    return new CatalogView({ generation, kinds, inventory })
  }

  async user(name: string): Promise<User | undefined> {
    return (await this.read()).user(name)
  }

  async rolesOf(holder: {
    readonly roles: readonly string[]
  }): Promise<{ roles: Role[]; missing: string[] }> {
    return (await this.read()).rolesOf(holder)
  }

  async preference(): Promise<ClusterAuthPreference> {
    return (await this.read()).preference()
  }

  async role(name: string): Promise<Role | undefined> {
    return (await this.read()).role(name)
  }

  async serviceProviderByName(name: string): Promise<ServiceProvider | undefined> {
    return (await this.read()).serviceProviderByName(name)
  }

  async serviceProviderByEntityId(entityId: string): Promise<ServiceProvider | undefined> {
    return (await this.read()).serviceProviderByEntityId(entityId)
  }

  /** Sorted by name, as all lists here. */
  async listUsers(): Promise<Entry<User>[]> {
    return (await this.read()).users()
  }

  async listRoles(): Promise<Entry<Role>[]> {
    return (await this.read()).roles()
  }

  async listServiceProviders(): Promise<Entry<ServiceProvider>[]> {
    return (await this.read()).serviceProviders()
  }

  /** What is stored and cannot be read, for the log, the doctor and the status page. */
  async problems(): Promise<ResourceProblem[]> {
    return (await this.read()).problems()
  }

  /** A store that went back, as by a restore, gives numbers again: nothing that was read before says anything then. */
  async #forgetIfBack(view: CatalogView): Promise<CatalogView | undefined> {
    // Asked again: the view may only be newer than the question was.
    if ((await this.#store.resources.generation()) >= view.generation) return this.#view
    this.#view = undefined
    this.#base = undefined
    return undefined
  }

  async #loadAndKeep(): Promise<CatalogView> {
    return this.#keep(await this.#load(await this.#inventory()))
  }

  #keep(view: CatalogView): CatalogView {
    this.#view = view
    this.#onChange(view)
    return view
  }

  async #load(inventory: Inventory): Promise<CatalogView> {
    // Read before the contents: a write in between makes the next use load again, never miss it.
    const generation = await this.#store.resources.generation()
    const base = this.#base
    if (base !== undefined) {
      const kinds = await this.#readSince(this.#store, base)
      if (await this.#isStill(generation)) {
        return (this.#base = new CatalogView({ generation, kinds, inventory, lineage: this }))
      }
      // Written to while it was read: a deletion could hide behind a creation.
      this.#base = undefined
    }
    const kinds = await this.#readAll(this.#store)
    const view = new CatalogView({ generation, kinds, inventory, lineage: this })
    if (await this.#isStill(generation)) this.#base = view
    return view
  }

  async #isStill(generation: number): Promise<boolean> {
    return (await this.#store.resources.generation()) === generation
  }

  async #readAll(store: CatalogStore): Promise<ReadonlyMap<ResourceKind, ParsedByName>> {
    const kinds = new Map<ResourceKind, ParsedByName>()
    for (const kind of this.#kinds) {
      const stored = await store.resources.list(kind.name)
      kinds.set(kind.name, this.#parseAll(kind, stored, this.#view?.parsed(kind.name)))
    }
    return kinds
  }

  /** Kinds without a change stay the same map. */
  async #readSince(store: CatalogStore, base: CatalogView): Promise<ReadonlyMap<ResourceKind, ParsedByName>> {
    const changed = new Map<ResourceKind, StoredResource[]>()
    for (const one of await store.resources.listSince(base.generation)) {
      const of = changed.get(one.kind)
      if (of === undefined) changed.set(one.kind, [one])
      else of.push(one)
    }
    const counts = await store.resources.count()
    const kinds = new Map<ResourceKind, ParsedByName>()
    for (const kind of this.#kinds) {
      const before = base.parsed(kind.name)
      const stored = changed.get(kind.name) ?? []
      const isSame = stored.length === 0 && before.size === (counts.get(kind.name) ?? 0)
      kinds.set(kind.name, isSame ? before : await this.#merge(store, kind, before, stored, counts))
    }
    return kinds
  }

  async #merge(
    store: CatalogStore,
    kind: Pick<Kind, 'name' | 'parse'>,
    before: ParsedByName,
    stored: readonly StoredResource[],
    counts: ReadonlyMap<ResourceKind, number>,
  ): Promise<ParsedByName> {
    const after = new Map(before)
    for (const [name, parsed] of this.#parseAll(kind, stored, this.#view?.parsed(kind.name)))
      after.set(name, parsed)
    if (after.size === before.size && after.size === (counts.get(kind.name) ?? 0)) return after
    const names = await store.resources.listNames(kind.name)
    return new Map(
      names.flatMap((name) => {
        const parsed = after.get(name)
        return parsed === undefined ? [] : [[name, parsed] as const]
      }),
    )
  }

  async #withInventory(view: CatalogView): Promise<CatalogView> {
    const inventory = await this.#inventory()
    if (inventory.revision === view.inventory.revision) return view
    return new CatalogView({ ...view.contents, inventory })
  }

  #parseAll(
    kind: Pick<Kind, 'name' | 'parse'>,
    all: readonly StoredResource[],
    before: ParsedByName | undefined,
  ): ParsedByName {
    const parsed = new Map<string, Parsed>()
    for (const stored of all) {
      const known = before?.get(stored.name)
      parsed.set(stored.name, known?.revision === stored.revision ? known : this.#parse(kind, stored))
    }
    return parsed
  }

  #parse({ parse }: Pick<Kind, 'parse'>, stored: StoredResource): Parsed {
    const { kind, name, revision } = stored
    try {
      const { value, ignored } = parse(stored.document)
      return { revision, stored, entry: { value, stored, ignored } }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      this.#logger.error({ kind, name, revision, problem: message }, 'a stored resource cannot be read')
      return { revision, stored, entry: undefined, problem: { kind, name, message } }
    }
  }
}
