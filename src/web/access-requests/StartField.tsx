/** @module When access begins: once it is approved, or later. */
import { SegmentedControl, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { fromLocalInput, toLocalInput } from '../ui/format.js'

interface StartFieldProps {
  /** RFC 3339; at once without it. */
  startAt: string | undefined
  onChange: (startAt: string | undefined) => void
}

export function StartField({ startAt, onChange }: StartFieldProps) {
  const [start, setStart] = useState(startAt === undefined ? 'now' : 'later')
  return (
    <div role="group" aria-label="Start">
      <Text size="sm" fw={500} mb={4}>
        Start
      </Text>
      <SegmentedControl
        aria-label="When it begins"
        size="xs"
        value={start}
        onChange={(value) => {
          setStart(value)
          if (value === 'now') onChange(undefined)
        }}
        data={[
          { value: 'now', label: 'Once approved' },
          { value: 'later', label: 'Later' },
        ]}
      />
      {start === 'later' ? (
        <TextInput
          mt={6}
          type="datetime-local"
          aria-label="Not before"
          value={toLocalInput(startAt)}
          onChange={(event) => onChange(fromLocalInput(event.currentTarget.value))}
        />
      ) : null}
    </div>
  )
}
