/**
 * @module Where mail for a person goes: an address among their traits, else their name where that is one. Narrower than
 * what mail allows: one address without quotes, comments or anything that a header could be split by.
 */
import type { User } from './user.js'

const traits = ['email', 'mail', 'Email', 'emails']

const atom = /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u
const label = /^[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?$/u

/** RFC 5321, 4.5.3.1: 64 characters before the sign, 254 in all. */
export function isMailAddress(text: string): boolean {
  if (text.length > 254) return false
  const at = text.lastIndexOf('@')
  const local = text.slice(0, at)
  return (
    at >= 1 &&
    at <= 64 &&
    atom.test(local) &&
    text
      .slice(at + 1)
      .split('.')
      .every(isLabel)
  )
}

function isLabel(text: string): boolean {
  return label.test(text)
}

/** Undefined where none is known. */
export function mailAddressOf({ name, traits: own }: Pick<User, 'name' | 'traits'>): string | undefined {
  const said = traits.flatMap((trait) => (Object.hasOwn(own, trait) ? (own[trait] ?? []) : []))
  return [...said, name].find(isMailAddress)
}
