/**
 * @module What a change of AWS means for what we keep: the observation, the links and the ledger. Written in the one
 * transaction that also writes the outcome, then taken over by the holder's memory.
 */
import type { LedgerEntry, Link, PrincipalKey, PrincipalKind } from '../core/identity-center/observation.js'
import type { Instant } from '../core/time.js'
import type { StoreTransaction } from '../store/store.js'
import { writeSeen, type SeenWrite } from './seen.js'

export interface Effect {
  readonly seen?: readonly SeenWrite[]
  readonly putLinks?: readonly Link[]
  readonly deleteLinks?: readonly { readonly kind: PrincipalKind; readonly name: string }[]
  readonly putLedger?: readonly LedgerEntry[]
  readonly deleteLedger?: readonly Pick<LedgerEntry, 'kind' | 'principal' | 'target'>[]
  /** All rows of these principals. */
  readonly deleteLedgerOf?: readonly PrincipalKey[]
}

export async function writeEffect(
  tx: StoreTransaction,
  plugin: string,
  effect: Effect,
  now: Instant,
): Promise<void> {
  if (effect.seen !== undefined) await writeSeen(tx.observations, plugin, effect.seen, now)
  for (const { kind, name } of effect.deleteLinks ?? []) await tx.principalLinks.delete(plugin, kind, name)
  for (const link of effect.putLinks ?? []) await tx.principalLinks.put(plugin, link)
  for (const principal of effect.deleteLedgerOf ?? []) await tx.ledger.deleteOf(plugin, principal)
  if ((effect.deleteLedger?.length ?? 0) > 0) await tx.ledger.delete(plugin, effect.deleteLedger ?? [])
  if ((effect.putLedger?.length ?? 0) > 0) await tx.ledger.put(plugin, effect.putLedger ?? [])
}

/** Links of one cycle, by kind and name: earlier actions of a plan bring the ids that later ones need. */
export class LinkBook {
  readonly #links = new Map<string, Link>()

  constructor(links: readonly Link[]) {
    this.apply({ putLinks: links })
  }

  id(kind: PrincipalKind, name: string): string | undefined {
    return this.#links.get(`${kind}/${name}`)?.awsId
  }

  apply({ putLinks = [], deleteLinks = [] }: Effect): void {
    for (const { kind, name } of deleteLinks) this.#links.delete(`${kind}/${name}`)
    for (const link of putLinks) this.#links.set(`${link.kind}/${link.name}`, link)
  }
}

/** The ledger of one cycle, by what a row is about. */
export class LedgerBook {
  readonly #rows = new Map<string, LedgerEntry>()

  constructor(rows: readonly LedgerEntry[]) {
    this.apply({ putLedger: rows })
  }

  find(row: Pick<LedgerEntry, 'kind' | 'principal' | 'target'>): LedgerEntry | undefined {
    return this.#rows.get(keyOf(row))
  }

  /** With the instant and the origin of the row that it takes the place of: what import found is made again as that. */
  renewed(row: LedgerEntry): LedgerEntry {
    const before = this.find(row)
    if (before === undefined) return row
    const isOfGroup = row.principal.startsWith('group/')
    const found = isOfGroup ? before.reasons.filter(({ kind }) => kind === 'found') : []
    const reasons = row.reasons.filter(({ kind }) => kind !== 'found' || found.length === 0)
    return { ...row, reasons: [...reasons, ...found], since: before.since }
  }

  rowsOf(principal: PrincipalKey): LedgerEntry[] {
    return [...this.#rows.values()].filter((row) => row.principal === principal)
  }

  /** Of one user, by the id in Identity Center. */
  membershipsOf(userId: string): LedgerEntry[] {
    return [...this.#rows.values()].filter(({ kind, target }) => kind === 'membership' && target === userId)
  }

  pairsOf(principal: PrincipalKey): string[] {
    return this.rowsOf(principal).flatMap(({ kind, target }) => (kind === 'assignment' ? [target] : []))
  }

  apply({ putLedger = [], deleteLedger = [], deleteLedgerOf = [] }: Effect): void {
    for (const row of deleteLedger) this.#rows.delete(keyOf(row))
    for (const principal of deleteLedgerOf) {
      for (const row of this.rowsOf(principal)) this.#rows.delete(keyOf(row))
    }
    for (const row of putLedger) this.#rows.set(keyOf(row), row)
  }
}

function keyOf({ kind, principal, target }: Pick<LedgerEntry, 'kind' | 'principal' | 'target'>): string {
  return `${kind}|${principal}|${target}`
}
