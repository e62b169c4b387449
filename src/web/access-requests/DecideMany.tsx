/** @module Approves or denies one or several requests with one reason; says how far it is, and what became of each. */
import { Button, Group, List, Modal, Stack, Text, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { AccessRequestRow } from '../../api/contract/access-requests.js'
import { forgetRequests, reviewRequest } from '../api/access-requests.js'
import { formatCount } from '../ui/format.js'
import { durationWords, itemsTitle } from '../ui/request-words.js'
import { explain } from '../ui/States.js'
import type { Outcome } from './Outcomes.js'

export type Decided = 'approve' | 'deny'

interface DecideManyProps {
  how: Decided
  requests: readonly AccessRequestRow[]
  onClose: () => void
  onDone: (outcomes: readonly Outcome[]) => void
}

export function DecideMany({ how, requests, onClose, onDone }: DecideManyProps) {
  const [reason, setReason] = useState('')
  const [sent, setSent] = useState(0)
  const decide = useMutation({
    // One after another: the order is the one on the page, and a stop leaves the rest undecided.
    mutationFn: async () => {
      const outcomes: Outcome[] = []
      for (const request of requests) {
        setSent(outcomes.length)
        const answer = await reviewRequest(request.id, { all: how, reason: reason.trim() }).catch(
          (error: unknown) => ({ refused: explain(error) }),
        )
        outcomes.push({ request, answer })
      }
      return outcomes
    },
    onSuccess: (outcomes) => {
      forgetRequests()
      onDone(outcomes)
    },
  })
  const verb = how === 'approve' ? 'Approve' : 'Deny'
  const count = requests.length === 1 ? 'the request' : formatCount(requests.length, 'request')
  const mayNot = how === 'deny' && reason.trim() === ''
  return (
    <Modal opened onClose={onClose} title={`${verb} ${count}?`}>
      <Stack>
        <List size="sm" className="gh-decide-list">
          {requests.map((request) => (
            <List.Item key={request.id}>
              {request.user}: {itemsTitle(request.items, request.itemCount)},{' '}
              {durationWords(request.duration)}
            </List.Item>
          ))}
        </List>
        <Textarea
          label={how === 'deny' ? 'Reason' : 'Note'}
          description={how === 'deny' ? 'Whoever asked sees it.' : 'Optional; whoever asked sees it.'}
          required={how === 'deny'}
          data-autofocus
          maxLength={2000}
          autosize
          minRows={2}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {decide.isPending && requests.length > 1 ? (
          <Text size="sm" c="dimmed" role="status">
            {sent.toLocaleString('en')} of {requests.length.toLocaleString('en')} decided
          </Text>
        ) : null}
        <Group>
          <Button
            {...(how === 'deny' && { color: 'red' })}
            disabled={mayNot}
            loading={decide.isPending}
            onClick={() => decide.mutate()}
          >
            {verb} {count}
          </Button>
          <Button variant="default" onClick={onClose} disabled={decide.isPending}>
            Leave {requests.length === 1 ? 'it' : 'them'}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
