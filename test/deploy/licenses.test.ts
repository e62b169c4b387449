/** What is shipped of others' work is listed, and under licences that let us. `npm run sbom` writes the list. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')

interface Component {
  readonly 'bom-ref': string
  readonly properties: readonly { readonly value: string }[]
  readonly licenses?: readonly { readonly license?: { readonly id: string }; readonly expression?: string }[]
}
const bom = JSON.parse(read('deploy/sbom.cdx.json')) as { readonly components: readonly Component[] }

/** Permissive ones: whoever passes Gatehouse on owes their notices and nothing else. */
const allowed = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
])
/** Packages that say it in words of their own; each was read. */
const readByHand: Readonly<Record<string, string>> = { 'xml-escape@1.1.0': 'MIT' }

test('the list has each package of the runtime in the lock file, and those of the page beside them', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, { version: string; dev?: boolean }>
  }
  const installed = Object.entries(packages)
    .filter(([place, { dev }]) => place !== '' && !dev)
    .map(([place, { version }]) => `${place.slice(place.lastIndexOf('node_modules/') + 13)}@${version}`)
  const of = (part: string) =>
    bom.components
      .filter(({ properties }) => properties.some(({ value }) => value === part))
      .map((component) => component['bom-ref'])
  expect(of('gateway').sort(), 'run: npm run sbom').toEqual([...new Set(installed)].sort())
  const page = of('page').map((ref) => ref.slice(0, ref.lastIndexOf('@')))
  expect(page).toEqual(expect.arrayContaining(['react', 'react-dom', '@mantine/core', '@codemirror/view']))
})

test('each of them has a licence that lets us ship it', () => {
  const refused = bom.components
    .map((component) => ({ ref: component['bom-ref'], id: licenceOf(component) }))
    // Of a choice, one is enough.
    .filter(
      ({ id }) =>
        !id
          .replace(/^\((.*)\)$/, '$1')
          .split(' OR ')
          .some((one) => allowed.has(one)),
    )
  expect(refused).toEqual([])
})

function licenceOf({ 'bom-ref': ref, licenses }: Component): string {
  const [first] = licenses ?? []
  return readByHand[ref] ?? first?.expression ?? first?.license?.id ?? 'none'
}
