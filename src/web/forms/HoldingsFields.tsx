/** @module Roles and traits that an access list gives or asks for, as fields. */
import { ActionIcon, Button, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { BreakableName } from '../ui/BreakableName.js'
import { CrossIcon } from '../ui/Icons.js'
import type { HoldingFields } from './access-list-fields.js'
import { LabelRows } from './LabelRows.js'
import type { LabelRow } from './role-fields.js'
import { RolePicker } from './RolePicker.js'

interface HoldingsFieldsProps {
  title: string
  says: string
  /** Of what most lists say nothing: one click shows the fields. */
  rare: boolean
  value: HoldingFields
  onRoles: (roles: readonly string[]) => void
  onTraits: (traits: readonly LabelRow[]) => void
}

export function HoldingsFields({
  title,
  says,
  rare,
  value: { roles, traits },
  onRoles,
  onTraits,
}: HoldingsFieldsProps) {
  const [isOpen, setOpen] = useState(!rare || roles.length > 0 || traits.length > 0)
  if (!isOpen) {
    return (
      <section className="gh-panel gh-part gh-part-head" aria-label={title}>
        <div>
          <Title order={2}>{title}</Title>
          <Text size="sm" c="dimmed">
            Nothing.
          </Text>
        </div>
        <Button variant="default" size="xs" onClick={() => setOpen(true)}>
          Say {title.toLowerCase()}
        </Button>
      </section>
    )
  }
  return (
    <section className="gh-panel gh-part" aria-label={title}>
      <Title order={2}>{title}</Title>
      <Text size="sm" c="dimmed" mb="xs">
        {says}
      </Text>
      {roles.length > 0 ? (
        <ul className="gh-rows gh-held" aria-label={`Roles: ${title}`}>
          {roles.map((role) => (
            <li key={role}>
              <BreakableName value={role} />
              <ActionIcon
                onClick={() => onRoles(roles.filter((one) => one !== role))}
                aria-label={`Remove role ${role}`}
              >
                <CrossIcon />
              </ActionIcon>
            </li>
          ))}
        </ul>
      ) : null}
      <RolePicker held={roles} onAdd={(role) => onRoles([...roles, role])} />
      <Text fw={500} mt="md" mb={4}>
        Traits
      </Text>
      <LabelRows
        rows={traits}
        onChange={onTraits}
        noun="trait"
        keyPlaceholder="team"
        valuePlaceholder="platform, then Enter"
      />
    </section>
  )
}
