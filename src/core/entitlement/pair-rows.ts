/**
 * @module Pairs of accounts and permission sets as rows of bits, by the places of an inventory: counted, compared and
 * subtracted without being written out, since `*` may mean 750,000 of them. Rows are never empty.
 */
import { addBits, countBits, eachBit, emptyBits, hasBit, removeBits, type Bits } from '../bits.js'
import type { Block } from '../role/reach.js'

/** For the place of each account that has any the places of its permission sets. Never changed once made. */
export type PairRows = ReadonlyMap<number, Bits>

export const noPairs: PairRows = new Map()

/** Everything that the blocks cover. `sets` is how many permission sets the inventory has. */
export function unitePairs(blocks: readonly Block[], sets: number): PairRows {
  // Roles share few patterns: what has the same accounts is put together before rows are written.
  const byAccounts = new Map<Bits, Bits>()
  for (const block of blocks) {
    const united = byAccounts.get(block.accounts)
    if (united === undefined) byAccounts.set(block.accounts, block.sets.slice())
    else addBits(united, block.sets)
  }
  const rows = new Map<number, Bits>()
  for (const [accounts, ofSets] of byAccounts) {
    if (!ofSets.some((word) => word !== 0)) continue
    eachBit(accounts, (account) => {
      let row = rows.get(account)
      if (row === undefined) rows.set(account, (row = emptyBits(sets)))
      addBits(row, ofSets)
    })
  }
  return rows
}

/** What is in `rows` and not in `taken`. */
export function withoutPairs(rows: PairRows, taken: PairRows): PairRows {
  if (taken.size === 0) return rows
  const left = new Map<number, Bits>()
  for (const [account, row] of rows) {
    const gone = taken.get(account)
    if (gone === undefined) {
      left.set(account, row)
      continue
    }
    const rest = row.slice()
    removeBits(rest, gone)
    if (rest.some((word) => word !== 0)) left.set(account, rest)
  }
  return left
}

/** Whether both have a pair in common. */
export function sharePair(rows: PairRows, other: PairRows): boolean {
  const [few, many] = rows.size < other.size ? [rows, other] : [other, rows]
  for (const [account, row] of few) {
    const there = many.get(account)
    if (there?.some((word, at) => (word & (row[at] ?? 0)) !== 0) === true) return true
  }
  return false
}

export function hasPair(rows: PairRows, account: number, set: number): boolean {
  const row = rows.get(account)
  return row !== undefined && hasBit(row, set)
}

export function countPairs(rows: PairRows): number {
  let count = 0
  for (const row of rows.values()) count += countBits(row)
  return count
}

/** Calls `see` with each pair, by account and set. */
export function eachPair(rows: PairRows, see: (account: number, set: number) => void): void {
  for (const account of [...rows.keys()].sort((a, b) => a - b)) {
    eachBit(rows.get(account) ?? emptyBits(0), (set) => {
      see(account, set)
    })
  }
}
