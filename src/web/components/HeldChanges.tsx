/** @module Changes of a directory that took away too much at once: what it wants, why it waits, and what a person says to it. */
import { Badge, Button, Group, List, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { HeldChangeItem } from '../../api/contract.js'
import { decideHeld, heldChangesQuery, type HeldDecision } from '../api/directories.js'
import { Dialog } from '../ui/Dialog.js'
import { RelativeTime } from '../ui/RelativeTime.js'
import { ErrorState, FormError } from '../ui/States.js'

interface HeldChangesProps {
  connector: string
  mayUpdate: boolean
}

interface Deciding {
  readonly decision: HeldDecision
  readonly changes: readonly HeldChangeItem[]
}

/** Nothing where nothing waits and nothing was decided. */
export function HeldChanges({ connector, mayUpdate }: HeldChangesProps) {
  const held = useQuery(heldChangesQuery(connector))
  const [deciding, setDeciding] = useState<Deciding>()
  if (held.isPending) return <Skeleton h={60} role="status" aria-label="Loading held changes" />
  if (!held.data) {
    return (
      <ErrorState
        error={held.error}
        what="Held changes could not be read"
        onRetry={() => void held.refetch()}
      />
    )
  }
  if (held.data.length === 0) return null
  const waiting = held.data.filter(({ state }) => state === 'waiting')
  const decide = (decision: HeldDecision, changes: readonly HeldChangeItem[]) =>
    setDeciding({ decision, changes })
  return (
    <section aria-label="Held changes">
      <Group justify="space-between" mb="xs">
        <Group gap="xs">
          <Title order={3}>Held changes</Title>
          {waiting.length > 0 ? <Badge color="amber">{waiting.length} waiting</Badge> : null}
        </Group>
        {mayUpdate && waiting.length > 1 ? (
          <Group gap="xs">
            <Button variant="default" size="xs" onClick={() => decide('release', waiting)}>
              Release all {waiting.length} …
            </Button>
            <Button variant="default" size="xs" onClick={() => decide('refuse', waiting)}>
              Refuse all {waiting.length} …
            </Button>
          </Group>
        ) : null}
      </Group>
      <Text c="dimmed" mb="xs" maw="72ch">
        A directory that takes away very much within an hour may be broken, or in the wrong hands. Nothing of
        these is done until somebody decides.
        {mayUpdate ? null : ' None of your roles lets you decide.'}
      </Text>
      <ul className="gh-panel gh-rows" aria-label="Held changes">
        {held.data.map((change) => (
          <li key={change.key}>
            <Facts change={change} />
            {mayUpdate ? (
              <Group gap="xs">
                {change.state === 'released' ? null : (
                  <Button
                    variant="default"
                    size="xs"
                    onClick={() => decide('release', [change])}
                    aria-label={`Release: ${change.what}`}
                  >
                    Release …
                  </Button>
                )}
                {change.state === 'refused' ? null : (
                  <Button
                    variant="default"
                    size="xs"
                    onClick={() => decide('refuse', [change])}
                    aria-label={`Refuse: ${change.what}`}
                  >
                    Refuse …
                  </Button>
                )}
              </Group>
            ) : null}
          </li>
        ))}
      </ul>
      {deciding ? (
        <Decide connector={connector} {...deciding} onClose={() => setDeciding(undefined)} />
      ) : null}
    </section>
  )
}

const states = {
  waiting: { text: 'waits', color: 'amber' },
  released: { text: 'released', color: 'green' },
  refused: { text: 'refused', color: 'red' },
} as const

function Facts({ change }: { change: HeldChangeItem }) {
  const { state, what, says, lastAt, tries, decidedBy, decidedAt } = change
  return (
    <div>
      <Text span fw={600}>
        {what}
      </Text>
      <Badge color={states[state].color} ml={6}>
        {states[state].text}
      </Badge>
      <Text size="sm">{says}</Text>
      <Text size="xs" c="dimmed">
        {tries === 1 ? 'tried once, ' : `tried ${tries} times, last `}
        <RelativeTime at={lastAt} />
        {decidedBy !== undefined && decidedAt !== undefined ? (
          <>
            {` · ${states[state].text} by ${decidedBy} `}
            <RelativeTime at={decidedAt} />
          </>
        ) : null}
      </Text>
    </div>
  )
}

const shownChanges = 10

function Decide({
  connector,
  decision,
  changes,
  onClose,
}: Deciding & { connector: string; onClose: () => void }) {
  const client = useQueryClient()
  const keys = changes.map(({ key }) => key)
  const decide = useMutation({
    mutationFn: () => decideHeld(connector, decision, keys),
    onSuccess: (items) => {
      client.setQueryData(heldChangesQuery(connector).queryKey, items)
      onClose()
    },
    // One that waits no more is to go from the page.
    onError: () => client.invalidateQueries({ queryKey: heldChangesQuery(connector).queryKey }),
  })
  const what = changes.length === 1 ? 'this change' : `${changes.length} changes`
  const word = decision === 'release' ? 'Release' : 'Refuse'
  return (
    <Dialog onClose={onClose} title={`${word} ${what}?`}>
      <Stack>
        <List spacing={4}>
          {changes.slice(0, shownChanges).map(({ key, what: says }) => (
            <List.Item key={key}>{says}</List.Item>
          ))}
          {changes.length > shownChanges ? (
            <List.Item>and {changes.length - shownChanges} more</List.Item>
          ) : null}
        </List>
        <Text>
          {decision === 'release'
            ? 'It is made when the directory tries the very same again, usually within minutes, and counts no more. Whoever is deactivated or deleted loses sessions and access, in AWS too.'
            : 'The directory is told so each time it tries. Nothing changes here; you can release it later.'}
        </Text>
        <FormError error={decide.error} />
        <Group>
          <Button
            {...(decision === 'release' && { color: 'red' })}
            onClick={() => decide.mutate()}
            loading={decide.isPending}
          >
            {word} {what}
          </Button>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
