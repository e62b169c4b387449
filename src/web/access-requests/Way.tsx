/** @module The way of a request as a picture: asked, decided, begins, ends, with what happened below it. */
import { Text } from '@mantine/core'
import type { AccessRequestShown } from '../../api/contract/access-requests.js'
import { formatExact } from '../ui/format.js'
import { RelativeTime } from '../ui/RelativeTime.js'
import { entryWords, stopsOf } from '../ui/request-words.js'
import { Author } from './Author.js'

const stateSays = { passed: 'passed', now: 'now here', ahead: 'still to come', failed: 'ended here' } as const

export function Way({ request }: { request: AccessRequestShown }) {
  return (
    <ol className="gh-way" aria-label="The way of this request">
      {stopsOf(request).map(({ title, at, state }) => (
        <li key={title} data-state={state}>
          <span className="gh-way-dot" aria-hidden="true" />
          <Text size="sm" fw={state === 'now' ? 600 : 500}>
            {title}
            <span className="gh-hidden">, {stateSays[state]}</span>
          </Text>
          <Text size="xs" c="dimmed">
            {at === undefined ? '' : formatExact(Date.parse(at))}
          </Text>
        </li>
      ))}
    </ol>
  )
}

export function Happened({ request }: { request: AccessRequestShown }) {
  return (
    <ol className="gh-happened" aria-label="What happened">
      {request.timeline.map((entry, at) => (
        <li key={at}>
          <Text size="sm">
            <EntryWords entry={entry} />
            {entry.says === '' ? '' : `: ${entry.says}`}
          </Text>
          <Text size="xs" c="dimmed">
            <RelativeTime at={entry.at} />
          </Text>
        </li>
      ))}
    </ol>
  )
}

function EntryWords({ entry }: { entry: AccessRequestShown['timeline'][number] }) {
  const { by, rule, what } = entry
  if (rule === undefined) return <>{entryWords(entry)}</>
  if (what !== 'reviewed') {
    return (
      <>
        {entryWords(entry)} by <Author name={by} rule={rule} />
      </>
    )
  }
  return (
    <>
      <Author name={by} rule={rule} isFirst /> decided
    </>
  )
}
