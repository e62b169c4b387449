/** @module Lines of a filter: what is taken in or left out, by name or by ID. Exclusions come first, always. */
import { ActionIcon, Button, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { CrossIcon } from '../ui/Icons.js'
import type { FilterRow, UserFilterRow } from './plugin-fields.js'

interface FilterRowsProps {
  /** What is filtered: "groups". */
  noun: string
  rows: readonly FilterRow[]
  onChange: (rows: readonly FilterRow[]) => void
}

export function FilterRows({ noun, rows, onChange }: FilterRowsProps) {
  const replace = (at: number, row: FilterRow) =>
    onChange(rows.map((one, index) => (index === at ? row : one)))
  return (
    <Stack gap="xs" role="group" aria-label={`Filters of ${noun}`}>
      {rows.length === 0 ? (
        <Text size="sm" c="dimmed">
          No filter: all {noun}.
        </Text>
      ) : null}
      {rows.map((row, at) => (
        <div key={at} className="gh-filter-row">
          <NativeSelect
            aria-label={`What filter ${at + 1} of ${noun} does`}
            value={row.sense}
            onChange={(event) =>
              replace(at, { ...row, sense: event.currentTarget.value === 'exclude' ? 'exclude' : 'include' })
            }
            data={[
              { value: 'include', label: 'Only' },
              { value: 'exclude', label: 'Leave out' },
            ]}
          />
          <NativeSelect
            aria-label={`What filter ${at + 1} of ${noun} looks at`}
            value={row.by}
            onChange={(event) =>
              replace(at, { ...row, by: event.currentTarget.value === 'id' ? 'id' : 'name' })
            }
            data={[
              { value: 'name', label: 'Name' },
              { value: 'id', label: 'ID' },
            ]}
          />
          <TextInput
            aria-label={`Value of filter ${at + 1} of ${noun}`}
            placeholder={row.by === 'id' ? 'exactly this ID' : 'prod-*, or ^prod-.+$'}
            value={row.value}
            onChange={(event) => replace(at, { ...row, value: event.currentTarget.value })}
            autoCapitalize="none"
            spellCheck={false}
          />
          <ActionIcon
            onClick={() => onChange(rows.filter((_, index) => index !== at))}
            aria-label={`Remove filter ${at + 1} of ${noun}`}
            mt={4}
          >
            <CrossIcon />
          </ActionIcon>
        </div>
      ))}
      <div>
        <Button
          variant="default"
          size="xs"
          onClick={() => onChange([...rows, { sense: 'include', by: 'name', value: '' }])}
          aria-label={`Add filter of ${noun}`}
        >
          Add filter
        </Button>
      </div>
    </Stack>
  )
}

interface UserFilterRowsProps {
  rows: readonly UserFilterRow[]
  onChange: (rows: readonly UserFilterRow[]) => void
}

/** Which Gatehouse users are pushed; one matching line is enough. */
export function UserFilterRows({ rows, onChange }: UserFilterRowsProps) {
  const replace = (at: number, row: UserFilterRow) =>
    onChange(rows.map((one, index) => (index === at ? row : one)))
  return (
    <Stack gap="xs" role="group" aria-label="Filters of users">
      {rows.length === 0 ? (
        <Text size="sm" c="dimmed">
          No filter: all users of Gatehouse are pushed to AWS.
        </Text>
      ) : null}
      {rows.map((row, at) => (
        <div key={at} className="gh-filter-row" data-of="users">
          <TextInput
            aria-label={`Labels of filter ${at + 1} of users`}
            placeholder="team=platform, env=production"
            value={row.labels}
            onChange={(event) => replace(at, { ...row, labels: event.currentTarget.value })}
            autoCapitalize="none"
            spellCheck={false}
          />
          <TextInput
            aria-label={`Origin of filter ${at + 1} of users`}
            placeholder="any origin"
            value={row.origin}
            onChange={(event) => replace(at, { ...row, origin: event.currentTarget.value })}
            autoCapitalize="none"
            spellCheck={false}
          />
          <ActionIcon
            onClick={() => onChange(rows.filter((_, index) => index !== at))}
            aria-label={`Remove filter ${at + 1} of users`}
            mt={4}
          >
            <CrossIcon />
          </ActionIcon>
        </div>
      ))}
      <div>
        <Button
          variant="default"
          size="xs"
          onClick={() => onChange([...rows, { labels: '', origin: '' }])}
          aria-label="Add filter of users"
        >
          Add filter
        </Button>
      </div>
    </Stack>
  )
}
