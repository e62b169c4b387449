/**
 * @module Which accounts and permission sets of an inventory a pattern covers, as sets of bits. Roles share few
 * distinct patterns, so each is tried on the inventory once and remembered as long as the inventory is the same. Hundreds
 * of regular expressions take tenths of a second on a large inventory, so it can be done in steps.
 */
import { addBit, allBits, emptyBits, type Bits } from '../bits.js'
import { indexInventory } from '../inventory/inventory-index.js'
import type { Inventory } from '../inventory/inventory.js'
import type { Matcher } from '../matcher.js'

/** Work done a little at each `next()`, for whoever must not hold up others meanwhile. */
export type InSteps<T> = Generator<undefined, T, undefined>

/** Does all of it at once. */
export function finish<T>(work: InSteps<T>): T {
  for (;;) {
    const step = work.next()
    if (step.done === true) return step.value
  }
}

/** Bits must not be changed: they are shared. */
export interface PatternPlaces {
  readonly accounts: (pattern: Matcher) => InSteps<Bits>
  readonly sets: (pattern: Matcher) => InSteps<Bits>
}

/** Of each kind for one inventory: about a megabyte at 1,000 accounts and 750 permission sets. */
export const maxRemembered = 4096
/** How many texts a pattern is tried on in one step: well below a millisecond for all but the largest patterns. */
const textsPerStep = 32

const known = new WeakMap<Inventory, PatternPlaces>()

export function patternPlaces(inventory: Inventory): PatternPlaces {
  const found = known.get(inventory)
  if (found !== undefined) return found
  const index = indexInventory(inventory)
  const places = {
    accounts: placesOf(
      index.accounts.map(({ id }) => id),
      index.accountById,
    ),
    sets: placesOf(
      index.permissionSets.map(({ arn }) => arn),
      index.setByArn,
    ),
  }
  known.set(inventory, places)
  return places
}

function placesOf(
  texts: readonly string[],
  placeOf: ReadonlyMap<string, number>,
): (pattern: Matcher) => InSteps<Bits> {
  const everything = allBits(texts.length)
  const remembered = new Map<string, Bits>()
  const started = new Map<string, Trial>()
  return function* place(matcher) {
    const { kind, pattern } = matcher
    if (kind === 'any') return everything
    let bits = remembered.get(pattern)
    if (bits === undefined && kind === 'literal') bits = single(texts.length, placeOf.get(pattern))
    if (bits === undefined) {
      const trial = started.get(pattern) ?? { bits: emptyBits(texts.length), next: 0 }
      started.set(pattern, trial)
      bits = yield* tryAll(matcher, texts, trial)
      started.delete(pattern)
    }
    // In the order of their last use, so that those of roles long gone are forgotten first.
    remembered.delete(pattern)
    const oldest = remembered.size >= maxRemembered ? remembered.keys().next().value : undefined
    if (oldest !== undefined) remembered.delete(oldest)
    remembered.set(pattern, bits)
    return bits
  }
}

/** How far a pattern was tried. Whoever needs it at the same time goes on where the other stands. */
interface Trial {
  readonly bits: Bits
  next: number
}

function* tryAll(matcher: Matcher, texts: readonly string[], trial: Trial): InSteps<Bits> {
  while (trial.next < texts.length) {
    const end = Math.min(trial.next + textsPerStep, texts.length)
    for (; trial.next < end; trial.next++) {
      if (matcher.matches(texts[trial.next] ?? '')) addBit(trial.bits, trial.next)
    }
    yield
  }
  return trial.bits
}

function single(size: number, place: number | undefined): Bits {
  const bits = emptyBits(size)
  if (place !== undefined) addBit(bits, place)
  return bits
}
