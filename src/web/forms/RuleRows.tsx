/** @module Rules of a role: kinds of resources, and what may be done with them, as a row of switches. */
import { ActionIcon, Button, Chip, Group, Stack, TagsInput, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { kindsQuery } from '../api/resources.js'
import { CrossIcon } from '../ui/Icons.js'
import type { RuleRow } from './role-fields.js'

const usualVerbs = ['list', 'read', 'create', 'update', 'delete', 'use', '*']

interface RuleRowsProps {
  rows: readonly RuleRow[]
  onChange: (at: number, row: RuleRow) => void
  onRemove: (at: number) => void
}

export function RuleRows({ rows, onChange, onRemove }: RuleRowsProps) {
  const kinds = useQuery(kindsQuery)
  const known = [...(kinds.data ?? []).map(({ name }) => name), 'event', 'session', '*']
  return (
    <Stack gap="sm">
      {rows.map((row, at) => (
        <fieldset key={at} className="gh-rule" aria-label={`Rule ${at + 1}`}>
          <Group gap="xs" wrap="nowrap" align="flex-start">
            <TagsInput
              aria-label={`Kinds of resources of rule ${at + 1}`}
              placeholder={row.resources.length === 0 ? 'user, role, event …' : undefined}
              data={[...new Set(known)]}
              value={[...row.resources]}
              onChange={(resources) => onChange(at, { ...row, resources })}
              style={{ flex: 1, minWidth: 0 }}
              comboboxProps={{ withinPortal: false }}
            />
            <ActionIcon onClick={() => onRemove(at)} aria-label={`Remove rule ${at + 1}`} mt={4}>
              <CrossIcon />
            </ActionIcon>
          </Group>
          <Chip.Group multiple value={[...row.verbs]} onChange={(verbs) => onChange(at, { ...row, verbs })}>
            <Group gap={6} role="group" aria-label={`Verbs of rule ${at + 1}`}>
              {[...new Set([...usualVerbs, ...row.verbs])].map((verb) => (
                <Chip key={verb} value={verb} size="xs" variant="outline">
                  {verb === '*' ? 'everything (*)' : verb}
                </Chip>
              ))}
            </Group>
          </Chip.Group>
          <TextInput
            aria-label={`Condition of rule ${at + 1}`}
            placeholder='Only where … (optional), e.g. resource.metadata.labels["team"] == "payments"'
            value={row.where}
            onChange={(event) => onChange(at, { ...row, where: event.currentTarget.value })}
            spellCheck={false}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }}
          />
        </fieldset>
      ))}
      {rows.length === 0 ? (
        <Text size="sm" c="dimmed">
          No rule.
        </Text>
      ) : null}
      <div>
        <Button
          variant="default"
          size="xs"
          onClick={() => onChange(rows.length, { resources: [], verbs: [], where: '' })}
        >
          Add rule
        </Button>
      </div>
    </Stack>
  )
}
