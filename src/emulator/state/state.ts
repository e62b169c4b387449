/**
 * @module Everything the emulator remembers, in memory. It starts from an organisation file; a reset throws it
 * away and starts again from the same file. It holds records and answers simple questions; what AWS would
 * allow or refuse is decided by the operations.
 */
import { BoundedMap } from './bounded-map.js'
import type { Account } from './account.js'
import type { AccountAssignment } from './assignment.js'
import type { Group, Membership } from './group.js'
import type { IdentityProvider } from './identity-provider.js'
import type { Instance } from './instance.js'
import type { Organisation, SamlSettings } from './organisation.js'
import type { PermissionSet } from './permission-set.js'
import type { HeldSignIn, PortalSession, SentRequest, SignIn } from './sign-in.js'
import type { User } from './user.js'

const requestCapacity = 10_000
const signInCapacity = 1_000

/** An account of one person's portal with the permission sets held in it, both sorted by name. */
export interface PortalAccount {
  readonly account: Account
  readonly permissionSets: readonly PermissionSet[]
}

export class EmulatorState {
  readonly instance: Instance
  readonly accounts: Map<string, Account>
  readonly permissionSets: Map<string, PermissionSet>
  readonly users: Map<string, User>
  readonly groups: Map<string, Group>
  memberships: readonly Membership[]
  assignments: readonly AccountAssignment[]
  readonly saml: SamlSettings
  idp: IdentityProvider | undefined

  readonly sentRequests = new BoundedMap<SentRequest>(requestCapacity)
  readonly consumedAssertions = new BoundedMap<true>(requestCapacity)
  readonly portalSessions = new BoundedMap<PortalSession>(requestCapacity)
  readonly heldSignIns = new BoundedMap<HeldSignIn>(requestCapacity)
  readonly #signIns: SignIn[] = []
  readonly #calls = new Map<string, number>()

  constructor(organisation: Organisation) {
    this.instance = organisation.instance
    this.accounts = new Map(organisation.accounts.map((account) => [account.id, account]))
    this.permissionSets = new Map(organisation.permissionSets.map((set) => [set.arn, set]))
    this.users = new Map(organisation.users.map((user) => [user.id, user]))
    this.groups = new Map(organisation.groups.map((group) => [group.id, group]))
    this.memberships = organisation.memberships
    this.assignments = organisation.assignments
    this.saml = organisation.saml
    this.idp = organisation.idp
  }

  /** Exact comparison: AWS does not say that case may differ, so it may not. */
  findUserByName(userName: string): User | undefined {
    return [...this.users.values()].find((user) => user.userName === userName)
  }

  /** What the portal shows to a user: assignments held directly or through groups. */
  listPortalAccounts(userId: string): readonly PortalAccount[] {
    const principals = new Set([
      userId,
      ...this.memberships.filter((m) => m.userId === userId).map((m) => m.groupId),
    ])
    const held = this.assignments.filter((assignment) => principals.has(assignment.principalId))
    return [...this.accounts.values()]
      .map((account) => {
        const arns = new Set(held.filter((a) => a.accountId === account.id).map((a) => a.permissionSetArn))
        const permissionSets = [...this.permissionSets.values()].filter((set) => arns.has(set.arn))
        return { account, permissionSets: permissionSets.sort((a, b) => compare(a.name, b.name)) }
      })
      .filter((entry) => entry.permissionSets.length > 0)
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

  countCall(operation: string): void {
    this.#calls.set(operation, (this.#calls.get(operation) ?? 0) + 1)
  }

  /** Calls of each operation since the start or the last reset, sorted by name. */
  listCalls(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#calls].sort(([a], [b]) => compare(a, b)))
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
