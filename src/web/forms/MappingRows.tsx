/** @module Attribute mappings: which attribute the application is told, in which format, from which expression. */
import { ActionIcon, Button, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { CrossIcon } from '../ui/Icons.js'
import { nameFormats, newMapping, serviceProviderEdits, type MappingRow } from './service-provider-fields.js'

interface MappingRowsProps {
  text: string
  rows: readonly MappingRow[]
  preset: string
  onChange: (text: string) => void
}

const mono = { input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }

export function MappingRows({ text, rows, preset, onChange }: MappingRowsProps) {
  const set = (at: number, row: MappingRow) => onChange(serviceProviderEdits.mapping(text, at, row))
  return (
    <Stack gap="sm">
      {rows.map((row, at) => (
        <fieldset key={at} className="gh-rule gh-mapping" aria-label={`Attribute ${at + 1}`}>
          <TextInput
            label="Attribute"
            value={row.name}
            onChange={(event) => set(at, { ...row, name: event.currentTarget.value })}
            autoCapitalize="none"
            spellCheck={false}
            styles={mono}
          />
          <NativeSelect
            label="Format of the name"
            data={[...new Set([...nameFormats, row.nameFormat || 'unspecified'])]}
            value={row.nameFormat || 'unspecified'}
            onChange={(event) => set(at, { ...row, nameFormat: event.currentTarget.value })}
          />
          <TextInput
            label="Value"
            value={row.value}
            onChange={(event) => set(at, { ...row, value: event.currentTarget.value })}
            placeholder="user.spec.traits.team"
            autoCapitalize="none"
            spellCheck={false}
            styles={mono}
          />
          <ActionIcon
            onClick={() => onChange(serviceProviderEdits.removeMapping(text, at))}
            aria-label={`Remove attribute ${row.name || at + 1}`}
          >
            <CrossIcon />
          </ActionIcon>
        </fieldset>
      ))}
      <div>
        <Button variant="default" size="xs" onClick={() => set(rows.length, newMapping(preset))}>
          Add attribute
        </Button>
      </div>
      <Text size="sm" c="dimmed">
        Values are expressions over the person: <code>user.spec.traits.team</code>,{' '}
        <code>user.spec.roles</code>, <code>strings.lower(user.metadata.name)</code>.
      </Text>
    </Stack>
  )
}
