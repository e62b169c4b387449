/** @module When a list is reviewed and what happens if nobody does, as fields. */
import { NativeSelect, Text, TextInput, Title } from '@mantine/core'
import type { ReviewField } from './access-list-fields.js'
import { OverdueFields } from './OverdueFields.js'

interface ReviewFieldsProps {
  value: Readonly<Record<ReviewField, string>>
  onChange: (field: ReviewField, value: string) => void
}

export function ReviewFields({ value, onChange }: ReviewFieldsProps) {
  const select = (field: ReviewField, label: string, choices: readonly [string, string][]) => (
    <NativeSelect
      label={label}
      value={value[field]}
      onChange={(event) => onChange(field, event.currentTarget.value)}
      data={known(choices.filter(isNoTwin(choices, value[field])), value[field]).map(([one, title]) => ({
        value: one,
        label: title,
      }))}
    />
  )
  return (
    <section className="gh-panel gh-part" aria-label="Reviews">
      <Title order={2}>Reviews</Title>
      <Text size="sm" c="dimmed" mb="xs">
        Owners look through the members from time to time. Without a date the first review is due after the
        first such span.
      </Text>
      <div className="gh-fields">
        {select('frequency', 'Reviewed', [
          ['', 'every 6 months (default)'],
          ['1', 'every month'],
          ['3', 'every 3 months'],
          ['6', 'every 6 months'],
          ['12', 'every year'],
        ])}
        {select('day', 'Due on', [
          ['', 'the first of a month (default)'],
          ['1', 'the first of a month'],
          ['15', 'the 15th of a month'],
          ['last', 'the last day of a month'],
        ])}
        <TextInput
          type="date"
          label="Next review (optional)"
          value={value.nextDate}
          onChange={(event) => onChange('nextDate', event.currentTarget.value)}
        />
        {select('notice', 'Owners are asked', [
          ['', '14 days before (default)'],
          ['72h', '3 days before'],
          ['168h', '7 days before'],
          ['336h', '14 days before'],
          ['720h', '30 days before'],
        ])}
      </div>
      <OverdueFields
        label="If nobody reviews it"
        then={value.overdueThen}
        after={value.overdueAfter}
        preset={{
          label: 'As for all lists (default)',
          says: 'What the configuration says for lists that say nothing themselves.',
        }}
        onThen={(then) => onChange('overdueThen', then)}
        onAfter={(after) => onChange('overdueAfter', after)}
      />
    </section>
  )
}

/** What the default is already is no second choice, unless it is what is written. */
function isNoTwin(choices: readonly [string, string][], value: string) {
  const preset = choices[0]?.[1].replace(' (default)', '')
  return ([one, title]: [string, string]): boolean => one === '' || one === value || title !== preset
}

/** What is written and no choice is one all the same: it is shown as it stands. */
function known(choices: readonly [string, string][], value: string): readonly [string, string][] {
  return choices.some(([one]) => one === value) ? choices : [...choices, [value, value]]
}
