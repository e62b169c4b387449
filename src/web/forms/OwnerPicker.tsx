/** @module Who answers for a list: people, and lists whose members own it. */
import { ActionIcon, Badge, Button, Group, SegmentedControl, Text } from '@mantine/core'
import { useState } from 'react'
import { BreakableName } from '../ui/BreakableName.js'
import { CrossIcon } from '../ui/Icons.js'
import type { OwnerField } from './access-list-fields.js'
import { NameField } from './NameField.js'

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
  function add(): void {
    if (name === '' || isHeld) return
    onAdd({ kind, name })
    setTyped('')
  }
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
              add()
            }
          }}
        >
          <NameField
            key={kind}
            kind={kind === 'list' ? 'access_list' : 'user'}
            label={kind === 'list' ? 'Add a list, whose members own this one' : 'Add an owner'}
            value={typed}
            onChange={setTyped}
          />
        </div>
        <Button variant="default" onClick={add} disabled={name === '' || isHeld}>
          Add
        </Button>
      </Group>
    </div>
  )
}
