/** @module docs/audit-ocsf.md lists the class and activity of every event as the code has them. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ocsfClasses, ocsfEvents } from '../../../src/core/audit/ocsf-classes.js'

test('docs/audit-ocsf.md has a row for each event, and no other', () => {
  const text = readFileSync(new URL('../../../docs/audit-ocsf.md', import.meta.url), 'utf8')
  const rows = [...text.matchAll(/^\| `([^`]+)` \| ([^|(]+) \((\d{4})\) \| ([^|(]+) \((\d+)\) \|$/gm)]
  const wanted = Object.entries(ocsfEvents).map(([name, mapping]) => {
    const { uid, name: caption, activities } = ocsfClasses[mapping.class]
    const all: Readonly<Record<string, { readonly id: number; readonly name: string }>> = activities
    const activity = all[mapping.activity]
    return [name, caption, String(uid), activity?.name, String(activity?.id)]
  })
  expect(rows.map(([, ...cells]) => cells).sort()).toEqual(wanted.sort())
})
