/** @module The items of a request: how far each is decided, what of it is in AWS now, and the way in. */
import { Badge, Button, Checkbox, Text } from '@mantine/core'
import type { RequestItemShown } from '../../api/contract/access-requests.js'
import { BreakableName } from '../ui/BreakableName.js'
import { inAwsBadge, itemStateWords, tallyWords, titleOf } from '../ui/request-words.js'

interface RequestItemsProps {
  items: readonly RequestItemShown[]
  /** Whether the request itself waits; else nothing of it does. */
  waits: boolean
  /** Whether it gives nothing any more. */
  isOver?: boolean
  /** What whoever reviews has ticked; without it there is nothing to tick. */
  ticked?: ReadonlySet<string>
  onTick?: (id: string) => void
}

export function RequestItems({ items, waits, isOver = false, ticked, onTick }: RequestItemsProps) {
  return (
    <ul className="gh-panel gh-picks" aria-label="What is asked for">
      {items.map((item) => {
        const { title, more } = titleOf(item)
        const state = itemStateWords[item.state]
        const aws = item.inAws && inAwsBadge(item.inAws, isOver)
        return (
          <li key={item.id} className="gh-pick">
            {ticked && item.mayReview ? (
              <Checkbox checked={ticked.has(item.id)} onChange={() => onTick?.(item.id)} aria-label={title} />
            ) : null}
            <div className="gh-pick-box">
              <Text size="sm" fw={500}>
                <BreakableName value={title} />
              </Text>
              <Text size="xs" c="dimmed" className="gh-break">
                {more}
              </Text>
            </div>
            <div className="gh-pick-says">
              <div className="gh-badges">
                {waits || item.state !== 'pending' ? (
                  <Badge color={state.color} className="gh-label">
                    {state.text}
                  </Badge>
                ) : (
                  <Badge color="gray">not decided</Badge>
                )}
                {aws && !waits ? (
                  <Badge color={aws.color} className="gh-label">
                    {aws.text}
                  </Badge>
                ) : null}
              </div>
              <Text size="xs" c="dimmed">
                {[
                  tallyWords(item),
                  item.alreadyHas === undefined ? undefined : `already there ${item.alreadyHas}`,
                  waits ? undefined : item.inAws?.says,
                  ticked && !item.mayReview ? item.whyNot : undefined,
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </Text>
            </div>
            {item.portalUrl === undefined ? null : (
              <Button
                component="a"
                href={item.portalUrl}
                target="_blank"
                rel="noreferrer"
                size="compact-sm"
                variant="default"
                aria-label={`Open ${title} in AWS`}
              >
                Open in AWS
              </Button>
            )}
          </li>
        )
      })}
    </ul>
  )
}
