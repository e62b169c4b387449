/**
 * @module What a review changes in Identity Center, by account: of each permission set who has it no more and who gets
 * it. Of lists that do not exist for whoever reads it nothing is told; the sentences say that there is more.
 */
import type { z } from 'zod'
import type { accountEffect } from '../../../api/contract/list-reviews.js'
import type { Gaining } from '../../../core/entitlement/gaining.js'
import type { Leaving } from '../../../core/entitlement/leaving.js'
import { splitPairKey, type GrantReason, type PairKey } from '../../../core/identity-center/observation.js'
import type { PlanNames } from '../../../core/plan/describe.js'

type AccountEffect = z.infer<typeof accountEffect>

/** People named of one permission set in one account, and accounts. */
const maxPeople = 100
const maxAccounts = 200

export function sayByAccount(
  leaving: Leaving,
  gaining: readonly Gaining[],
  names: PlanNames,
  sees: (list: string) => boolean,
): AccountEffect[] {
  const pairs = new Map<PairKey, { readonly lose: string[]; readonly gain: string[] }>()
  const of = (pair: PairKey) => {
    const known = pairs.get(pair) ?? { lose: [], gain: [] }
    pairs.set(pair, known)
    return known
  }
  for (const { name, loses } of leaving.people) {
    for (const { pair, lists } of loses) if (lists.some(sees)) of(pair).lose.push(name)
  }
  for (const { name, gains } of gaining) {
    for (const { pair, reasons } of gains)
      if (reasons.some((one) => isSeen(one, sees))) of(pair).gain.push(name)
  }
  const accounts = new Map<string, AccountEffect['permissionSets']>()
  for (const [pair, { lose, gain }] of pairs) {
    const { accountId, permissionSetArn } = splitPairKey(pair)
    const sets = accounts.get(accountId) ?? []
    sets.push({
      permissionSet: names.permissionSet(permissionSetArn),
      lose: lose.slice(0, maxPeople),
      loseCount: lose.length,
      gain: gain.slice(0, maxPeople),
      gainCount: gain.length,
    })
    accounts.set(accountId, sets)
  }
  return [...accounts]
    .map(([accountId, permissionSets]) => ({
      account: names.account(accountId),
      accountId,
      permissionSets: permissionSets.sort((a, b) => (a.permissionSet < b.permissionSet ? -1 : 1)),
    }))
    .sort((a, b) => (a.account < b.account ? -1 : 1))
    .slice(0, maxAccounts)
}

function isSeen(reason: GrantReason, sees: (list: string) => boolean): boolean {
  switch (reason.kind) {
    case 'list':
    case 'list_member':
    case 'list_owner':
      return sees(reason.list)
    case 'role':
    case 'request':
    case 'found':
      return true
  }
}
