/** @module Rows of a name with its values: labels of a role, traits of a person. A row counts once it has both. */
import { ActionIcon, Button, Group, Stack, TagsInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import { CrossIcon } from '../ui/Icons.js'
import { completeRows, sameRows } from './label-rows.js'
import type { LabelRow } from './role-fields.js'

interface LabelRowsProps {
  rows: readonly LabelRow[]
  onChange: (rows: readonly LabelRow[]) => void
  /** What a row is, for its buttons: "label", "trait". */
  noun: string
  keyPlaceholder: string
  valuePlaceholder: string
}

export function LabelRows({ rows, onChange, noun, keyPlaceholder, valuePlaceholder }: LabelRowsProps) {
  const [typed, setTyped] = useState<readonly LabelRow[]>(rows)
  // Unfinished rows live here only; as soon as the document says something else, the document is right.
  const shown = sameRows(completeRows(typed), rows) ? typed : rows
  function change(next: readonly LabelRow[]): void {
    setTyped(next)
    const complete = completeRows(next)
    if (!sameRows(complete, rows)) onChange(complete)
  }
  const replace = (at: number, row: LabelRow) => change(shown.map((one, index) => (index === at ? row : one)))
  return (
    <Stack gap="xs">
      {shown.map((row, at) => (
        <Group key={at} gap="xs" align="flex-start" wrap="nowrap" className="gh-field-row">
          <TextInput
            aria-label={`Name of ${noun} ${at + 1}`}
            placeholder={keyPlaceholder}
            value={row.key}
            onChange={(event) => replace(at, { ...row, key: event.currentTarget.value })}
            autoCapitalize="none"
            spellCheck={false}
          />
          <TagsInput
            aria-label={`Values of ${noun} ${at + 1}`}
            placeholder={row.values.length === 0 ? valuePlaceholder : undefined}
            value={[...row.values]}
            onChange={(values) => replace(at, { ...row, values })}
            splitChars={[]}
          />
          <ActionIcon
            onClick={() => change(shown.filter((_, index) => index !== at))}
            aria-label={`Remove ${noun} ${row.key || at + 1}`}
            mt={4}
          >
            <CrossIcon />
          </ActionIcon>
        </Group>
      ))}
      <div>
        <Button variant="default" size="xs" onClick={() => setTyped([...shown, { key: '', values: [] }])}>
          Add {noun}
        </Button>
      </div>
    </Stack>
  )
}
