/** The sample of a set-up by files alone is what the kinds take. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { readYamlDocuments } from '../../src/api/resource/documents.js'
import { parseDocuments } from '../../src/service/resources/parse-documents.js'
import { testKinds } from '../support/kinds.js'

const file = fileURLToPath(new URL('../../fixtures/config/identity-center.yaml', import.meta.url))

test('the sample of a connection by YAML alone parses, whole and without anything that has no effect', () => {
  const parsed = parseDocuments(testKinds(), readYamlDocuments(readFileSync(file, 'utf8'), file))
  expect(parsed.map(({ kind, name, ignored }) => [kind.name, name, ignored])).toEqual([
    ['saml_idp_service_provider', 'aws-identity-center', []],
    ['integration', 'aws', []],
    ['plugin', 'aws-identity-center', []],
  ])
  expect(parsed.at(-1)?.value).toMatchObject({
    serviceProvider: 'aws-identity-center',
    credentials: { kind: 'oidc', integration: 'aws' },
    sync: 'active',
  })
})
