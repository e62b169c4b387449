/** @module The end and the reason of one membership. */
import { Button, Group, Stack, Text, TextInput, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { putMember, type MemberItem } from '../api/access-lists.js'
import { forgetResources } from '../api/resources.js'
import { fromLocalInput, localZone, pastProblem, toLocalInput } from '../ui/format.js'
import { Dialog } from '../ui/Dialog.js'
import { FormError } from '../ui/States.js'

interface EditMemberProps {
  list: string
  member: MemberItem
  onClose: () => void
  /** With what was done. */
  onDone: (says: string) => void
}

export function EditMember({ list, member, onClose, onDone }: EditMemberProps) {
  const { kind, name } = member
  const [ends, setEnds] = useState(toLocalInput(member.expiresAt))
  const [reason, setReason] = useState(member.reason)
  const expiresAt = fromLocalInput(ends)
  // An end that has come and was not touched is no mistake of theirs.
  const past = ends === toLocalInput(member.expiresAt) ? undefined : pastProblem(ends)
  const save = useMutation({
    mutationFn: () => putMember(list, { kind, name, reason: reason.trim(), expiresAt: expiresAt ?? null }),
    onSuccess: ({ action }) => {
      onDone(action === 'none' ? `Nothing changed for ${name}.` : `Saved the membership of ${name}.`)
      void forgetResources()
    },
  })
  return (
    <Dialog onClose={onClose} title={`Membership of ${name}`}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (past === undefined) save.mutate()
        }}
      >
        <Stack>
          <Group gap="xs" align="flex-end">
            <TextInput
              type="datetime-local"
              label={`Ends (${localZone()})`}
              value={ends}
              onChange={(event) => setEnds(event.currentTarget.value)}
              error={past}
              style={{ flex: '1 1 220px' }}
            />
            <Button variant="default" onClick={() => setEnds('')} disabled={ends === ''}>
              No end
            </Button>
          </Group>
          <Textarea
            label="Reason"
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            maxLength={1000}
            autosize
            minRows={2}
          />
          <Text c="dimmed" size="sm">
            {expiresAt === undefined
              ? 'The membership lasts until somebody ends it.'
              : 'At its end what the list gives goes by itself, here and in AWS.'}
          </Text>
          <FormError error={save.error} />
          <Group>
            <Button type="submit" loading={save.isPending} disabled={past !== undefined}>
              Save the membership
            </Button>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
