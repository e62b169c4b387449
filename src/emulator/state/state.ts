/**
 * @module Everything the emulator remembers, in memory. It starts from an organisation; a reset throws it away and
 * starts again from the same. It holds rows and carries out changes; what AWS would allow or refuse is decided by the
 * operations.
 */
import { BoundedMap } from './bounded-map.js'
import type { Account, OrganisationIds } from './account.js'
import type { IdentityProvider } from './identity-provider.js'
import type { Instance } from './instance.js'
import type { Organisation, SamlSettings } from './organisation.js'
import type { PermissionSet } from './permission-set.js'
import { Schedule } from './schedule.js'
import { startTokens } from './scim-token.js'
import type { HeldSignIn, PortalSession, SentRequest, SignIn } from './sign-in.js'
import { stableUuid } from './stable-id.js'
import { Tables, type Change } from './tables.js'
import type { User } from './user.js'

const requestCapacity = 10_000
const signInCapacity = 1_000

/** An account of one person's portal with the permission sets held in it, both sorted by name. */
export interface PortalAccount {
  readonly account: Account
  readonly permissionSets: readonly PermissionSet[]
}

/** Told of each change after it was carried out. */
export type ChangeListener = (change: Change, at: number) => void

interface Pending {
  readonly at: number
  readonly change: Change
}

export class EmulatorState {
  readonly instance: Instance
  readonly ids: OrganisationIds
  readonly managementAccountId: string
  readonly delegatedAdministratorId: string | undefined
  /** As it is now. Operations that write decide by these, never by `readable`. */
  readonly tables: Tables
  readonly schedule = new Schedule()
  readonly saml: SamlSettings
  idp: IdentityProvider | undefined

  readonly sentRequests = new BoundedMap<SentRequest>(requestCapacity)
  readonly consumedAssertions = new BoundedMap<true>(requestCapacity)
  readonly portalSessions = new BoundedMap<PortalSession>(requestCapacity)
  readonly heldSignIns = new BoundedMap<HeldSignIn>(requestCapacity)
  readonly #signIns: SignIn[] = []
  readonly #onChange: ChangeListener
  #follower: Tables | undefined
  #pending: Pending[] = []

  /** `now`: milliseconds since the epoch at which it starts. */
  constructor(organisation: Organisation, now: number, onChange: ChangeListener = () => undefined) {
    this.instance = organisation.instance
    this.ids = organisation.ids
    this.managementAccountId = organisation.managementAccountId
    this.delegatedAdministratorId = organisation.delegatedAdministratorId
    const tokenId = (index: number): string =>
      stableUuid(this.instance.identityStoreId, 'scim-token', String(index))
    const scimTokens = startTokens(organisation.scimTokens, now, tokenId)
    this.tables = new Tables({ ...organisation.contents, scimTokens })
    this.saml = organisation.saml
    this.idp = organisation.idp
    this.#onChange = onChange
  }

  /** Carries out a change that happens at `at` (milliseconds since the epoch); reads see it `lagMs` later. */
  commit(change: Change, at: number, lagMs = 0): void {
    // A follower that began only with the next read would show this change at once.
    const follower = this.#follow(at, lagMs)
    this.tables.apply(change)
    if (follower !== undefined) this.#pending.push({ at, change })
    this.#onChange(change, at)
  }

  /** The tables as reads see them: `lagMs` before `now`. */
  readable(now: number, lagMs: number): Tables {
    return this.#follow(now, lagMs) ?? this.tables
  }

  /** The copy that lags behind, brought to `lagMs` before `now`; none where nothing shall lag. */
  #follow(now: number, lagMs: number): Tables | undefined {
    if (lagMs === 0) {
      this.#follower = undefined
      this.#pending = []
      return undefined
    }
    this.#follower ??= this.tables.copy()
    const ripe = this.#pending.findIndex(({ at }) => at > now - lagMs)
    for (const { change } of this.#pending.splice(0, ripe === -1 ? this.#pending.length : ripe)) {
      this.#follower.apply(change)
    }
    return this.#follower
  }

  /** Exact comparison: AWS does not say that case may differ, so it may not. */
  findUserByName(userName: string): User | undefined {
    return this.tables.users.find('userName', userName)
  }

  /** What the portal shows to a user: assignments held directly or through groups. */
  listPortalAccounts(userId: string): readonly PortalAccount[] {
    const { memberships, assignments, accounts, permissionSets } = this.tables
    const groups = memberships.by('user', userId).rows()
    const held = [userId, ...groups.map((m) => m.groupId)].flatMap((id) =>
      assignments.by('principal', id).rows(),
    )
    const arnsOf = new Map<string, Set<string>>()
    for (const { accountId, permissionSetArn } of held) {
      const arns = arnsOf.get(accountId)
      if (arns === undefined) arnsOf.set(accountId, new Set([permissionSetArn]))
      else arns.add(permissionSetArn)
    }
    return [...arnsOf]
      .flatMap(([id, arns]) => {
        const account = accounts.get(id)
        if (account === undefined) return []
        const found = [...arns].map((arn) => permissionSets.get(arn)).filter((set) => set !== undefined)
        return [{ account, permissionSets: found.sort((a, b) => compare(a.name, b.name)) }]
      })
      .sort((a, b) => compare(a.account.name, b.account.name))
  }

  recordSignIn(signIn: SignIn): void {
    this.#signIns.push(signIn)
    if (this.#signIns.length > signInCapacity) this.#signIns.shift()
  }

  /** Newest last. */
  listSignIns(): readonly SignIn[] {
    return this.#signIns
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
