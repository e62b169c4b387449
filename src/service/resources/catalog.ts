/**
 * @module The stored resources as the use cases see them: parsed, and cached until something is written. Each use
 * asks the store for its generation, one cheap query, so every replica sees a committed change at once; then only
 * resources with a new revision are parsed again. A resource that cannot be read is reported and never keeps the
 * others from being used; where it could have refused something, it refuses everything.
 */
import type { ClusterAuthPreference, Role } from '../../core/role/role.js'
import type { ServiceProvider } from '../../core/saml/service-provider.js'
import { minute } from '../../core/time.js'
import type { User } from '../../core/user/user.js'
import type { Logger } from '../../lib/logger.js'
import type { ResourceKind, ResourceStore, StoredResource } from '../../store/store.js'

/** Turns a document into its value and its normal form; throws GatewayError for one that is not right. */
export type ResourceParser<T> = (document: unknown) => { readonly value: T; readonly document: unknown }

export interface ResourceParsers {
  readonly user: ResourceParser<User>
  readonly role: ResourceParser<Role>
  readonly serviceProvider: ResourceParser<ServiceProvider>
  readonly preference: ResourceParser<ClusterAuthPreference>
}

/** A parsed resource beside the stored one. */
export interface Entry<T> {
  readonly value: T
  readonly stored: StoredResource
}

/** A stored resource that cannot be read. */
export interface ResourceProblem {
  readonly kind: ResourceKind
  readonly name: string
  readonly message: string
}

export const preferenceName = 'cluster-auth-preference'
const defaultPreferenceDocument = {
  kind: 'cluster_auth_preference',
  version: 'v2',
  metadata: { name: preferenceName },
  spec: {},
}

/** In force while the stored preference cannot be read: nothing that it may have forbidden is allowed. */
const strictPreference: ClusterAuthPreference = {
  samlIdpEnabled: false,
  requireSessionMfa: 'session',
  deviceTrustMode: 'required',
  secondFactor: 'required',
  defaultSessionTtlMs: 30 * minute,
}

type Parsed<T> = { readonly revision: string } & (
  { readonly entry: Entry<T> } | { readonly entry: undefined; readonly problem: ResourceProblem }
)
type ParsedByName<T> = ReadonlyMap<string, Parsed<T>>

interface View {
  readonly generation: number
  readonly users: ParsedByName<User>
  readonly roles: ParsedByName<Role>
  readonly serviceProviders: ParsedByName<ServiceProvider>
  readonly byEntityId: ReadonlyMap<string, ServiceProvider>
  readonly preferences: ParsedByName<ClusterAuthPreference>
}

/** The part of the store that is read. */
interface CatalogStore {
  readonly resources: Pick<ResourceStore, 'generation' | 'list'>
}

export class Catalog {
  readonly #store: CatalogStore
  readonly #parsers: ResourceParsers
  readonly #logger: Logger
  #view: View | undefined
  #loading: Promise<View> | undefined

  constructor(options: {
    readonly store: CatalogStore
    readonly parsers: ResourceParsers
    readonly logger: Logger
  }) {
    this.#store = options.store
    this.#parsers = options.parsers
    this.#logger = options.logger
  }

  async user(name: string): Promise<User | undefined> {
    return (await this.#current()).users.get(name)?.entry?.value
  }

  /**
   * The roles that a user holds, in the order of the user's list. `missing` names roles that do not exist and
   * give nothing. A role that exists and cannot be read is there as one that denies everything.
   */
  async rolesOf(user: User): Promise<{ roles: Role[]; missing: string[] }> {
    const known = (await this.#current()).roles
    const names = [...new Set(user.roles)]
    return {
      roles: names.flatMap((name) => {
        const parsed = known.get(name)
        return parsed === undefined ? [] : [parsed.entry?.value ?? denyEverything(name)]
      }),
      missing: names.filter((name) => !known.has(name)),
    }
  }

  /** What holds for everyone: as stored, by default where nothing is stored, strictest where it is unreadable. */
  async preference(): Promise<ClusterAuthPreference> {
    const stored = (await this.#current()).preferences.get(preferenceName)
    if (stored === undefined) return this.#parsers.preference(defaultPreferenceDocument).value
    return stored.entry?.value ?? strictPreference
  }

  async role(name: string): Promise<Role | undefined> {
    return (await this.#current()).roles.get(name)?.entry?.value
  }

  async serviceProviderByName(name: string): Promise<ServiceProvider | undefined> {
    return (await this.#current()).serviceProviders.get(name)?.entry?.value
  }

  async serviceProviderByEntityId(entityId: string): Promise<ServiceProvider | undefined> {
    return (await this.#current()).byEntityId.get(entityId)
  }

  /** Sorted by name, as all lists here. */
  async listUsers(): Promise<Entry<User>[]> {
    return readable((await this.#current()).users)
  }

  async listRoles(): Promise<Entry<Role>[]> {
    return readable((await this.#current()).roles)
  }

  async listServiceProviders(): Promise<Entry<ServiceProvider>[]> {
    return readable((await this.#current()).serviceProviders)
  }

  /** What is stored and cannot be read, for the log, the doctor and the status page. */
  async problems(): Promise<ResourceProblem[]> {
    const { users, roles, serviceProviders, preferences } = await this.#current()
    return [users, roles, serviceProviders, preferences].flatMap((parsed) =>
      [...parsed.values()].flatMap((one) => (one.entry === undefined ? [one.problem] : [])),
    )
  }

  /** Checks a user document before it is stored. @throws GatewayError `INVALID_RESOURCE`. */
  parseUser(document: unknown): ReturnType<ResourceParser<User>> {
    return this.#parsers.user(document)
  }

  async #current(): Promise<View> {
    const generation = await this.#store.resources.generation()
    let view = this.#view
    // A load that began before the write we must see answers with an older generation: load again.
    while (view === undefined || view.generation < generation) {
      this.#loading ??= this.#load().finally(() => (this.#loading = undefined))
      view = await this.#loading
    }
    return view
  }

  async #load(): Promise<View> {
    // Read before the lists: a write in between makes the next use load again, never miss it.
    const generation = await this.#store.resources.generation()
    const { user, role, serviceProvider, preference } = this.#parsers
    const before = this.#view
    const serviceProviders = await this.#parseAll(
      'saml_idp_service_provider',
      serviceProvider,
      before?.serviceProviders,
    )
    const view: View = {
      generation,
      users: await this.#parseAll('user', user, before?.users),
      roles: await this.#parseAll('role', role, before?.roles),
      serviceProviders,
      byEntityId: new Map(readable(serviceProviders).map(({ value }) => [value.entityId, value])),
      preferences: await this.#parseAll('cluster_auth_preference', preference, before?.preferences),
    }
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

function readable<T>(parsed: ParsedByName<T>): Entry<T>[] {
  return [...parsed.values()].flatMap((one) => (one.entry === undefined ? [] : [one.entry]))
}

/** Stands for a role whose denials are unknown. */
function denyEverything(name: string): Role {
  const nothing = { appLabels: {}, accountAssignments: [], rules: [] }
  return {
    name,
    version: 'v8',
    labels: {},
    allow: nothing,
    deny: {
      appLabels: { '*': ['*'] },
      accountAssignments: [{ account: '*', permissionSet: '*' }],
      rules: [{ resources: ['*'], verbs: ['*'] }],
    },
    options: {
      maxSessionTtlMs: 30 * minute,
      clientIdleTimeoutMs: undefined,
      requireSessionMfa: 'session',
      deviceTrustMode: 'required',
      samlIdpEnabled: false,
    },
  }
}
