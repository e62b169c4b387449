/** @module A decision on one request, as the dialog that asks for a second factor tells it. */
import type { AccessRequestShown } from '../../api/contract/access-requests.js'
import type { Confirmed } from '../api/use-confirm.js'

export function confirmed(
  { id, needsMfa }: Pick<AccessRequestShown, 'id' | 'needsMfa'>,
  words: Pick<Confirmed, 'says' | 'act'>,
): Confirmed {
  const asks = needsMfa === undefined || needsMfa.needs === 'unsupported' ? undefined : needsMfa
  return {
    purpose: 'review_requests',
    subject: id,
    together: [id],
    because: asks?.because,
    needs: asks && asks.needs !== 'unsupported' ? asks.needs : undefined,
    ...words,
  }
}
