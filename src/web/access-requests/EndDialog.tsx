/** @module Ends a request: what that takes away stands before the button that does it. */
import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { AccessRequestShown } from '../../api/contract/access-requests.js'
import { endRequest, takeInRequest, type EndOf } from '../api/access-requests.js'
import { useConfirm } from '../api/use-confirm.js'
import { ConfirmCode } from '../components/ConfirmCode.js'
import { formatCount } from '../ui/format.js'
import { itemsTitle } from '../ui/request-words.js'
import { FormError } from '../ui/States.js'
import { confirmed } from './confirmed.js'
import { MfaNote } from './MfaNote.js'

interface EndDialogProps {
  request: AccessRequestShown
  how: EndOf
  onClose: () => void
}

export function EndDialog({ request, how, onClose }: EndDialogProps) {
  const [reason, setReason] = useState('')
  const confirm = useConfirm()
  const { title, says, button } = words(request, how)
  const end = useMutation({
    mutationFn: () => {
      const change = (mfaProof?: string) =>
        endRequest(request.id, how, { reason: reason.trim(), ...(mfaProof !== undefined && { mfaProof }) })
      return how === 'revoke' ? confirm.send(confirmed(request, { says, act: button }), change) : change()
    },
    onSuccess: (answer) => {
      if (answer === undefined) return
      takeInRequest(answer)
      onClose()
    },
  })
  const asks = how === 'revoke' ? request.needsMfa : undefined
  return (
    <Modal opened onClose={onClose} title={title} closeOnEscape={confirm.confirming === undefined}>
      <Stack>
        <Text>{says}</Text>
        <MfaNote needsMfa={asks} />
        <Textarea
          label="Reason"
          description="Optional; it stands in the request and in the audit log."
          maxLength={2000}
          autosize
          minRows={2}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <FormError error={end.error} />
        <Group>
          <Button
            {...(how !== 'cancel' && { color: 'red' })}
            onClick={() => end.mutate()}
            disabled={asks?.needs === 'unsupported'}
            loading={end.isPending && !confirm.waits}
          >
            {button}
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

function words({ items, user, active }: AccessRequestShown, how: EndOf) {
  const what = itemsTitle(items)
  const count = formatCount(items.filter(({ state }) => state === 'approved').length, 'item')
  switch (how) {
    case 'cancel':
      return {
        title: 'Cancel the request?',
        says: `Nobody decides on ${what} any more. You can ask again.`,
        button: 'Cancel the request',
      }
    case 'release':
      return {
        title: 'Give the access back?',
        says: `You lose ${what} at once, in AWS too, with every extension of it. What your roles and access lists give you stays. AWS sessions that are open now may go on until they end by themselves.`,
        button: `Give back ${count}`,
      }
    case 'revoke':
      return {
        title: `Revoke the request of ${user}?`,
        says: active
          ? `${user} loses ${what} at once, in AWS too. AWS sessions that are open now may go on until they end by themselves.`
          : `${user} does not get ${what}. Nobody decides on it any more.`,
        button: active ? `Revoke ${count}` : 'Revoke the request',
      }
  }
}
