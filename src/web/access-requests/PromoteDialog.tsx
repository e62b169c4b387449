/** @module Promotes a request to an access list: which lists give all that is asked for, what they give beyond, why not others. */
import { Button, Group, Modal, Radio, Skeleton, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { AccessRequestShown } from '../../api/contract/access-requests.js'
import { promoteRequest, promotionsQuery, takeInRequest } from '../api/access-requests.js'
import { useConfirm } from '../api/use-confirm.js'
import { ConfirmCode } from '../components/ConfirmCode.js'
import { fromLocalInput } from '../ui/format.js'
import { ErrorState, FormError } from '../ui/States.js'
import { confirmed } from './confirmed.js'
import { MfaNote } from './MfaNote.js'

export function PromoteDialog({ request, onClose }: { request: AccessRequestShown; onClose: () => void }) {
  const lists = useQuery(promotionsQuery(request.id))
  const [list, setList] = useState<string>()
  const [ends, setEnds] = useState('')
  const [reason, setReason] = useState('')
  const expires = fromLocalInput(ends)
  const confirm = useConfirm()
  const items = lists.data?.items ?? []
  const chosen = items.find((one) => one.list === list)
  const act = chosen ? `Add ${request.user} to ${chosen.title}` : 'Choose a list'
  const promote = useMutation({
    mutationFn: () =>
      confirm.send(
        confirmed(request, { says: `${request.user} joins ${chosen?.title ?? ''}.`, act }),
        (mfaProof) =>
          promoteRequest(request.id, {
            list: list ?? '',
            reason: reason.trim(),
            ...(expires !== undefined && { expires }),
            ...(mfaProof !== undefined && { mfaProof }),
          }),
      ),
    onSuccess: (answer) => {
      if (answer === undefined) return
      takeInRequest(answer)
      onClose()
    },
  })
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Make ${request.user} a member?`}
      size="lg"
      closeOnEscape={confirm.confirming === undefined}
    >
      <Stack>
        <Text>
          In place of access for a time: {request.user} joins an access list that gives all that is asked for.
          It counts as your approval.
        </Text>
        {lists.isPending ? (
          <Skeleton h={120} role="status" aria-label="Loading access lists" />
        ) : lists.error ? (
          <ErrorState
            error={lists.error}
            what="The access lists could not be read"
            onRetry={() => void lists.refetch()}
          />
        ) : items.length === 0 ? (
          <Text c="dimmed">No access list gives all that is asked for.</Text>
        ) : (
          <Radio.Group label="Access list" value={list ?? ''} onChange={setList}>
            <Stack gap="xs" mt={6}>
              {items.map((one) => (
                <Radio
                  key={one.list}
                  value={one.list}
                  label={one.title}
                  disabled={!one.possible}
                  description={[one.says, one.beyond.length > 0 ? `Beyond it: ${some(one.beyond)}` : '']
                    .filter((text) => text !== '')
                    .join(' ')}
                />
              ))}
            </Stack>
          </Radio.Group>
        )}
        {chosen ? (
          <>
            <TextInput
              type="datetime-local"
              label="Membership ends"
              description="Never, where it is empty."
              value={ends}
              onChange={(event) => setEnds(event.currentTarget.value)}
            />
            <Textarea
              label="Reason"
              maxLength={2000}
              autosize
              minRows={2}
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
          </>
        ) : null}
        <MfaNote needsMfa={request.needsMfa} />
        <FormError error={promote.error} />
        <Group>
          <Button
            onClick={() => promote.mutate()}
            disabled={!chosen || request.needsMfa?.needs === 'unsupported'}
            loading={promote.isPending && !confirm.waits}
          >
            {act}
          </Button>
          <Button variant="default" onClick={onClose}>
            Leave it
          </Button>
        </Group>
      </Stack>
      <ConfirmCode confirming={confirm.confirming} />
    </Modal>
  )
}

const few = 8

function some(names: readonly string[]): string {
  const rest = names.length - few
  return names.slice(0, few).join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}
