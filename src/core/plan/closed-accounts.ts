/**
 * @module Accounts in which nothing can be changed, although the filters let them in: those that AWS does not call active,
 * and the management account for a delegated administrator. Says which and why; what is left alone is left alone by the
 * inventory that the planner is given. Never decides about access.
 */
import { splitPairKey, type LedgerEntry, type ObservedAccount } from '../identity-center/observation.js'
import { compareTexts } from './keys.js'

export interface ClosedAccountsInput {
  readonly accounts: readonly Pick<ObservedAccount, 'id' | 'name' | 'status'>[]
  readonly ledger: readonly Pick<LedgerEntry, 'kind' | 'target'>[]
  /** Of the management account, where only its own administrators may change it; see `outOfReach`. */
  readonly outOfReach: string | undefined
}

/** The management account where the calls come from a delegated administrator account: AWS refuses every change there. */
export function outOfReach(reading: {
  readonly managementAccountId?: string | undefined
  readonly mayAskByPrincipal: boolean
}): string | undefined {
  return reading.mayAskByPrincipal ? undefined : reading.managementAccountId
}

/** One sentence for each of them, by id. */
export function describeClosedAccounts({ accounts, ledger, outOfReach }: ClosedAccountsInput): string[] {
  const ours = new Map<string, number>()
  for (const { kind, target } of ledger) {
    if (kind !== 'assignment') continue
    const { accountId } = splitPairKey(target)
    ours.set(accountId, (ours.get(accountId) ?? 0) + 1)
  }
  return [...accounts]
    .sort((a, b) => compareTexts(a.id, b.id))
    .flatMap(({ id, name, status }) => {
      const count = ours.get(id) ?? 0
      const kept = count === 0 ? '' : ` What we gave there (${count}) stays as it is.`
      if (status !== 'ACTIVE') {
        const words = status.toLowerCase().replaceAll('_', ' ')
        return `The account ${name} (${id}) is ${words}: nothing is given or taken away there until it is active again.${kept}`
      }
      if (id !== outOfReach) return []
      return `The account ${name} (${id}) is the management account, which a delegated administrator cannot change: nothing is given or taken away there.${kept}`
    })
}
