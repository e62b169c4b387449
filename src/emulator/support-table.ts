/**
 * @module The table of what the emulator answers, made from the operations themselves. `docs/emulator-operations.md`
 * carries it, and a test compares the two.
 */
import { services } from './aws/mount.js'
import { scimOperations } from './scim/mount.js'

const titles = {
  'sso-admin': 'sso-admin (AWS JSON 1.1)',
  identitystore: 'identitystore (AWS JSON 1.1)',
  organizations: 'organizations (AWS JSON 1.1)',
  iam: 'iam (Query)',
  sts: 'sts (Query)',
} as const

/** Markdown: a heading and a table for each service. */
export function supportTable(): string {
  const aws = services.map(({ dialect, operations }) => {
    const rows = operations
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, access, action, input }) => {
        const members = Object.entries(input.members).map(([member, { required }]) =>
          required ? `**${member}**` : member,
        )
        return `| ${name} | ${access} | ${action === undefined ? '' : `\`${action}\``} | ${members.join(', ')} |`
      })
    return `## ${titles[dialect.service]}: ${rows.length} operations

| Operation | | Action | Members of the input, required ones in bold |
|---|---|---|---|
${rows.join('\n')}
`
  })
  const scim = scimOperations.map(({ name, method, path }) => {
    const access = method === 'GET' ? 'read' : 'write'
    return `| ${name} | ${access} | \`${method} /${path}\` |`
  })
  return `${aws.join('\n')}
## SCIM 2.0: ${scim.length} operations

| Operation | | Request, below \`/TENANT/scim/v2\` |
|---|---|---|
${scim.join('\n')}
`
}
