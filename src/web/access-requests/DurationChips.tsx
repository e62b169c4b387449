/** @module How long the access is wanted: what the roles allow, the longest last. */
import { Skeleton, Text } from '@mantine/core'
import { useId } from 'react'
import { durationWords } from '../ui/request-words.js'

interface DurationChipsProps {
  /** Ascending; the last is the most. */
  durations: readonly string[]
  value: string | undefined
  loading: boolean
  onChange: (duration: string) => void
}

export function DurationChips({ durations, value, loading, onChange }: DurationChipsProps) {
  const name = useId()
  if (durations.length === 0) {
    return loading ? <Skeleton h={56} role="status" aria-label="Asking how long it may be" /> : null
  }
  // A duration of a template may be between those offered.
  const all = value === undefined || durations.includes(value) ? durations : [value, ...durations]
  return (
    <fieldset className="gh-durations">
      <legend>
        Duration{' '}
        <Text span size="xs" c="dimmed">
          at most {durationWords(durations.at(-1) ?? '')}
        </Text>
      </legend>
      {all.map((duration) => (
        <label key={duration} className="gh-chip">
          <input type="radio" name={name} checked={duration === value} onChange={() => onChange(duration)} />
          {durationWords(duration)}
        </label>
      ))}
    </fieldset>
  )
}
