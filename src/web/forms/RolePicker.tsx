/** @module Finds a role by search at the server, account assignment roles too, and adds it. */
import { Badge, Combobox, Loader, Text, TextInput, useCombobox } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { resourceSearchQuery } from '../api/resources.js'
import { BreakableName } from '../ui/BreakableName.js'
import { SearchIcon } from '../ui/Icons.js'
import { explain } from '../ui/States.js'

interface RolePickerProps {
  /** Held already: not offered again. */
  held: readonly string[]
  onAdd: (role: string) => void
}

const pauseMs = 200

export function RolePicker({ held, onAdd }: RolePickerProps) {
  const [text, setText] = useState('')
  const [search] = useDebouncedValue(text.trim(), pauseMs)
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() })
  const found = useQuery({ ...resourceSearchQuery('role', search, 20), enabled: combobox.dropdownOpened })
  const offered = (found.data ?? []).filter(({ name }) => !held.includes(name))
  return (
    <Combobox
      store={combobox}
      // Whoever scrolls to a choice scrolls its field away; the choices must not vanish for that.
      hideDetached={false}
      withinPortal={false}
      onOptionSubmit={(role) => {
        onAdd(role)
        setText('')
        combobox.closeDropdown()
      }}
    >
      <Combobox.Target withExpandedAttribute>
        <TextInput
          role="combobox"
          label="Add a role"
          description="Search by name: a role, or an account and a permission set."
          leftSection={found.isFetching ? <Loader size={14} /> : <SearchIcon />}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value)
            combobox.openDropdown()
            combobox.updateSelectedOptionIndex()
          }}
          onFocus={() => combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
          autoCapitalize="none"
          spellCheck={false}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options mah={300} style={{ overflowY: 'auto' }} aria-label="Roles">
          {offered.map(({ name, description, origin }) => (
            <Combobox.Option key={name} value={name}>
              <BreakableName value={name} />
              {origin === 'system' ? (
                <Badge color="gray" ml={6}>
                  account
                </Badge>
              ) : null}
              {description ? (
                <Text size="xs" c="dimmed" className="gh-clamp">
                  {description}
                </Text>
              ) : null}
            </Combobox.Option>
          ))}
          {offered.length === 0 ? (
            <Combobox.Empty>
              {found.error
                ? explain(found.error)
                : found.isPending
                  ? 'Searching …'
                  : 'No other role matches.'}
            </Combobox.Empty>
          ) : null}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}
