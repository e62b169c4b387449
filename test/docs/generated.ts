/**
 * @module The documents that are made from the code: the reference of each kind of resource, the table of rights, the
 * permissions in AWS, and what to do about each error.
 * `npm run docs` writes them; `generated.test.ts` fails where what is written is not what the code says.
 */
import { presetRoles } from '../../src/core/role/presets.js'
import { decideRight, formatRight, type Right } from '../../src/core/role/right.js'
import type { Role } from '../../src/core/role/role.js'
import { describeSchemas, type JsonSchema } from '../../src/http/openapi/schemas.js'
import type { Route } from '../../src/http/route.js'
import type { Kind, Kinds } from '../../src/service/resources/kind.js'
import { testKinds } from '../support/kinds.js'
import { testRoutes } from '../support/routes.js'
import { writeAwsPermissions } from './aws-permissions.js'
import { writeCommented, type FindSchema } from './commented-yaml.js'
import { fullDocuments } from './full-documents.js'
import { writeTroubleshooting } from './troubleshooting.js'

/** Path from the top of the checkout, and what the file holds. */
export function generateDocuments(): Map<string, string> {
  const kinds = testKinds()
  const schemas = describeSchemas(kinds.all)
  const find: FindSchema = (name) => {
    const schema = schemas[name]
    if (schema === undefined) throw new TypeError(`no schema is called ${name}`)
    return schema
  }
  const references = kinds.all.map((kind): [string, string] => {
    const schema = Object.values(schemas).find(({ title }) => title === kind.name) ?? {}
    return [`docs/resources/${kind.name}.yaml`, writeReference(kind, schema, find)]
  })
  return new Map([
    ...references,
    ['docs/resources.md', writeIndex(kinds)],
    ['docs/rights.md', writeRights(kinds)],
    ['docs/aws-permissions.md', writeAwsPermissions()],
    ['docs/troubleshooting.md', writeTroubleshooting()],
  ])
}

function writeReference(kind: Kind, schema: JsonSchema, find: FindSchema): string {
  const value = fullDocuments[kind.name]
  if (value === undefined) throw new TypeError(`full-documents.ts has no document of kind ${kind.name}`)
  const head = [
    `# ${kind.name}: ${kind.description}`,
    '# Every field with what it means, and words that it may be in brackets; lines that are commented out are fields that',
    '# this example does without.',
    '',
  ]
  return head.join('\n') + writeCommented(schema, value, find)
}

function writeIndex({ all }: Kinds): string {
  const rows = all.map(({ name, aliases, versions, description }) => {
    const also = aliases.map((word) => `\`${word}\``).join(', ')
    return `| [\`${name}\`](resources/${name}.yaml) | ${also} | ${versions.join(', ')} | ${description} |`
  })
  return `# Kinds of resources

Everything that can be written is a YAML document with \`kind\`, \`version\`, \`metadata\` and \`spec\`. Each link is a document of
that kind with every field explained; a test reads each of them as the gateway does. \`gatehouse kinds KIND\` prints a shorter
example, \`gatehouse create -f FILE\` applies documents, \`--dry-run\` says what would change: [cli.md](cli.md). What may be done
with them, and by whom: [rights.md](rights.md).

| Kind | Also called | Versions | For |
|---|---|---|---|
${rows.join('\n')}

Fields that exports of the reference product have and that mean nothing here are kept and have no effect; an answer names
them. A field that nobody knows is refused with its line.
`
}

function writeRights({ all, known }: Kinds): string {
  const roles = presetRoles.map((document): [string, Role] => [
    document.metadata.name,
    known.role.parse(document).value,
  ])
  const columns = roles.filter(([, { allow }]) => allow.rules.length > 0)
  const byRight = new Map<string, { readonly right: Right; readonly routes: string[] }>()
  const note = (right: Right, { method, path }: Pick<Route, 'method' | 'path'>) => {
    const name = formatRight(right)
    const entry = byRight.get(name) ?? { right, routes: [] }
    entry.routes.push(`\`${method.toUpperCase()} ${path}\``)
    byRight.set(name, entry)
  }
  for (const route of testRoutes()) {
    if (typeof route.right === 'object') note(route.right, route)
    // Asked of each document by itself, by what it is and whether it exists.
    else if (route.right === 'documents')
      for (const { name: resource } of all)
        for (const verb of ['create', 'update']) note({ resource, verb }, route)
  }
  const rows = [...byRight]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, { right, routes }]) => {
      const marks = columns.map(([, role]) => (decideRight([role], right).effect === 'allow' ? 'yes' : ''))
      return `| \`${name}\` | ${marks.join(' | ')} | ${routes.join('<br>')} |`
    })
  const heads = columns.map(([name]) => `\`${name}\``)
  return `# Rights

What a right opens, and which of the roles that a new gateway starts with has it. A right is a verb on a kind of resource, as
\`rules\` of a role write it: [roles.md](roles.md#administrative-rights). The table is made from the routes themselves. What
needs no right of a role (signing in, one's own settings, what an owner or reviewer may do) is not in it: [api.md](api.md).

| Right | ${heads.join(' | ')} | Opens |
|---|${heads.map(() => '---|').join('')}---|
${rows.join('\n')}
`
}
