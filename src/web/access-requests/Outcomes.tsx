/** @module What became of several requests that were decided at once, one by one, until it is put away. */
import { Badge, Button, Text } from '@mantine/core'
import { Link } from 'react-router'
import type { AccessRequestAnswer, AccessRequestRow } from '../../api/contract/access-requests.js'
import { pagePaths } from '../path-builder.js'
import { formatCount } from '../ui/format.js'
import { itemsTitle, standingWords, waitsOn } from '../ui/request-words.js'

export interface Outcome {
  readonly request: AccessRequestRow
  /** What the server answered, or why it refused. */
  readonly answer: AccessRequestAnswer | { readonly refused: string }
}

export function Outcomes({ outcomes, onClose }: { outcomes: readonly Outcome[]; onClose: () => void }) {
  const refused = outcomes.filter(({ answer }) => 'refused' in answer).length
  return (
    <section className="gh-panel gh-part gh-outcomes" aria-label="Just decided">
      <div className="gh-part-head">
        <Text fw={500} role={refused > 0 ? 'alert' : 'status'}>
          {refused === 0
            ? `${formatCount(outcomes.length, 'request')} decided`
            : `${(outcomes.length - refused).toLocaleString('en')} of ${formatCount(outcomes.length, 'request')} decided, ${refused.toLocaleString('en')} could not be`}
        </Text>
        <Button variant="subtle" size="compact-sm" onClick={onClose}>
          Put away
        </Button>
      </div>
      <ul className="gh-happened" aria-label="Just decided">
        {outcomes.map(({ request, answer }) => (
          <li key={request.id}>
            <Link to={pagePaths.accessRequest(request.id)} className="gh-row-link">
              {request.user}: {itemsTitle(request.items, request.itemCount)}
            </Link>{' '}
            {'refused' in answer ? (
              <>
                <Badge color="red" className="gh-label">
                  not decided
                </Badge>
                <Text size="sm">{answer.refused}</Text>
              </>
            ) : (
              <>
                <Badge color={standingWords(answer.request).color} className="gh-label">
                  {standingWords(answer.request).text}
                </Badge>
                {waitsOn(answer) === undefined ? null : <Text size="sm">{waitsOn(answer)}</Text>}
              </>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
