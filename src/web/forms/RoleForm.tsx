/**
 * @module A role as a form. It edits the same text as the YAML tab, one field at a time; what it has no field for
 * stays in the text, and is named here.
 */
import { Alert, NativeSelect, SegmentedControl, Stack, Text, Textarea, TextInput, Title } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { roleVersions } from '../../core/role/role.js'
import type { FormTools } from '../editor/Workbench.js'
import { InfoIcon, WarningIcon } from '../ui/Icons.js'
import { AssignmentRows } from './AssignmentRows.js'
import { LabelRows } from './LabelRows.js'
import { RoleOptions } from './RoleOptions.js'
import { RuleRows } from './RuleRows.js'
import { roleEdits, type Side } from './role-edits.js'
import { readRoleFields, type ConditionFields } from './role-fields.js'

export function RoleForm({ text, onChange, isNew }: FormTools) {
  const read = readRoleFields(text)
  if ('problem' in read) {
    return (
      <Alert icon={<WarningIcon />} color="amber" title="The form cannot show this text">
        {read.problem} Nothing is lost: the YAML tab has it.
      </Alert>
    )
  }
  const { fields, unshown } = read
  return (
    <Stack gap="md" miw={0}>
      <Part title="Role">
        <div className="gh-fields">
          <TextInput
            label="Name"
            value={fields.name}
            onChange={(event) => onChange(roleEdits.name(text, event.currentTarget.value))}
            disabled={!isNew}
            description={isNew ? 'Users and tokens hold the role by this name.' : 'The name of a role stays.'}
            autoCapitalize="none"
            spellCheck={false}
          />
          <NativeSelect
            label="Version"
            description="v8 decides sign-in by application labels."
            data={[...new Set([...roleVersions.toReversed(), fields.version])]}
            value={fields.version}
            onChange={(event) => onChange(roleEdits.version(text, event.currentTarget.value))}
          />
        </div>
        <Textarea
          label="Description"
          value={fields.description}
          onChange={(event) => onChange(roleEdits.description(text, event.currentTarget.value))}
          autosize
          minRows={1}
          maxRows={4}
          mt="sm"
        />
      </Part>
      <Conditions text={text} onChange={onChange} allow={fields.allow} deny={fields.deny} />
      <Part title="Options">
        <RoleOptions
          fields={fields}
          onOption={(name, value) => onChange(roleEdits.option(text, name, value))}
          onSaml={(enabled) => onChange(roleEdits.samlEnabled(text, enabled))}
        />
      </Part>
      {unshown.length > 0 ? (
        <Alert icon={<InfoIcon />} color="gray" p="sm" title="Also in this role">
          The form has no fields for{' '}
          {unshown.map((path, at) => (
            <span key={path}>
              {at > 0 ? ', ' : null}
              <code>{path}</code>
            </span>
          ))}
          . They stay as they are; the YAML tab shows them.
        </Alert>
      ) : null}
    </Stack>
  )
}

interface ConditionsProps {
  text: string
  onChange: (text: string) => void
  allow: ConditionFields
  deny: ConditionFields
}

function Conditions({ text, onChange, allow, deny }: ConditionsProps) {
  const [side, setSide] = useState<Side>('allow')
  const fields = side === 'allow' ? allow : deny
  return (
    <Part
      title={side === 'allow' ? 'What it allows' : 'What it denies'}
      lead="A denial wins over whatever this or another role allows."
      aside={
        <SegmentedControl
          aria-label="Allow or deny"
          size="xs"
          value={side}
          onChange={(value) => setSide(value === 'deny' ? 'deny' : 'allow')}
          data={[
            { value: 'allow', label: `Allow (${count(allow)})` },
            { value: 'deny', label: `Deny (${count(deny)})` },
          ]}
        />
      }
    >
      <Field
        title="Applications by label"
        hint="Every label must match; of its values any one does. * means any."
      >
        <LabelRows
          key={side}
          rows={fields.labels}
          onChange={(rows) => onChange(roleEdits.labels(text, side, rows))}
          noun="label"
          keyPlaceholder="teleport.dev/origin"
          valuePlaceholder="aws-identity-center, then Enter"
        />
        <TextInput
          mt="xs"
          label="Applications by expression"
          placeholder='labels["env"] == "staging"'
          value={fields.labelsExpression}
          onChange={(event) => onChange(roleEdits.labelsExpression(text, side, event.currentTarget.value))}
          spellCheck={false}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }}
        />
      </Field>
      <Field title="AWS accounts" hint="An account with a permission set; * and ^patterns$ stand for many.">
        <AssignmentRows
          rows={fields.assignments}
          onChange={(at, row) => onChange(roleEdits.assignment(text, side, at, row))}
          onRemove={(at) => onChange(roleEdits.removeAssignment(text, side, at))}
        />
      </Field>
      <Field
        title="Gatehouse itself"
        hint="Which kinds of resources the holder may list, read or change here."
      >
        <RuleRows
          rows={fields.rules}
          onChange={(at, row) => onChange(roleEdits.rule(text, side, at, row))}
          onRemove={(at) => onChange(roleEdits.removeRule(text, side, at))}
        />
      </Field>
    </Part>
  )
}

function count({ labels, labelsExpression, assignments, rules }: ConditionFields): number {
  return labels.length + (labelsExpression === '' ? 0 : 1) + assignments.length + rules.length
}

function Part({
  title,
  lead,
  aside,
  children,
}: {
  title: string
  lead?: string
  aside?: ReactNode
  children: ReactNode
}) {
  return (
    <section className="gh-panel gh-part" aria-label={title}>
      <div className="gh-part-head">
        <Title order={2}>{title}</Title>
        {aside}
      </div>
      {lead ? (
        <Text c="dimmed" mb="sm">
          {lead}
        </Text>
      ) : null}
      {children}
    </section>
  )
}

function Field({ title, hint, children }: { title: string; hint: string; children: ReactNode }) {
  return (
    <div className="gh-part-field">
      <Title order={3}>{title}</Title>
      <Text size="xs" c="dimmed" mb={8}>
        {hint}
      </Text>
      {children}
    </div>
  )
}
