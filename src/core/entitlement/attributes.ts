/**
 * @module What Identity Center is told about a user: attributes from traits, with fallbacks made of the name, since
 * AWS refuses users without them. `userName` is our name, exactly. Limits are those of AWS's service model.
 */
import type { Traits } from '../user/user.js'
import type { SetAside, UserAttributes } from './desired.js'

export interface JudgedAttributes {
  /** Complete in any case: what cannot be said is replaced by what the name gives. */
  readonly attributes: UserAttributes
  /** Those that no trait says. */
  readonly guessed: readonly (keyof UserAttributes)[]
  /** Why AWS would refuse what the traits say. */
  readonly problem: Pick<SetAside, 'code' | 'says' | 'remedy'> | undefined
}

const givenNames = ['given_name', 'givenName', 'firstname', 'firstName', 'first_name', 'FirstName', 'given']
const familyNames = [
  'family_name',
  'familyName',
  'lastname',
  'lastName',
  'last_name',
  'LastName',
  'surname',
  'sn',
]
const displayNames = ['display_name', 'displayName', 'displayname', 'full_name', 'name']
const emails = ['email', 'mail', 'Email', 'emails']

/** Letters, marks, symbols, numbers, punctuation. */
const userNameForm = /^[\p{L}\p{M}\p{S}\p{N}\p{P}]+$/u
const maxUserName = 128
/** The same with tab, line breaks, space and no-break space; some of it visible. */
const textForm = /^[\p{L}\p{M}\p{S}\p{N}\p{P}\t\n\r \u00a0]+$/u
const maxText = 1024
const emailForm = /^[^\s@]{1,64}@[^\s@]{1,190}$/

/** Whether AWS takes the text as the display name of a user or a group, or as a part of a name. */
export function isDisplayText(text: string): boolean {
  return text.length <= maxText && textForm.test(text) && text.trim() !== ''
}

/** The attributes of a user with these traits. */
export function judgeAttributes(name: string, traits: Traits): JudgedAttributes {
  const derived = deriveNames(name)
  const spoilt: string[] = []
  const guessed: (keyof UserAttributes)[] = []
  const pick = (attribute: keyof UserAttributes, keys: readonly string[], fallback: string): string => {
    const found = findTrait(traits, keys)
    if (found === undefined) {
      guessed.push(attribute)
      return fallback
    }
    if (isDisplayText(found.value)) return found.value
    spoilt.push(found.key)
    return fallback
  }
  const givenName = pick('givenName', givenNames, derived.givenName)
  const familyName = pick('familyName', familyNames, derived.familyName)
  const displayName = pick('displayName', displayNames, cut(`${givenName} ${familyName}`))
  const address = findTrait(traits, emails)?.value
  if (address === undefined) guessed.push('email')
  const said = address ?? name
  const email = emailForm.test(said) && isDisplayText(said) ? said : undefined
  return {
    attributes: { userName: name, displayName, givenName, familyName, email },
    guessed,
    problem: findProblem(name, spoilt),
  }
}

function findProblem(name: string, spoilt: readonly string[]): JudgedAttributes['problem'] {
  if (name.length > maxUserName || !userNameForm.test(name)) {
    return {
      code: 'invalid_attribute',
      says: 'Identity Center takes user names of 1 to 128 letters, digits, symbols and punctuation, without spaces.',
      remedy: 'Give the person a user with a name that AWS takes; names cannot be changed.',
    }
  }
  const [first] = spoilt
  if (first === undefined) return undefined
  return {
    code: 'invalid_attribute',
    says: `The trait ${first} is longer than 1,024 characters or has characters that Identity Center refuses.`,
    remedy: `Correct the trait ${first} of the user, or remove it.`,
  }
}

/** The first value that says anything. Own members only: trait names come from people. */
function findTrait(
  traits: Traits,
  keys: readonly string[],
): { readonly key: string; readonly value: string } | undefined {
  for (const key of keys) {
    if (!Object.hasOwn(traits, key)) continue
    const value = traits[key]?.find((text) => text.trim() !== '')
    if (value !== undefined) return { key, value: value.trim() }
  }
  return undefined
}

/** `alice.van-dyk@example.com` is Alice Van Dyk; a name of one part stands for both. */
function deriveNames(name: string): { readonly givenName: string; readonly familyName: string } {
  const local = name.slice(0, 256).split('@', 1)[0] ?? ''
  const words = local.split(/[^\p{L}\p{M}\p{N}]+/u).filter((word) => word !== '')
  const [first = 'User', ...rest] = words.map(capitalise)
  return { givenName: first, familyName: rest.length === 0 ? first : rest.join(' ') }
}

function capitalise(word: string): string {
  const [first = '', ...rest] = word
  return first.toUpperCase() + rest.join('')
}

function cut(text: string): string {
  // By whole characters: half of one is none that AWS takes.
  let short = ''
  for (const character of text) {
    if (short.length + character.length > maxText) break
    short += character
  }
  return short
}
