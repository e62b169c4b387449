/**
 * @module Filters of lists: `attribute eq "value"`, joined by `and`. AWS knows no other operator. The text is read once
 * from left to right, so that its length is all that a stranger can make us pay for.
 */
import { invalid } from './error.js'

export interface Term {
  readonly attribute: string
  readonly value: string
}

/** Two values of 1,024 characters, escaped, with their names. */
const maxLength = 8192
const maxTerms = 4

/**
 * The terms of a filter, in the order written.
 * @throws ScimError 400
 */
export function parseFilter(text: string): readonly Term[] {
  if (text.length > maxLength) throw invalid(`the filter is longer than ${maxLength} characters`)
  const reader = new FilterReader(text)
  const terms: Term[] = []
  do {
    if (terms.length === maxTerms) throw invalid('the filter has too many terms')
    terms.push(readTerm(reader))
  } while (reader.takeKeyword('and'))
  if (!reader.isAtEnd()) throw invalid(`the filter has more after character ${reader.position}`)
  return terms
}

function readTerm(reader: FilterReader): Term {
  const attribute = reader.take(attributeName)
  if (attribute === undefined) throw invalid(`the filter has no attribute at character ${reader.position}`)
  if (!reader.takeKeyword('eq')) throw invalid('the filter has another operator than eq')
  const literal = reader.take(textLiteral)
  if (literal === undefined) throw invalid(`the filter has no text in quotes at character ${reader.position}`)
  return { attribute, value: parseLiteral(literal) }
}

function parseLiteral(literal: string): string {
  try {
    const value: unknown = JSON.parse(literal)
    if (typeof value === 'string') return value
  } catch {
    // Told below.
  }
  throw invalid('the filter has a text that JSON does not allow')
}

const space = /[ \t]*/y
const attributeName = /[A-Za-z][\w.:$-]*/y
const keyword = /[A-Za-z]+(?![\w.:$-])/y
const textLiteral = /"(?:[^"\\]|\\.)*"/y

class FilterReader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  /** Counted from 1, for messages. */
  get position(): number {
    return this.#at + 1
  }

  isAtEnd(): boolean {
    this.#match(space)
    return this.#at === this.#text.length
  }

  take(pattern: RegExp): string | undefined {
    this.#match(space)
    return this.#match(pattern)
  }

  /** Operators are not case sensitive (RFC 7644 §3.4.2.2). */
  takeKeyword(word: string): boolean {
    this.#match(space)
    const before = this.#at
    const found = this.#match(keyword)
    if (found?.toLowerCase() === word) return true
    this.#at = before
    return false
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    if (found !== undefined) this.#at += found.length
    return found
  }
}
