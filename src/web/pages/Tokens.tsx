/** @module Tokens: the programs that act here by a secret, until when, and when each was last used. */
import { Badge, Button, Group, Modal, Skeleton, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import type { KindAnswer, TokenItem } from '../../api/contract.js'
import { forgetResources } from '../api/resources.js'
import { rights, useRight } from '../api/session.js'
import { rotateToken, tokensQuery } from '../api/tokens.js'
import { DeleteResource } from '../components/DeleteResource.js'
import { NewToken } from '../components/NewToken.js'
import { TokenSecret, type MadeSecret } from '../components/TokenSecret.js'
import { WithKind } from '../components/WithKind.js'
import { pagePaths } from '../path-builder.js'
import { BreakableName } from '../ui/BreakableName.js'
import { PageTitle } from '../ui/PageTitle.js'
import { RelativeTime } from '../ui/RelativeTime.js'
import { EmptyState, ErrorState, FormError } from '../ui/States.js'

const soonMs = 14 * 86_400_000

export function Tokens() {
  return <WithKind name="token">{(kind) => <Shown kind={kind} />}</WithKind>
}

function Shown({ kind }: { kind: KindAnswer }) {
  const [making, setMaking] = useState(false)
  const [made, setMade] = useState<MadeSecret>()
  const mayMake = kind.verbs.includes('create')
  return (
    <>
      <PageTitle
        title="Tokens"
        lead="Programs act here by a secret, with the roles of their token and no more, until it expires."
        actions={mayMake ? <Button onClick={() => setMaking(true)}>New token</Button> : undefined}
      />
      <TokenList kind={kind} onSecret={setMade} onNew={mayMake ? () => setMaking(true) : undefined} />
      <NewToken
        opened={making}
        onClose={() => setMaking(false)}
        onMade={(secret) => {
          setMaking(false)
          setMade(secret)
        }}
      />
      {made ? <TokenSecret made={made} onClose={() => setMade(undefined)} /> : null}
    </>
  )
}

interface TokenListProps {
  kind: KindAnswer
  onSecret: (made: MadeSecret) => void
  onNew: (() => void) | undefined
}

function TokenList({ kind, onSecret, onNew }: TokenListProps) {
  const tokens = useQuery(tokensQuery)
  const mayRotate = useRight(rights.rotateTokens)
  const [deleting, setDeleting] = useState<string>()
  const [rotating, setRotating] = useState<string>()
  if (tokens.isPending) return <Skeleton h={200} role="status" aria-label="Loading tokens" />
  if (tokens.error) {
    return (
      <ErrorState
        error={tokens.error}
        what="The tokens could not be read"
        onRetry={() => void tokens.refetch()}
      />
    )
  }
  if (tokens.data.length === 0) {
    return (
      <EmptyState
        title="No token yet"
        action={
          onNew ? (
            <Button variant="default" mt="xs" onClick={onNew}>
              New token
            </Button>
          ) : undefined
        }
      >
        A build or a script that changes roles or reads the audit log gets a token of its own: its deeds are
        then told apart from those of people.
      </EmptyState>
    )
  }
  return (
    <>
      <ul className="gh-panel gh-rows" aria-label="Tokens">
        {tokens.data.map((token) => (
          <li key={token.name}>
            <Facts token={token} />
            <Group gap="xs">
              {mayRotate ? (
                <Button
                  variant="default"
                  size="xs"
                  onClick={() => setRotating(token.name)}
                  disabled={token.state === 'expired'}
                  title={token.state === 'expired' ? 'It has expired: move its end first' : undefined}
                  aria-label={`Rotate token ${token.name}`}
                >
                  Rotate …
                </Button>
              ) : null}
              {kind.verbs.includes('delete') ? (
                <Button
                  variant="default"
                  size="xs"
                  onClick={() => setDeleting(token.name)}
                  aria-label={`Delete token ${token.name}`}
                >
                  Delete …
                </Button>
              ) : null}
            </Group>
          </li>
        ))}
      </ul>
      {deleting ? (
        <DeleteResource
          opened
          kind={kind}
          name={deleting}
          onClose={() => setDeleting(undefined)}
          onDeleted={() => setDeleting(undefined)}
        />
      ) : null}
      {rotating ? (
        <Rotate
          name={rotating}
          onClose={() => setRotating(undefined)}
          onMade={(made) => {
            setRotating(undefined)
            onSecret(made)
          }}
        />
      ) : null}
    </>
  )
}

const states = {
  active: undefined,
  expired: { text: 'expired', color: 'red' },
  locked: { text: 'locked', color: 'red' },
  no_secret: { text: 'no secret yet', color: 'amber' },
} as const

function Facts({ token }: { token: TokenItem }) {
  const { name, description, roles, expiresAt, state, lastUsedAt, lastUsedFrom, secretCreatedAt } = token
  const badge = states[state]
  const soon = state !== 'expired' && Date.parse(expiresAt) - Date.now() < soonMs
  return (
    <div>
      <Link to={pagePaths.resource('token', name)} className="gh-row-link">
        <BreakableName value={name} />
      </Link>
      {badge ? (
        <Badge color={badge.color} ml={6}>
          {badge.text}
        </Badge>
      ) : null}
      {soon ? (
        <Badge color="amber" ml={6}>
          expires soon
        </Badge>
      ) : null}
      {description ? <Text size="sm">{description}</Text> : null}
      <Group gap={4} my={3}>
        {roles.map((role) => (
          <Badge key={role} color="gray" ff="monospace" className="gh-label">
            {role}
          </Badge>
        ))}
        {roles.length === 0 ? (
          <Text size="xs" c="dimmed">
            no roles
          </Text>
        ) : null}
      </Group>
      <Text size="xs" c="dimmed">
        {state === 'expired' ? 'expired ' : 'expires '}
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
        {secretCreatedAt ? (
          <>
            {' · secret made '}
            <RelativeTime at={secretCreatedAt} />
          </>
        ) : null}
      </Text>
    </div>
  )
}

interface RotateProps {
  name: string
  onClose: () => void
  onMade: (made: MadeSecret) => void
}

function Rotate({ name, onClose, onMade }: RotateProps) {
  const rotate = useMutation({
    mutationFn: () => rotateToken(name),
    onSuccess: ({ secret }) => {
      void forgetResources()
      onMade({ name, secret })
    },
  })
  return (
    <Modal opened onClose={onClose} title={`Rotate token ${name}?`}>
      <Stack>
        <Text>
          Makes a new secret and shows it once. The old one is worth nothing at once: whatever uses it is
          refused until it has the new one. Roles and end stay as they are.
        </Text>
        <FormError error={rotate.error} />
        <Group>
          <Button color="red" onClick={() => rotate.mutate()} loading={rotate.isPending}>
            Rotate {name}
          </Button>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
