/**
 * @module The stored resources as the use cases see them: parsed, and cached until something is written. Each use
 * asks the store for its generation, one cheap query, so every replica sees a committed change at once; then only
 * resources with a new revision are parsed again. A resource that cannot be read is reported and never keeps the
 * others from being used; where it could have refused something, it refuses everything.
 */
import type { ClusterAuthPreference, Role } from '../../core/role/role.js'
import type { ServiceProvider } from '../../core/saml/service-provider.js'
import type { User } from '../../core/user/user.js'
import type { Logger } from '../../lib/logger.js'
import type { ResourceKind, ResourceStore, StoredResource } from '../../store/store.js'
import {
  CatalogView,
  preferenceName,
  readable,
  type Entry,
  type Parsed,
  type ParsedByName,
  type ResourceProblem,
} from './catalog-view.js'

/** Turns a document into its value and its normal form; throws GatewayError for one that is not right. */
export type ResourceParser<T> = (document: unknown) => { readonly value: T; readonly document: unknown }

export interface ResourceParsers {
  readonly user: ResourceParser<User>
  readonly role: ResourceParser<Role>
  readonly serviceProvider: ResourceParser<ServiceProvider>
  readonly preference: ResourceParser<ClusterAuthPreference>
}

const defaultPreferenceDocument = {
  kind: 'cluster_auth_preference',
  version: 'v2',
  metadata: { name: preferenceName },
  spec: {},
}

/** The part of the store that is read. */
interface CatalogStore {
  readonly resources: Pick<ResourceStore, 'generation' | 'list'>
}

export class Catalog {
  readonly #store: CatalogStore
  readonly #parsers: ResourceParsers
  readonly #logger: Logger
  #view: CatalogView | undefined
  #defaultPreference: ClusterAuthPreference | undefined
  #loading: Promise<CatalogView> | undefined

  constructor(options: {
    readonly store: CatalogStore
    readonly parsers: ResourceParsers
    readonly logger: Logger
  }) {
    this.#store = options.store
    this.#parsers = options.parsers
    this.#logger = options.logger
  }

  /** Everything as it stands now: one cheap question to the store, and a load only after a write. */
  async read(): Promise<CatalogView> {
    const generation = await this.#store.resources.generation()
    let view = this.#view
    // A load that began before the write we must see answers with an older generation: load again.
    while (view === undefined || view.generation < generation) {
      this.#loading ??= this.#load().finally(() => (this.#loading = undefined))
      view = await this.#loading
    }
    return view
  }

  async user(name: string): Promise<User | undefined> {
    return (await this.read()).user(name)
  }

  async rolesOf(user: User): Promise<{ roles: Role[]; missing: string[] }> {
    return (await this.read()).rolesOf(user)
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
    return readable((await this.read()).parsed.users)
  }

  async listRoles(): Promise<Entry<Role>[]> {
    return readable((await this.read()).parsed.roles)
  }

  async listServiceProviders(): Promise<Entry<ServiceProvider>[]> {
    return readable((await this.read()).parsed.serviceProviders)
  }

  /** What is stored and cannot be read, for the log, the doctor and the status page. */
  async problems(): Promise<ResourceProblem[]> {
    const { users, roles, serviceProviders, preferences } = (await this.read()).parsed
    return [users, roles, serviceProviders, preferences].flatMap((parsed) =>
      [...parsed.values()].flatMap((one) => (one.entry === undefined ? [one.problem] : [])),
    )
  }

  /** Checks a user document before it is stored. @throws GatewayError `INVALID_RESOURCE`. */
  parseUser(document: unknown): ReturnType<ResourceParser<User>> {
    return this.#parsers.user(document)
  }

  async #load(): Promise<CatalogView> {
    // Read before the lists: a write in between makes the next use load again, never miss it.
    const generation = await this.#store.resources.generation()
    const { user, role, serviceProvider, preference } = this.#parsers
    const before = this.#view?.parsed
    const serviceProviders = await this.#parseAll(
      'saml_idp_service_provider',
      serviceProvider,
      before?.serviceProviders,
    )
    const view = new CatalogView({
      generation,
      users: await this.#parseAll('user', user, before?.users),
      roles: await this.#parseAll('role', role, before?.roles),
      serviceProviders,
      byEntityId: new Map(readable(serviceProviders).map(({ value }) => [value.entityId, value])),
      preferences: await this.#parseAll('cluster_auth_preference', preference, before?.preferences),
      defaultPreference: () => (this.#defaultPreference ??= preference(defaultPreferenceDocument).value),
    })
    this.#view = view
    return view
  }

  async #parseAll<T>(
    kind: ResourceKind,
    parse: ResourceParser<T>,
    before: ParsedByName<T> | undefined,
  ): Promise<ParsedByName<T>> {
    const parsed = new Map<string, Parsed<T>>()
    for (const stored of await this.#store.resources.list(kind)) {
      const known = before?.get(stored.name)
      parsed.set(stored.name, known?.revision === stored.revision ? known : this.#parse(stored, parse))
    }
    return parsed
  }

  #parse<T>(stored: StoredResource, parse: ResourceParser<T>): Parsed<T> {
    const { kind, name, revision } = stored
    try {
      return { revision, entry: { value: parse(stored.document).value, stored } }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      this.#logger.error({ kind, name, revision, problem: message }, 'a stored resource cannot be read')
      return { revision, entry: undefined, problem: { kind, name, message } }
    }
  }
}
