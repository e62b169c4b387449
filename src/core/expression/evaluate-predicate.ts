/**
 * @module Decides a condition for one subject, from left to right, and says which comparison decided. Work and memory
 * are bounded by `predicateLimits`, whatever the subject holds. No name reaches anything but own properties of plain
 * data. What cannot be evaluated is told as such and never guessed.
 */
import { assertNever } from '../error.js'
import type { Matcher } from '../matcher.js'
import { replaceMatches } from '../replace.js'
import { readTexts } from './document-path.js'
import {
  predicateLimits,
  type Comparison,
  type Name,
  type Predicate,
  type PredicateAnswer,
  type PredicateSubject,
  type Term,
  type Test,
} from './predicate.js'
import { describeComparison, type Fact } from './predicate-words.js'

/** Why an expression has no answer; caught below, it never leaves this module. */
class Unanswerable extends Error {
  override readonly name = 'Unanswerable'
}

/**
 * Whether the condition holds for the subject, and in words why. Never throws for what the subject holds. The words of
 * many thousands of answers take longer than the answers: `words` leaves them out of those that have one.
 */
export function evaluatePredicate(
  predicate: Predicate,
  subject: PredicateSubject,
  { words = true }: { readonly words?: boolean } = {},
): PredicateAnswer {
  try {
    const { holds, says } = new Evaluation(subject, words).test(predicate.root, true)
    return { holds, failed: false, says }
  } catch (error) {
    if (!(error instanceof Unanswerable)) throw error
    return { holds: false, failed: true, says: `it cannot be evaluated: ${error.message}` }
  }
}

interface Answer {
  readonly holds: boolean
  readonly says: string
}

const maxWords = 500

class Evaluation {
  readonly #subject: PredicateSubject
  readonly #words: boolean
  #work = 0

  constructor(subject: PredicateSubject, words: boolean) {
    this.#subject = subject
    this.#words = words
  }

  /** `wanted`: what the whole expression wants of this part; false within an odd number of `!`. */
  test(test: Test, wanted: boolean): Answer {
    switch (test.kind) {
      case 'not': {
        const { holds, says } = this.test(test.of, !wanted)
        return { holds: !holds, says }
      }
      case 'and':
      case 'or': {
        const left = this.test(test.left, wanted)
        // The left side decides alone: a false in "and", a true in "or".
        if (left.holds === (test.kind === 'or')) return left
        const right = this.test(test.right, wanted)
        if (right.holds === (test.kind === 'or')) return right
        if (!this.#words) return right
        return { holds: right.holds, says: `${left.says}; ${right.says}`.slice(0, maxWords) }
      }
      default:
        return this.#compare(test, wanted)
    }
  }

  #compare(comparison: Comparison, wanted: boolean): Answer {
    const facts: Fact[] = []
    const left = this.#values(comparison.left, facts)
    const right = 'right' in comparison ? this.#values(comparison.right, facts) : []
    const holds = this.#holds(comparison, left, right)
    if (!this.#words) return { holds, says: '' }
    return { holds, says: describeComparison(comparison, facts, holds, wanted).slice(0, maxWords) }
  }

  #holds(comparison: Comparison, left: readonly string[], right: readonly string[]): boolean {
    switch (comparison.kind) {
      case 'equal': {
        const all = new Set(left)
        return right.length > 0 && left.length === right.length && right.every((value) => all.has(value))
      }
      case 'containsAll': {
        const all = new Set(left)
        return right.length > 0 && right.every((value) => all.has(value))
      }
      case 'containsAny': {
        const all = new Set(left)
        return right.some((value) => all.has(value))
      }
      case 'isEmpty':
        return left.length === 0
      case 'matches':
        this.#spend(countCharacters(left) * comparison.weight)
        return left.some((value) => comparison.matcher.matches(value))
      default:
        return assertNever(comparison)
    }
  }

  /** No value twice, none empty. Names that were read are noted with their values. */
  #values(term: Term, facts: Fact[]): readonly string[] {
    switch (term.kind) {
      case 'text':
        return [term.value]
      case 'name':
        return this.#note(facts, term.written, this.#bounded(this.#read(term)))
      case 'labelsMatching':
        return this.#note(facts, term.written, this.#bounded(this.#listLabels(term.keys)))
      case 'union':
        return this.#bounded(term.parts.flatMap((part) => this.#values(part, facts)))
      case 'upper':
        return this.#bounded(this.#values(term.of, facts).map((value) => value.toUpperCase()))
      case 'lower':
        return this.#bounded(this.#values(term.of, facts).map((value) => value.toLowerCase()))
      case 'emailLocal':
        return this.#bounded(this.#values(term.of, facts).map(takeLocalPart))
      case 'replace': {
        const values = this.#values(term.of, facts)
        this.#spend(countCharacters(values) * (term.regex.programSize() + term.replacement.length))
        // As in templates: a value that does not match is left out.
        return this.#bounded(values.map((value) => replaceMatches(value, term.regex, term.replacement) ?? ''))
      }
      default:
        return assertNever(term)
    }
  }

  #note(facts: Fact[], written: string, values: readonly string[]): readonly string[] {
    if (this.#words && !facts.some((fact) => fact.written === written)) facts.push({ written, values })
    return values
  }

  #read(name: Name): readonly string[] {
    const { user } = this.#subject
    const root = this.#subject[name.root]
    if (root === undefined) throw new Unanswerable(`"${name.written}" is not known here`)
    const document =
      name.root === 'user' && user !== undefined
        ? { metadata: { name: user.name }, spec: { roles: user.roles, traits: user.traits } }
        : root
    const texts = readTexts(document, name.path)
    if (texts === undefined) throw new Unanswerable(`"${name.written}" is neither a text nor a list of texts`)
    return texts
  }

  #listLabels(keys: Matcher): readonly string[] {
    const { labels } = this.#subject
    if (labels === undefined) throw new Unanswerable('no labels are known here')
    return Object.entries(labels)
      .filter(([key]) => keys.matches(key))
      .map(([, value]) => value)
  }

  #bounded(values: readonly string[]): readonly string[] {
    const unique = [...new Set(values)].filter((value) => value !== '')
    const characters = countCharacters(unique)
    if (unique.length > predicateLimits.values || characters > predicateLimits.characters) {
      throw new Unanswerable(
        `a result has ${unique.length} values and ${characters} characters, ` +
          `at most ${predicateLimits.values} and ${predicateLimits.characters} are allowed`,
      )
    }
    this.#spend(unique.length + characters)
    return unique
  }

  #spend(work: number): void {
    this.#work += work
    if (this.#work > predicateLimits.work) {
      throw new Unanswerable(
        'it takes too much work for this subject; match fewer values or shorter patterns',
      )
    }
  }
}

function countCharacters(values: readonly string[]): number {
  return values.reduce((sum, value) => sum + value.length, 0)
}

function takeLocalPart(address: string): string {
  const at = address.lastIndexOf('@')
  return at > 0 && at < address.length - 1 ? address.slice(0, at) : ''
}
