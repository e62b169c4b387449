/**
 * @module How much one access list takes. Owners without any other right write what a list asks and who is in it, and
 * each person is judged by each list: without bounds one of them could keep the gateway busy for everyone. Asked where
 * something is written; what was stored before goes on to be read.
 */
import type { Requirements } from './access-list.js'

export const maxRequiredRoles = 100
export const maxRequiredTraits = 50
/** Of all traits together. */
export const maxRequiredValues = 200

/** Direct members, whoever adds them; people beyond are members of lists within it. */
export const maxListMembers = 20_000

/** What is too much of it, in words; undefined where nothing is. */
export function findTooMuch({ roles, traits }: Requirements): string | undefined {
  if (roles.length > maxRequiredRoles) return `asks for more than ${maxRequiredRoles} roles`
  const values = Object.values(traits)
  if (values.length > maxRequiredTraits) return `asks for more than ${maxRequiredTraits} traits`
  const count = values.reduce((sum, of) => sum + of.length, 0)
  return count > maxRequiredValues
    ? `asks for more than ${maxRequiredValues} values of traits in all`
    : undefined
}
