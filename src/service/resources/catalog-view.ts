/**
 * @module All resources at one moment, parsed: what one decision is made from. It answers without asking the store,
 * so that a use case that needs several resources sees them as they stood together.
 */
import {
  buildAssignmentRole,
  isReservedRoleName,
  listRoleNames,
  parseAssignmentRoleRef,
  resolveAssignmentRole,
} from '../../core/inventory/assignment-role.js'
import type { AccessList } from '../../core/access-list/access-list.js'
import type { ReviewRule } from '../../core/access-request/review-rule.js'
import { factorKinds } from '../../core/factor/factor.js'
import { connectorKinds, type Connector } from '../../core/connector/connector.js'
import type { GithubConnector } from '../../core/connector/github.js'
import type { LoginRule } from '../../core/connector/login-rules.js'
import type { OidcConnector } from '../../core/connector/oidc.js'
import type { Integration } from '../../core/identity-center/integration.js'
import type { PluginSettings } from '../../core/identity-center/settings.js'
import type { Inventory } from '../../core/inventory/inventory.js'
import type { Lock } from '../../core/lock/lock.js'
import { defaultClusterAuthPreference } from '../../core/role/default-preference.js'
import type { ClusterAuthPreference, Role, RoleConditions } from '../../core/role/role.js'
import type { ServiceProvider } from '../../core/saml/service-provider.js'
import { minute } from '../../core/time.js'
import type { Token } from '../../core/token/token.js'
import { foldName, type User } from '../../core/user/user.js'
import type { Webhook } from '../../core/webhook/webhook.js'
import type { ResourceKind, StoredResource } from '../../store/store.js'
import { readUnreadableLock } from '../locks/unreadable.js'
import { readStored } from './present.js'
import { shownRoleNames } from './role-refs.js'

/** A parsed resource beside the stored one. */
export interface Entry<T> {
  readonly value: T
  readonly stored: StoredResource
  /** Dotted paths that are kept without effect. */
  readonly ignored: readonly string[]
}

/** A stored resource that cannot be read. */
export interface ResourceProblem {
  readonly kind: ResourceKind
  readonly name: string
  readonly message: string
}

/** What the gateway itself works with, by kind; `src/kinds` makes them. */
export interface KnownValues {
  readonly user: User
  readonly role: Role
  readonly saml_idp_service_provider: ServiceProvider
  readonly cluster_auth_preference: ClusterAuthPreference
  readonly integration: Integration
  readonly plugin: PluginSettings
  readonly access_list: AccessList
  readonly access_review_rule: ReviewRule
  readonly lock: Lock
  readonly token: Token
  readonly webhook: Webhook
  readonly oidc: OidcConnector
  readonly github: GithubConnector
  readonly login_rule: LoginRule
}

export const preferenceName = 'cluster-auth-preference'

/** In force while the stored preference cannot be read: nothing that it may have forbidden is allowed. */
const strictPreference: ClusterAuthPreference = {
  samlIdpEnabled: false,
  requireSessionMfa: 'session',
  deviceTrustMode: 'required',
  secondFactor: 'required',
  factorKinds,
  allowPasswordless: false,
  defaultSessionTtlMs: 30 * minute,
}

export type Parsed<T = unknown> = { readonly revision: string; readonly stored: StoredResource } & (
  { readonly entry: Entry<T> } | { readonly entry: undefined; readonly problem: ResourceProblem }
)
export type ParsedByName<T = unknown> = ReadonlyMap<string, Parsed<T>>

export interface CatalogContents {
  readonly generation: number
  readonly inventory: Inventory
  /** For each kind its resources, sorted by name. */
  readonly kinds: ReadonlyMap<ResourceKind, ParsedByName>
}

const none: ParsedByName<never> = new Map()

type NamesByName = ReadonlyMap<string, readonly string[]>

export class CatalogView {
  readonly #contents: CatalogContents
  #byEntityId: ReadonlyMap<string, ServiceProvider> | undefined
  #userNames: Map<string, string> | undefined
  #locks: readonly Lock[] | undefined
  #owned: { readonly user: NamesByName; readonly list: NamesByName } | undefined

  constructor(contents: CatalogContents) {
    this.#contents = contents
  }

  /** Grows with every write; see `ResourceStore.generation`. */
  get generation(): number {
    return this.#contents.generation
  }

  get contents(): CatalogContents {
    return this.#contents
  }

  /** The accounts and permission sets from which account assignment roles are computed. */
  get inventory(): Inventory {
    return this.#contents.inventory
  }

