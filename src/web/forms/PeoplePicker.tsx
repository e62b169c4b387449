/** @module Several people, each found by search or typed: default owners of lists, owners of a list. */
import { ActionIcon, Button, Group, Text } from '@mantine/core'
import { useState } from 'react'
import { BreakableName } from '../ui/BreakableName.js'
import { CrossIcon } from '../ui/Icons.js'
import { NameField } from './NameField.js'

interface PeoplePickerProps {
  /** What they are: "Default owners". */
  label: string
  /** One of them: "default owner". */
  noun: string
  people: readonly string[]
  onChange: (people: readonly string[]) => void
  disabled?: boolean
}

export function PeoplePicker({ label, noun, people, onChange, disabled = false }: PeoplePickerProps) {
  const [typed, setTyped] = useState('')
  const name = typed.trim()
  const held = people.includes(name)
  function add(): void {
    if (name === '' || held) return
    onChange([...people, name])
    setTyped('')
  }
  return (
    <div role="group" aria-label={label}>
      {people.length === 0 ? (
        <Text size="sm" c="dimmed" mb="xs">
          Nobody yet.
        </Text>
      ) : (
        <ul className="gh-rows gh-held" aria-label={label}>
          {people.map((one) => (
            <li key={one}>
              <BreakableName value={one} />
              <ActionIcon
                onClick={() => onChange(people.filter((other) => other !== one))}
                aria-label={`Remove ${noun} ${one}`}
                disabled={disabled}
              >
                <CrossIcon />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
      <Group gap="sm" align="flex-end">
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
            kind="user"
            label={`Add ${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`}
            value={typed}
            onChange={setTyped}
          />
        </div>
        <Button variant="default" onClick={add} disabled={disabled || name === '' || held}>
          Add
        </Button>
      </Group>
    </div>
  )
}
