/** @module The cluster preference as a form: what happens to access lists that nobody reviews. The rest is YAML. */
import { Alert, Text, Title } from '@mantine/core'
import type { FormTools } from '../editor/Workbench.js'
import { InfoIcon } from '../ui/Icons.js'
import { OverdueFields } from './OverdueFields.js'
import { editOverdue, readOverdue } from './preference-fields.js'

export function PreferenceForm({ text, onChange }: FormTools) {
  const read = readOverdue(text)
  if ('problem' in read) {
    return (
      <Alert icon={<InfoIcon />} role="status">
        {read.problem}
      </Alert>
    )
  }
  const { then, after } = read.fields
  return (
    <section className="gh-panel gh-part" aria-label="Reviews of access lists">
      <Title order={2}>Reviews of access lists</Title>
      <Text size="sm" c="dimmed" mb="sm" maw="70ch">
        What happens when nobody reviews a list by its due date. It holds for all lists that say nothing
        themselves; each list can say otherwise under Edit. Lists without members are never due.
      </Text>
      <OverdueFields
        label="When a review is overdue"
        remindsAnyway
        then={then}
        after={after}
        preset={{
          label: 'Off (default)',
          says: 'Owners are reminded by mail each week, and nothing else happens.',
        }}
        onThen={(value) => onChange(editOverdue(text, 'then', value))}
        onAfter={(value) => onChange(editOverdue(text, 'after', value))}
      />
      <Text size="sm" c="dimmed" mt="md" maw="70ch">
        The rest of the configuration, such as second factors and how long sessions last, is under YAML.
      </Text>
    </section>
  )
}