  /** Resources of any kind by name, readable or not. */
  parsed(kind: ResourceKind): ParsedByName {
    return this.#contents.kinds.get(kind) ?? none
  }

  user(name: string): User | undefined {
    return this.#known('user').get(name)?.entry?.value
  }

  users(): Entry<User>[] {
    return readable(this.#known('user'))
  }

  /**
   * The roles that a user or a machine user holds, in the order of its list, account assignment roles among them.
   * `missing` names roles that do not exist and give nothing. A role that exists and cannot be read is there as one
   * that denies everything.
   */
  rolesOf(holder: { readonly roles: readonly string[] }): { roles: Role[]; missing: string[] } {
    const roles: Role[] = []
    const missing: string[] = []
    for (const name of new Set(holder.roles)) {
      const role = this.#heldRole(name)
      if (role === undefined) missing.push(name)
      else roles.push(role)
    }
    return { roles, missing }
  }

  /** A user or machine user with its roles as people know them: account assignment roles by name. */
  withRoleNames<T extends { readonly roles: readonly string[] }>(holder: T): T {
    return { ...holder, roles: shownRoleNames(holder.roles, this.inventory) }
  }

  /** A user or machine user as conditions see it: account assignment roles by every name that they have. */
  withEveryRoleName<T extends { readonly roles: readonly string[] }>(holder: T): T {
    return { ...holder, roles: holder.roles.flatMap((name) => listRoleNames(this.inventory, name)) }
  }

  /** What holds for everyone: as stored, by default where nothing is stored, strictest where it is unreadable. */
  preference(): ClusterAuthPreference {
    const stored = this.#known('cluster_auth_preference').get(preferenceName)
    if (stored === undefined) return defaultClusterAuthPreference
    return stored.entry?.value ?? strictPreference
  }

  /** A stored role by name, or an account assignment role by name or reference. */
  role(name: string): Role | undefined {
    if (!isReservedRoleName(name) && parseAssignmentRoleRef(name) === undefined) {
      return this.#known('role').get(name)?.entry?.value
    }
    return this.#assignmentRole(name)
  }

  /** Stored roles; account assignment roles are not among them. */
  roles(): Entry<Role>[] {
    return readable(this.#known('role')).filter(({ value }) => !isReservedRoleName(value.name))
  }

  serviceProviderByName(name: string): ServiceProvider | undefined {
    return this.#known('saml_idp_service_provider').get(name)?.entry?.value
  }

  serviceProviderByEntityId(entityId: string): ServiceProvider | undefined {
    this.#byEntityId ??= new Map(this.serviceProviders().map(({ value }) => [value.entityId, value]))
    return this.#byEntityId.get(entityId)
  }

  serviceProviders(): Entry<ServiceProvider>[] {
    return readable(this.#known('saml_idp_service_provider'))
  }

  /** Also those that have ended: `findLocks` knows the time. */
  locks(): readonly Lock[] {
    this.#locks ??= [...this.#known('lock').values()].flatMap(({ entry, stored }) => {
      return entry?.value ?? readUnreadableLock(stored.name, readStored(stored)) ?? []
    })
    return this.#locks
  }

  integration(name: string): Integration | undefined {
    return this.#known('integration').get(name)?.entry?.value
  }

  integrations(): Entry<Integration>[] {
    return readable(this.#known('integration'))
  }

  plugin(name: string): PluginSettings | undefined {
    return this.#known('plugin').get(name)?.entry?.value
  }

  plugins(): Entry<PluginSettings>[] {
    return readable(this.#known('plugin'))
  }

  accessList(name: string): AccessList | undefined {
    return this.#known('access_list').get(name)?.entry?.value
  }

  accessLists(): Entry<AccessList>[] {
    return readable(this.#known('access_list'))
  }

  /** Names of the lists that name this user, or this list, as an owner; each once. */
  listsOwnedBy(kind: 'user' | 'list', name: string): readonly string[] {
    this.#owned ??= indexOwners(this.#known('access_list'))
    return this.#owned[kind].get(name) ?? []
  }

  reviewRules(): Entry<ReviewRule>[] {
    return readable(this.#known('access_review_rule'))
  }

  token(name: string): Token | undefined {
    return this.#known('token').get(name)?.entry?.value
  }

  tokens(): Entry<Token>[] {
    return readable(this.#known('token'))
  }

  webhook(name: string): Webhook | undefined {
    return this.#known('webhook').get(name)?.entry?.value
  }

  webhooks(): Entry<Webhook>[] {
    return readable(this.#known('webhook'))
  }

  /** Of any kind: the name is unique over them all. */
  connector(name: string): Connector | undefined {
    for (const kind of connectorKinds) {
      // Each kind of connector makes values that begin with the parts of every connector.
      const found = (this.parsed(kind) as ParsedByName<Connector>).get(name)?.entry?.value
      if (found !== undefined) return found
    }
    return undefined
  }

  /** By name; those that can be read. */
  connectors(): Connector[] {
    return connectorKinds
      .flatMap((kind) => readable(this.parsed(kind) as ParsedByName<Connector>))
      .map(({ value }) => value)
      .sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /** Undefined where one of them cannot be read: what it would have taken away is not known. */
  loginRules(): LoginRule[] | undefined {
    const rules = this.#known('login_rule')
    const all = readable(rules).map(({ value }) => value)
    return all.length === rules.size ? all : undefined
  }

  oidcConnector(name: string): OidcConnector | undefined {
    return this.#known('oidc').get(name)?.entry?.value
  }

  githubConnector(name: string): GithubConnector | undefined {
    return this.#known('github').get(name)?.entry?.value
  }

  /** The user, readable or not, whose name people take for `name`, if there is one. */
  lookAlike(name: string): string | undefined {
    this.#userNames ??= new Map([...this.parsed('user').keys()].map((one) => [foldName(one), one]))
    return this.#userNames.get(foldName(name))
  }

  /** What is stored and cannot be read. */
  problems(): ResourceProblem[] {
    return [...this.#contents.kinds.values()].flatMap((parsed) =>
      [...parsed.values()].flatMap((one) => (one.entry === undefined ? [one.problem] : [])),
    )
  }

  /** Brings what was derived up to date with contents in which `WorkingView` changed one resource. */
  protected changed(kind: ResourceKind, name: string): void {
    if (kind === 'user' && this.parsed('user').has(name)) this.#userNames?.set(foldName(name), name)
    else if (kind === 'user') this.#userNames?.delete(foldName(name))
    if (kind === 'lock') this.#locks = undefined
    if (kind === 'access_list') this.#owned = undefined
    if (kind === 'saml_idp_service_provider') this.#byEntityId = undefined
  }

  #known<K extends keyof KnownValues>(kind: K): ParsedByName<KnownValues[K]> {
    // `createKinds` is checked against KnownValues: the parser of this kind makes these values.
    return this.parsed(kind) as ParsedByName<KnownValues[K]>
  }

  #heldRole(name: string): Role | undefined {
    if (parseAssignmentRoleRef(name) !== undefined) return this.#assignmentRole(name)
    // A name alone may mean another account tomorrow, so only references give account assignment roles (T25).
    if (isReservedRoleName(name)) return undefined
    const parsed = this.#known('role').get(name)
    return parsed === undefined ? undefined : (parsed.entry?.value ?? denyEverything(name))
  }

  #assignmentRole(nameOrRef: string): Role | undefined {
    const pair = resolveAssignmentRole(this.inventory, nameOrRef)
    return pair === undefined ? undefined : buildAssignmentRole(pair)
  }
}

/** Those that can be read, sorted by name. */
export function readable<T>(parsed: ParsedByName<T>): Entry<T>[] {
  return [...parsed.values()].flatMap((one) => (one.entry === undefined ? [] : [one.entry]))
}

function indexOwners(lists: ParsedByName<AccessList>) {
  const owned = { user: new Map<string, string[]>(), list: new Map<string, string[]>() }
  for (const { entry } of lists.values()) {
    if (entry === undefined) continue
    const { value } = entry
    for (const { kind, name } of value.owners) {
      const of = owned[kind].get(name)
      if (of === undefined) owned[kind].set(name, [value.name])
      else if (of.at(-1) !== value.name) of.push(value.name)
    }
  }
  return owned
}

const nothing: RoleConditions = {
  appLabels: {},
  appLabelsExpression: undefined,
  accountAssignments: [],
  rules: [],
  request: undefined,
  reviewRequests: undefined,
}

/** Stands for a role whose denials are unknown. */
function denyEverything(name: string): Role {
  return {
    name,
    version: 'v8',
    labels: {},
    allow: nothing,
    deny: {
      ...nothing,
      appLabels: { '*': ['*'] },
      accountAssignments: [{ account: '*', permissionSet: '*' }],
      rules: [{ resources: ['*'], verbs: ['*'], where: undefined }],
    },
    options: {
      maxSessionTtlMs: 30 * minute,
      clientIdleTimeoutMs: undefined,
      requireSessionMfa: 'session',
      deviceTrustMode: 'required',
      samlIdpEnabled: false,
    },
    origin: 'stored',
  }
}
