/** @module Filters of the audit log. They are the URL: each change is a view that can be sent to a colleague. */
import { Button, Group, MultiSelect, NativeSelect, Text, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { auditCodes } from '../../core/audit/event.js'
import type { AuditView } from '../path-builder.js'
import { parseReference } from '../ui/audit-view.js'
import { fromLocalInput, toLocalInput } from '../ui/format.js'
import { SearchIcon } from '../ui/Icons.js'

interface AuditFiltersProps {
  view: AuditView
  onChange: (view: AuditView, replace?: boolean) => void
}

const eventNames = Object.keys(auditCodes)

export function AuditFilters({ view, onChange }: AuditFiltersProps) {
  const anyFilter = [view.type, view.user, view.from, view.to, view.outcome, view.uid].some(Boolean)
  return (
    <section aria-label="Filters">
      <Group gap="sm" align="flex-end" mb="md">
        <MultiSelect
          label="Event"
          placeholder={view.type ? undefined : 'any'}
          data={eventNames}
          value={[...(view.type ?? [])]}
          onChange={(type) => onChange({ ...view, type: type.length > 0 ? type : undefined })}
          searchable
          clearable
          hidePickedOptions
          clearButtonProps={{ 'aria-label': 'Any event' }}
          style={{ flex: '1 1 220px' }}
          maw={{ md: 360 }}
        />
        <SubmitField
          key={`user-${view.user}`}
          label="User"
          placeholder="any"
          value={view.user ?? ''}
          onSubmit={(user) => onChange({ ...view, user: user || undefined })}
        />
        <NativeSelect
          label="Outcome"
          data={[
            { value: '', label: 'any' },
            { value: 'true', label: 'Succeeded' },
            { value: 'false', label: 'Failed' },
          ]}
          value={view.outcome ?? ''}
          onChange={(event) => onChange({ ...view, outcome: event.currentTarget.value || undefined })}
        />
        <DateField label="From" value={view.from} onChange={(from) => onChange({ ...view, from }, true)} />
        <DateField label="To" value={view.to} onChange={(to) => onChange({ ...view, to }, true)} />
        <ReferenceField key={view.uid} view={view} onChange={onChange} />
        {anyFilter ? (
          <Button variant="default" onClick={() => onChange({})}>
            Clear filters
          </Button>
        ) : null}
      </Group>
      <Text size="xs" c="dimmed" mb="xs">
        Times are in {Intl.DateTimeFormat().resolvedOptions().timeZone}.
      </Text>
    </section>
  )
}

interface SubmitFieldProps {
  label: string
  placeholder: string
  value: string
  onSubmit: (value: string) => void
  error?: string | undefined
  width?: number
}

/** A text filter that applies on Enter or when the field is left, not with every letter. */
function SubmitField({ label, placeholder, value, onSubmit, error, width = 170 }: SubmitFieldProps) {
  const [text, setText] = useState(value)
  function apply(event?: FormEvent): void {
    event?.preventDefault()
    if (text.trim() !== value) onSubmit(text.trim())
  }
  return (
    <form onSubmit={apply} style={{ flex: `0 1 ${width}px` }}>
      <TextInput
        label={label}
        placeholder={placeholder}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={() => apply()}
        error={error}
        autoCapitalize="none"
        spellCheck={false}
        leftSection={<SearchIcon />}
      />
    </form>
  )
}

function ReferenceField({ view, onChange }: AuditFiltersProps) {
  const [wrong, setWrong] = useState(false)
  return (
    <SubmitField
      label="Reference"
      placeholder="paste a reference number"
      width={230}
      value={view.uid ?? ''}
      error={wrong ? 'Not a reference: 36 characters, as 7523b6cc-…' : undefined}
      onSubmit={(text) => {
        const uid = parseReference(text)
        setWrong(text !== '' && uid === undefined)
        if (text === '' || uid !== undefined) onChange(uid ? { uid } : { ...view, uid: undefined })
      }}
    />
  )
}

interface DateFieldProps {
  label: string
  value: string | undefined
  onChange: (instant: string | undefined) => void
}

function DateField({ label, value, onChange }: DateFieldProps) {
  return (
    <TextInput
      type="datetime-local"
      label={label}
      value={toLocalInput(value)}
      onChange={(event) => onChange(fromLocalInput(event.currentTarget.value))}
    />
  )
}
