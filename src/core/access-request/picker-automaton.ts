/**
 * @module Patterns of role names as automata that can stop within a text and go on with many others. The name of an
 * account assignment role is the name of its permission set and then what its account gives, so 750 beginnings and 1,000
 * ends tell of 750,000 names. Globs and what people write of regular expressions are understood; whatever else RE2
 * understands is refused here, and left to RE2. It never says other than RE2 does.
 */
import type { Matcher } from '../matcher.js'
import { parsePattern, type Part } from './picker-pattern.js'

export interface Automaton {
  readonly start: number
  /** The state after a text; undefined where there are more states than are kept. */
  readonly run: (state: number, text: string) => number | undefined
  /** Whether what was read up to this state is matched. */
  readonly accepts: (state: number) => boolean
}

/** No text leads out of this state, and it accepts none. */
export const deadState = 0

/** Places of one pattern, and sets of them that occurred: a hundred is much for what people write. */
const maxNodes = 2000
const maxStates = 1000

/** Undefined for a regular expression that only RE2 understands, or too large a one. */
export function buildAutomaton(matcher: Matcher): Automaton | undefined {
  const part = parsePattern(matcher)
  const nodes = part === undefined ? undefined : compile(part)
  return nodes === undefined ? undefined : createAutomaton(nodes)
}

/** A place in the pattern: it waits for a character, stands for several places, or is the end. */
type Node =
  | { readonly kind: 'set'; readonly has: (point: number) => boolean; readonly next: number }
  | { readonly kind: 'split'; readonly to: number[] }
  | { readonly kind: 'end' }

interface Nodes {
  readonly list: readonly Node[]
  readonly start: number
}

function compile(whole: Part): Nodes | undefined {
  const list: Node[] = [{ kind: 'end' }]
  const add = (node: Node): number => list.push(node) - 1
  const isFull = (): boolean => list.length > maxNodes
  const loop = (inner: Part, next: number): { readonly split: number; readonly body: number } => {
    const to: number[] = []
    const split = add({ kind: 'split', to })
    const body = build(inner, split)
    to.push(body, next)
    return { split, body }
  }
  const repeat = (part: Part & { kind: 'repeat' }, next: number): number => {
    const { inner, least, most } = part
    let at = next
    if (most === undefined) at = loop(inner, next).split
    for (let count = least; count < (most ?? 0) && !isFull(); count++) {
      at = add({ kind: 'split', to: [build(inner, at), next] })
    }
    for (let count = 0; count < least && !isFull(); count++) at = build(inner, at)
    return at
  }
  const build = (part: Part, next: number): number => {
    if (isFull()) return next
    switch (part.kind) {
      case 'set':
        return add({ kind: 'set', has: part.has, next })
      case 'sequence':
        return part.parts.reduceRight((at, one) => build(one, at), next)
      case 'choice':
        return add({ kind: 'split', to: part.parts.map((one) => build(one, next)) })
      case 'repeat':
        return repeat(part, next)
    }
  }
  const start = build(whole, 0)
  return isFull() ? undefined : { list, start }
}

/** All the places that a text can have led to, with what each ASCII character leads on to; -1 is not worked out yet. */
interface State {
  readonly waiting: readonly number[]
  readonly accepting: boolean
  readonly next: Int16Array
}

function createAutomaton({ list, start }: Nodes): Automaton {
  const states: State[] = []
  const known = new Map<string, number>()

  const stateOf = (places: Iterable<number>): number | undefined => {
    const reached = closure(list, places)
    const key = reached.join()
    let state = known.get(key)
    if (state === undefined) {
      if (states.length === maxStates) return undefined
      const waiting = reached.filter((at) => list[at]?.kind === 'set')
      state = states.push({ waiting, accepting: reached.includes(0), next: new Int16Array(128).fill(-1) }) - 1
      known.set(key, state)
    }
    return state
  }

  const step = (state: State, point: number): number | undefined => {
    const follow: number[] = []
    for (const at of state.waiting) {
      const node = list[at]
      if (node?.kind === 'set' && node.has(point)) follow.push(node.next)
    }
    const next = stateOf(follow)
    if (next !== undefined && point < 128) state.next[point] = next
    return next
  }

  const run = (from: number, text: string): number | undefined => {
    let at = from
    for (let index = 0; index < text.length && at !== deadState; index++) {
      const state = states[at]
      const point = text.codePointAt(index) ?? 0
      if (state === undefined) return undefined
      if (point > 0xffff) index++
      const remembered = point < 128 ? (state.next[point] ?? -1) : -1
      const next = remembered >= 0 ? remembered : step(state, point)
      if (next === undefined) return undefined
      at = next
    }
    return at
  }

  stateOf([])
  return { start: stateOf([start]) ?? deadState, run, accepts: (state) => states[state]?.accepting === true }
}

/** The places that wait, or end, reached from these without a character; ascending, each once. */
function closure(list: readonly Node[], places: Iterable<number>): number[] {
  const seen = new Set<number>()
  const todo = [...places]
  for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
    if (seen.has(at)) continue
    seen.add(at)
    const node = list[at]
    if (node?.kind === 'split') todo.push(...node.to)
  }
  return [...seen].filter((at) => list[at]?.kind !== 'split').sort((a, b) => a - b)
}
