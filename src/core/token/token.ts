/**
 * @module A token: a machine user with its roles. It acts under the name `token/NAME`, which no person can have,
 * because names of users hold no slash. Its secret is made by the gateway, shown once and kept as a hash.
 */
import type { Instant } from '../time.js'
import type { Traits, User } from '../user/user.js'

export interface Token {
  readonly name: string
  readonly roles: readonly string[]
  readonly traits: Traits
  readonly expiresAt: Instant
}

const prefix = 'token/'

/** The name under which a token acts, in audit events and conditions. */
export function machineUserName(token: string): string {
  return `${prefix}${token}`
}

/** Whether this name is that of a machine user: no person's name holds a slash. */
export function isMachineUserName(user: string): boolean {
  return user.startsWith(prefix)
}

/** The token as the user that rights and conditions are decided for. */
export function machineUser(token: Pick<Token, 'name' | 'roles' | 'traits'>): User {
  return {
    name: machineUserName(token.name),
    roles: token.roles,
    traits: token.traits,
    origin: { kind: 'local' },
  }
}
