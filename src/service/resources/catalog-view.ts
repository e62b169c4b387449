/**
 * @module All resources at one moment, parsed: what one decision is made from. It answers without asking the store,
 * so that a use case that needs several resources sees them as they stood together.
 */
import type { ClusterAuthPreference, Role } from '../../core/role/role.js'
import type { ServiceProvider } from '../../core/saml/service-provider.js'
import { minute } from '../../core/time.js'
import type { User } from '../../core/user/user.js'
import type { ResourceKind, StoredResource } from '../../store/store.js'

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

/** In force while the stored preference cannot be read: nothing that it may have forbidden is allowed. */
const strictPreference: ClusterAuthPreference = {
  samlIdpEnabled: false,
  requireSessionMfa: 'session',
  deviceTrustMode: 'required',
  secondFactor: 'required',
  defaultSessionTtlMs: 30 * minute,
}

export type Parsed<T> = { readonly revision: string } & (
  { readonly entry: Entry<T> } | { readonly entry: undefined; readonly problem: ResourceProblem }
)
export type ParsedByName<T> = ReadonlyMap<string, Parsed<T>>

export interface ParsedResources {
  readonly generation: number
  readonly users: ParsedByName<User>
  readonly roles: ParsedByName<Role>
  readonly serviceProviders: ParsedByName<ServiceProvider>
  readonly byEntityId: ReadonlyMap<string, ServiceProvider>
  readonly preferences: ParsedByName<ClusterAuthPreference>
  /** In force where nothing is stored. */
  readonly defaultPreference: () => ClusterAuthPreference
}

export class CatalogView {
  readonly #resources: ParsedResources

  constructor(resources: ParsedResources) {
    this.#resources = resources
  }

  /** Grows with every write; see `ResourceStore.generation`. */
  get generation(): number {
    return this.#resources.generation
  }

  get parsed(): ParsedResources {
    return this.#resources
  }

  user(name: string): User | undefined {
    return this.#resources.users.get(name)?.entry?.value
  }

  /**
   * The roles that a user holds, in the order of the user's list. `missing` names roles that do not exist and
   * give nothing. A role that exists and cannot be read is there as one that denies everything.
   */
  rolesOf(user: User): { roles: Role[]; missing: string[] } {
    const known = this.#resources.roles
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
  preference(): ClusterAuthPreference {
    const stored = this.#resources.preferences.get(preferenceName)
    if (stored === undefined) return this.#resources.defaultPreference()
    return stored.entry?.value ?? strictPreference
  }

  role(name: string): Role | undefined {
    return this.#resources.roles.get(name)?.entry?.value
  }

  serviceProviderByName(name: string): ServiceProvider | undefined {
    return this.#resources.serviceProviders.get(name)?.entry?.value
  }

  serviceProviderByEntityId(entityId: string): ServiceProvider | undefined {
    return this.#resources.byEntityId.get(entityId)
  }
}

/** Those that can be read, sorted by name. */
export function readable<T>(parsed: ParsedByName<T>): Entry<T>[] {
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
