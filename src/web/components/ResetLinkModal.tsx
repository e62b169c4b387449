/** @module A reset link for a user; its effect is told before it is made. */
import { Button, Group, List, Modal, Stack, Switch } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { LinkIssuedAnswer, UserItem } from '../../api/contract.js'
import { sendJson } from '../api/client.js'
import { usersQuery } from '../api/queries.js'
import { apiPaths } from '../path-builder.js'
import { formatCount } from '../ui/format.js'
import { FormError } from '../ui/States.js'
import { IssuedLink } from './IssuedLink.js'

export function ResetLinkModal({ user, onClose }: { user: UserItem | undefined; onClose: () => void }) {
  return (
    <Modal
      opened={user !== undefined}
      onClose={onClose}
      title={`Reset link for ${user?.name ?? ''}`}
      size="lg"
    >
      {user ? <ResetLink key={user.name} user={user} onClose={onClose} /> : null}
    </Modal>
  )
}

function ResetLink({ user, onClose }: { user: UserItem; onClose: () => void }) {
  const [forgetFactors, setForgetFactors] = useState(false)
  const client = useQueryClient()
  const reset = useMutation({
    mutationFn: () =>
      sendJson<LinkIssuedAnswer>('POST', apiPaths.userResetLink(user.name), { forgetFactors }),
    onSuccess: () => client.invalidateQueries({ queryKey: usersQuery.queryKey }),
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
        <List.Item>
          {forgetFactors
            ? `Roles and traits stay. ${formatCount(user.factors, 'second factor')} of ${user.name} stop working now; a new one is offered with the password.`
            : 'Roles, traits and second factors stay as they are.'}
        </List.Item>
        <List.Item>Links made before for this user stop working now.</List.Item>
      </List>
      {user.factors > 0 ? (
        <Switch
          label="Also forget the second factors"
          description="For a lost phone. Make sure first that it is really this person who asks."
          checked={forgetFactors}
          onChange={(event) => setForgetFactors(event.currentTarget.checked)}
        />
      ) : null}
      <FormError error={reset.error} />
      <Group>
        <Button onClick={() => reset.mutate()} loading={reset.isPending}>
          {forgetFactors ? 'Forget factors and create link' : 'Create reset link'}
        </Button>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
      </Group>
    </Stack>
  )
}
