/** @module An access list as a form: what it is called, who answers for it, what its members get. */
import { ActionIcon, Alert, Stack, Text, TextInput, Textarea, Title } from '@mantine/core'
import type { FormTools } from '../editor/Workbench.js'
import { BreakableName } from '../ui/BreakableName.js'
import { CrossIcon, InfoIcon } from '../ui/Icons.js'
import { accessListEdits, readAccessListFields } from './access-list-fields.js'
import { PeoplePicker } from './PeoplePicker.js'
import { RolePicker } from './RolePicker.js'

export function AccessListForm({ text, onChange, isNew }: FormTools) {
  const read = readAccessListFields(text)
  if ('problem' in read) {
    return (
      <Alert icon={<InfoIcon />} role="status">
        {read.problem}
      </Alert>
    )
  }
  const { name, title, description, owners, roles } = read.fields
  const word = (field: 'name' | 'title' | 'description', value: string) =>
    onChange(accessListEdits.text(text, field, value))
  return (
    <Stack gap="md">
      <section className="gh-panel gh-part" aria-label="What it is">
        <Stack gap="sm">
          {isNew ? (
            <TextInput
              label="Name"
              description="Stays as it is; a title can change at any time."
              value={name}
              onChange={(event) => word('name', event.currentTarget.value.trim())}
              autoCapitalize="none"
              spellCheck={false}
            />
          ) : null}
          <TextInput
            label="Title"
            description="What people read, and the name of the group in AWS."
            value={title}
            onChange={(event) => word('title', event.currentTarget.value)}
          />
          <Textarea
            label="Description (optional)"
            value={description}
            onChange={(event) => word('description', event.currentTarget.value)}
            autosize
            minRows={2}
          />
        </Stack>
      </section>
      <section className="gh-panel gh-part" aria-label="Owners of the list">
        <Title order={2} mb="xs">
          Owners
        </Title>
        <PeoplePicker
          label="Owners"
          noun="owner"
          people={owners}
          onChange={(next) => onChange(accessListEdits.owners(text, next))}
        />
      </section>
      <section className="gh-panel gh-part" aria-label="What members get">
        <Title order={2} mb="xs">
          What members get
        </Title>
        {roles.length === 0 ? (
          <Text size="sm" c="dimmed" mb="xs">
            No role yet.
          </Text>
        ) : (
          <ul className="gh-rows gh-held" aria-label="Granted roles">
            {roles.map((role) => (
              <li key={role}>
                <BreakableName value={role} />
                <ActionIcon
                  onClick={() =>
                    onChange(
                      accessListEdits.roles(
                        text,
                        roles.filter((one) => one !== role),
                      ),
                    )
                  }
                  aria-label={`Remove role ${role}`}
                >
                  <CrossIcon />
                </ActionIcon>
              </li>
            ))}
          </ul>
        )}
        <RolePicker held={roles} onAdd={(role) => onChange(accessListEdits.roles(text, [...roles, role]))} />
      </section>
    </Stack>
  )
}
