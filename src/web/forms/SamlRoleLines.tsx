/** @module Which attributes of an upstream give which roles, a line each. */
import { Button, Group, Stack, TextInput } from '@mantine/core'
import type { RoleLine } from './saml-connector-document.js'

interface SamlRoleLinesProps {
  lines: readonly RoleLine[]
  onChange: (lines: readonly RoleLine[]) => void
}

export function SamlRoleLines({ lines, onChange }: SamlRoleLinesProps) {
  const set = (at: number, line: RoleLine) => onChange(lines.map((one, index) => (index === at ? line : one)))
  return (
    <Stack gap="sm">
      {lines.map((line, at) => {
        const field = (name: keyof RoleLine, label: string) => ({
          label,
          value: line[name],
          autoCapitalize: 'none',
          spellCheck: false,
          onChange: (event: { currentTarget: { value: string } }) =>
            set(at, { ...line, [name]: event.currentTarget.value }),
        })
        return (
          // Lines have no name of their own, and none is moved.
          <fieldset key={at} className="gh-fields" style={{ border: 0, padding: 0, margin: 0 }}>
            <legend className="gh-hidden">Line {at + 1}</legend>
            <TextInput {...field('name', 'Attribute')} placeholder="groups" />
            <TextInput {...field('value', 'Value')} />
            <TextInput {...field('roles', 'Roles')} placeholder="access, auditor" />
            <Button
              variant="subtle"
              color="gray"
              size="xs"
              px={0}
              w="fit-content"
              onClick={() => onChange(lines.filter((_, index) => index !== at))}
              aria-label={`Remove line ${at + 1}`}
            >
              Remove
            </Button>
          </fieldset>
        )
      })}
      <Group>
        <Button
          variant="default"
          size="xs"
          onClick={() => onChange([...lines, { name: '', value: '', roles: '' }])}
        >
          Add a line
        </Button>
      </Group>
    </Stack>
  )
}
