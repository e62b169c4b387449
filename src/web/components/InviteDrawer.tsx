/** @module Invites a person: name, roles and traits in, one-time link out. */
import { Button, Drawer, Group, MultiSelect, Stack, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import type { InviteRequest, LinkIssuedAnswer } from '../../api/contract.js'
import { sendJson } from '../api/client.js'
import { rolesQuery, usersQuery } from '../api/queries.js'
import { parseTraits } from '../forms/parse-traits.js'
import { apiPaths } from '../path-builder.js'
import { FormError } from '../ui/States.js'
import { IssuedLink } from './IssuedLink.js'

interface InviteDrawerProps {
  opened: boolean
  /** Whom the page came from already knows. */
  name?: string | undefined
  onClose: () => void
}

export function InviteDrawer({ opened, name, onClose }: InviteDrawerProps) {
  return (
    <Drawer opened={opened} onClose={onClose} title="Invite a person" position="right" size="md">
      <InviteForm first={name ?? ''} onClose={onClose} />
    </Drawer>
  )
}

function InviteForm({ first, onClose }: { first: string; onClose: () => void }) {
  const [name, setName] = useState(first)
  const [roles, setRoles] = useState<string[]>([])
  const [traitText, setTraitText] = useState('')
  const known = useQuery(rolesQuery)
  const client = useQueryClient()
  const invite = useMutation({
    mutationFn: (request: InviteRequest) => sendJson<LinkIssuedAnswer>('POST', apiPaths.newUsers(), request),
    onSuccess: () => client.invalidateQueries({ queryKey: usersQuery.queryKey }),
  })
  const traits = parseTraits(traitText)
  function submit(event: SubmitEvent): void {
    event.preventDefault()
    if (!traits.ok) return
    const given = Object.keys(traits.traits).length > 0 ? { traits: traits.traits } : {}
    invite.mutate({ name: name.trim(), roles, ...given })
  }
  if (invite.data) {
    return (
      <Stack>
        <IssuedLink link={invite.data} />
        <Group>
          <Button onClick={onClose}>Close</Button>
          <Button variant="default" onClick={() => invite.reset()}>
            Invite another person
          </Button>
        </Group>
      </Stack>
    )
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          data-autofocus
          label="User name"
          description="For AWS it must equal the userName in IAM Identity Center, often the mail address."
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          required
          withAsterisk={false}
          maxLength={128}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
        />
        <MultiSelect
          label="Roles"
          description="Roles decide what the person may open. None is possible; it opens nothing."
          data={known.data?.map((role) => role.name) ?? []}
          value={roles}
          onChange={setRoles}
          searchable
          clearable
          hidePickedOptions
          nothingFoundMessage={known.error ? 'The roles could not be read.' : 'No such role.'}
          clearButtonProps={{ 'aria-label': 'Remove all roles' }}
        />
        <Textarea
          label="Traits (optional)"
          description="One a line: team: platform, security"
          value={traitText}
          onChange={(event) => setTraitText(event.currentTarget.value)}
          error={traits.ok ? undefined : traits.problem}
          autosize
          minRows={2}
          maxRows={8}
        />
        <FormError error={invite.error} />
        <Group>
          <Button type="submit" loading={invite.isPending} disabled={name.trim() === '' || !traits.ok}>
            Create user and link
          </Button>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
