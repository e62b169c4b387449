/** The documents that are made from the code say what the code says, and each example is one that the gateway takes. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { root } from '../architecture/source.js'
import { testKinds } from '../support/kinds.js'
import { actionReasons, listActions } from './aws-permissions.js'
import { writeCommented, type FindSchema } from './commented-yaml.js'
import { generateDocuments } from './generated.js'

const kinds = testKinds()

describe('generated documents', () => {
  test.each([...generateDocuments()])(
    '%s is what the code says; npm run docs writes it anew',
    (file, text) => {
      expect(readFileSync(path.join(root, file), 'utf8')).toBe(text)
    },
  )

  test('every kind has a reference, and no other file is there', () => {
    const files = readdirSync(path.join(root, 'docs/resources')).sort()
    expect(files).toEqual(kinds.all.map(({ name }) => `${name}.yaml`).sort())
  })
})

describe('references', () => {
  test.each(kinds.all.map((kind) => [kind.name, kind] as const))(
    '%s is a document that is taken',
    (name, kind) => {
      const text = readFileSync(path.join(root, 'docs/resources', `${name}.yaml`), 'utf8')
      const { ignored } = kind.parse(parse(text))
      expect(ignored).toEqual([])
    },
  )
})

test('every action that the policy allows has its reason in the document, and no other has', () => {
  expect(Object.keys(actionReasons).sort()).toEqual([...new Set(listActions())].sort())
})

test('every problem that the status of the sync can name is in the document', () => {
  const source = readFileSync(path.join(root, 'src/service/identity-center/health.ts'), 'utf8')
  const document = readFileSync(path.join(root, 'docs/identity-center.md'), 'utf8')
  // The fields of a yield; a code that depends names both in one expression.
  const codes = [...source.matchAll(/\bcode: ([^,\n]+),/g)].flatMap(([, value = '']) =>
    [...value.matchAll(/'([a-z_]+)'/g)].map(([, code = '']) => code),
  )
  expect(codes.length).toBeGreaterThan(20)
  expect(codes.filter((code) => !document.includes(`\`${code}\``))).toEqual([])
})

describe('writing with comments', () => {
  const find: FindSchema = () => ({})
  const schema = {
    properties: {
      name: { description: 'What it is called', type: 'string' },
      mode: { description: 'How', enum: ['fast', 'slow', '1'] },
      parts: {
        description: 'Its parts',
        type: 'array',
        items: { properties: { id: { description: 'Which' } } },
      },
      old: { description: 'Kept without effect' },
    },
  }

  test('tells of fields that are left out, but for those without effect', () => {
    expect(writeCommented(schema, { name: 'x', parts: [{ id: 1 }] }, find)).toBe(
      'name: x  # What it is called\n# mode:  # How [fast, slow]\nparts:  # Its parts\n  - id: 1  # Which\n',
    )
  })

  test('refuses a field that the kind does not know', () => {
    expect(() => writeCommented(schema, { nmae: 'x' }, find)).toThrow('the kind knows no field nmae')
  })
})
