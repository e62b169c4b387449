/** @module How far a review is, at the foot of the window: what is decided, what is saved, and what to do with the chosen. */
import { Button, Group, Progress, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { ReviewMember } from '../../api/list-reviews.js'
import { Dialog } from '../../ui/Dialog.js'
import { formatCount } from '../../ui/format.js'
import type { DecisionTools } from './use-decisions.js'

interface DecideBarProps {
  tools: DecisionTools
  chosen: readonly ReviewMember[]
  onChosenDone: () => void
  onNext: () => void
}

export function DecideBar({ tools, chosen, onChosenDone, onNext }: DecideBarProps) {
  const [startingOver, setStartingOver] = useState(false)
  const { counts, isSaving, error } = tools
  const all = counts.kept + counts.removed + counts.open
  const decided = counts.kept + counts.removed
  const share = (count: number) => (all === 0 ? 0 : (count / all) * 100)
  const number = (count: number) => count.toLocaleString('en')
  return (
    <div className="gh-panel gh-path-panel gh-decide-bar" role="region" aria-label="Progress">
      {chosen.length > 0 ? (
        <Group gap="xs">
          <Text>{number(chosen.length)} chosen</Text>
          <Button
            size="xs"
            variant="default"
            onClick={() => {
              tools.decide(chosen, 'keep')
              onChosenDone()
            }}
          >
            Keep {number(chosen.length)}
          </Button>
          <Button
            size="xs"
            variant="default"
            onClick={() => {
              tools.decide(chosen, 'remove')
              onChosenDone()
            }}
          >
            Remove {number(chosen.length)}
          </Button>
          <Button
            size="xs"
            variant="default"
            onClick={() => {
              tools.keepAllBut(chosen)
              onChosenDone()
            }}
          >
            Keep all but {number(chosen.length)}
          </Button>
          <Button size="xs" variant="subtle" color="gray" onClick={onChosenDone}>
            Clear the choice
          </Button>
        </Group>
      ) : (
        <div className="gh-decide-progress">
          <Progress.Root size={10} aria-label="Decided">
            <Progress.Section
              value={share(counts.kept)}
              color="var(--gh-success)"
              aria-label={`${number(counts.kept)} keep`}
            />
            <Progress.Section
              value={share(counts.removed)}
              color="var(--mantine-color-error)"
              aria-label={`${number(counts.removed)} remove`}
            />
          </Progress.Root>
          <Text size="sm" role="status">
            {number(decided)} of {number(all)} decided: {number(counts.kept)} keep, {number(counts.removed)}{' '}
            remove
            <Text span size="sm" c="dimmed">
              {' · '}
              {isSaving ? 'Saving …' : error ? 'Not saved' : decided > 0 ? 'Saved' : 'Nothing yet'}
            </Text>
          </Text>
        </div>
      )}
      <Group gap="xs">
        {decided > 0 ? (
          <Button variant="subtle" color="gray" size="xs" onClick={() => setStartingOver(true)}>
            Start over …
          </Button>
        ) : null}
        <Button onClick={onNext} disabled={counts.open > 0 || isSaving}>
          {counts.open > 0 ? `${number(counts.open)} left to decide` : 'See what changes'}
        </Button>
      </Group>
      {startingOver ? (
        <Dialog onClose={() => setStartingOver(false)} title="Start the review over?">
          <Stack>
            <Text>
              {formatCount(decided, 'decision')} and the notes on them are forgotten, those of other owners
              too. Members stay as they are.
            </Text>
            <Group>
              <Button
                color="red"
                onClick={() => {
                  tools.startOver()
                  setStartingOver(false)
                }}
              >
                Forget {formatCount(decided, 'decision')}
              </Button>
              <Button variant="default" onClick={() => setStartingOver(false)}>
                Cancel
              </Button>
            </Group>
          </Stack>
        </Dialog>
      ) : null}
    </div>
  )
}
