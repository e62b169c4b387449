/**
 * @module What the rules of roles say of access lists. Of rules with `where` each list is judged by itself, once for as
 * long as it, the rules, the person and the inventory stay as they are: pages over thousands of lists follow each other.
 */
import { sameRules } from '../../core/role/right.js'
import type { Role } from '../../core/role/role.js'
import type { Authority } from '../authority.js'
import type { CatalogView, Parsed } from '../resources/catalog-view.js'
import type { ResourceDeps } from '../resources/deps.js'
import { resourceJudge } from '../resources/may.js'
import { shownDocument } from '../resources/present.js'

/** What shows a list as rules see it. */
export interface ListKind {
  readonly known: Pick<ResourceDeps['kinds']['known'], 'access_list'>
}

/** `silent`: nothing allows it, and nothing denies it. */
export type Verdict = 'allow' | 'deny' | 'silent'

/** What the rules of roles say of a list; the document is made only where a rule hangs on it. */
export type Judge = (verb: string, name: string) => Verdict

export function judgeOf(authority: Authority, catalog: CatalogView, kinds: ListKind): Judge {
  const general = new Map<string, Verdict | ByList>()
  const judges = new Map<string, ReturnType<typeof resourceJudge>>()
  const judge = (verb: string, document?: object) => {
    let known = judges.get(verb)
    if (known === undefined) {
      judges.set(verb, (known = resourceJudge(authority, { resource: 'access_list', verb })))
    }
    return known(document)
  }
  const lists = catalog.parsed('access_list')
  return (verb, name) => {
    let verdict = general.get(verb)
    if (verdict === undefined) {
      const always = judge(verb)
      verdict = always === 'conditional' ? keptFor(authority, catalog, kinds, verb) : always
      general.set(verb, verdict)
    }
    if (typeof verdict === 'string') return verdict
    const parsed = lists.get(name)
    if (parsed === undefined) {
      const told = judge(verb)
      return told === 'conditional' ? 'silent' : told
    }
    let here = verdict.get(parsed)
    if (here === undefined) {
      if (verdict.size > 2 * lists.size + 100) verdict.clear()
      const told = judge(verb, shownDocument(kinds.known.access_list, parsed, catalog))
      verdict.set(parsed, (here = told === 'conditional' ? 'silent' : told))
    }
    return here
  }
}

/**
 * By the parsed document, which is another one after each change. Those of lists as they were go when they are more than
 * the lists: a map that lets them go by itself takes longer than to judge.
 */
type ByList = Map<Parsed, Verdict>

/** All that a verdict hangs on beside the list and the verb. */
interface Subject {
  /** Those with rules on access lists; a role that is changed is another object. */
  readonly roles: readonly Role[]
  /** Name, roles and traits, as conditions read them. */
  readonly user: string
  readonly kinds: ListKind['known']['access_list']
  /** Which names account assignment roles have: where the document is shown, and where it is judged. */
  readonly shownBy: CatalogView['inventory']
  readonly judgedBy: Authority['inventory']
}

interface Kept {
  readonly subject: Subject
  /** Verbs with the same rules share what was judged. */
  readonly verbs: { readonly verb: string; readonly lists: ByList }[]
}

/** Under the first of the roles, so that it goes with them. */
const kept = new WeakMap<Role, Kept[]>()
/** People who share their first role and ask at the same time. */
const maxKept = 8

function keptFor(authority: Authority, catalog: CatalogView, kinds: ListKind, verb: string): ByList {
  const { user } = authority
  const roles = authority.roles.filter(hasListRules)
  const [first] = roles
  if (first === undefined) return new Map<Parsed, Verdict>()
  const subject: Subject = {
    roles,
    user: user === undefined ? '' : JSON.stringify([user.name, user.roles, user.traits]),
    kinds: kinds.known.access_list,
    shownBy: catalog.inventory,
    judgedBy: authority.inventory,
  }
  const known = kept.get(first) ?? []
  kept.set(first, known)
  let one = known.find((other) => isSame(other.subject, subject))
  if (one === undefined) {
    known.splice(maxKept - 1)
    known.unshift((one = { subject, verbs: [] }))
  }
  const right = (of: string) => ({ resource: 'access_list', verb: of })
  let lists = one.verbs.find((other) => sameRules(roles, right(other.verb), right(verb)))?.lists
  if (lists === undefined) one.verbs.push({ verb, lists: (lists = new Map<Parsed, Verdict>()) })
  return lists
}

function hasListRules({ allow, deny }: Role): boolean {
  return [...allow.rules, ...deny.rules].some(
    ({ resources }) => resources.includes('access_list') || resources.includes('*'),
  )
}

function isSame(a: Subject, b: Subject): boolean {
  return (
    a.user === b.user &&
    a.kinds === b.kinds &&
    a.shownBy === b.shownBy &&
    a.judgedBy === b.judgedBy &&
    a.roles.length === b.roles.length &&
    a.roles.every((role, at) => role === b.roles[at])
  )
}
