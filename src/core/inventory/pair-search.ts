/**
 * @module Finds pairs by words without writing their names out: 750,000 names would take longer to make than to
 * search. A word occurs in `<permission set>-on-<account>-<account id>` within the name of the set, within what
 * follows it, or across the border between the two; each case is decided for sets and for accounts apart.
 */
import { addBits, allBits, bitsWhere, countBits, emptyBits, hasBit, keepBits, type Bits } from '../bits.js'
import { indexInventory } from './inventory-index.js'
import type { Account, Inventory } from './inventory.js'

/** Which pairs have all words in their names. */
export interface PairSearch {
  /** Places of the accounts that go with the permission set at this place. A new set of bits, the caller's own. */
  readonly accountsOf: (set: number) => Bits
  /** Places of the permission sets that go with the account at this place. A new set of bits, the caller's own. */
  readonly setsOf: (account: number) => Bits
}

/** Sets and accounts that have the word only together. */
interface Block {
  readonly sets: Bits
  readonly accounts: Bits
}

/**
 * Words are separated by white space; upper and lower case are the same; no word at all finds everything. `factsOf` is
 * what is searched of an account beside its name.
 */
export function searchPairs(
  inventory: Inventory,
  search: string | undefined,
  factsOf?: (account: Account) => string,
): PairSearch {
  const { accounts, permissionSets } = indexInventory(inventory)
  const words = splitWords(search)
  const setTexts = words.length === 0 ? [] : permissionSets.map(({ name }) => name.toLowerCase())
  const accountTexts = words.length === 0 ? [] : accounts.map(({ name, id }) => `${name}-${id}`.toLowerCase())
  const facts =
    words.length === 0 || factsOf === undefined ? [] : accounts.map((one) => factsOf(one).toLowerCase())
  const everySet = allBits(permissionSets.length)
  const found = words.map((word) => [
    ...findWord(word, setTexts, accountTexts),
    ...(facts.length === 0
      ? []
      : [{ sets: everySet, accounts: bitsOf(facts, (text) => text.includes(word)) }]),
  ])
  return {
    accountsOf: (set) => intersect(accounts.length, set, found, 'sets', 'accounts'),
    setsOf: (account) => intersect(permissionSets.length, account, found, 'accounts', 'sets'),
  }
}

/** The words of a search in lower case, none twice. */
export function splitWords(search: string | undefined): string[] {
  return [...new Set((search ?? '').toLowerCase().split(/\s+/))].filter((word) => word !== '')
}

/** How many pairs a search finds. */
export function countPairs(inventory: Inventory, search: PairSearch): number {
  const { permissionSets } = indexInventory(inventory)
  return permissionSets.reduce((sum, _, set) => sum + countBits(search.accountsOf(set)), 0)
}

type Side = keyof Block

function intersect(size: number, at: number, words: readonly Block[][], from: Side, to: Side): Bits {
  const all = allBits(size)
  for (const blocks of words) {
    const word = emptyBits(size)
    for (const block of blocks) if (hasBit(block[from], at)) addBits(word, block[to])
    keepBits(all, word)
  }
  return all
}

const border = '-on-'

function findWord(word: string, sets: readonly string[], accounts: readonly string[]): Block[] {
  const everySet = allBits(sets.length)
  const everyAccount = allBits(accounts.length)
  const blocks: Block[] = [
    { sets: bitsOf(sets, (text) => text.includes(word)), accounts: everyAccount },
    // Within `-on-<account>-<account id>`, wherever in it the word begins.
    { sets: everySet, accounts: bitsOf(accounts, (text) => `${border}${text}`.includes(word)) },
  ]
  // Across the border: a first part ends the name of the set, and the rest begins what follows it.
  for (let length = word.indexOf('-'); length >= 0; length = word.indexOf('-', length + 1)) {
    const rest = word.slice(length)
    if (length === 0 || !(rest.startsWith(border) || border.startsWith(rest))) continue
    blocks.push({
      sets: bitsOf(sets, (text) => text.endsWith(word.slice(0, length))),
      accounts: bitsOf(accounts, (text) => `${border}${text}`.startsWith(rest)),
    })
  }
  return blocks
}

function bitsOf(texts: readonly string[], holds: (text: string) => boolean): Bits {
  return bitsWhere(texts.length, (at) => holds(texts[at] ?? ''))
}
