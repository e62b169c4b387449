/**
 * @module What the desired state is made from: the resources of one moment, read and parsed by the caller. What could
 * not be read is said to be unreadable and never left out, since leaving out means that it is not wanted.
 */
import type { AccessList, AccessListMember } from '../access-list/access-list.js'
import type { OverduePolicy } from '../access-list/review-schedule.js'
import type { PairKey } from '../identity-center/observation.js'
import type { PluginSettings } from '../identity-center/settings.js'
import type { Inventory } from '../inventory/inventory.js'
import type { Labels, Role } from '../role/role.js'
import type { Instant } from '../time.js'
import type { Traits, User } from '../user/user.js'

/** A user resource with the lock that holds on it, if one does. */
export type DesiredInputUser = {
  readonly name: string
  /** A lock on the user or on a role that they hold themselves, in force now. */
  readonly lock: { readonly says: string | undefined; readonly until: Instant | undefined } | undefined
} & (
  | {
      readonly unreadable?: false
      /** As the resource says them: names of roles and references to account assignment roles. */
      readonly roles: readonly string[]
      readonly traits: Traits
      readonly origin: User['origin']
      /** Of the metadata. */
      readonly labels: Labels
    }
  | { readonly unreadable: true }
)

/** What names of roles mean. Those `unreadable` exist but cannot be parsed; those `missing` do not exist. */
export interface RoleLookup {
  readonly roles: readonly Role[]
  readonly missing: readonly string[]
  readonly unreadable: readonly string[]
}

/** A pair that an approved request gives one user for a time. */
export interface TimeBoxedGrant {
  readonly user: string
  readonly pair: PairKey
  readonly request: string
  readonly until: Instant
  /** Left by a promotion: counts while the person is a member of this list and the list gives the same. */
  readonly asMemberOf?: string
}

export interface DesiredInput {
  readonly users: readonly DesiredInputUser[]
  /** A name alone is a list that exists and cannot be read. */
  readonly lists: readonly (AccessList | { readonly unreadable: string })[]
  /** Of all lists. */
  readonly members: readonly AccessListMember[]
  /** Stored roles and account assignment roles by name or reference. Asked for one name at a time, once for each. */
  readonly rolesOf: (names: readonly string[]) => RoleLookup
  /** Locks on roles, in force now, by name of the role: they lock those too who hold it by a list. */
  readonly lockedRoles?: ReadonlyMap<string, NonNullable<DesiredInputUser['lock']>>
  /** The accounts and permission sets within the filters of the plugin. */
  readonly inventory: Inventory
  readonly settings: Pick<PluginSettings, 'name' | 'serviceProvider' | 'userFilters' | 'guard'>
  readonly grants: readonly TimeBoxedGrant[]
  /** What comes of overdue reviews where lists say nothing themselves. */
  readonly whenOverdue?: OverduePolicy | undefined
  /** Until when somebody was in a list that has no members any more, where that may be of use; by name of the list. */
  readonly lastLeft?: ReadonlyMap<string, Instant>
  /** Lists with a group that others made and a person took over: it goes with its list, not with its last grant (T19). */
  readonly adoptedLists?: ReadonlySet<string>
  readonly now: Instant
}
