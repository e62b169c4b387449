/** @module Resources of ours for tests of decisions: people, lists and roles that a test edits, and what follows. */
import {
  noGrants,
  noRequirements,
  type AccessList,
  type AccessListMember,
} from '../../../src/core/access-list/access-list.js'
import {
  buildDesired,
  type DesiredInput,
  type DesiredInputUser,
  type RoleLookup,
  type TimeBoxedGrant,
} from '../../../src/core/entitlement/build-desired.js'
import type { Desired } from '../../../src/core/entitlement/desired.js'
import { pairKey } from '../../../src/core/identity-center/observation.js'
import { defaultGuard } from '../../../src/core/identity-center/settings.js'
import {
  assignmentRoleRef,
  buildAssignmentRole,
  parseAssignmentRoleRef,
} from '../../../src/core/inventory/assignment-role.js'
import type { Inventory } from '../../../src/core/inventory/inventory.js'
import { findPair } from '../../../src/core/inventory/pair.js'
import type { Role } from '../../../src/core/role/role.js'
import { buildInventory } from '../../support/inventory.js'
import { buildRole, type RoleParts } from '../role/build.js'
import { start } from './world.js'

export const plugin = 'aws-identity-center'

type ReadableUser = Extract<DesiredInputUser, { readonly traits: unknown }>

export function localUser(
  name: string,
  roles: readonly string[] = [],
  more: Partial<ReadableUser> = {},
): DesiredInputUser {
  return {
    name,
    lock: undefined,
    roles,
    traits: {},
    origin: { kind: 'local' },
    labels: {},
    ...more,
  }
}

export class Organisation {
  inventory: Inventory
  readonly users = new Map<string, DesiredInputUser>()
  readonly lists = new Map<string, AccessList | { readonly unreadable: string }>()
  members: AccessListMember[] = []
  readonly roles = new Map<string, Role>()
  readonly unreadableRoles = new Set<string>()
  readonly lockedRoles = new Map<string, NonNullable<DesiredInputUser['lock']>>()
  grants: TimeBoxedGrant[] = []
  settings: DesiredInput['settings'] = {
    name: plugin,
    serviceProvider: plugin,
    userFilters: [],
    guard: defaultGuard,
  }
  now = start

  constructor(inventory: Inventory = buildInventory({ accounts: 3, permissionSets: 3 })) {
    this.inventory = inventory
  }

  /** A pair by the places of account and set in the inventory as it was made. */
  pair(account: number, set: number): string {
    return pairKey(this.inventory.accounts[account]?.id ?? '', this.inventory.permissionSets[set]?.arn ?? '')
  }

  ref(account: number, set: number): string {
    return assignmentRoleRef(
      this.inventory.accounts[account]?.id ?? '',
      this.inventory.permissionSets[set]?.arn ?? '',
    )
  }

  entry(account: number, set: number): { account: string; permissionSet: string } {
    return {
      account: this.inventory.accounts[account]?.id ?? '',
      permissionSet: this.inventory.permissionSets[set]?.arn ?? '',
    }
  }

  user(name: string, roles: readonly string[] = [], more: Partial<ReadableUser> = {}): void {
    this.users.set(name, localUser(name, roles, more))
  }

  lock(name: string, says = 'left the company'): void {
    const user = this.users.get(name)
    if (user !== undefined) this.users.set(name, { ...user, lock: { says, until: undefined } })
  }

  unlock(name: string): void {
    const user = this.users.get(name)
    if (user !== undefined) this.users.set(name, { ...user, lock: undefined })
  }

  list(name: string, roles: readonly string[], more: Partial<AccessList> = {}): void {
    this.lists.set(name, {
      name,
      title: `Title of ${name}`,
      description: '',
      type: 'standard',
      owners: [],
      membershipRequires: noRequirements,
      ownershipRequires: noRequirements,
      grants: { roles, traits: {} },
      ownerGrants: noGrants,
      review: undefined,
      origin: { kind: 'local' },
      ...more,
    })
  }

  member(list: string, name: string, more: Partial<AccessListMember> = {}): void {
    const kind = more.kind ?? 'user'
    this.leave(list, name, kind)
    this.members.push({
      list,
      kind,
      name,
      awsUserId: undefined,
      joinedAt: start,
      expiresAt: undefined,
      addedBy: 'admin',
      reason: '',
      ...more,
    })
  }

  leave(list: string, name: string, kind: AccessListMember['kind'] = 'user'): void {
    this.members = this.members.filter(
      (row) => !(row.list === list && row.name === name && row.kind === kind),
    )
  }

  role(name: string, parts: RoleParts): void {
    this.roles.set(name, buildRole(name, 'v8', parts))
  }

  rolesOf(names: readonly string[]): RoleLookup {
    const roles: Role[] = []
    const missing: string[] = []
    const unreadable: string[] = []
    for (const name of names) {
      const ids = parseAssignmentRoleRef(name)
      const pair = ids === undefined ? undefined : findPair(this.inventory, ids)
      const role = pair === undefined ? this.roles.get(name) : buildAssignmentRole(pair)
      if (this.unreadableRoles.has(name)) unreadable.push(name)
      else if (role === undefined) missing.push(name)
      else roles.push(role)
    }
    return { roles, missing, unreadable }
  }

  input(): DesiredInput {
    return {
      users: [...this.users.values()],
      lists: [...this.lists.values()],
      members: this.members,
      rolesOf: (names) => this.rolesOf(names),
      lockedRoles: this.lockedRoles,
      inventory: this.inventory,
      settings: this.settings,
      grants: this.grants,
      now: this.now,
    }
  }

  desired(): Desired {
    return buildDesired(this.input())
  }
}
