/** @module The directory of a connector: where it pushes users and groups to, by which tokens, how much it did, and what waits. */
import { Badge, Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { AddDirectoryTokenAnswer, DirectoryTokenItem } from '../../api/contract.js'
import { deleteDirectoryToken, directoryTokensQuery } from '../api/directories.js'
import { CopyText } from '../ui/CopyText.js'
import { Dialog } from '../ui/Dialog.js'
import { RelativeTime } from '../ui/RelativeTime.js'
import { EmptyState, ErrorState, FormError } from '../ui/States.js'
import { HeldChanges } from './HeldChanges.js'
import { DirectorySecret, NewDirectoryToken } from './NewDirectoryToken.js'

const maxTokens = 5
const soonMs = 14 * 86_400_000

interface DirectoryCardProps {
  connector: string
  mayUpdate: boolean
}

export function DirectoryCard({ connector, mayUpdate }: DirectoryCardProps) {
  const tokens = useQuery(directoryTokensQuery(connector))
  return (
    <Stack component="section" aria-label="Directory (SCIM)" gap="sm" mt="xl">
      <div>
        <Title order={2}>Directory (SCIM)</Title>
        <Text c="dimmed" maw="72ch">
          The provider can push its users and groups here, so that they are in AWS before they sign in and
          gone when they leave.
        </Text>
      </div>
      {tokens.isPending ? (
        <Skeleton h={180} role="status" aria-label="Loading the directory" />
      ) : !tokens.data ? (
        <ErrorState
          error={tokens.error}
          what="The directory could not be read"
          onRetry={() => void tokens.refetch()}
        />
      ) : (
        <>
          <HeldChanges connector={connector} mayUpdate={mayUpdate} />
          <div className="gh-panel gh-part">
            <Group gap="xl" align="flex-start">
              <div style={{ minWidth: 0 }}>
                <Text size="sm" c="dimmed">
                  Base URL for the provider
                </Text>
                <CopyText value={tokens.data.baseUrl} name="base URL" />
              </div>
              <div>
                <Text size="sm" c="dimmed">
                  Pushed and here now
                </Text>
                <Text size="sm">
                  {count(tokens.data.pushed.users, 'user')}, {count(tokens.data.pushed.groups, 'group')}
                </Text>
              </div>
            </Group>
          </div>
          <Tokens connector={connector} items={tokens.data.items} mayUpdate={mayUpdate} />
        </>
      )}
    </Stack>
  )
}

const count = (of: number, what: string): string =>
  `${of.toLocaleString('en')} ${of === 1 ? what : `${what}s`}`

interface TokensProps extends DirectoryCardProps {
  items: readonly DirectoryTokenItem[]
}

function Tokens({ connector, items, mayUpdate }: TokensProps) {
  const [adding, setAdding] = useState(false)
  const [made, setMade] = useState<AddDirectoryTokenAnswer>()
  const [removing, setRemoving] = useState<DirectoryTokenItem>()
  const full = items.length >= maxTokens
  const add = mayUpdate ? (
    <Button
      variant="default"
      size="xs"
      onClick={() => setAdding(true)}
      disabled={full}
      title={full ? `There are ${maxTokens} already: remove one that is not used` : undefined}
    >
      Add token …
    </Button>
  ) : null
  return (
    <>
      {items.length === 0 ? (
        <EmptyState title="No SCIM token yet" action={add}>
          The provider pushes nothing without one.
          {mayUpdate
            ? ' Add a token, and give it to the provider with the base URL.'
            : ' None of your roles lets you add one.'}
        </EmptyState>
      ) : (
        <>
          <Group justify="space-between">
            <Title order={3}>Tokens</Title>
            {add}
          </Group>
          <ul className="gh-panel gh-rows" aria-label="SCIM tokens">
            {items.map((token) => (
              <li key={token.id}>
                <Facts token={token} />
                {mayUpdate ? (
                  <Button
                    variant="default"
                    size="xs"
                    onClick={() => setRemoving(token)}
                    aria-label={`Remove token ${nameOf(token)}`}
                  >
                    Remove …
                  </Button>
                ) : null}
              </li>
            ))}
          </ul>
        </>
      )}
      {adding ? (
        <NewDirectoryToken
          connector={connector}
          onClose={() => setAdding(false)}
          onMade={(answer) => {
            setAdding(false)
            setMade(answer)
          }}
        />
      ) : null}
      {made ? <DirectorySecret made={made} onClose={() => setMade(undefined)} /> : null}
      {removing ? (
        <RemoveToken
          connector={connector}
          token={removing}
          isLast={items.filter(({ expired }) => !expired).every(({ id }) => id === removing.id)}
          onClose={() => setRemoving(undefined)}
        />
      ) : null}
    </>
  )
}

/** Labels are free text, and may be missing or alike. */
const nameOf = ({ label, id }: DirectoryTokenItem): string => (label === '' ? id.slice(0, 8) : label)

function Facts({ token }: { token: DirectoryTokenItem }) {
  const { createdAt, createdBy, expiresAt, expired, lastUsedAt, lastUsedFrom } = token
  const soon = !expired && Date.parse(expiresAt) - Date.now() < soonMs
  return (
    <div>
      <Text span fw={600}>
        {nameOf(token)}
      </Text>
      {expired ? (
        <Badge color="red" ml={6}>
          expired
        </Badge>
      ) : null}
      {soon ? (
        <Badge color="amber" ml={6}>
          expires soon
        </Badge>
      ) : null}
      <Text size="xs" c="dimmed">
        made <RelativeTime at={createdAt} /> by {createdBy} · {expired ? 'expired ' : 'expires '}
        <RelativeTime at={expiresAt} />
        {' · '}
        {lastUsedAt ? (
          <>
            last used <RelativeTime at={lastUsedAt} />
            {lastUsedFrom ? ` from ${lastUsedFrom}` : null}
          </>
        ) : (
          'never used'
        )}
      </Text>
    </div>
  )
}

interface RemoveTokenProps {
  connector: string
  token: DirectoryTokenItem
  /** No other token is good for anything. */
  isLast: boolean
  onClose: () => void
}

function RemoveToken({ connector, token, isLast, onClose }: RemoveTokenProps) {
  const client = useQueryClient()
  const remove = useMutation({
    mutationFn: () => deleteDirectoryToken(connector, token.id),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['directory', connector] })
      onClose()
    },
  })
  return (
    <Dialog onClose={onClose} title={`Remove token ${nameOf(token)}?`}>
      <Stack>
        <Text>
          It is worth nothing at once: whoever pushes with it is refused.{' '}
          {isLast
            ? 'It is the last one that is good: the provider pushes nothing more until it has a new one.'
            : 'Other tokens stay good.'}
        </Text>
        <Text>Users and groups that were pushed stay.</Text>
        <FormError error={remove.error} />
        <Group>
          <Button color="red" onClick={() => remove.mutate()} loading={remove.isPending}>
            Remove token
          </Button>
          <Button variant="default" onClick={onClose}>
            Keep
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
