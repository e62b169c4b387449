/** Names that others chose, shown so that they read as they are written. */
import { describe, expect, test } from 'vitest'
import { visibleAnswer, visibleText } from '../../src/core/visible-text.js'

describe('a name', () => {
  test.each([
    ['pay\u202egnp.exe', 'pay\ufffdgnp.exe'],
    ['\u2066a\u2069', '\ufffda\ufffd'],
    ['two\nlines\r\u2028', 'two\ufffdlines\ufffd\ufffd'],
    ['tab\tbell\u0007', 'tab\ufffdbell\ufffd'],
    ['half \ud800', 'half \ufffd'],
  ])('%j is shown as %j', (name, shown) => {
    expect(visibleText(name)).toBe(shown)
  })

  test.each(['Zoë Ångström', '山田太郎', 'ليلى', 'Plattform (eu) 🙂'])('%s stays', (name) => {
    expect(visibleText(name)).toBe(name)
  })
})

describe('an answer', () => {
  test('is made fit to be shown at any depth, but for what is sent back', () => {
    const answer = {
      actions: [{ key: 'k/\u202e', says: 'to \u202eb', holds: [1, true, null] }],
      nextCursor: 'c',
    }
    expect(visibleAnswer(answer)).toEqual({
      actions: [{ key: 'k/\u202e', says: 'to \ufffdb', holds: [1, true, null] }],
      nextCursor: 'c',
    })
  })

  test('keeps the lines of the script that undoes the AWS side, which people run', () => {
    const awsCleanup = { fileName: 'cleanup.sh', text: '#!/usr/bin/env bash\nset -e\n' }
    expect(visibleAnswer({ awsCleanup, removes: ['a\nb'] })).toEqual({ awsCleanup, removes: ['a\ufffdb'] })
  })

  test('with a member named __proto__ is an answer like others', () => {
    const answer = JSON.parse('{"tags":{"__proto__":"a\\nb"}}') as { tags: object }
    expect(JSON.stringify(visibleAnswer(answer))).toBe('{"tags":{"__proto__":"a\ufffdb"}}')
  })
})
