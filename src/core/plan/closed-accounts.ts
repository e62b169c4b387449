/**
 * @module Where nothing can be changed, although the filters let it in: accounts that AWS does not call active, and the
 * management account for a delegated administrator or for a role without the block of the set-up script that it needs.
 * Says which and why, and what is kept or missing there because of it; what is left alone is left alone by the inventory
 * that the planner is given. Never decides about access.
 */
import type { Desired } from '../entitlement/desired.js'
import {
  principalKey,
  splitPairKey,
  type LedgerEntry,
  type Link,
  type ObservedAccount,
  type PairKey,
} from '../identity-center/observation.js'
import { countAssignments } from './diff-assignments.js'
import { compareTexts } from './keys.js'

/** The management account, and why we cannot change it. */
export interface OutOfReach {
  readonly accountId: string
  readonly because: 'delegated_administrator' | 'block_denied'
}

export interface ClosedAccountsInput {
  readonly accounts: readonly Pick<ObservedAccount, 'id' | 'name' | 'status'>[]
  readonly ledger: readonly Pick<LedgerEntry, 'kind' | 'principal' | 'target' | 'reasons'>[]
  readonly links: readonly Pick<Link, 'kind' | 'name' | 'awsId'>[]
  readonly desired: Pick<Desired, 'groups' | 'users' | 'userPairs'>
  readonly outOfReach: OutOfReach | undefined
}

export interface ClosedAccount {
  readonly id: string
  /** What is desired there and cannot be made, and what is ours there and not desired any more. */
  readonly missing: number
  readonly stuck: number
  readonly says: string
  /** Undefined where nothing can be done here. */
  readonly remedy: string | undefined
}

/**
 * The management account where AWS refuses every change there: to whoever calls from a delegated administrator account,
 * and to a role whose policy has not what it takes. `deniedBlocks` are those of the set-up script that were found refused;
 * of what could not be found out nothing is concluded.
 */
export function outOfReach(
  reading: { readonly managementAccountId?: string | undefined; readonly mayAskByPrincipal: boolean },
  deniedBlocks: readonly string[],
): OutOfReach | undefined {
  const accountId = reading.managementAccountId
  if (accountId === undefined) return undefined
  if (!reading.mayAskByPrincipal) return { accountId, because: 'delegated_administrator' }
  return deniedBlocks.includes('management_account') ? { accountId, because: 'block_denied' } : undefined
}

/** One for each of them, by id. */
export function listClosedAccounts(input: ClosedAccountsInput): ClosedAccount[] {
  const { accounts, outOfReach } = input
  const closed = accounts
    .filter(({ id, status }) => status !== 'ACTIVE' || id === outOfReach?.accountId)
    .sort((a, b) => compareTexts(a.id, b.id))
  if (closed.length === 0) return []
  const kept = countOurs(input.ledger)
  return closed.map(({ id, name, status }) => {
    const ours = kept.get(id) ?? 0
    const stays = ours === 0 ? '' : ` What we gave there (${ours}) stays as it is.`
    const account = `The account ${name} (${id})`
    if (outOfReach === undefined || status !== 'ACTIVE') {
      const words = status.toLowerCase().replaceAll('_', ' ')
      const says = `${account} is ${words}: no assignment there is made or taken away until it is active again.${stays}`
      return { id, missing: 0, stuck: 0, says, remedy: undefined }
    }
    const { missing, stuck } = compareIn(id, input)
    const why = {
      delegated_administrator: 'which a delegated administrator cannot change',
      block_denied: 'and AWS refuses our role what the block management_account of the set-up script allows',
    }[outOfReach.because]
    const says = `${account} is the management account, ${why}: no assignment there is made or taken away.${stays}${sayDifference(missing, stuck)}`
    const remedy = outOfReach.because === 'block_denied' ? blockRemedy : undefined
    return { id, missing, stuck, says, remedy }
  })
}

const blockRemedy = 'Run the set-up script with the block management_account, then test the connection again.'

function countOurs(ledger: ClosedAccountsInput['ledger']): ReadonlyMap<string, number> {
  const ours = new Map<string, number>()
  for (const { kind, target } of ledger) {
    if (kind !== 'assignment') continue
    const { accountId } = splitPairKey(target)
    ours.set(accountId, (ours.get(accountId) ?? 0) + 1)
  }
  return ours
}

/** What is desired in the account and not ours there, and the other way round. */
function compareIn(
  accountId: string,
  { ledger, links, desired }: ClosedAccountsInput,
): Pick<ClosedAccount, 'missing' | 'stuck'> {
  const isInside = (pair: PairKey): boolean => splitPairKey(pair).accountId === accountId
  const ids = new Map(links.map(({ kind, name, awsId }) => [`${kind} ${name}`, principalKey(kind, awsId)]))
  const wanted = new Set<string>()
  const want = (kind: Link['kind'], name: string, pairs: Iterable<PairKey>): void => {
    const principal = ids.get(`${kind} ${name}`) ?? `${kind} ${name}`
    for (const pair of pairs) if (isInside(pair)) wanted.add(`${principal} ${pair}`)
  }
  for (const [name, { pairs }] of desired.groups) want('group', name, pairs.keys())
  for (const [name, pairs] of desired.userPairs) {
    // A locked user keeps nothing.
    if (desired.users.get(name)?.active !== false) want('user', name, pairs.keys())
  }
  const ours = ledger.flatMap(({ kind, principal, target, reasons }) =>
    kind === 'assignment' && isInside(target) ? [{ is: `${principal} ${target}`, reasons }] : [],
  )
  const has = new Set(ours.map(({ is }) => is))
  return {
    missing: [...wanted].filter((one) => !has.has(one)).length,
    stuck: ours.filter(({ is, reasons }) => !wanted.has(is) && !reasons.some(({ kind }) => kind === 'found'))
      .length,
  }
}

function sayDifference(missing: number, stuck: number): string {
  const those = stuck === 1 ? '1 of it is' : `${stuck} of it are`
  const sticks = stuck === 0 ? '' : ` ${those} not given here any more and cannot be taken back.`
  const are = missing === 1 ? 'is' : 'are'
  const misses =
    missing === 0 ? '' : ` ${countAssignments(missing)} that ${are} wanted there ${are} not made.`
  return `${sticks}${misses}`
}
