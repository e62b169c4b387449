/** @module Makes a lock: whom or what, for how long, what the person reads; what happens is told before the button. */
import {
  Button,
  Chip,
  Group,
  Input,
  List,
  Modal,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
} from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { lockNameFor } from '../../core/lock/lock-name.js'
import type { LockTargetKind } from '../../core/lock/lock.js'
import { createLock, newLockSuffix, type LockSpec } from '../api/locks.js'
import { forgetResources } from '../api/resources.js'
import { NameField } from '../forms/NameField.js'
import { fromLocalInput, startUpper } from '../ui/format.js'
import { FormError } from '../ui/States.js'

const kinds: readonly { value: LockTargetKind; label: string }[] = [
  { value: 'user', label: 'A person' },
  { value: 'role', label: 'A role' },
  { value: 'token', label: 'A token' },
  { value: 'session', label: 'A session' },
  { value: 'connector', label: 'A connector' },
]
const told: Readonly<Record<LockTargetKind, string>> = {
  user: 'User name',
  role: 'Role: everyone who holds it',
  token: 'Name of the token',
  session: 'ID of the session, from a person’s page or the audit log',
  connector: 'Name of the connector: everyone who signs in through it',
}
/** The first is where the form begins: a lock that ends by itself is a choice, as on the command line. */
const ends = [
  { value: '', label: 'Until somebody lifts it' },
  { value: '1h', label: '1 hour' },
  { value: '12h', label: '12 hours' },
  { value: '24h', label: '1 day' },
  { value: '168h', label: '7 days' },
  { value: 'until', label: 'Until …' },
]
const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone
const pauseMs = 350

export function NewLock({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="New lock" size="lg">
      {opened ? <LockForm onClose={onClose} /> : null}
    </Modal>
  )
}

/** `user`: whom it locks, where that is settled; without it the form asks whom or what. */
export function LockForm({ user, onClose }: { user?: string; onClose: () => void }) {
  const [suffix] = useState(newLockSuffix)
  const [kind, setKind] = useState<LockTargetKind>('user')
  const [target, setTarget] = useState(user ?? '')
  const [end, setEnd] = useState('')
  const [until, setUntil] = useState('')
  const [message, setMessage] = useState('')
  const name = target.trim()
  const expires = end === 'until' ? fromLocalInput(until) : undefined
  const spec: LockSpec = {
    target: { [kind]: name },
    message,
    ...(end === 'until' ? { expires } : { ttl: end }),
  }
  const lockName = lockNameFor({ kind, name }, suffix)
  const complete = name !== '' && (end !== 'until' || expires !== undefined)
  const [settled] = useDebouncedValue(spec, pauseMs)
  const checked = JSON.stringify(settled) === JSON.stringify(spec)
  const lock = useMutation({
    mutationFn: () => createLock(lockName, spec, { dryRun: false }),
    onSuccess: async () => {
      onClose()
      await forgetResources()
    },
  })
  const effect = useQuery({
    queryKey: ['check', 'new-lock', lockName, spec],
    queryFn: ({ signal }) => createLock(lockName, spec, { dryRun: true, signal }),
    // Once it is made, a second one of the same name would only be refused.
    enabled: complete && checked && !lock.isPending && !lock.isSuccess,
    retry: false,
    gcTime: 0,
  })
  const notes = effect.data?.changes.flatMap((change) => change.notes)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        lock.mutate()
      }}
    >
      <Stack>
        {user === undefined ? (
          <>
            <SegmentedControl
              aria-label="What to lock"
              data={[...kinds]}
              value={kind}
              onChange={(value) => {
                setKind(kinds.find((one) => one.value === value)?.value ?? 'user')
                setTarget('')
              }}
            />
            {kind === 'session' ? (
              <TextInput
                label={told[kind]}
                value={target}
                onChange={(event) => setTarget(event.currentTarget.value)}
                spellCheck={false}
              />
            ) : (
              <NameField key={kind} kind={kind} label={told[kind]} value={target} onChange={setTarget} />
            )}
          </>
        ) : null}
        <Input.Wrapper
          label="For how long"
          labelElement="div"
          id="lock-end"
          role="radiogroup"
          aria-labelledby="lock-end-label"
        >
          <Chip.Group value={end} onChange={setEnd}>
            <Group gap={6} mt={4}>
              {ends.map(({ value, label }) => (
                <Chip key={label} value={value} size="sm" variant="outline">
                  {label}
                </Chip>
              ))}
            </Group>
          </Chip.Group>
        </Input.Wrapper>
        {end === 'until' ? (
          <TextInput
            type="datetime-local"
            label={`Until (${timeZone})`}
            value={until}
            onChange={(event) => setUntil(event.currentTarget.value)}
            maw={260}
          />
        ) : null}
        <TextInput
          label="Message for who is locked out (optional)"
          description="They read it where they are refused."
          value={message}
          onChange={(event) => setMessage(event.currentTarget.value)}
          maxLength={500}
        />
        <div role="status" className="gh-effect">
          {!complete ? (
            <Text c="dimmed">Say whom to lock; what it would do is told here.</Text>
          ) : notes ? (
            <List spacing={4}>
              {kind === 'user' ? (
                <List.Item>Signing in here and to applications is refused at once.</List.Item>
              ) : null}
              {notes.map((note) => (
                <List.Item key={note}>{startUpper(note)}</List.Item>
              ))}
            </List>
          ) : effect.error ? null : (
            <Text c="dimmed">Reading what this would do …</Text>
          )}
        </div>
        <FormError error={lock.error ?? effect.error} />
        <Group>
          <Button
            color="red"
            type="submit"
            loading={lock.isPending}
            disabled={!complete || !checked || !notes}
          >
            Lock {name || '…'}
          </Button>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
