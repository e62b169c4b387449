/**
 * @module Says in words which attributes an assertion does not carry for a person, and why: for the test of a mapping,
 * where a missing attribute is the question most often asked. It decides nothing; `attributes.ts` has decided.
 */
import type { User } from '../user/user.js'
import type { AttributeSurvey } from './attributes.js'

export interface OmittedAttribute {
  readonly name: string
  readonly says: string
}

/** One sentence for each attribute that is left out. */
export function describeOmitted(survey: AttributeSurvey, user: User): OmittedAttribute[] {
  return [
    ...survey.withheld.map((name) => ({
      name,
      says:
        'This default, the roles, is never told to AWS IAM Identity Center: it has several values, and with ' +
        'attributes for access control switched on AWS fails a sign-in over one that has.',
    })),
    ...survey.empty.map(({ name, expression }) => ({ name, says: describeEmpty(expression, user) })),
  ]
}

function describeEmpty(expression: { readonly text: string; readonly root: unknown }, user: User): string {
  const absent = [...traitsIn(expression.root)].filter((key) => {
    return !Object.hasOwn(user.traits, key) || user.traits[key]?.every((value) => value === '')
  })
  if (absent.length === 0) return `${expression.text} gives no value for "${user.name}".`
  const traits = absent.map((key) => `"${key}"`).join(', ')
  return `"${user.name}" has no trait ${traits}, which ${expression.text} asks for.`
}

/** The traits that an expression reads, wherever in its tree. */
function traitsIn(node: unknown, found = new Set<string>()): Set<string> {
  if (typeof node !== 'object' || node === null) return found
  if ('kind' in node && node.kind === 'trait' && 'key' in node && typeof node.key === 'string')
    found.add(node.key)
  for (const part of Object.values(node)) traitsIn(part, found)
  return found
}
