/** @module Decides on a request: everything is ticked for approval at first; some may be left out, shortened, moved, denied. */
import { Button, Checkbox, Group, NativeSelect, Stack, Text, Textarea, TextInput, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { AccessRequestShown } from '../../api/contract/access-requests.js'
import { forgetRequests, reviewRequest, takeInRequest } from '../api/access-requests.js'
import { isProblem } from '../api/client.js'
import { useConfirm } from '../api/use-confirm.js'
import { ConfirmCode } from '../components/ConfirmCode.js'
import { formatCount, fromLocalInput, startUpper, toLocalInput } from '../ui/format.js'
import { durationWords, shorterThan } from '../ui/request-words.js'
import { FormError } from '../ui/States.js'
import { confirmed } from './confirmed.js'
import { MfaNote } from './MfaNote.js'
import { RequestItems } from './RequestItems.js'

interface ReviewFormProps {
  request: AccessRequestShown
  /** Whether somebody else was faster, after each try. */
  onOvertaken: (overtaken: boolean) => void
}

export function ReviewForm({ request, onOvertaken }: ReviewFormProps) {
  const mine = request.items.filter(({ mayReview }) => mayReview).map(({ id }) => id)
  // What was unticked stays so when the request is read again; what others decided meanwhile falls away.
  const [unticked, setUnticked] = useState<ReadonlySet<string>>(new Set())
  const [deniesOthers, setDeniesOthers] = useState(false)
  const [duration, setDuration] = useState(request.duration)
  const [start, setStart] = useState('')
  const [reason, setReason] = useState('')
  const [missing, setMissing] = useState(false)
  const ticked = mine.filter((id) => !unticked.has(id))
  const others = mine.filter((id) => unticked.has(id))
  const deniedWith = deniesOthers ? others : []
  const startAt = fromLocalInput(start)
  const confirm = useConfirm()
  const asked = request.items.flatMap(({ id, needsMfa }) =>
    needsMfa !== undefined && (ticked.includes(id) || deniedWith.includes(id)) ? [needsMfa] : [],
  )
  const cannot = asked.includes('unsupported')
  const review = useMutation({
    mutationFn: (decision: Decision) =>
      confirm.send(
        confirmed(
          { id: request.id, ...(asked.length > 0 && { needsMfa: request.needsMfa }) },
          wordsOf(decision),
        ),
        (mfaProof) =>
          reviewRequest(request.id, {
            ...decision,
            reason: reason.trim(),
            revision: request.revision,
            ...(decision.approve.length > 0 && {
              ...(duration !== request.duration && { duration }),
              ...(startAt !== undefined && { startAt }),
            }),
            ...(mfaProof !== undefined && { mfaProof }),
          }),
      ),
    onMutate: () => onOvertaken(false),
    onSuccess: (answer) => {
      if (answer !== undefined) takeInRequest(answer)
    },
    onError: (error) => {
      onOvertaken(isOvertaken(error))
      if (isOvertaken(error)) forgetRequests()
    },
  })
  const decide = (decision: Decision) => {
    const isMissing = decision.deny.length > 0 && reason.trim() === ''
    setMissing(isMissing)
    if (!isMissing) review.mutate(decision)
  }
  const of = (count: number) =>
    mine.length === 1 ? '' : count === mine.length ? ` all ${count}` : ` ${count} of ${mine.length}`
  return (
    <section aria-label="Your decision">
      <Group justify="space-between" mb={8}>
        <Title order={2}>Your decision</Title>
        {mine.length > 2 ? (
          <Button
            variant="subtle"
            size="compact-sm"
            onClick={() => setUnticked(ticked.length === mine.length ? new Set(mine) : new Set())}
          >
            {ticked.length === mine.length ? 'Untick all' : 'Tick all'}
          </Button>
        ) : null}
      </Group>
      <RequestItems
        items={request.items}
        waits
        ticked={new Set(ticked)}
        onTick={(id) =>
          setUnticked((before) => {
            const after = new Set(before)
            if (!after.delete(id)) after.add(id)
            return after
          })
        }
      />
      <Stack gap="sm" className="gh-panel gh-decide-form">
        <div className="gh-decide-fields">
          <NativeSelect
            label="For at most"
            description="Shorter than asked for, or as asked."
            value={duration}
            onChange={(event) => setDuration(event.currentTarget.value)}
            data={[...shorterThan(request.duration), request.duration].map((value) => ({
              value,
              label: value === request.duration ? `${durationWords(value)} (as asked)` : durationWords(value),
            }))}
          />
          <TextInput
            type="datetime-local"
            label="Not before"
            description={
              request.startAt === undefined ? 'At once, where it is empty.' : 'As asked, where it is empty.'
            }
            min={toLocalInput(request.startAt)}
            value={start}
            onChange={(event) => setStart(event.currentTarget.value)}
          />
        </div>
        <Textarea
          label="Note"
          description="The requester sees it. A denial needs one."
          maxLength={2000}
          autosize
          minRows={2}
          value={reason}
          error={missing ? 'Say why it is denied.' : undefined}
          onChange={(event) => {
            setReason(event.currentTarget.value)
            setMissing(false)
          }}
        />
        {others.length > 0 && ticked.length > 0 ? (
          <Checkbox
            checked={deniesOthers}
            onChange={(event) => setDeniesOthers(event.currentTarget.checked)}
            label={`With the approval, deny the ${others.length === 1 ? 'other one' : `other ${others.length}`}; else they stay undecided`}
          />
        ) : null}
      </Stack>
      <div className="gh-panel gh-decide-actions" role="group" aria-label="Decide">
        <FormError error={isOvertaken(review.error) ? null : review.error} />
        {cannot || (asked.length > 0 && request.needsMfa?.needs !== 'unsupported') ? (
          <MfaNote needsMfa={request.needsMfa} />
        ) : null}
        {ticked.length === 0 ? (
          <Text size="sm" c="dimmed" role="status">
            Tick what you decide on.
          </Text>
        ) : null}
        <Group gap="xs">
          <Button
            disabled={ticked.length === 0 || cannot}
            loading={review.isPending && !confirm.waits}
            onClick={() => decide({ approve: ticked, deny: deniedWith })}
          >
            {`Approve${of(ticked.length)}`}
          </Button>
          <Button
            color="red"
            variant="outline"
            disabled={ticked.length === 0 || cannot}
            loading={review.isPending && !confirm.waits}
            onClick={() => decide({ approve: [], deny: ticked })}
          >
            {`Deny${of(ticked.length)}`}
          </Button>
          {mine.length < request.items.length ? (
            <Text size="sm" c="dimmed">
              {formatCount(request.items.length - mine.length, 'item')} of it{' '}
              {request.items.length - mine.length === 1 ? 'is' : 'are'} not yours to decide.
            </Text>
          ) : null}
        </Group>
      </div>
      <ConfirmCode confirming={confirm.confirming} />
    </section>
  )
}

interface Decision {
  readonly approve: string[]
  readonly deny: string[]
}

/** What one is about to decide, before a code is given for it. */
function wordsOf({ approve, deny }: Decision): { says: string; act: string } {
  const sides = [
    approve.length > 0 ? `approve ${formatCount(approve.length, 'item')}` : '',
    deny.length > 0 ? `deny ${formatCount(deny.length, 'item')}` : '',
  ].filter((side) => side !== '')
  const act = sides.join(' and ')
  return { says: `You ${act} of the request.`, act: startUpper(act) }
}

/** It is not any more what was on the page. */
function isOvertaken(error: unknown): boolean {
  return isProblem(error, 'REVISION_MISMATCH') || isProblem(error, 'CONFLICT')
}
