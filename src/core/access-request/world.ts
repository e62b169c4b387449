/**
 * @module What decisions about access requests are made from, at one moment: roles, accounts and applications by name,
 * and the people concerned. A service builds it from its view of all resources; nothing here is looked up later.
 */
import type { FactorMeans } from '../mfa/strength.js'
import type { Inventory } from '../inventory/inventory.js'
import { assignmentRoleRef, listRoleNames } from '../inventory/assignment-role.js'
import type { ClusterAuthPreference, Role } from '../role/role.js'
import type { ServiceProvider } from '../saml/service-provider.js'
import type { Instant } from '../time.js'
import type { Traits, User } from '../user/user.js'
import type { Requestable } from './access-request.js'

export interface RequestWorld {
  readonly inventory: Inventory
  readonly preference: ClusterAuthPreference
  /** A stored role by name, or an account assignment role by any of its names; undefined: none that can be read. */
  readonly role: (nameOrRef: string) => Role | undefined
  /** Whether a stored role of this name exists and cannot be read. */
  readonly isUnreadable: (name: string) => boolean
  /** `digestRole` of the document of a stored role; undefined where there is none that can be read. */
  readonly roleDigest: (name: string) => string | undefined
  readonly app: (name: string) => ServiceProvider | undefined
  readonly apps: () => readonly ServiceProvider[]
}

/** Who asks, with the roles and traits that count now (not those of assumed requests). An `Authority` of a person is one. */
export interface Requester {
  readonly user: User
  readonly roles: readonly Role[]
}

/** Who decides, or might. */
export interface Reviewer {
  /** As audit events name it: a person, or `token/NAME`. */
  readonly name: string
  readonly roles: readonly Role[]
  /** Names of the roles for conditions: those of account assignment roles by every name that they have. */
  readonly roleNames: readonly string[]
  readonly traits: Traits
  readonly isLocked: boolean
  /** When the person was made: whoever had the name before is somebody else (T7). */
  readonly since: Instant
  /** People whose own decision it would be as well: who made the token, who the linked identity belongs to (T29). */
  readonly actsFor: readonly string[]
  /** The second factors that they can give; undefined where nobody looked. */
  readonly means?: FactorMeans
}

/** Every name by which conditions know a role, the one shown first. */
export function everyRoleName(world: Pick<RequestWorld, 'inventory'>, names: readonly string[]): string[] {
  return [...new Set(names.flatMap((name) => listRoleNames(world.inventory, name)))]
}

/** Every name of an account assignment; its reference alone where the inventory does not know it. */
export function namesOfAssignment(
  world: Pick<RequestWorld, 'inventory'>,
  { accountId, permissionSetArn }: Extract<Requestable, { kind: 'assignment' }>,
): readonly string[] {
  return listRoleNames(world.inventory, assignmentRoleRef(accountId, permissionSetArn))
}
