/**
 * @module The specification of roles once more, by enumeration: who may sign in, who may do what, which pairs of account
 * and permission set a set of roles gives. It shares no code with `src/core`: globs are tried letter by letter, regular
 * expressions are JavaScript's own, and what an expression means comes from whoever generated it.
 */
import type { SessionProof } from '../../../src/core/role/saml-conditions.js'
import type {
  ClusterAuthPreference,
  LabelSelector,
  Role,
  RoleConditions,
} from '../../../src/core/role/role.js'

type Traits = Readonly<Record<string, readonly string[]>>

/** What an expression may look at. */
export interface Facts {
  readonly user: { readonly name: string; readonly roles: readonly string[]; readonly traits: Traits }
  readonly labels: Readonly<Record<string, string>>
  /** Undefined where the question is not about one resource. */
  readonly resource: ResourceFacts | undefined
}

export interface ResourceFacts {
  readonly kind: string
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly owners: readonly string[]
}

/** True, false, or undefined where it cannot be evaluated. */
export type Meaning = (facts: Facts) => boolean | undefined

/** What each generated expression means, by its text. */
export type Meanings = ReadonlyMap<string, Meaning>

export interface SignIn {
  readonly roles: readonly Role[]
  readonly facts: Facts
  readonly preference: Pick<ClusterAuthPreference, 'samlIdpEnabled' | 'requireSessionMfa' | 'deviceTrustMode'>
  readonly session: { readonly mfa: SessionProof['mfa']; readonly device: 'none' | 'trusted' }
}

export type SignInVerdict = 'deny' | 'step_up' | 'allow'

export class Reference {
  readonly #meanings: Meanings

  constructor(meanings: Meanings) {
    this.#meanings = meanings
  }

  signIn({ roles, facts, preference, session }: SignIn): SignInVerdict {
    const held = roles.filter(({ origin }) => origin === 'stored')
    const old = held.filter(({ version }) => version !== 'v8')
    const v8 = held.filter(({ version }) => version === 'v8')
    if (!preference.samlIdpEnabled || held.length === 0) return 'deny'
    if (old.some(({ options }) => !options.samlIdpEnabled)) return 'deny'
    for (const { deny } of held) {
      for (const { resources, verbs, where } of deny.rules) {
        const isAbout = resources.includes('*') || resources.includes('saml_idp_service_provider')
        const isNeeded = verbs.includes('*') || verbs.includes('list') || verbs.includes('read')
        // A condition that has no answer denies.
        if (isAbout && isNeeded && this.#means(where, facts) !== false) return 'deny'
      }
    }
    for (const { deny } of v8) {
      if (hasLabels(deny.appLabels, facts)) return 'deny'
      if (deny.appLabelsExpression !== undefined && this.#means(deny.appLabelsExpression, facts) !== false) {
        return 'deny'
      }
    }
    const matching = v8.filter(({ allow }) => this.#allowsLabels(allow, facts))
    if (v8.length > 0 && matching.length === 0) return 'deny'
    const devices = [preference.deviceTrustMode, ...matching.map(({ options }) => options.deviceTrustMode)]
    if (devices.some((mode) => mode.startsWith('required')) && session.device !== 'trusted') return 'deny'
    const factors = [...old, ...matching].map(({ options }) => options.requireSessionMfa)
    factors.push(preference.requireSessionMfa)
    if (factors.some((mode) => mode.startsWith('hardware'))) return 'deny'
    return factors.includes('session') && session.mfa === 'none' ? 'step_up' : 'allow'
  }

  right(
    roles: readonly Role[],
    resource: string,
    verb: string,
    facts: Facts,
  ): 'allow' | 'deny' | 'conditional' {
    const covering = ({ rules }: RoleConditions) =>
      rules.filter(({ resources, verbs }) => {
        const covers = verbs.includes('*') || verbs.includes(verb)
        const contains = verb === 'readnosecrets' && verbs.includes('read')
        return (resources.includes('*') || resources.includes(resource)) && (covers || contains)
      })
    let [denied, mayDeny, allowed, mayAllow] = [false, false, false, false]
    for (const { where } of roles.flatMap(({ deny }) => covering(deny))) {
      if (isOpen(where, facts)) mayDeny = true
      else if (this.#means(where, facts) !== false) denied = true
    }
    for (const { where } of roles.flatMap(({ allow }) => covering(allow))) {
      if (isOpen(where, facts)) mayAllow = true
      else if (this.#means(where, facts) === true) allowed = true
    }
    if (resource === 'saml_idp_service_provider' && ['list', 'read', 'readnosecrets'].includes(verb))
      allowed = true
    if (denied) return 'deny'
    if (allowed) return mayDeny ? 'conditional' : 'allow'
    return mayAllow ? 'conditional' : 'deny'
  }

  /** Whether the roles give one permission set in one account. */
  pair(roles: readonly Role[], account: string, permissionSet: string): boolean {
    const has = ({ accountAssignments }: RoleConditions) =>
      accountAssignments.some(
        (entry) => matches(entry.account, account) && matches(entry.permissionSet, permissionSet),
      )
    return roles.some(({ allow }) => has(allow)) && !roles.some(({ deny }) => has(deny))
  }

  #allowsLabels({ appLabels, appLabelsExpression }: RoleConditions, facts: Facts): boolean {
    const isEmpty = Object.keys(appLabels).length === 0
    if (appLabelsExpression === undefined) return hasLabels(appLabels, facts)
    return this.#means(appLabelsExpression, facts) === true && (isEmpty || hasLabels(appLabels, facts))
  }

  #means(text: string | undefined, facts: Facts): boolean | undefined {
    if (text === undefined) return true
    const meaning = this.#meanings.get(text)
    if (meaning === undefined) throw new Error(`nobody said what this means: ${text}`)
    return meaning(facts)
  }
}

/** The person is always known in these tests, so only the resource can be missing. */
function isOpen(where: string | undefined, { resource }: Facts): boolean {
  return resource === undefined && where?.includes('resource.') === true
}

function hasLabels(selector: LabelSelector, { labels, user }: Facts): boolean {
  const wanted = Object.entries(selector)
  return (
    wanted.length > 0 &&
    wanted.every(([key, values]) => {
      if (key === '*') return true
      const label = Object.entries(labels).find(([name]) => name === key)?.[1]
      return label !== undefined && values.some((value) => matchesValue(value, label, user.traits))
    })
  )
}

type Sign = string | typeof anything
const anything = Symbol('any text')

/** A label value: a pattern, or a template with the trait's values as plain letters in it. */
function matchesValue(value: string, text: string, traits: Traits): boolean {
  const template = /^(.*)\{\{\w+\.(\w+)\}\}(.*)$/.exec(value)
  if (template === null) return matches(value, text)
  const [, before = '', trait = '', after = ''] = template
  return (traits[trait] ?? [])
    .filter((one) => one !== '')
    .some((one) => fits([...signs(before), ...one, ...signs(after)], [...text]))
}

function matches(pattern: string, text: string): boolean {
  if (pattern.startsWith('^') && pattern.endsWith('$')) return new RegExp(pattern).test(text)
  return fits(signs(pattern), [...text])
}

function signs(pattern: string): Sign[] {
  return [...pattern].map((letter) => (letter === '*' ? anything : letter))
}

function fits(pattern: readonly Sign[], text: readonly string[]): boolean {
  const [first, ...rest] = pattern
  if (first === undefined) return text.length === 0
  if (first !== anything) return text[0] === first && fits(rest, text.slice(1))
  return text.some((_, at) => fits(rest, text.slice(at))) || fits(rest, [])
}
