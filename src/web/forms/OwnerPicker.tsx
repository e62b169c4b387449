/** @module Who answers for a list: people, and lists whose members own it. */
import { ActionIcon, Badge, Button, Group, SegmentedControl, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { rights, useRight } from '../api/session.js'
import { BreakableName } from '../ui/BreakableName.js'
import { CrossIcon } from '../ui/Icons.js'
import type { OwnerField } from './access-list-fields.js'
import { FormError } from '../ui/States.js'
import { NameField } from './NameField.js'
import { findNear } from './near-names.js'

interface OwnerPickerProps {
  owners: readonly OwnerField[]
  onAdd: (owner: OwnerField) => void
  onRemove: (owner: OwnerField) => void
}

export function OwnerPicker({ owners, onAdd, onRemove }: OwnerPickerProps) {
  const [kind, setKind] = useState<OwnerField['kind']>('user')
  const [typed, setTyped] = useState('')
  const name = typed.trim()
  const isHeld = owners.some((owner) => owner.kind === kind && owner.name === name)
  const mayList = useRight(rights.listUsers) || kind === 'list'
  const add = useMutation({
    // Whoever may not look names up is told by the check of the document.
    mutationFn: async ({ who, anyway }: { who: string; anyway: boolean }) =>
      anyway || !mayList ? { exists: true, suggestions: [] } : await findNear(kind, who),
    onSuccess: ({ exists }, { who }) => {
      if (!exists) return
      onAdd({ kind, name: who })
      setTyped('')
      add.reset()
    },
  })
  const submit = (who: string, anyway = false): void => {
    if (who !== '' && !owners.some((owner) => owner.kind === kind && owner.name === who))
      add.mutate({ who, anyway })
  }
  const near = add.data?.exists === false ? add.data : undefined
  return (
    <div role="group" aria-label="Owners">
      {owners.length === 0 ? (
        <Text size="sm" c="dimmed" mb="xs">
          Nobody yet. A list needs an owner.
        </Text>
      ) : (
        <ul className="gh-rows gh-held" aria-label="Owners">
          {owners.map((owner) => (
            <li key={`${owner.kind} ${owner.name}`}>
              <div>
                <BreakableName value={owner.name} />
                {owner.kind === 'list' ? (
                  <Badge color="gray" ml={6}>
                    list
                  </Badge>
                ) : null}
              </div>
              <ActionIcon onClick={() => onRemove(owner)} aria-label={`Remove owner ${owner.name}`}>
                <CrossIcon />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
      <Group gap="sm" align="flex-end">
        <SegmentedControl
          aria-label="Which owner"
          value={kind}
          onChange={(value) => {
            setKind(value === 'list' ? 'list' : 'user')
            setTyped('')
            add.reset()
          }}
          data={[
            { value: 'user', label: 'Person' },
            { value: 'list', label: 'List' },
          ]}
        />
        <div
          style={{ flex: '1 1 220px', maxWidth: 360 }}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.defaultPrevented) {
              event.preventDefault()
              submit(name)
            }
          }}
        >
          <NameField
            key={kind}
            kind={kind === 'list' ? 'access_list' : 'user'}
            label={kind === 'list' ? 'Add a list, whose members own this one' : 'Add an owner'}
            value={typed}
            onChange={(value) => {
              setTyped(value)
              add.reset()
            }}
            error={
              isHeld
                ? `${name} is an owner already.`
                : near
                  ? kind === 'list'
                    ? `There is no access list ${name} that you see.`
                    : `No user is called ${name}.`
                  : undefined
            }
          />
        </div>
        <Button
          variant="default"
          onClick={() => submit(name)}
          loading={add.isPending}
          disabled={name === '' || isHeld}
        >
          Add
        </Button>
      </Group>
      {near ? (
        <Group
          ref={showWhole}
          className="gh-near-names"
          gap="xs"
          mt="xs"
          role="group"
          aria-label="Names like it"
        >
          {near.suggestions.map((one) => (
            <Button key={one} size="xs" variant="default" onClick={() => submit(one, true)}>
              Add {one}
            </Button>
          ))}
          <Button size="xs" variant="default" onClick={() => submit(name, true)}>
            Add {name} all the same
          </Button>
        </Group>
      ) : null}
      <FormError error={add.error} />
    </div>
  )
}

/** On a phone it would come up behind the bar of the form. */
function showWhole(node: HTMLElement | null): void {
  node?.scrollIntoView({ block: 'nearest' })
}
