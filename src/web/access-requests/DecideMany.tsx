/** @module Approves or denies one or several requests with one reason; each is told where it could not be decided. */
import { Button, Group, List, Modal, Stack, Text, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { AccessRequestRow } from '../../api/contract/access-requests.js'
import { forgetRequests, reviewRequest } from '../api/access-requests.js'
import { formatCount } from '../ui/format.js'
import { durationWords, itemsTitle } from '../ui/request-words.js'
import { explain } from '../ui/States.js'

export type Decided = 'approve' | 'deny'

interface DecideManyProps {
  how: Decided
  requests: readonly AccessRequestRow[]
  onClose: () => void
  onDone: () => void
}

interface Refused {
  readonly request: AccessRequestRow
  readonly why: string
}

export function DecideMany({ how, requests, onClose, onDone }: DecideManyProps) {
  const [reason, setReason] = useState('')
  const [refused, setRefused] = useState<readonly Refused[]>([])
  const decide = useMutation({
    // One after another: the order is the one on the page, and a stop leaves the rest undecided.
    mutationFn: async () => {
      const not: Refused[] = []
      for (const request of requests) {
        await reviewRequest(request.id, { all: how, reason: reason.trim() }).catch((error: unknown) =>
          not.push({ request, why: explain(error) }),
        )
      }
      return not
    },
    onSuccess: (not) => {
      forgetRequests()
      if (not.length === 0) onDone()
      else setRefused(not)
    },
  })
  const verb = how === 'approve' ? 'Approve' : 'Deny'
  const count = requests.length === 1 ? 'the request' : formatCount(requests.length, 'request')
  const mayNot = how === 'deny' && reason.trim() === ''
  return (
    <Modal opened onClose={onClose} title={`${verb} ${count}?`}>
      <Stack>
        {refused.length > 0 ? (
          <div role="alert">
            <Text c="red">{formatCount(refused.length, 'request')} could not be decided:</Text>
            <List size="sm">
              {refused.map(({ request, why }) => (
                <List.Item key={request.id}>
                  {request.user}, {itemsTitle(request.items, request.itemCount)}: {why}
                </List.Item>
              ))}
            </List>
          </div>
        ) : (
          <>
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
          </>
        )}
        <Group>
          {refused.length > 0 ? (
            <Button onClick={onDone}>Close</Button>
          ) : (
            <>
              <Button
                {...(how === 'deny' && { color: 'red' })}
                disabled={mayNot}
                loading={decide.isPending}
                onClick={() => decide.mutate()}
              >
                {verb} {count}
              </Button>
              <Button variant="default" onClick={onClose}>
                Leave {requests.length === 1 ? 'it' : 'them'}
              </Button>
            </>
          )}
        </Group>
      </Stack>
    </Modal>
  )
}
