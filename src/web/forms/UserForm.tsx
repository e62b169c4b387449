/** @module A person as a form: roles and traits. It edits the same text as the YAML tab, one field at a time. */
import { ActionIcon, Alert, Stack, Text, Title } from '@mantine/core'
import { useEffect } from 'react'
import { Link, useSearchParams } from 'react-router'
import type { FormTools } from '../editor/Workbench.js'
import { pagePaths } from '../path-builder.js'
import { BreakableName } from '../ui/BreakableName.js'
import { CrossIcon, WarningIcon } from '../ui/Icons.js'
import { LabelRows } from './LabelRows.js'
import { RolePicker } from './RolePicker.js'
import { readUserFields, userEdits } from './user-fields.js'

export function UserForm({ text, onChange }: FormTools) {
  const read = readUserFields(text)
  useAskedRole('fields' in read ? read.fields.roles : undefined, (roles) =>
    onChange(userEdits.roles(text, roles)),
  )
  if ('problem' in read) {
    return (
      <Alert icon={<WarningIcon />} color="amber" title="The form cannot show this text">
        {read.problem} Nothing is lost: the YAML tab has it.
      </Alert>
    )
  }
  const { roles, traits } = read.fields
  return (
    <Stack gap="md" miw={0}>
      <section className="gh-panel gh-part" aria-label="Roles">
        <Title order={2}>Roles</Title>
        {roles.length === 0 ? (
          <Text c="dimmed" mb="sm">
            None: this person may open nothing.
          </Text>
        ) : (
          <ul className="gh-rows gh-held" aria-label="Roles held">
            {roles.map((role) => (
              <li key={role}>
                {role.includes('/') ? (
                  // An account or permission set that is gone: there is no role to open any more.
                  <span>
                    <BreakableName value={role} />
                  </span>
                ) : (
                  <Link to={pagePaths.role(role)} className="gh-row-link">
                    <BreakableName value={role} />
                  </Link>
                )}
                <ActionIcon
                  onClick={() =>
                    onChange(
                      userEdits.roles(
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
        <RolePicker held={roles} onAdd={(role) => onChange(userEdits.roles(text, [...roles, role]))} />
      </section>
      <section className="gh-panel gh-part" aria-label="Traits">
        <Title order={2}>Traits</Title>
        <Text c="dimmed" mb="sm">
          Facts about the person that roles and AWS attributes refer to.
        </Text>
        <LabelRows
          rows={traits}
          onChange={(rows) => onChange(userEdits.traits(text, rows))}
          noun="trait"
          keyPlaceholder="team"
          valuePlaceholder="payments, then Enter"
        />
      </section>
    </Stack>
  )
}

/** A page that tells of a role leads here with it: it is added once, and saved by nobody but the person who reads it. */
function useAskedRole(roles: readonly string[] | undefined, onAdd: (roles: readonly string[]) => void): void {
  const [search, setSearch] = useSearchParams()
  const asked = search.get('add')
  useEffect(() => {
    if (asked === null || roles === undefined) return
    if (!roles.includes(asked)) onAdd([...roles, asked])
    setSearch(
      (before) => {
        const after = new URLSearchParams(before)
        after.delete('add')
        return after
      },
      { replace: true, preventScrollReset: true },
    )
  })
}
