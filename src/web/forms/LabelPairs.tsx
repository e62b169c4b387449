/** @module Labels of a resource: rows of a name and one text. A row counts once it has both. */
import { ActionIcon, Button, Group, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { CrossIcon } from '../ui/Icons.js'
import type { TextPair } from './service-provider-fields.js'

interface LabelPairsProps {
  pairs: readonly TextPair[]
  onChange: (pairs: readonly TextPair[]) => void
}

export function LabelPairs({ pairs, onChange }: LabelPairsProps) {
  const [typed, setTyped] = useState(pairs)
  // Unfinished rows live here only; as soon as the document says something else, the document is right.
  const shown = same(complete(typed), pairs) ? typed : pairs
  function change(next: readonly TextPair[]): void {
    setTyped(next)
    if (!same(complete(next), pairs)) onChange(complete(next))
  }
  const replace = (at: number, pair: TextPair) =>
    change(shown.map((one, index) => (index === at ? pair : one)))
  return (
    <Stack gap="xs">
      {shown.map((pair, at) => (
        <Group key={at} gap="xs" wrap="nowrap" className="gh-field-row">
          <TextInput
            aria-label={`Name of label ${at + 1}`}
            placeholder="env"
            value={pair.key}
            onChange={(event) => replace(at, { ...pair, key: event.currentTarget.value })}
            autoCapitalize="none"
            spellCheck={false}
          />
          <TextInput
            aria-label={`Value of label ${at + 1}`}
            placeholder="production"
            value={pair.value}
            onChange={(event) => replace(at, { ...pair, value: event.currentTarget.value })}
            autoCapitalize="none"
            spellCheck={false}
          />
          <ActionIcon
            onClick={() => change(shown.filter((_, index) => index !== at))}
            aria-label={`Remove label ${pair.key || at + 1}`}
          >
            <CrossIcon />
          </ActionIcon>
        </Group>
      ))}
      <div>
        <Button variant="default" size="xs" onClick={() => setTyped([...shown, { key: '', value: '' }])}>
          Add label
        </Button>
      </div>
    </Stack>
  )
}

function complete(pairs: readonly TextPair[]): TextPair[] {
  const byKey = new Map(
    pairs.filter(({ key, value }) => key !== '' && value !== '').map((one) => [one.key, one]),
  )
  return [...byKey.values()]
}

function same(a: readonly TextPair[], b: readonly TextPair[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
