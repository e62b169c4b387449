/**
 * @module Which of our access in AWS would end by itself, or should have ended and is there still: nobody would end it
 * once the plugin is gone, so it is taken away first (T26). What import or adoption found is never among it.
 */
import type { Desired, MemberRef } from '../../core/entitlement/desired.js'
import type { GrantReason, LedgerEntry, Link } from '../../core/identity-center/observation.js'
import type { CurrentPlan } from './sync-port.js'

/** Whether an assignment is there for requests alone, which have ends of their own. */
export function isOfRequests({ kind, reasons }: LedgerEntry): boolean {
  return kind === 'assignment' && reasons.length > 0 && reasons.every((reason) => reason.kind === 'request')
}

/** Rows of the ledger that time ends, of the plan as of now. */
export function endingRows(
  ledger: readonly LedgerEntry[],
  links: readonly Link[],
  current: Pick<CurrentPlan, 'desired' | 'lasting'>,
): LedgerEntry[] {
  const { desired } = current
  const lasting = current.lasting?.() ?? desired
  const names = new Map(links.map(({ kind, awsId, name }) => [`${kind}/${awsId}`, name]))
  const membersOf = memoize(lasting, links)
  const membersNow = memoize(desired, links)
  const ends = (row: LedgerEntry): boolean => {
    if (isOfRequests(row)) return true
    const name = names.get(row.principal)
    if (name === undefined || row.reasons.some(({ kind }) => kind === 'found')) return false
    if (row.kind === 'membership') {
      const user = names.get(`user/${row.target}`)
      const hasEnded = user !== undefined && desired.groups.get(name)?.ended.has(user) === true
      return (
        (hasEnded || membersNow(name).has(row.target)) &&
        lasting.groups.has(name) &&
        !membersOf(name).has(row.target)
      )
    }
    if (!row.principal.startsWith('user/') || !lasting.users.has(name)) return false
    const isWanted = desired.userPairs.get(name)?.has(row.target) === true
    const isOver = row.reasons.every((reason) => hasEnded(desired, name, reason))
    return (isWanted || isOver) && lasting.userPairs.get(name)?.has(row.target) !== true
  }
  return ledger.filter(ends)
}

function hasEnded({ groups, endedOwners }: Desired, user: string, reason: GrantReason): boolean {
  if (reason.kind === 'request') return true
  if (reason.kind === 'list_member') return groups.get(reason.list)?.ended.has(user) === true
  return reason.kind === 'list_owner' && endedOwners?.get(reason.list)?.has(user) === true
}

/** Ids of the members of each list, as far as they are bound. */
function memoize({ groups }: Desired, links: readonly Link[]): (list: string) => ReadonlySet<string> {
  const ids = new Map(links.flatMap(({ kind, name, awsId }) => (kind === 'user' ? [[name, awsId]] : [])))
  const idOf = (ref: MemberRef): string | undefined =>
    ref.by === 'id' ? ref.awsUserId : (ids.get(ref.name) ?? ref.awsUserId)
  const known = new Map<string, ReadonlySet<string>>()
  return (list) => {
    const of = known.get(list) ?? new Set(groups.get(list)?.members.flatMap((ref) => idOf(ref) ?? []))
    known.set(list, of)
    return of
  }
}
