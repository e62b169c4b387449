/** @module The name of one resource, found by search at the server; a name that is not found may be typed all the same. */
import { Combobox, Loader, Text, TextInput, useCombobox } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { Ref } from 'react'
import { searchResources } from '../api/resources.js'
import { rights, useRight } from '../api/session.js'
import { BreakableName } from '../ui/BreakableName.js'
import { SearchIcon } from '../ui/Icons.js'

interface Offered {
  readonly name: string
  readonly description?: string | undefined
}

/** Where names are found, if not among the resources of the kind. */
export interface Finder {
  /** Tells what is found here from what is found elsewhere. */
  readonly key: string
  /** Letters that have to be typed. */
  readonly least: number
  readonly ask: (search: string, signal: AbortSignal) => Promise<readonly Offered[]>
}

interface NameFieldProps {
  kind: string
  label: string
  description?: string | undefined
  value: string
  onChange: (value: string) => void
  find?: Finder
  inputRef?: Ref<HTMLInputElement> | undefined
  /** What is wrong with the name, in words. */
  error?: React.ReactNode
}

const pauseMs = 200
const maxOffered = 8

export function NameField(props: NameFieldProps) {
  const { kind, label, description, value, onChange, find, inputRef, error } = props
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() })
  const [search] = useDebouncedValue(value.trim(), pauseMs)
  const mayList = useMayList(kind)
  const finds = find !== undefined || mayList
  const isLongEnough = search.length >= (find?.least ?? 0)
  const found = useQuery({
    queryKey: ['resources', find?.key ?? kind, 'names', search],
    queryFn: ({ signal }): Promise<readonly Offered[]> =>
      find ? find.ask(search, signal) : searchResources(kind, { search, limit: maxOffered }, signal),
    placeholderData: keepPreviousData,
    enabled: combobox.dropdownOpened && finds && isLongEnough,
  })
  const offered = isLongEnough ? (found.data ?? []) : []
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
          error={error}
          ref={inputRef}
          leftSection={!finds ? undefined : found.isFetching ? <Loader size={14} /> : <SearchIcon />}
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

/** Whoever may not list them types a name: what is known to be refused is not asked. */
function useMayList(kind: string): boolean {
  const users = useRight(rights.listUsers)
  const roles = useRight(rights.listRoles)
  return kind === 'user' ? users : kind === 'role' ? roles : true
}
