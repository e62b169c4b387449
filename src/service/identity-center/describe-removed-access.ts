/**
 * @module Before a removal: who loses what where our access goes as well, and what AWS has otherwise than Gatehouse says
 * and would keep, since nobody looks after it any more. Changes nothing.
 */
import type { UninstallAnswer } from '../../api/contract/identity-center.js'
import type { LedgerEntry } from '../../core/identity-center/observation.js'
import { describeLosses } from '../../core/plan/describe-removal.js'
import { describePlan, maxEffectsTold, type DescribeInput } from '../../core/plan/describe.js'
import { unfinishedWords, type Unfinished } from './unfinished.js'

/** What these entries of the ledger are, and who loses access by their removal. */
export function describeAccess(
  input: Omit<DescribeInput, 'plan'>,
  rows: readonly LedgerEntry[],
): NonNullable<UninstallAnswer['access']> {
  const losses = describeLosses(input, rows)
  const assignments = rows.filter(({ kind }) => kind === 'assignment').length
  return {
    assignments,
    memberships: rows.length - assignments,
    people: new Set(losses.map(({ person }) => person)).size,
    losses: losses
      .slice(0, maxEffectsTold)
      .map(({ person, account, permissionSet, through }) => ({ person, account, permissionSet, through })),
    moreLosses: Math.max(0, losses.length - maxEffectsTold),
  }
}

const mostTold = 20

/** One line for each: held for a person, made by hand in AWS; and how much else is on its way. */
export function describeLeft(input: DescribeInput, unfinished: Unfinished): string[] {
  const { actions, drift } = describePlan(input)
  const left = unfinishedWords(unfinished)
  const lines = [
    ...actions
      .filter(({ holds, approvedBy }) => holds.length > 0 && approvedBy === undefined)
      .map(({ says }) => `Held, and not done: ${says}.`),
    ...drift.map(({ says }) => `Changed by hand in AWS: ${says}`),
  ]
  const more = lines.length - mostTold
  return [
    ...(left === undefined ? [] : [left]),
    ...lines.slice(0, mostTold),
    ...(more > 0 ? [`and ${more} more, which the plan lists`] : []),
  ]
}
