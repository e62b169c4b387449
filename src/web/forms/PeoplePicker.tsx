/** @module Several names, each found by search or typed: default owners of lists, roles that members need. */
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
  /** Of which kind they are, where they are no people. */
  kind?: string
  /** Stands where there is none. */
  none?: string
  people: readonly string[]
  onChange: (people: readonly string[]) => void
  disabled?: boolean
  /** Why somebody cannot be taken in; asked before they are. Undefined where nothing speaks against it. */
  check?: (name: string) => Promise<string | undefined>
  /** What has to be said of one who is in. */
  warn?: (name: string) => string | undefined
}

export function PeoplePicker({
  label,
  noun,
  kind = 'user',
  none = 'Nobody yet.',
  people,
  onChange,
  disabled = false,
  check,
  warn,
}: PeoplePickerProps) {
  const [typed, setTyped] = useState('')
  const name = typed.trim()
  const held = people.includes(name)
  const [problem, setProblem] = useState<string>()
  const [checking, setChecking] = useState(false)
  async function add(): Promise<void> {
    if (name === '' || held || checking) return
    setChecking(true)
    // Where it cannot be asked, the server decides.
    const found = await check?.(name).catch(() => undefined)
    setChecking(false)
    setProblem(found)
    if (found !== undefined) return
    onChange([...people, name])
    setTyped('')
  }
  return (
    <div role="group" aria-label={label}>
      {people.length === 0 ? (
        <Text size="sm" c="dimmed" mb="xs">
          {none}
        </Text>
      ) : (
        <ul className="gh-rows gh-held" aria-label={label}>
          {people.map((one) => (
            <li key={one}>
              <div>
                <BreakableName value={one} />
                {warn?.(one) ? (
                  <Text size="xs" c="red">
                    {warn(one)}
                  </Text>
                ) : null}
              </div>
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
              void add()
            }
          }}
        >
          <NameField
            kind={kind}
            label={`Add ${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`}
            value={typed}
            onChange={(next) => {
              setTyped(next)
              setProblem(undefined)
            }}
          />
        </div>
        <Button
          variant="default"
          onClick={() => void add()}
          loading={checking}
          disabled={disabled || name === '' || held}
        >
          Add
        </Button>
      </Group>
      {problem ? (
        <Text size="sm" c="red" role="alert" mt={4}>
          {problem}
        </Text>
      ) : null}
    </div>
  )
}
