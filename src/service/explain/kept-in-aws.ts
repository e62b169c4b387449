/**
 * @module What the ledger says of one person's direct assignment: given for a time by a request, or found at import and
 * kept. No role says anything of either. Only what is in AWS now is told.
 */
import { pairKey, principalKey, type GrantReason } from '../../core/identity-center/observation.js'
import type { Pair } from '../../core/inventory/pair.js'
import type { Reason } from '../../core/role/decision.js'
import { formatInstant, type Instant } from '../../core/time.js'
import type { StoreTransaction } from '../../store/store.js'
import { locksOnRequest } from '../access-requests/locked.js'
import type { CatalogView } from '../resources/catalog-view.js'

export async function keptInAws(
  store: Pick<StoreTransaction, 'principalLinks' | 'ledger' | 'accessRequests'>,
  catalog: CatalogView,
  user: string,
  { account, permissionSet }: Pair,
  now: Instant,
): Promise<Reason[]> {
  const target = pairKey(account.id, permissionSet.arn)
  const reasons: Reason[] = []
  for (const name of catalog.parsed('plugin').keys()) {
    const link = await store.principalLinks.find(name, 'user', user)
    if (link === undefined) continue
    const entries = await store.ledger.listOf(name, principalKey('user', link.awsId))
    const entry = entries.find((one) => one.kind === 'assignment' && one.target === target)
    for (const reason of entry?.reasons ?? []) {
      if (reason.kind === 'request' && (await isLocked(store, catalog, reason.request, now))) continue
      const says = tell(reason, now)
      if (says !== undefined) reasons.push({ rule: 'identity_center', effect: 'allow', says })
    }
  }
  return reasons
}

/** What a locked request gave is on its way out. */
async function isLocked(
  store: Pick<StoreTransaction, 'accessRequests'>,
  catalog: CatalogView,
  id: string,
  now: Instant,
): Promise<boolean> {
  const request = await store.accessRequests.find(id)
  return request !== undefined && (await locksOnRequest(store, catalog, request, now)).length > 0
}

/** Undefined for what roles and lists say by themselves. */
function tell(reason: GrantReason, now: Instant): string | undefined {
  switch (reason.kind) {
    case 'found':
      return 'AWS assigns it directly, kept as found at import: it stays until a person releases it.'
    case 'request':
      if (reason.until <= now) return undefined
      return `The request ${reason.request} gives it until ${formatInstant(reason.until)}.`
    case 'role':
    case 'list':
    case 'list_member':
    case 'list_owner':
      return undefined
  }
}
