/**
 * @module Reads the self-describing files of `fixtures/saml`: the message and what must come of it.
 */
import { readdirSync, readFileSync } from 'node:fs'

const root = new URL('../../fixtures/saml/', import.meta.url)

export interface SamlFixture<Expected> {
  readonly name: string
  readonly extension: string
  readonly content: Buffer
  readonly expected: Expected
}

/** Every fixture of a kind; `Expected` is what its generator wrote into the `.expected.json` beside it. */
export function readFixtures<Expected>(
  kind: 'requests' | 'responses' | 'metadata',
  validity: 'valid' | 'invalid' | 'reading',
): SamlFixture<Expected>[] {
  const folder = new URL(`${kind}/${validity}/`, root)
  return readdirSync(folder)
    .filter((file) => !file.endsWith('.expected.json'))
    .map((file) => {
      const dot = file.lastIndexOf('.')
      const name = file.slice(0, dot)
      const expected = readFileSync(new URL(`${name}.expected.json`, folder), 'utf8')
      return {
        name,
        extension: file.slice(dot + 1),
        content: readFileSync(new URL(file, folder)),
        expected: JSON.parse(expected) as Expected,
      }
    })
}
