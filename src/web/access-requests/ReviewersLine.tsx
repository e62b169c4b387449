/** @module Who may decide on a request, the suggested ones first. */
import { Text } from '@mantine/core'
import { useState } from 'react'

const few = 4

export function ReviewersLine({ reviewers }: { reviewers: readonly string[] }) {
  const [all, setAll] = useState(false)
  if (reviewers.length === 0) {
    return (
      <Text size="sm" c="red" role="status">
        Nobody can review it: no role with review_requests covers it. Ask an administrator.
      </Text>
    )
  }
  const shown = all ? reviewers : reviewers.slice(0, few)
  return (
    <Text size="sm" component="div" className="gh-break">
      <Text span size="sm" fw={500}>
        Can decide:
      </Text>{' '}
      {shown.join(', ')}
      {reviewers.length > shown.length ? (
        <>
          {' '}
          <button type="button" className="gh-link-button" onClick={() => setAll(true)}>
            and {reviewers.length - shown.length} more
          </button>
        </>
      ) : null}
    </Text>
  )
}
