/** @module The roles of the documentation are roles: each loads, and nothing in it is without effect. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readYamlDocuments } from '../../../src/api/resource/documents.js'
import { parsePredicate } from '../../../src/core/expression/parse-predicate.js'
import { parseRoleDocument } from '../../../src/kinds/role/form.js'

const page = readFileSync(new URL('../../../docs/roles.md', import.meta.url), 'utf8')
const blocks = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, text]) => text ?? '')
const roles = blocks.filter((text) => text.startsWith('kind: role'))

test('docs/roles.md shows roles', () => {
  expect(roles.length).toBeGreaterThanOrEqual(2)
})

test.each(roles)('%s', (text) => {
  const [written] = readYamlDocuments(text, 'roles.md')
  expect(parseRoleDocument(written?.value).ignored).toEqual([])
})

test('the names that docs/roles.md lists are the names of the language', () => {
  const listed = [...page.matchAll(/`((?:labels|resource|user|request|reviewer?)\.[a-z][\w."[\]]*)`/g)].map(
    ([, name]) => name ?? '',
  )
  expect(listed.length).toBeGreaterThan(12)
  for (const name of listed.filter((one) => !one.includes('FIELD') && one !== 'request.roles')) {
    const scopes = (['labels', 'resource', 'request'] as const).filter((scope) => {
      try {
        return parsePredicate(`${name} == "x"`, 'f', scope).reads.size === 1
      } catch {
        return false
      }
    })
    expect([name, scopes]).not.toEqual([name, []])
  }
})
