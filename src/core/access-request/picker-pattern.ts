/**
 * @module What a pattern of role names is made of, for `picker-automaton.ts`. It reads literals, globs, and of RE2:
 * literals, `.`, classes, `\d \w \s`, groups, alternatives and repetitions. It must answer undefined rather than guess.
 */
import type { Matcher } from '../matcher.js'

export type Part =
  /** One character of these. */
  | { readonly kind: 'set'; readonly has: (point: number) => boolean }
  | { readonly kind: 'sequence'; readonly parts: readonly Part[] }
  | { readonly kind: 'choice'; readonly parts: readonly Part[] }
  /** `most` undefined: without end. */
  | {
      readonly kind: 'repeat'
      readonly inner: Part
      readonly least: number
      readonly most: number | undefined
    }

/** Undefined for a regular expression that has anything else in it. */
export function parsePattern({ kind, pattern }: Matcher): Part | undefined {
  // Half a character, which only matching by UTF-16 units can find.
  if (/\p{Surrogate}/u.test(pattern)) return undefined
  switch (kind) {
    case 'any':
      return anything
    case 'literal':
      return literal(pattern)
    case 'glob': {
      const pieces = pattern.split('*').map(literal)
      return sequence(pieces.flatMap((piece, at) => (at === 0 ? [piece] : [anything, piece])))
    }
    case 'regex':
      return new RegexReader(pattern).read()
  }
}

type Has = (point: number) => boolean

const set = (has: Has): Part => ({ kind: 'set', has })
const sequence = (parts: readonly Part[]): Part => ({ kind: 'sequence', parts })
const choice = (parts: readonly Part[]): Part => ({ kind: 'choice', parts })
const one = (wanted: number): Part => set((point) => point === wanted)
const literal = (text: string): Part => sequence([...text].map((char) => one(pointOf(char))))
const pointOf = (char: string): number => char.codePointAt(0) ?? 0

/** Any text, line breaks too. */
const anything: Part = { kind: 'repeat', inner: set(() => true), least: 0, most: undefined }

const isDigit: Has = (point) => point >= 0x30 && point <= 0x39
const isWord: Has = (point) =>
  isDigit(point) || (point >= 0x41 && point <= 0x5a) || (point >= 0x61 && point <= 0x7a) || point === 0x5f
const isSpace: Has = (point) =>
  point === 0x20 || point === 0x09 || point === 0x0a || point === 0x0c || point === 0x0d
const not =
  (has: Has): Has =>
  (point) =>
    !has(point)

const classes: ReadonlyMap<string, Has> = new Map([
  ['d', isDigit],
  ['D', not(isDigit)],
  ['w', isWord],
  ['W', not(isWord)],
  ['s', isSpace],
  ['S', not(isSpace)],
])

