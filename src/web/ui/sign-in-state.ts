/** @module In words, what a user can sign in by at present. */
import type { UserItem } from '../../api/contract.js'
import { formatCount } from './format.js'

export function describeSignIn({ origin, hasPassword, factors }: UserItem): string {
  if (!hasPassword) return origin === 'local' ? 'no password yet' : 'by connector'
  return factors === 0 ? 'password only' : `password and ${formatCount(factors, 'factor')}`
}
