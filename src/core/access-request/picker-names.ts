/**
 * @module Which account assignments a pattern of role names covers, as blocks of accounts and permission sets. A pattern
 * is not tried on the 750,000 names: it is followed through the names of the permission sets, and from each place
 * where these leave it through what the accounts add. What only RE2 understands is tried on every name, in small steps.
 * Each pattern is tried once as long as the inventory is the same. Every name counts, former ones and the reference
 * too (T25).
 */
import { addBit, addBits, bitsWhere, emptyBits, type Bits } from '../bits.js'
import { assignmentRoleRef } from '../inventory/assignment-role.js'
import { indexInventory } from '../inventory/inventory-index.js'
import type { Account, Inventory } from '../inventory/inventory.js'
import type { Matcher } from '../matcher.js'
import type { InSteps } from '../role/pattern-places.js'
import type { Block } from '../role/reach.js'
import { buildAutomaton, deadState, type Automaton } from './picker-automaton.js'

/** Bits and blocks must not be changed: they are shared. */
export type NamePlaces = (pattern: Matcher) => InSteps<readonly Block[]>

/** Patterns are remembered up to so many blocks together: some megabytes at 1,000 accounts and 750 permission sets. */
const maxBlocks = 20_000
/** How many texts are tried in one step: well below a millisecond for all but the largest patterns. */
const textsPerStep = 64

const known = new WeakMap<Inventory, NamePlaces>()

export function namePlaces(inventory: Inventory): NamePlaces {
  let places = known.get(inventory)
  if (places === undefined) known.set(inventory, (places = createPlaces(inventory)))
  return places
}

/** A trial under way; whoever needs the pattern at the same time goes on where the other stands. */
interface Trial {
  readonly work: InSteps<readonly Block[] | undefined>
  result: readonly Block[] | undefined
}

function createPlaces(inventory: Inventory): NamePlaces {
  const texts = listTexts(inventory)
  const remembered = new Map<string, readonly Block[]>()
  const started = new Map<string, Trial>()
  let blocks = 0

  function remember(pattern: string, result: readonly Block[]): void {
    // In the order of their last use, so that those of roles long gone are forgotten first.
    if (!remembered.delete(pattern)) blocks += sizeOf(result)
    remembered.set(pattern, result)
    for (const [oldest, its] of remembered) {
      if (blocks <= maxBlocks || oldest === pattern) return
      remembered.delete(oldest)
      blocks -= sizeOf(its)
    }
  }

  return function* place(matcher) {
    // A literal may have stars, where a claim names a role.
    const pattern = `${matcher.kind} ${matcher.pattern}`
    let result = remembered.get(pattern)
    if (result === undefined) {
      const trial = started.get(pattern) ?? { work: tryPattern(matcher, texts), result: undefined }
      started.set(pattern, trial)
      for (result = trial.result; result === undefined; result = trial.result) {
        const step = trial.work.next()
        if (step.done !== true) {
          yield
          continue
        }
        started.delete(pattern)
        // Work that failed once answers nothing ever after.
        if (step.value === undefined) throw new Error('a pattern of role names could not be tried')
        trial.result = step.value
      }
    }
    remember(pattern, result)
    return result
  }
}

/** A pattern that covers nothing takes room, too. */
function sizeOf(blocks: readonly Block[]): number {
  return blocks.length + 1
}

/** The names of account assignment roles, in parts; by the places of the inventory's index. */
interface Texts {
  readonly setNames: readonly string[]
  /** For each account what follows the name of the permission set, by its name and by former ones. */
  readonly nameEnds: readonly (readonly string[])[]
  /** For each account what stands before the ARN in a reference. */
  readonly refStarts: readonly string[]
  readonly arns: readonly string[]
}

function listTexts(inventory: Inventory): Texts {
  const { accounts, permissionSets } = indexInventory(inventory)
  return {
    setNames: permissionSets.map(({ name }) => name),
    nameEnds: accounts.map(nameEndsOf),
    refStarts: accounts.map(({ id }) => assignmentRoleRef(id, '')),
    arns: permissionSets.map(({ arn }) => arn),
  }
}

