/** @module A reset link for a user; its effect is told before it is made. */
import { Button, Group, List, Modal, Stack, Switch } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { LinkIssuedAnswer, UserItem } from '../../api/contract.js'
import { sendJson } from '../api/client.js'
import { sessionQuery, usersQuery } from '../api/queries.js'
import { apiPaths } from '../path-builder.js'
import { formatCount } from '../ui/format.js'
import { FormError } from '../ui/States.js'
import { IssuedLink } from './IssuedLink.js'

export function ResetLinkModal({ user, onClose }: { user: UserItem | undefined; onClose: () => void }) {
  const client = useQueryClient()
  // Not before: who resets themselves has no session any more, and would lose the link with the page.
  function close(): void {
    onClose()
    void client.invalidateQueries({ queryKey: usersQuery.queryKey })
  }
  return (
    <Modal opened={user !== undefined} onClose={close} title={`Reset link for ${user?.name ?? ''}`} size="lg">
      {user ? <ResetLink key={user.name} user={user} onClose={close} /> : null}
    </Modal>
  )
}

function ResetLink({ user, onClose }: { user: UserItem; onClose: () => void }) {
  const [forgetFactors, setForgetFactors] = useState(false)
  const { data: session } = useQuery(sessionQuery)
  const reset = useMutation({
    mutationFn: () =>
      sendJson<LinkIssuedAnswer>('POST', apiPaths.userResetLink(user.name), { forgetFactors }),
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
          {session?.user?.name === user.name
            ? 'This is you: all your sessions end now, this one too. Copy the link before you close it.'
            : `Signs ${user.name} out everywhere now.`}
        </List.Item>
        <List.Item>{passwordEffect(user, forgetFactors)}</List.Item>
        <List.Item>
          {forgetFactors
            ? `Roles and traits stay. ${formatCount(user.factors, 'second factor')} of ${user.name} stop working now; the link offers a new one.`
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

function passwordEffect({ hasPassword }: UserItem, forgetFactors: boolean): string {
  if (!hasPassword) return 'The user gets a way to set a password.'
  return forgetFactors
    ? 'The present password stops working now; the link sets a new one.'
    : 'The present password keeps working until the link sets a new one.'
}
