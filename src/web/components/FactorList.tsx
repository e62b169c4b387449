/** @module The second factors of the signed-in person: what there is; adding, renaming and removing one. */
import { Alert, Button, Group, Modal, Stack, Table, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import type { FactorAnswer, MeAnswer } from '../../api/contract.js'
import { sendJson } from '../api/client.js'
import { knowsPasskeys } from '../api/passkeys.js'
import { meQuery } from '../api/queries.js'
import { AddFactor } from '../forms/AddFactor.js'
import { AddPasskey } from '../forms/AddPasskey.js'
import { ProveSelf } from '../forms/ProveSelf.js'
import { apiPaths } from '../path-builder.js'
import { WarningIcon } from '../ui/Icons.js'
import { RelativeTime } from '../ui/RelativeTime.js'
import { FormError } from '../ui/States.js'

const titles = { passkey: 'Add passkey', totp: 'Add authenticator app' } as const

export function FactorList({
  factors,
  factorKinds,
  recovering,
}: Pick<MeAnswer, 'factors' | 'factorKinds' | 'recovering'>) {
  const [adding, setAdding] = useState<'passkey' | 'totp' | undefined>()
  const [removing, setRemoving] = useState<FactorAnswer | undefined>()
  const [renaming, setRenaming] = useState<FactorAnswer | undefined>()
  const addable = factorKinds.filter((kind) => kind === 'totp' || knowsPasskeys)
  return (
    <Stack gap="md" align="flex-start">
      {recovering ? (
        <Alert color="amber" icon={<WarningIcon />} p="sm" role="note">
          You signed in with a recovery code. Add a new second factor now, with your password, then remove the
          lost one.
        </Alert>
      ) : null}
      {factors.length === 0 ? (
        <Text>You have none: your password alone signs you in.</Text>
      ) : (
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Name</Table.Th>
              <Table.Th scope="col" visibleFrom="sm">
                Added
              </Table.Th>
              <Table.Th scope="col" visibleFrom="sm">
                Last used
              </Table.Th>
              <Table.Th scope="col">Actions</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {factors.map((factor) => (
              <Table.Tr key={factor.id}>
                <Table.Th scope="row" fw={500} style={{ overflowWrap: 'anywhere' }}>
                  {factor.label}
                  <Text size="xs" c="dimmed">
                    {describe(factor)}
                  </Text>
                </Table.Th>
                <Table.Td visibleFrom="sm">
                  <RelativeTime at={factor.createdAt} />
                </Table.Td>
                <Table.Td visibleFrom="sm">
                  {factor.lastUsedAt ? <RelativeTime at={factor.lastUsedAt} /> : 'never'}
                </Table.Td>
                <Table.Td>
                  <Group gap="xs">
                    <Button
                      variant="default"
                      size="xs"
                      onClick={() => setRenaming(factor)}
                      aria-label={`Rename ${factor.label}`}
                    >
                      Rename
                    </Button>
                    <Button
                      variant="default"
                      size="xs"
                      onClick={() => setRemoving(factor)}
                      aria-label={`Remove ${factor.label}`}
                    >
                      Remove
                    </Button>
                  </Group>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <Group>
        {[...addable].reverse().map((kind) => (
          <Button
            key={kind}
            variant={factors.length === 0 && kind === addable[0] ? 'filled' : 'default'}
            onClick={() => setAdding(kind)}
          >
            {titles[kind]}
          </Button>
        ))}
      </Group>
      <Modal
        opened={adding !== undefined}
        onClose={() => setAdding(undefined)}
        title={titles[adding ?? 'totp']}
        size="lg"
      >
        {adding === 'passkey' ? (
          <AddPasskey factors={recovering ? [] : factors} onDone={() => setAdding(undefined)} />
        ) : (
          <AddFactor factors={recovering ? [] : factors} onDone={() => setAdding(undefined)} />
        )}
      </Modal>
      <Modal
        opened={renaming !== undefined}
        onClose={() => setRenaming(undefined)}
        title={`Rename ${renaming?.label ?? 'factor'}`}
      >
        {renaming ? <RenameFactor factor={renaming} onDone={() => setRenaming(undefined)} /> : null}
      </Modal>
      <Modal
        opened={removing !== undefined}
        onClose={() => setRemoving(undefined)}
        title={`Remove ${removing?.label ?? 'factor'}`}
      >
        {removing ? (
          <RemoveFactor factor={removing} factors={factors} onDone={() => setRemoving(undefined)} />
        ) : null}
      </Modal>
    </Stack>
  )
}

function describe({ kind, synced, usable }: FactorAnswer): string {
  const what = kind === 'totp' ? 'authenticator app' : synced ? 'passkey, copied between devices' : 'passkey'
  return usable ? what : `${what}; switched off here, it does not sign in`
}

function RenameFactor({ factor, onDone }: { factor: FactorAnswer; onDone: () => void }) {
  const [label, setLabel] = useState(factor.label)
  const client = useQueryClient()
  const rename = useMutation({
    mutationFn: () => sendJson('PUT', apiPaths.meFactor(factor.id), { label: label.trim() }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: meQuery.queryKey })
      onDone()
    },
  })
  function submit(event: SubmitEvent): void {
    event.preventDefault()
    rename.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md" align="flex-start">
        <TextInput
          label="Name"
          value={label}
          onChange={(event) => setLabel(event.currentTarget.value)}
          maxLength={60}
          required
          withAsterisk={false}
          data-autofocus
          w={280}
        />
        <FormError error={rename.error} />
        <Button type="submit" loading={rename.isPending} disabled={label.trim() === ''}>
          Rename to {label.trim() || 'a name'}
        </Button>
      </Stack>
    </form>
  )
}

interface RemoveFactorProps {
  factor: FactorAnswer
  factors: readonly FactorAnswer[]
  onDone: () => void
}

function RemoveFactor({ factor, factors, onDone }: RemoveFactorProps) {
  const client = useQueryClient()
  return (
    <Stack gap="md">
      <Text>
        {factor.kind === 'totp' ? 'Its codes stop working at once.' : 'It stops working at once.'}
        {factors.length === 1
          ? ' It is your only second factor: applications that ask for one will refuse you.'
          : ''}
      </Text>
      <ProveSelf
        factors={factors}
        action={`Remove ${factor.label}`}
        color="red"
        onProof={async (proof) => {
          await sendJson('DELETE', apiPaths.meFactor(factor.id), proof)
          await client.invalidateQueries({ queryKey: meQuery.queryKey })
          onDone()
        }}
      >
        <Button variant="default" onClick={onDone}>
          Keep it
        </Button>
      </ProveSelf>
    </Stack>
  )
}
