/**
 * @module The language of `app_labels_expression` and of `where`: a condition on a person and on what the decision is
 * about. It is parsed by `parse-predicate.ts` into the closed tree below and walked by `evaluate-predicate.ts`; nothing
 * is handed to a JavaScript evaluator. Every value is a set of texts: a name is a set of one, a trait as many as the
 * person has, and whatever is not there is the empty set.
 *
 * What holds: `==` where both sides have the same values and have any; `contains(a, b)` and `contains_all(a, b)` where b
 * has values and all of them are in a; `contains_any(a, b)` where one of them is; `regexp.match(a, pattern)` where one
 * value of a matches. So nothing that is missing ever makes one of these true. `is_empty(a)` asks for just that, and
 * `!` and `!=` are exact opposites: `labels["env"] != "prod"` holds where there is no label `env`.
 */
import type { RE2JS } from 're2js'
import type { Matcher } from '../matcher.js'
import type { Labels } from '../role/role.js'
import type { User } from '../user/user.js'

/**
 * What an expression is about: the labels of an application, the resource of a rule, or an access request and its
 * review. All but `request` may read the `user` who asks too.
 */
export type PredicateScope = 'labels' | 'resource' | 'request'

/** The first word of a name. */
export type PredicateRoot = 'user' | 'labels' | 'resource' | 'request' | 'review' | 'reviewer'

export interface Name {
  readonly kind: 'name'
  readonly root: PredicateRoot
  /** The keys after the root. */
  readonly path: readonly string[]
  readonly written: string
}

/** A set of texts. */
export type Term =
  | Name
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'union'; readonly parts: readonly Term[] }
  | { readonly kind: 'upper' | 'lower' | 'emailLocal'; readonly of: Term }
  | { readonly kind: 'replace'; readonly of: Term; readonly regex: RE2JS; readonly replacement: string }
  /** The values of all labels whose key matches. */
  | { readonly kind: 'labelsMatching'; readonly keys: Matcher; readonly written: string }

export type Comparison = {
  /** As the author wrote it, for reasons. */
  readonly written: string
  readonly left: Term
} & (
  | { readonly kind: 'equal' | 'containsAll' | 'containsAny'; readonly right: Term }
  | { readonly kind: 'isEmpty' }
  /** `weight`: what one character costs to match. */
  | { readonly kind: 'matches'; readonly matcher: Matcher; readonly weight: number }
)

export type Test =
  | Comparison
  | { readonly kind: 'not'; readonly of: Test }
  | { readonly kind: 'and' | 'or'; readonly left: Test; readonly right: Test }

/** A parsed expression: safe to evaluate for any subject. */
export interface Predicate {
  readonly text: string
  /** Where it stands, for messages. */
  readonly field: string
  readonly root: Test
  /** What has to be given to evaluate it. */
  readonly reads: ReadonlySet<PredicateRoot>
}

/** What an expression is evaluated for. Names under a part that is not given cannot be evaluated. */
export interface PredicateSubject {
  readonly user?: Pick<User, 'name' | 'roles' | 'traits'> | undefined
  readonly labels?: Labels | undefined
  /** The document of the resource. */
  readonly resource?: unknown
  readonly request?: unknown
  readonly review?: unknown
  readonly reviewer?: unknown
}

export interface PredicateAnswer {
  readonly holds: boolean
  /** It could not be evaluated; `holds` is false, and whoever denies by it has to deny. */
  readonly failed: boolean
  /** Which comparison decided, in words that follow "for" or a colon. */
  readonly says: string
}

export const predicateLimits = {
  /** Characters of the text. */
  length: 4096,
  /** Nodes of the tree. */
  nodes: 400,
  /** Brackets and operators within each other. */
  depth: 40,
  /** Values in any result, intermediate ones included. */
  values: 1000,
  /** Characters of all values of any result together. */
  characters: 65_536,
  /** Characters handled in all, those of a regular expression as often as the expression is long. */
  work: 10_000_000,
} as const
