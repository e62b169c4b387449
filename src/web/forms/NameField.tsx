/** @module The name of one resource, found by search at the server; a name that is not found may be typed all the same. */
import { Combobox, Loader, Text, TextInput, useCombobox } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { resourceSearchQuery } from '../api/resources.js'
import { BreakableName } from '../ui/BreakableName.js'
import { SearchIcon } from '../ui/Icons.js'

interface NameFieldProps {
  kind: string
  label: string
  description?: string
  value: string
  onChange: (value: string) => void
}

const pauseMs = 200

export function NameField({ kind, label, description, value, onChange }: NameFieldProps) {
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() })
  const [search] = useDebouncedValue(value.trim(), pauseMs)
  const found = useQuery({ ...resourceSearchQuery(kind, search, 8), enabled: combobox.dropdownOpened })
  const offered = found.data ?? []
  return (
    <Combobox
      store={combobox}
      withinPortal={false}
      // Whoever scrolls to a choice scrolls its field away; the choices must not vanish for that.
      hideDetached={false}
      onOptionSubmit={(name) => {
        onChange(name)
        combobox.closeDropdown()
      }}
    >
      <Combobox.Target withExpandedAttribute>
        <TextInput
          role="combobox"
          label={label}
          description={description}
          leftSection={found.isFetching ? <Loader size={14} /> : <SearchIcon />}
          value={value}
          onChange={(event) => {
            onChange(event.currentTarget.value)
            combobox.openDropdown()
            combobox.updateSelectedOptionIndex()
          }}
          onFocus={() => combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
          autoCapitalize="none"
          spellCheck={false}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={offered.length === 0}>
        <Combobox.Options mah={260} style={{ overflowY: 'auto' }} aria-label={`${label}: choices`}>
          {offered.map((item) => (
            <Combobox.Option key={item.name} value={item.name}>
              <BreakableName value={item.name} />
              {item.description ? (
                <Text size="xs" c="dimmed" className="gh-clamp">
                  {item.description}
                </Text>
              ) : null}
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}
