/** @module The second factors of the signed-in person: what there is, adding one, removing one. */
import { Button, Group, Modal, Stack, Table, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import type { FactorAnswer } from '../../api/contract.js'
import { sendJson } from '../api/client.js'
import { meQuery } from '../api/queries.js'
import { AddFactor } from '../forms/AddFactor.js'
import { CodeField } from '../forms/CodeField.js'
import { apiPaths } from '../path-builder.js'
import { RelativeTime } from '../ui/RelativeTime.js'
import { FormError } from '../ui/States.js'

export function FactorList({ factors }: { factors: readonly FactorAnswer[] }) {
  const [adding, setAdding] = useState(false)
  const [removing, setRemoving] = useState<FactorAnswer | undefined>()
  return (
    <Stack gap="md" align="flex-start">
      {factors.length === 0 ? (
        <Text>You have none: your password alone signs you in.</Text>
      ) : (
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Name</Table.Th>
              <Table.Th scope="col">Added</Table.Th>
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
                </Table.Th>
                <Table.Td>
                  <RelativeTime at={factor.createdAt} />
                </Table.Td>
                <Table.Td visibleFrom="sm">
                  {factor.lastUsedAt ? <RelativeTime at={factor.lastUsedAt} /> : 'never'}
                </Table.Td>
                <Table.Td>
                  <Button
                    variant="default"
                    size="xs"
                    onClick={() => setRemoving(factor)}
                    aria-label={`Remove ${factor.label}`}
                  >
                    Remove
                  </Button>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <Button variant={factors.length === 0 ? 'filled' : 'default'} onClick={() => setAdding(true)}>
        Add authenticator app
      </Button>
      <Modal opened={adding} onClose={() => setAdding(false)} title="Add authenticator app" size="lg">
        <AddFactor hasFactor={factors.length > 0} onDone={() => setAdding(false)} />
      </Modal>
      <Modal
        opened={removing !== undefined}
        onClose={() => setRemoving(undefined)}
        title={`Remove ${removing?.label ?? 'factor'}`}
      >
        {removing ? (
          <RemoveFactor factor={removing} last={factors.length === 1} onDone={() => setRemoving(undefined)} />
        ) : null}
      </Modal>
    </Stack>
  )
}

function RemoveFactor({ factor, last, onDone }: { factor: FactorAnswer; last: boolean; onDone: () => void }) {
  const [code, setCode] = useState('')
  const client = useQueryClient()
  const remove = useMutation({
    mutationFn: () => sendJson<unknown>('DELETE', apiPaths.meFactor(factor.id), { code }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: meQuery.queryKey })
      onDone()
    },
    onError: () => setCode(''),
  })
  function submit(event: SubmitEvent): void {
    event.preventDefault()
    remove.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Text>
          Its codes stop working at once.
          {last ? ' It is your only second factor: applications that ask for a code will refuse you.' : ''}
        </Text>
        <CodeField
          value={code}
          onChange={setCode}
          description="Six digits from this or another of your apps."
        />
        <FormError error={remove.error} />
        <Group>
          <Button type="submit" color="red" loading={remove.isPending} disabled={code.length !== 6}>
            Remove {factor.label}
          </Button>
          <Button variant="default" onClick={onDone}>
            Keep it
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
