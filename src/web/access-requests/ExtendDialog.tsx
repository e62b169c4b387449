/** @module Asks to go on with access that is there: a request of its own, decided like the first; nothing is cut meanwhile. */
import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import type { AccessRequestShown } from '../../api/contract/access-requests.js'
import { extendCheckQuery, extendRequest, forgetRequests } from '../api/access-requests.js'
import { pagePaths } from '../path-builder.js'
import { formatExact } from '../ui/format.js'
import { durationMs, durationWords } from '../ui/request-words.js'
import { FormError } from '../ui/States.js'
import { DurationChips } from './DurationChips.js'
import { ReviewersLine } from './ReviewersLine.js'

/** Asked for first; what is allowed comes with the answer. */
const firstDuration = '1h'

export function ExtendDialog({ request, onClose }: { request: AccessRequestShown; onClose: () => void }) {
  const goTo = useNavigate()
  const [duration, setDuration] = useState(
    (durationMs(request.duration) ?? 0) < 3_600_000 ? request.duration : firstDuration,
  )
  const [reason, setReason] = useState('')
  const check = useQuery(extendCheckQuery(request.id, duration))
  const extend = useMutation({
    mutationFn: () => extendRequest(request.id, { duration, reason: reason.trim() }),
    onSuccess: (answer) => {
      forgetRequests()
      onClose()
      if (answer.request.id !== undefined) void goTo(pagePaths.accessRequest(answer.request.id))
    },
  })
  const needsReason = check.data?.reasonRequired ?? false
  const until = Date.parse(request.endsAt ?? '') + (durationMs(duration) ?? 0)
  return (
    <Modal opened onClose={onClose} title="Extend the access?">
      <Stack>
        <Text>
          It is decided like the first request. What you have stays until it ends, and goes on without a gap
          if this is approved before
          {request.endsAt === undefined ? '' : ` ${formatExact(Date.parse(request.endsAt))}`}.
        </Text>
        <DurationChips
          durations={check.data?.durations ?? [duration]}
          value={duration}
          loading={check.isPending}
          onChange={setDuration}
        />
        {Number.isNaN(until) ? null : (
          <Text size="sm" c="dimmed">
            Then it ends {formatExact(until)}.
          </Text>
        )}
        <Textarea
          label="Reason"
          required={needsReason}
          maxLength={2000}
          autosize
          minRows={2}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {check.data ? <ReviewersLine reviewers={check.data.reviewers} /> : null}
        {check.data?.notes.map((note) => (
          <Text key={note} size="sm">
            {note}
          </Text>
        ))}
        <FormError error={extend.error ?? check.error} />
        <Group>
          <Button
            onClick={() => extend.mutate()}
            loading={extend.isPending}
            disabled={check.isError || (needsReason && reason.trim() === '')}
          >
            Ask for {durationWords(duration)} more
          </Button>
          <Button variant="default" onClick={onClose}>
            Leave it
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
