/** @module Deletes a resource; what goes with it is told first, by the dry run of the very same call. */
import { Button, Group, List, Modal, Skeleton, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import type { KindAnswer } from '../../api/contract.js'
import { ApiProblem } from '../api/client.js'
import { deleteResource, forgetResources } from '../api/resources.js'
import { pagePaths } from '../path-builder.js'
import { startUpper } from '../ui/format.js'
import { ErrorState, FormError } from '../ui/States.js'

interface DeleteResourceProps {
  opened: boolean
  onClose: () => void
  kind: Pick<KindAnswer, 'name' | 'title'>
  name: string
  onDeleted: () => void
}

export function DeleteResource({ opened, onClose, kind, name, onDeleted }: DeleteResourceProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={`Delete ${kind.title} ${name}?`}>
      {opened ? <Effect kind={kind} name={name} onClose={onClose} onDeleted={onDeleted} /> : null}
    </Modal>
  )
}

function Effect({ kind, name, onClose, onDeleted }: Omit<DeleteResourceProps, 'opened'>) {
  const effect = useQuery({
    queryKey: ['check', 'delete', kind.name, name],
    queryFn: ({ signal }) => deleteResource({ kind: kind.name, name }, { dryRun: true, signal }),
    gcTime: 0,
    retry: false,
  })
  const remove = useMutation({
    mutationFn: () => deleteResource({ kind: kind.name, name }, { dryRun: false }),
    onSuccess: () => {
      onDeleted()
      void forgetResources()
    },
  })
  if (effect.isPending) return <Skeleton h={90} role="status" aria-label="Reading what this would do" />
  if (effect.error) {
    return (
      <Stack>
        <ErrorState error={effect.error} what={`${startUpper(kind.title)} ${name} stays`} />
        <InTheWay error={effect.error} />
        <Group>
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
        </Group>
      </Stack>
    )
  }
  return (
    <Stack>
      {effect.data.notes.length > 0 ? (
        <List spacing={4}>
          {effect.data.notes.map((note) => (
            <List.Item key={note}>{startUpper(note)}</List.Item>
          ))}
        </List>
      ) : (
        <Text>Nothing else changes with it. The audit log keeps who deleted it and when.</Text>
      )}
      <Text>This cannot be undone.</Text>
      <FormError error={remove.error} />
      <Group>
        <Button color="red" onClick={() => remove.mutate()} loading={remove.isPending}>
          Delete {name}
        </Button>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
      </Group>
    </Stack>
  )
}

/** What has to change first, each a step away. */
function InTheWay({ error }: { error: Error }) {
  const lists = error instanceof ApiProblem ? (error.problem.lists ?? []) : []
  if (lists.length === 0) return null
  return (
    <div>
      <Text size="sm">Change first:</Text>
      <List spacing={4} aria-label="Access lists to change first">
        {lists.map((list) => (
          <List.Item key={list}>
            <Link to={pagePaths.accessList(list)} className="gh-row-link">
              {list}
            </Link>
          </List.Item>
        ))}
      </List>
    </div>
  )
}
