/** @module Makes a token for a program: name, roles, how long; what is wrong is told before the button works. */
import { ActionIcon, Button, Chip, Group, Input, List, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { forgetResources, problemsOf } from '../api/resources.js'
import { createToken, type NewToken as TokenFields } from '../api/tokens.js'
import { RolePicker } from '../forms/RolePicker.js'
import { BreakableName } from '../ui/BreakableName.js'
import { startUpper } from '../ui/format.js'
import { CrossIcon } from '../ui/Icons.js'
import { FormError } from '../ui/States.js'
import type { MadeSecret } from './TokenSecret.js'

interface NewTokenProps {
  opened: boolean
  onClose: () => void
  onMade: (made: MadeSecret) => void
}

const lifetimes = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: '1 year' },
]
const pauseMs = 350

export function NewToken({ opened, onClose, onMade }: NewTokenProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="New token" size="lg">
      {opened ? <TokenForm onClose={onClose} onMade={onMade} /> : null}
    </Modal>
  )
}

function TokenForm({ onClose, onMade }: Omit<NewTokenProps, 'opened'>) {
  const [fields, setFields] = useState<TokenFields>({ name: '', description: '', roles: [], days: 90 })
  const change = (some: Partial<TokenFields>) => setFields({ ...fields, ...some })
  const [settled] = useDebouncedValue(fields, pauseMs)
  const complete = fields.name.trim() !== ''
  const effect = useQuery({
    queryKey: ['check', 'token', settled],
    queryFn: ({ signal }) => createToken(settled, { dryRun: true, signal }),
    enabled: complete && settled === fields,
    retry: false,
    gcTime: 0,
  })
  const make = useMutation({
    mutationFn: () => createToken(fields, { dryRun: false }),
    onSuccess: ({ changes }) => {
      void forgetResources()
      const [made] = changes
      if (made?.secret === undefined) onClose()
      else onMade({ name: made.name, secret: made.secret })
    },
  })
  const ready = complete && settled === fields && effect.isSuccess
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (ready) make.mutate()
      }}
    >
      <Stack>
        <TextInput
          data-autofocus
          label="Name"
          description="What the program is, such as deploy-pipeline. It acts as token/NAME."
          value={fields.name}
          onChange={(event) => change({ name: event.currentTarget.value.trim() })}
          autoCapitalize="none"
          spellCheck={false}
        />
        <TextInput
          label="Description (optional)"
          value={fields.description}
          onChange={(event) => change({ description: event.currentTarget.value })}
        />
        <div>
          <Text fw={500} size="sm">
            Roles
          </Text>
          {fields.roles.length === 0 ? (
            <Text c="dimmed" size="sm">
              None yet: it may do nothing.
            </Text>
          ) : (
            <ul className="gh-rows gh-held" aria-label="Roles of the token">
              {fields.roles.map((role) => (
                <li key={role}>
                  <BreakableName value={role} />
                  <ActionIcon
                    onClick={() => change({ roles: fields.roles.filter((one) => one !== role) })}
                    aria-label={`Remove role ${role}`}
                  >
                    <CrossIcon />
                  </ActionIcon>
                </li>
              ))}
            </ul>
          )}
          <RolePicker held={fields.roles} onAdd={(role) => change({ roles: [...fields.roles, role] })} />
        </div>
        <Input.Wrapper label="Good for" labelElement="div" role="radiogroup" aria-label="Good for">
          <Chip.Group value={String(fields.days)} onChange={(days) => change({ days: Number(days) })}>
            <Group gap={6} mt={4}>
              {lifetimes.map(({ value, label }) => (
                <Chip key={value} value={value} size="sm" variant="outline">
                  {label}
                </Chip>
              ))}
            </Group>
          </Chip.Group>
        </Input.Wrapper>
        <div role="status">
          {complete && effect.data ? (
            <List spacing={4}>
              {effect.data.changes
                .flatMap(({ notes }) => notes)
                .map((note) => (
                  <List.Item key={note}>{startUpper(note)}</List.Item>
                ))}
            </List>
          ) : null}
        </div>
        {complete ? <Wrong error={make.error ?? effect.error} /> : null}
        <Group>
          <Button type="submit" loading={make.isPending} disabled={!ready}>
            Create token {fields.name}
          </Button>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function Wrong({ error }: { error: unknown }) {
  const problems = problemsOf(error) ?? []
  if (problems.length < 2) return <FormError error={error} />
  return (
    <List role="alert">
      {problems.map(({ path, message }) => (
        <List.Item key={path}>
          <code>{path}</code> {message}
        </List.Item>
      ))}
    </List>
  )
}
