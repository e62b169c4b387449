/** @module Filters of the audit log. They are the URL: each change is a view that can be sent to a colleague. */
import { Button, MultiSelect, NativeSelect, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useState, type SubmitEvent } from 'react'
import { auditCodes } from '../../core/audit/event.js'
import { auditKinds } from '../../core/audit/search.js'
import { noFilters, type AuditView } from '../path-builder.js'
import { isReference, parseReference } from '../ui/audit-view.js'
import { fromLocalInput, toLocalInput } from '../ui/format.js'
import { SearchIcon } from '../ui/Icons.js'

interface AuditFiltersProps {
  view: AuditView
  /** Changes these fields of the view and keeps the others. */
  onChange: (change: AuditView, replace?: boolean) => void
}

const eventNames = Object.keys(auditCodes)
const referencePauseMs = 500
const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone

export function AuditFilters({ view, onChange }: AuditFiltersProps) {
  const [chosen, setChosen] = useState(false)
  const [opened, setOpened] = useState(false)
  const { details: _, ...filters } = view
  const anyFilter = Object.values(filters).some(Boolean)
  const more = opened || [view.kind, view.name, view.address, view.code].some(Boolean)
  const withTimes = chosen || view.from !== undefined || view.to !== undefined
  function chooseTime(value: string): void {
    setChosen(value !== '')
    const hours = Number(value)
    const from = hours > 0 ? new Date(Date.now() - hours * 3_600_000).toISOString() : undefined
    onChange({ from, to: undefined })
  }
  function clear(): void {
    setChosen(false)
    setOpened(false)
    onChange(noFilters)
  }
  /** A search finds many, a reference finds one. */
  const text = (label: string, field: 'search' | 'name' | 'address' | 'code', placeholder = 'any') => (
    <SubmitField
      key={`${field}-${view[field]}`}
      label={label}
      placeholder={placeholder}
      value={view[field] ?? ''}
      onSubmit={(value) => onChange({ [field]: value || undefined, uid: undefined })}
    />
  )
  return (
    <section aria-label="Filters" className="gh-filters">
      {text('Search', 'search', 'words in events')}
      <MultiSelect
        className="gh-filter-wide"
        label="Event"
        placeholder={view.type ? undefined : 'any'}
        data={eventNames}
        value={[...(view.type ?? [])]}
        onChange={(type) => onChange({ type: type.length > 0 ? type : undefined })}
        searchable
        clearable
        hidePickedOptions
        clearButtonProps={{ 'aria-label': 'Any event' }}
      />
      <SubmitField
        key={`user-${view.user}`}
        label="User"
        placeholder="any"
        value={view.user ?? ''}
        onSubmit={(user) => onChange({ user: user || undefined })}
      />
      <NativeSelect
        label="Outcome"
        data={[
          { value: '', label: 'any' },
          { value: 'true', label: 'Succeeded' },
          { value: 'false', label: 'Failed' },
        ]}
        value={view.outcome ?? ''}
        onChange={(event) => onChange({ outcome: event.currentTarget.value || undefined })}
      />
      <NativeSelect
        label="Time"
        data={[
          { value: '', label: 'any' },
          { value: '1', label: 'Last hour' },
          { value: '24', label: 'Last 24 hours' },
          { value: '168', label: 'Last 7 days' },
          { value: 'between', label: 'From … to …' },
        ]}
        value={withTimes ? 'between' : ''}
        onChange={(event) => chooseTime(event.currentTarget.value)}
      />
      <ReferenceField view={view} onChange={onChange} />
      {withTimes ? (
        <>
          <DateField
            label={`From (${timeZone})`}
            value={view.from}
            onChange={(from) => onChange({ from }, true)}
          />
          <DateField label={`To (${timeZone})`} value={view.to} onChange={(to) => onChange({ to }, true)} />
        </>
      ) : null}
      {more ? (
        <>
          <NativeSelect
            label="Resource"
            data={[{ value: '', label: 'any' }, ...auditKinds]}
            value={view.kind ?? ''}
            onChange={(event) => onChange({ kind: event.currentTarget.value || undefined, uid: undefined })}
          />
          {text('Name of the resource', 'name')}
          {text('Address', 'address')}
          {text('Code', 'code')}
        </>
      ) : (
        <Button className="gh-filter-button" variant="subtle" onClick={() => setOpened(true)}>
          More filters
        </Button>
      )}
      {anyFilter ? (
        <Button className="gh-filter-button" variant="default" onClick={clear}>
          Clear filters
        </Button>
      ) : null}
    </section>
  )
}

interface SubmitFieldProps {
  label: string
  placeholder: string
  value: string
  onSubmit: (value: string) => void
}

/** A text filter that applies on Enter or when the field is left, not with every letter. */
function SubmitField({ label, placeholder, value, onSubmit }: SubmitFieldProps) {
  const [text, setText] = useState(value)
  function apply(event?: SubmitEvent): void {
    event?.preventDefault()
    if (text.trim() !== value) onSubmit(text.trim())
  }
  return (
    <form onSubmit={apply}>
      <TextInput
        label={label}
        placeholder={placeholder}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={() => apply()}
        autoCapitalize="none"
        spellCheck={false}
        leftSection={<SearchIcon />}
      />
    </form>
  )
}

/** Applies by itself: a reference is pasted, not written letter by letter. */
function ReferenceField({ view, onChange }: AuditFiltersProps) {
  const value = view.uid ?? ''
  // `applied` tells what this field put into the URL from what came there another way.
  const [{ text, applied }, setState] = useState({ text: value, applied: value })
  if (applied !== value) setState({ text: value, applied: value })
  const applySoon = useDebouncedCallback(apply, referencePauseMs)
  function apply(typed: string): void {
    const uid = parseReference(typed) ?? typed.trim()
    if (uid === value) return
    setState({ text: parseReference(typed) ? uid : typed, applied: uid })
    // A reference finds one event, whatever else was asked for.
    onChange({ ...noFilters, uid: uid || undefined }, true)
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        apply(text)
      }}
    >
      <TextInput
        label="Reference"
        placeholder="paste it here"
        value={text}
        onChange={(event) => {
          setState({ text: event.currentTarget.value, applied })
          applySoon(event.currentTarget.value)
        }}
        onBlur={() => apply(text)}
        error={isReference(value) ? undefined : 'A reference looks like 5f7116c9-e57b-…'}
        autoCapitalize="none"
        spellCheck={false}
        leftSection={<SearchIcon />}
      />
    </form>
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
      className="gh-filter-date"
      type="datetime-local"
      label={label}
      value={toLocalInput(value)}
      onChange={(event) => onChange(fromLocalInput(event.currentTarget.value))}
    />
  )
}
