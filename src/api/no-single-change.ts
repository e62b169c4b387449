/**
 * @module What the command line and the page say where an explanation tells no change: that no single one is enough,
 * and which obstacles stand in the way. From the reasons of the answer alone; it decides nothing.
 */
import type { ExplainAnswer, ReasonAnswer } from './contract.js'

/** Longer lists help nobody; the reasons tell them all. */
const maxRoles = 3

/** One sentence, or none where there is access, where a change is told, and where no change of rights would help. */
export function describeNoChange({ effect, reasons, changes }: ExplainAnswer): string | undefined {
  if (effect !== 'deny' || changes.length > 0 || reasons.some(isAboutPerson)) return undefined
  const obstacles = listObstacles(reasons)
  const all = obstacles.join(', and ')
  // Of one alone, a change may be known to others: whoever may not read roles is advised none.
  return obstacles.length > 1
    ? `No single change is enough: ${all}.`
    : `No single change is known to be enough: ${all}.`
}

/** A name or an attribute that the application cannot be told: the roles allow it. */
function isAboutPerson({ rule, effect }: ReasonAnswer): boolean {
  return effect === 'deny' && (rule === 'name_id' || rule === 'attribute_mapping')
}

function listObstacles(reasons: readonly ReasonAnswer[]): string[] {
  const locks = reasons.filter(({ rule, effect }) => rule === 'lock' && effect === 'deny').length
  const denying = reasons.filter(({ rule, effect }) => rule !== 'lock' && effect === 'deny')
  const roles = [...new Set(denying.flatMap(({ role }) => (role === undefined ? [] : [role])))]
  const isAllowed = reasons.some(({ effect }) => effect === 'allow')
  // Roles up to v7 allow, and do not count beside a v8 role that does not match.
  const outvoted = reasons.some(({ rule, effect }) => rule === 'versions' && effect === 'no_match')
  return [
    ...(locks === 0 ? [] : [locks === 1 ? 'a lock is in force' : `${locks} locks are in force`]),
    ...denying.filter(({ role }) => role === undefined).map(({ says }) => withoutStop(says)),
    ...roles.slice(0, maxRoles).map((role) => `role "${role}" denies it`),
    ...(roles.length > maxRoles ? [`${roles.length - maxRoles} more roles deny it`] : []),
    ...reasons.filter(({ effect }) => effect === 'requires').map(({ says }) => withoutStop(says)),
    ...(isAllowed && !outvoted ? [] : ['no role allows it']),
  ]
}

function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, '')
}
