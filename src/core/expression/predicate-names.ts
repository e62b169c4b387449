/**
 * @module The names that each scope of the predicate language knows, and its help.
 */
import { suggest } from '../nearest.js'
import type { Name, PredicateRoot, PredicateScope } from './predicate.js'

/** `exact`: the name itself; `keyed`: one key after it, such as a trait; `path`: keys as deep as the document goes. */
type Form = 'exact' | 'keyed' | 'path'
type Names = Readonly<Record<string, Form>>

const userNames: Names = {
  'user.metadata.name': 'exact',
  'user.spec.roles': 'exact',
  'user.spec.traits': 'keyed',
}

const scopeNames: Readonly<Record<PredicateScope, Names>> = {
  labels: { labels: 'keyed', ...userNames },
  resource: {
    'resource.kind': 'exact',
    'resource.version': 'exact',
    'resource.metadata.name': 'exact',
    'resource.metadata.description': 'exact',
    'resource.metadata.labels': 'keyed',
    'resource.spec': 'path',
    ...userNames,
  },
  request: {
    'request.roles': 'exact',
    'request.reason': 'exact',
    'request.system_annotations': 'keyed',
    'review.reason': 'exact',
    'review.annotations': 'keyed',
    'reviewer.roles': 'exact',
    'reviewer.traits': 'keyed',
  },
}

const suffixes: Readonly<Record<Form, string>> = { exact: '', keyed: '["KEY"]', path: '.FIELD' }

function listNames(scope: PredicateScope): string[] {
  return Object.entries(scopeNames[scope]).map(([name, form]) => `${name}${suffixes[form]}`)
}

/** What may be written, for the end of every message. */
export function predicateHelp(scope: PredicateScope): string {
  const functions =
    'contains(a, b) contains_any(a, b) contains_all(a, b) equals(a, b) is_empty(a) regexp.match(a, "^re$") ' +
    'regexp.replace(a, "re", "with") strings.upper(a) strings.lower(a) email.local(a) set() union()'
  const more = scope === 'labels' ? ' labels_matching("glob")' : ''
  return `an expression is made of ${listNames(scope).join(', ')}, "texts", ${functions}${more}, and == != && || !`
}

export type FoundName =
  { readonly name: Pick<Name, 'root' | 'path'> } | { readonly name: undefined; readonly problem: string }

/** The name that a path of words means in a scope, or why it means none. */
export function findName(scope: PredicateScope, words: readonly string[]): FoundName {
  for (const [known, form] of Object.entries(scopeNames[scope])) {
    const { length } = known.split('.')
    if (words.slice(0, length).join('.') !== known) continue
    const keys = words.length - length
    const fits = form === 'exact' ? keys === 0 : form === 'keyed' ? keys === 1 : keys > 0
    if (!fits || words.includes('')) return { name: undefined, problem: `write ${known}${suffixes[form]}` }
    // The first word of every known name is a root.
    return { name: { root: words[0] as PredicateRoot, path: words.slice(1) } }
  }
  const written = words.join('.')
  const known = Object.keys(scopeNames[scope])
  return { name: undefined, problem: `"${written}" is unknown${suggest(written, known)}` }
}
