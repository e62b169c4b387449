/** @module Lifts a lock: who is let in again, and what still keeps them out, told before the button. */
import { Button, Group, List, Modal, Skeleton, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { ResourceItem } from '../../api/contract.js'
import type { LockTargetKind } from '../../core/lock/lock.js'
import { isEnded, locksQuery, parseTarget } from '../api/locks.js'
import { deleteResource, forgetResources } from '../api/resources.js'
import { startUpper } from '../ui/format.js'
import { ErrorState, FormError } from '../ui/States.js'

interface LiftLockProps {
  /** Name of the lock; undefined while none is being lifted. */
  name: string | undefined
  onClose: () => void
  onLifted?: () => void
}

const freed: Readonly<Record<LockTargetKind, string>> = {
  user: 'They can sign in again at once. Ended sessions stay ended.',
  role: 'Whoever holds it can sign in again at once. Ended sessions stay ended.',
  token: 'It is accepted again at once.',
  connector: 'Whoever it signs in can sign in again at once. Ended sessions stay ended.',
  session: 'An ended session stays ended.',
}

export function LiftLock({ name, onClose, onLifted = onClose }: LiftLockProps) {
  const locks = useQuery({ ...locksQuery, enabled: name !== undefined })
  const target = locks.data?.find((lock) => lock.name === name)?.columns['target']
  return (
    <Modal
      opened={name !== undefined}
      onClose={onClose}
      title={`Lift the lock on ${describeTarget(target) ?? name ?? ''}?`}
    >
      {name === undefined ? null : (
        <Effect
          key={name}
          name={name}
          target={target}
          locks={locks.data ?? []}
          onClose={onClose}
          onLifted={onLifted}
        />
      )}
    </Modal>
  )
}

/** `mfa@example.com`, `role admin`: a person needs no word before their name. */
export function describeTarget(target: string | undefined): string | undefined {
  return target?.replace(/^user /, '')
}

interface EffectProps {
  name: string
  target: string | undefined
  locks: readonly ResourceItem[]
  onClose: () => void
  onLifted: () => void
}

function Effect({ name, target, locks, onClose, onLifted }: EffectProps) {
  const lift = useMutation({
    mutationFn: () => deleteResource({ kind: 'lock', name }, { dryRun: false }),
    onSuccess: () => {
      onLifted()
      void forgetResources()
    },
  })
  const effect = useQuery({
    queryKey: ['check', 'lift', name],
    queryFn: ({ signal }) => deleteResource({ kind: 'lock', name }, { dryRun: true, signal }),
    enabled: !lift.isPending && !lift.isSuccess,
    gcTime: 0,
    retry: false,
  })
  if (effect.isPending) return <Skeleton h={90} role="status" aria-label="Reading what this would do" />
  if (effect.error) {
    return (
      <Stack>
        <ErrorState error={effect.error} what="The lock stays" />
        <Group>
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
        </Group>
      </Stack>
    )
  }
  const others = locks.filter((lock) => lock.name !== name && !isEnded(lock, Date.now()))
  const kind = parseTarget(target ?? '')?.kind
  const alone = kind !== undefined && others.every(({ columns }) => columns['target'] !== target)
  const onRoles = kind === 'user' && others.some(({ columns }) => columns['target']?.startsWith('role '))
  return (
    <Stack>
      {alone ? (
        <Text>{freed[kind]}</Text>
      ) : (
        <List spacing={4}>
          {effect.data.notes.map((note) => (
            <List.Item key={note}>{startUpper(note)}</List.Item>
          ))}
        </List>
      )}
      {onRoles ? <Text>A lock on a role of theirs would go on keeping them out.</Text> : null}
      <FormError error={lift.error} />
      <Group>
        <Button onClick={() => lift.mutate()} loading={lift.isPending}>
          Lift the lock
        </Button>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
      </Group>
    </Stack>
  )
}
