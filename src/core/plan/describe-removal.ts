/**
 * @module Who loses what where entries of the ledger are taken from AWS, in words: told before anybody agrees to it.
 * Whoever keeps the same access by another way loses nothing.
 */
import { principalKey, type LedgerEntry } from '../identity-center/observation.js'
import { describeEffect, planNames, type DescribedEffect, type DescribeInput } from './describe.js'
import { findEffects } from './effects.js'
import type { Action } from './plan.js'

/** Losses by these entries alone, by person and pair; access as it was last read. */
export function describeLosses(
  input: Omit<DescribeInput, 'plan'>,
  rows: readonly LedgerEntry[],
): DescribedEffect[] {
  const names = planNames(input)
  const effectInput = {
    observation: input.observation,
    userId: () => undefined,
    // Entries know groups by their id alone.
    groupId: (id: string) => id,
    wanted: () => ({ members: new Set<string>(), pairs: new Set<string>() }),
  }
  return findEffects(effectInput, rows.map(toAction))
    .effects.filter(({ change }) => change === 'loses')
    .map((effect) => describeEffect(effect, false, names))
}

function toAction({ kind, principal, target }: LedgerEntry): Action {
  const base = { key: `${kind}/${principal}/${target}`, priority: 'normal', after: [], because: '' } as const
  const of = principal.startsWith(principalKey('user', '')) ? 'user' : 'group'
  const awsId = principal.slice(principalKey(of, '').length)
  if (kind === 'membership') {
    const members = [{ by: 'id', awsUserId: target, name: target }] as const
    return { ...base, kind: 'members.remove', list: awsId, awsId, members }
  }
  const whose = { kind: of, name: undefined, awsId } as const
  return { ...base, kind: 'assignment.delete', principal: whose, pair: target, cause: 'unwanted' }
}
