/** @module An access list as a form: what it is, who answers for it, what its people get and need, when it is reviewed. */
import { Alert, Stack, TextInput, Textarea, Title } from '@mantine/core'
import type { FormTools } from '../editor/Workbench.js'
import { InfoIcon } from '../ui/Icons.js'
import { accessListEdits, readAccessListFields, type Holding } from './access-list-fields.js'
import { HoldingsFields } from './HoldingsFields.js'
import { OwnerPicker } from './OwnerPicker.js'
import { ReviewFields } from './ReviewFields.js'

const holdings: readonly { of: Holding; title: string; says: string }[] = [
  {
    of: 'memberGrants',
    title: 'What members get',
    says: 'With a permission set in an AWS account the list is a group in Identity Center.',
  },
  {
    of: 'memberNeeds',
    title: 'What members need',
    says: 'All of it, as their own: what lists give does not count. Who lacks something is in the list and gets nothing by it.',
  },
  { of: 'ownerGrants', title: 'What owners get', says: 'Beside what they get as members, if they are.' },
  {
    of: 'ownerNeeds',
    title: 'What owners need',
    says: 'All of it, as their own, or they do not count as owners.',
  },
]

export function AccessListForm({ text, onChange, isNew }: FormTools) {
  const read = readAccessListFields(text)
  if ('problem' in read) {
    return (
      <Alert icon={<InfoIcon />} role="status">
        {read.problem}
      </Alert>
    )
  }
  const { name, title, description, owners, review, holdings: held } = read.fields
  const word = (field: 'name' | 'title' | 'description', value: string) =>
    onChange(accessListEdits.text(text, field, value))
  return (
    <Stack gap="md" miw={0}>
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
        <OwnerPicker
          owners={owners}
          onAdd={(owner) => onChange(accessListEdits.addOwner(text, owner))}
          onRemove={(owner) => onChange(accessListEdits.removeOwner(text, owner))}
        />
      </section>
      {holdings.map(({ of, title: heading, says }) => (
        <HoldingsFields
          key={of}
          title={heading}
          says={says}
          rare={of !== 'memberGrants'}
          value={held[of]}
          onRoles={(roles) => onChange(accessListEdits.roles(text, of, roles))}
          onTraits={(traits) => onChange(accessListEdits.traits(text, of, traits))}
        />
      ))}
      <ReviewFields
        value={review}
        onChange={(field, value) => onChange(accessListEdits.review(text, field, value))}
      />
    </Stack>
  )
}
