/**
 * The document that lists what is supported says what the code says.
 */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { services } from '../../src/emulator/aws/mount.js'
import { defaultSettings } from '../../src/emulator/settings.js'
import { supportTable } from '../../src/emulator/support-table.js'

const document = readFileSync(new URL('../../docs/emulator-operations.md', import.meta.url), 'utf8')

test('the document carries the table as the code makes it: `gatehouse emulator operations` prints it', () => {
  const [, after = ''] = document.split(
    '<!-- made by `gatehouse emulator operations`; do not edit below -->\n\n',
  )
  expect(after).toBe(supportTable())
})

test('the document names every setting with its default', () => {
  const settings = readFileSync(new URL('../../docs/emulator.md', import.meta.url), 'utf8')
  for (const [name, value] of Object.entries(defaultSettings)) {
    expect(settings).toContain(`\n| \`${name}\` | \`${value}\` | `)
  }
})

test('every service has operations, each with a name of its own', () => {
  for (const { dialect, operations } of services) {
    const names = operations.map(({ name }) => name)
    expect(names.length, dialect.service).toBeGreaterThan(2)
    expect(new Set(names).size, dialect.service).toBe(names.length)
  }
})