const punctuation = /^[!-/:-@[-`{-~]$/
const dash = 0x2d
const special = new Set('\\.+*?()|[]{}^$')
const repetition = /^\{(\d{1,4})(,(\d{0,4}))?\}/

/** From left to right, once; `undefined` from any method ends it all. */
class RegexReader {
  readonly #chars: readonly string[]
  #at = 0
  /** Whether the `$` at the end stood for the end of the text and not for itself. */
  #ended = false

  constructor(pattern: string) {
    this.#chars = [...pattern]
  }

  /** `^` belongs to the first alternative and `$` to the last; others may begin, or end, anywhere in the text. */
  read(): Part | undefined {
    this.#at = 1
    const branches = this.#branches()
    if (branches === undefined || this.#at < this.#chars.length) return undefined
    return choice(
      branches.map((branch, at) =>
        sequence([
          ...(at === 0 ? [] : [anything]),
          branch,
          ...(at === branches.length - 1 && this.#ended ? [] : [anything]),
        ]),
      ),
    )
  }

  #branches(): Part[] | undefined {
    const branches: Part[] = []
    do {
      const branch = this.#sequence()
      if (branch === undefined) return undefined
      branches.push(branch)
    } while (this.#take('|'))
    return branches
  }

  #sequence(): Part | undefined {
    const parts: Part[] = []
    for (let char = this.#chars[this.#at]; char !== undefined; char = this.#chars[this.#at]) {
      if (char === '|' || char === ')') break
      if (char === '$' && this.#at === this.#chars.length - 1) {
        this.#at++
        this.#ended = true
        break
      }
      const atom = this.#atom()
      const part = atom === undefined ? undefined : this.#repeated(atom)
      if (part === undefined) return undefined
      parts.push(part)
    }
    return sequence(parts)
  }

  #atom(): Part | undefined {
    const char = this.#next()
    switch (char) {
      case '.':
        return set((point) => point !== 0x0a)
      case '(':
        return this.#group()
      case '[': {
        const has = this.#class()
        return has === undefined ? undefined : set(has)
      }
      case '\\':
        return this.#escape()
      default:
        return special.has(char) ? undefined : one(pointOf(char))
    }
  }

  #group(): Part | undefined {
    if (this.#take('?') && !this.#take(':')) return undefined
    const branches = this.#branches()
    return branches !== undefined && this.#take(')') ? choice(branches) : undefined
  }

  #escape(): Part | undefined {
    const char = this.#next()
    const has = classes.get(char)
    if (has !== undefined) return set(has)
    return punctuation.test(char) ? one(pointOf(char)) : undefined
  }

  #class(): Has | undefined {
    const negated = this.#take('^')
    const members: Has[] = []
    while (!this.#take(']')) {
      // A dash stands for itself at either end; elsewhere only a range has one.
      const isDash = members.length === 0 || this.#chars[this.#at + 1] === ']'
      const from = isDash && this.#take('-') ? dash : this.#classMember()
      if (from === undefined) return undefined
      if (typeof from === 'function') {
        members.push(from)
        continue
      }
      const isRange = this.#chars[this.#at] === '-' && this.#chars[this.#at + 1] !== ']'
      if (isRange) this.#at++
      const to = isRange ? this.#classMember() : from
      if (typeof to !== 'number' || to < from) return undefined
      members.push((point) => point >= from && point <= to)
    }
    if (members.length === 0) return undefined
    const has: Has = (point) => members.some((member) => member(point))
    return negated ? not(has) : has
  }

  /** A character, or all those of `\d` and the like. */
  #classMember(): number | Has | undefined {
    const char = this.#next()
    if (char === '' || char === '[' || char === '-') return undefined
    if (char !== '\\') return pointOf(char)
    const escaped = this.#next()
    return classes.get(escaped) ?? (punctuation.test(escaped) ? pointOf(escaped) : undefined)
  }

  #repeated(inner: Part): Part | undefined {
    const repeat = this.#repetition(inner)
    // Repetitions of repetitions, and `*?`, which matches the same another way.
    return '*+?{'.includes(this.#chars[this.#at] ?? ' ') && repeat !== inner ? undefined : repeat
  }

  #repetition(inner: Part): Part | undefined {
    const kind = 'repeat'
    if (this.#take('*')) return { kind, inner, least: 0, most: undefined }
    if (this.#take('+')) return { kind, inner, least: 1, most: undefined }
    if (this.#take('?')) return { kind, inner, least: 0, most: 1 }
    if (this.#chars[this.#at] !== '{') return inner
    const found = repetition.exec(this.#chars.slice(this.#at, this.#at + 12).join(''))
    if (found === null) return undefined
    const [text, least = '', upTo, most = ''] = found
    this.#at += text.length
    const limit = upTo === undefined ? Number(least) : most === '' ? undefined : Number(most)
    return { kind, inner, least: Number(least), most: limit }
  }

  #next(): string {
    return this.#chars[this.#at++] ?? ''
  }

  #take(char: string): boolean {
    if (this.#chars[this.#at] !== char) return false
    this.#at++
    return true
  }
}
