/** @module An account or permission set: found by name at the server, kept by id or ARN; a pattern may be typed. */
import { Combobox, Text, TextInput, useCombobox } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { accountSearchQuery, permissionSetSearchQuery } from '../api/access.js'

interface InventoryFieldProps {
  of: 'account' | 'permission set'
  label: string
  placeholder: string
  value: string
  onChange: (value: string) => void
}

interface Choice {
  readonly value: string
  readonly name: string
  readonly more: string | undefined
}

const pauseMs = 200

export function InventoryField({ of, label, placeholder, value, onChange }: InventoryFieldProps) {
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() })
  const [search] = useDebouncedValue(value, pauseMs)
  const choices = useChoices(of, search)
  const chosen = choices.find((choice) => choice.value === value)
  return (
    <Combobox
      store={combobox}
      // Whoever scrolls to a choice scrolls its field away; the choices must not vanish for that.
      hideDetached={false}
      onOptionSubmit={(option) => {
        onChange(option)
        combobox.closeDropdown()
      }}
      withinPortal={false}
    >
      <Combobox.Target withExpandedAttribute>
        <TextInput
          role="combobox"
          aria-label={label}
          placeholder={placeholder}
          value={value}
          onChange={(event) => {
            onChange(event.currentTarget.value)
            combobox.openDropdown()
          }}
          onFocus={() => combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
          autoCapitalize="none"
          spellCheck={false}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={choices.length === 0}>
        <Combobox.Options mah={260} style={{ overflowY: 'auto' }} aria-label={`${label}: choices`}>
          {choices.map((choice) => (
            <Combobox.Option key={choice.value} value={choice.value}>
              <Text size="sm" fw={500}>
                {choice.name}
              </Text>
              <Text size="xs" c="dimmed" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
                {choice.value}
                {choice.more ? ` · ${choice.more}` : ''}
              </Text>
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
      {chosen ? (
        <Text size="xs" c="dimmed" mt={2}>
          {chosen.name}
        </Text>
      ) : null}
    </Combobox>
  )
}

/** Nothing where the inventory is empty or may not be read: the field takes any text all the same. */
function useChoices(of: InventoryFieldProps['of'], search: string): Choice[] {
  const isAccount = of === 'account'
  // A pattern is not a name: it would find nothing, and choices would vanish while it is typed.
  const wanted = /[*^$]/.test(search) ? '' : search
  const accounts = useQuery({ ...accountSearchQuery(wanted), enabled: isAccount })
  const sets = useQuery({ ...permissionSetSearchQuery(wanted), enabled: !isAccount })
  return isAccount
    ? (accounts.data?.items ?? []).map(({ id, name, ouPath }) => ({ value: id, name, more: ouPath }))
    : (sets.data?.items ?? []).map(({ arn, name, description }) => ({ value: arn, name, more: description }))
}
