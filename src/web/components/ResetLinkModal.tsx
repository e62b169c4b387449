/** @module A reset link for a user; its effect is told before it is made. */
import { Button, Group, List, Modal, Stack } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { LinkIssuedAnswer, UserItem } from '../../api/contract.js'
import { sendJson } from '../api/client.js'
import { apiPaths } from '../path-builder.js'
import { FormError } from '../ui/States.js'
import { IssuedLink } from './IssuedLink.js'

export function ResetLinkModal({ user, onClose }: { user: UserItem | undefined; onClose: () => void }) {
  return (
    <Modal opened={user !== undefined} onClose={onClose} title={`Reset link for ${user?.name ?? ''}`} size="lg">
      {user ? <ResetLink key={user.name} user={user} onClose={onClose} /> : null}
    </Modal>
  )
}

function ResetLink({ user, onClose }: { user: UserItem; onClose: () => void }) {
  const reset = useMutation({
    mutationFn: () => sendJson<LinkIssuedAnswer>('POST', apiPaths.userResetLink(user.name)),
  })
  if (reset.data) {
    return (
      <Stack>
        <IssuedLink link={reset.data} />
        <Group>
          <Button onClick={onClose}>Close</Button>
        </Group>
      </Stack>
    )
  }
  return (
    <Stack gap="md">
      <List spacing={4}>
        <List.Item>
          {user.hasPassword
            ? 'The present password keeps working until the link is used.'
            : 'The user gets a way to set the first password.'}
        </List.Item>
        <List.Item>Using the link sets a new password and ends the sessions of {user.name}.</List.Item>
        <List.Item>Roles, traits and second factors stay as they are.</List.Item>
        <List.Item>Links made before for this user stop working now.</List.Item>
      </List>
      <FormError error={reset.error} />
      <Group>
        <Button onClick={() => reset.mutate()} loading={reset.isPending}>
          Create reset link
        </Button>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
      </Group>
    </Stack>
  )
}
