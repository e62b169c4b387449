/** @module A decision on one request, as the dialog that asks for a code tells it. */
import type { AccessRequestShown } from '../../api/contract/access-requests.js'
import type { Confirmed } from '../api/use-confirm.js'

export function confirmed(
  { id, needsMfa }: Pick<AccessRequestShown, 'id' | 'needsMfa'>,
  words: Pick<Confirmed, 'says' | 'act'>,
): Confirmed {
  const because = needsMfa?.needs === 'code' ? needsMfa.because : undefined
  return { purpose: 'review_requests', subject: id, together: [id], because, ...words }
}
