/** @module Who decided what of a request, with which words and times: in one line where it stands, and one by one below. */
import { Text, Title } from '@mantine/core'
import type { AccessRequestShown } from '../../api/contract/access-requests.js'
import { formatExact } from '../ui/format.js'
import { bySystem, durationWords, outcomeTitles } from '../ui/request-words.js'
import { Author } from './Author.js'

/** "Approved by the rule on-call-reads (On call)"; nothing while nobody has decided. */
export function DecidedBy({ request: { timeline, state } }: { request: AccessRequestShown }) {
  const title = outcomeTitles[state]
  const entry = timeline.findLast(({ what }) => what === state)
  if (title === undefined || entry === undefined || entry.by === bySystem) return null
  return (
    <Text size="sm" className="gh-break">
      {title} by <Author name={entry.by} rule={entry.rule} />
      {entry.says === '' ? '' : ` (${entry.says})`}
    </Text>
  )
}

export function Reviews({ request: { reviews, items } }: { request: AccessRequestShown }) {
  if (reviews.length === 0) return null
  const all = items.length
  const words = (count: number, done: string) =>
    count === 0 ? undefined : count === all ? `${done} all` : `${done} ${count} of ${all}`
  return (
    <section aria-label="Reviews">
      <Title order={2} mb={8}>
        Reviews
      </Title>
      <ul className="gh-happened">
        {reviews.map(({ author, rule, at, approve, deny, reason, duration, startAt }) => (
          <li key={`${author} ${at}`}>
            <Text size="sm">
              <Author name={author} rule={rule} isFirst />{' '}
              {all === 1
                ? approve.length > 0
                  ? 'approved it'
                  : 'denied it'
                : [words(approve.length, 'approved'), words(deny.length, 'denied')]
                    .filter(Boolean)
                    .join(', ')}
              {duration === undefined ? '' : `, for ${durationWords(duration)}`}
              {startAt === undefined ? '' : `, not before ${formatExact(Date.parse(startAt))}`}
            </Text>
            {reason === '' ? null : (
              <Text size="sm" c="dimmed">
                “{reason}”
              </Text>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
