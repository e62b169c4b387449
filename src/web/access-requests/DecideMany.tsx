/** @module Approves or denies one or several requests with one reason; says how far it is, and what became of each. */
import { Button, Group, List, Modal, Stack, Text, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { AccessRequestRow } from '../../api/contract/access-requests.js'
import { forgetRequests, reviewRequest } from '../api/access-requests.js'
import { useConfirm } from '../api/use-confirm.js'
import { ConfirmCode } from '../components/ConfirmCode.js'
import { maxProofSubjects } from '../../core/mfa/proof.js'
import { formatCount } from '../ui/format.js'
import { durationWords, itemsTitle } from '../ui/request-words.js'
import { explain } from '../ui/States.js'
import { confirmed } from './confirmed.js'
import { MfaNote } from './MfaNote.js'
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
  const confirm = useConfirm()
  const verb = how === 'approve' ? 'Approve' : 'Deny'
  const count = requests.length === 1 ? 'the request' : formatCount(requests.length, 'request')
  const decide = useMutation({
    // One after another: the order is the one on the page, and a stop leaves the rest undecided.
    mutationFn: async () => {
      const outcomes: Outcome[] = []
      for (const [place, request] of requests.entries()) {
        setSent(outcomes.length)
        const together = togetherOf(requests.slice(place), request)
        const words = {
          says: `You ${how} ${together.length === 1 ? 'the request' : formatCount(together.length, 'request')}.`,
          act: `${verb} ${together.length === 1 ? 'the request' : formatCount(together.length, 'request')}`,
        }
        const answer = await confirm
          .send({ ...confirmed(request, words), together }, (mfaProof) =>
            reviewRequest(request.id, {
              all: how,
              reason: reason.trim(),
              ...(mfaProof !== undefined && { mfaProof }),
            }),
          )
          .catch((error: unknown) => ({ refused: explain(error) }))
        if (answer === undefined && outcomes.length === 0) return undefined
        if (answer === undefined) {
          const left = requests.slice(place)
          outcomes.push(
            ...left.map((one) => ({ request: one, answer: { refused: 'You did not confirm it.' } })),
          )
          break
        }
        outcomes.push({ request, answer })
      }
      return outcomes
    },
    onSuccess: (outcomes) => {
      if (outcomes === undefined) return
      forgetRequests()
      onDone(outcomes)
    },
  })
  const asks = asksOf(requests)
  const mayNot = how === 'deny' && reason.trim() === ''
  return (
    <Modal
      opened
      onClose={onClose}
      title={`${verb} ${count}?`}
      closeOnEscape={confirm.confirming === undefined}
    >
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
        <MfaNote needsMfa={asks} />
        {decide.isPending && !confirm.waits && requests.length > 1 ? (
          <Text size="sm" c="dimmed" role="status">
            {sent.toLocaleString('en')} of {requests.length.toLocaleString('en')} decided
          </Text>
        ) : null}
        <Group>
          <Button
            {...(how === 'deny' && { color: 'red' })}
            disabled={mayNot || asks?.needs === 'unsupported'}
            loading={decide.isPending && !confirm.waits}
            onClick={() => decide.mutate()}
          >
            {verb} {count}
          </Button>
          <Button variant="default" onClick={onClose} disabled={decide.isPending && !confirm.waits}>
            Leave {requests.length === 1 ? 'it' : 'them'}
          </Button>
        </Group>
      </Stack>
      <ConfirmCode confirming={confirm.confirming} />
    </Modal>
  )
}

/** Ids that the same code is for: all that are left, of those of which it is known that they need one. */
function togetherOf(left: readonly AccessRequestRow[], first: AccessRequestRow): string[] {
  const isKnown = first.needsMfa !== undefined
  return left
    .filter(({ needsMfa }) => !isKnown || needsMfa?.needs === first.needsMfa?.needs)
    .slice(0, maxProofSubjects)
    .map(({ id }) => id)
}

/** Where only some of them cannot be decided on here, those are refused one by one. */
function asksOf(requests: readonly AccessRequestRow[]): AccessRequestRow['needsMfa'] {
  const needs = requests.flatMap(({ needsMfa }) => needsMfa ?? [])
  const possible = needs.find((one) => one.needs !== 'unsupported')
  return possible ?? (needs.length === requests.length ? needs[0] : undefined)
}
