/** @module What happens to a list that nobody reviews in time, in plain words: which step, and when it begins. */
import { NativeSelect, Radio, Stack } from '@mantine/core'

/** What each step does; the same words for one list and for all of them. */
const steps = [
  {
    value: 'remind',
    label: 'Owners are only reminded',
    says: 'Mail each week until somebody reviews it. Nobody loses anything, and people can be added.',
  },
  {
    value: 'freeze',
    label: 'Nobody can be added',
    says: 'Whoever is in keeps what they have. New members have to wait for the review; so does asking less of members.',
  },
  {
    value: 'remove_grants',
    label: 'It gives nothing',
    says: 'Members and owners stay in the list and lose what it gives, here and in AWS, until somebody reviews it.',
  },
] as const

const delays: readonly (readonly [value: string, label: string])[] = [
  ['', 'on the due date (default)'],
  ['7d', '7 days after the due date'],
  ['14d', '14 days after the due date'],
  ['30d', '30 days after the due date'],
]
const asHours: Readonly<Record<string, string>> = { '168h': '7d', '336h': '14d', '720h': '30d' }

const notice =
  'Owners are told the day in every mail before; it is never less than a week after they were first asked.'
const frozenFrom =
  'A list counts as frozen from that day on, also where this is stored later: whoever came into a list within it since then does not count in it.'

interface OverdueFieldsProps {
  label: string
  then: string
  after: string
  /** What holds where nothing is said. */
  preset: { readonly label: string; readonly says: string }
  /** Reminding alone is what holds anyway: it is no second choice, unless it is what is written. */
  remindsAnyway?: boolean
  onThen: (value: string) => void
  onAfter: (value: string) => void
}

export function OverdueFields(props: OverdueFieldsProps) {
  const { label, then, after, preset, remindsAnyway = false, onThen, onAfter } = props
  const offered = steps.filter(({ value }) => !remindsAnyway || value !== 'remind' || then === 'remind')
  const delay = asHours[after] ?? after
  const choices = delays.some(([value]) => value === delay) ? delays : [...delays, [delay, delay] as const]
  return (
    <Stack gap="sm" mt="sm">
      <Radio.Group label={label} value={then} onChange={onThen}>
        <Stack gap="xs" mt={6}>
          <Radio value="" label={preset.label} description={preset.says} />
          {offered.map(({ value, label: title, says }) => (
            <Radio key={value} value={value} label={title} description={says} />
          ))}
        </Stack>
      </Radio.Group>
      {then === 'freeze' || then === 'remove_grants' ? (
        <NativeSelect
          label="That begins"
          description={then === 'freeze' ? `${notice} ${frozenFrom}` : notice}
          value={delay}
          onChange={(event) => onAfter(event.currentTarget.value)}
          data={choices.map(([value, title]) => ({ value, label: title }))}
          maw={460}
        />
      ) : null}
    </Stack>
  )
}
