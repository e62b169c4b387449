/** @module How a request stands, in a badge: a word with its colour. */
import { Badge } from '@mantine/core'
import type { AccessRequestRow } from '../../api/contract/access-requests.js'
import { standingWords } from '../ui/request-words.js'

export function StateBadge({ request }: { request: Pick<AccessRequestRow, 'state' | 'active'> }) {
  const { text, color } = standingWords(request)
  return (
    <Badge color={color} className="gh-label">
      {text}
    </Badge>
  )
}
