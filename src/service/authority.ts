/**
 * @module Who acts, as use cases that check rights for each resource need it: the name for the audit log and the
 * roles that decide. The edge builds one for each request; those without roles are here.
 */
import type { Inventory } from '../core/inventory/inventory.js'
import type { Role } from '../core/role/role.js'
import type { User } from '../core/user/user.js'

/** What a request brought beside its session. */
export interface Confirmation {
  /** Public id of the session. */
  readonly sessionId: string
  /** What the request asks, hashed: a proof is for this alone. */
  readonly subject: string
  readonly proof: string | undefined
}

export interface Authority {
  /** As audit events name it: a person, `token/NAME`, `operator` or `system`. */
  readonly name: string
  readonly kind: 'person' | 'machine' | 'operator' | 'system'
  /** For conditions on `user.*`, its roles by every name that they have; undefined for operator and system. */
  readonly user: User | undefined
  /** Locked or unknown roles are not among them. Operator and system have none: see `service/resources/may.ts`. */
  readonly roles: readonly Role[]
  /** For conditions on `resource.spec.roles`, which know account assignment roles by former names, too. */
  readonly inventory?: Inventory
  /** Of a person: what a change that takes a fresh second factor is confirmed by. */
  readonly confirmation?: Confirmation
}

/** The gateway itself: it may do everything, and audit events say that it was nobody else. */
export const systemAuthority: Authority = { name: 'system', kind: 'system', user: undefined, roles: [] }

/** Whoever holds the token of the gateway's own machine: the way back in, and nothing else. */
export const operatorAuthority: Authority = { name: 'operator', kind: 'operator', user: undefined, roles: [] }