function nameEndsOf({ id, name, formerNames }: Account): string[] {
  return [name, ...formerNames].map((one) => `-on-${one}-${id}`)
}

function* tryPattern(matcher: Matcher, texts: Texts): InSteps<readonly Block[]> {
  const automaton = buildAutomaton(matcher)
  const blocks = automaton === undefined ? undefined : yield* follow(automaton, texts)
  return blocks ?? (yield* tryEach(matcher, texts))
}

/** Undefined where the automaton grew too large on the way. */
function* follow(automaton: Automaton, texts: Texts): InSteps<readonly Block[] | undefined> {
  const { setNames, nameEnds, refStarts, arns } = texts
  const found: Block[] = []
  const afterSets = yield* statesAfter(automaton, setNames)
  const afterRefs = yield* statesAfter(automaton, refStarts)
  if (afterSets === undefined || afterRefs === undefined) return undefined
  for (const [state, sets] of afterSets) {
    const accounts = yield* acceptedFrom(automaton, state, nameEnds)
    if (accounts === undefined) return undefined
    found.push({ accounts, sets })
  }
  const ofArns = arns.map((arn) => [arn])
  for (const [state, accounts] of afterRefs) {
    const sets = yield* acceptedFrom(automaton, state, ofArns)
    if (sets === undefined) return undefined
    found.push({ accounts, sets })
  }
  return joinBlocks(found)
}

/** Texts by the state in which they leave the automaton, without those that lead nowhere. */
function* statesAfter(
  { start, run }: Automaton,
  texts: readonly string[],
): InSteps<ReadonlyMap<number, Bits> | undefined> {
  const byState = new Map<number, Bits>()
  for (const [place, text] of texts.entries()) {
    if (place % textsPerStep === textsPerStep - 1) yield
    const state = run(start, text)
    if (state === undefined) return undefined
    if (state === deadState) continue
    let bits = byState.get(state)
    if (bits === undefined) byState.set(state, (bits = emptyBits(texts.length)))
    addBit(bits, place)
  }
  return byState
}

/** The places with a text that the automaton accepts from this state on. */
function* acceptedFrom(
  { run, accepts }: Automaton,
  state: number,
  texts: readonly (readonly string[])[],
): InSteps<Bits | undefined> {
  const accepted = emptyBits(texts.length)
  for (const [place, some] of texts.entries()) {
    if (place % textsPerStep === textsPerStep - 1) yield
    for (const text of some) {
      const end = run(state, text)
      if (end === undefined) return undefined
      if (accepts(end)) addBit(accepted, place)
    }
  }
  return accepted
}

function* tryEach({ matches }: Matcher, texts: Texts): InSteps<readonly Block[]> {
  const { setNames, nameEnds, refStarts, arns } = texts
  const found: Block[] = []
  for (const [account, ends] of nameEnds.entries()) {
    const sets = emptyBits(setNames.length)
    const refStart = refStarts[account] ?? ''
    for (const [set, name] of setNames.entries()) {
      if (set % textsPerStep === textsPerStep - 1) yield
      if (ends.some((end) => matches(name + end)) || matches(refStart + (arns[set] ?? ''))) addBit(sets, set)
    }
    found.push({ accounts: bitsWhere(nameEnds.length, (at) => at === account), sets })
    yield
  }
  return joinBlocks(found)
}

/** Accounts with the same permission sets, then permission sets with the same accounts, together; none empty. */
function joinBlocks(blocks: readonly Block[]): readonly Block[] {
  const bySets = join(blocks, 'sets', 'accounts')
  return join(bySets, 'accounts', 'sets')
}

function join(blocks: readonly Block[], same: keyof Block, joined: keyof Block): Block[] {
  const groups = new Map<string, Block>()
  for (const block of blocks) {
    if (isEmpty(block.accounts) || isEmpty(block.sets)) continue
    const key = block[same].join()
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { accounts: block.accounts.slice(), sets: block.sets.slice() })
    else addBits(group[joined], block[joined])
  }
  return [...groups.values()]
}

function isEmpty(bits: Bits): boolean {
  return bits.every((word) => word === 0)
}
