import { describe, expect, test } from 'vitest'
import { pagePaths } from '../../src/web/path-builder.js'
import { countNewer, parseReference, parseStoredEvent, readAuditView } from '../../src/web/ui/audit-view.js'

const uid = '7523b6cc-313e-4f56-9f58-3f1b91075c4d'
const item = (sequence: number) => ({ sequence, hash: 'ab', json: '{}' })

test('a view survives its URL', () => {
  const view = {
    type: ['user.login', 'mfa.add'],
    user: 'ivy@example.com',
    from: '2026-11-22T10:00:00.000Z',
    to: undefined,
    outcome: 'false',
    uid,
    details: undefined,
  }
  expect(readAuditView(new URL(pagePaths.audit(view), 'https://gatehouse.example').searchParams)).toEqual(
    view,
  )
})

test('an outcome that is neither filters nothing', () => {
  expect(readAuditView(new URLSearchParams('outcome=maybe')).outcome).toBeUndefined()
})

describe('countNewer', () => {
  test('counts what came after the newest shown', () => {
    expect(countNewer({ items: [item(12), item(11), item(10)] }, 10)).toEqual({ count: 2, more: false })
  })

  test('says that there is more when the whole page is new', () => {
    expect(countNewer({ items: [item(12), item(11)], nextCursor: '11' }, 3)).toEqual({ count: 2, more: true })
  })

  test('counts nothing without an answer or without news', () => {
    expect(countNewer(undefined, 10)).toEqual({ count: 0, more: false })
    expect(countNewer({ items: [item(10)], nextCursor: '10' }, 10)).toEqual({ count: 0, more: false })
  })
})

describe('parseReference', () => {
  test('finds the reference in what was pasted', () => {
    expect(parseReference(`Reference: ${uid.toUpperCase()} .`)).toBe(uid)
  })

  test('finds none in other text', () => {
    expect(parseReference('7523b6cc')).toBeUndefined()
  })
})

test('a stored event keeps its text beside what was read from it', () => {
  const json = '{"event":"user.login",  "success":true}'
  const stored = parseStoredEvent({ sequence: 1, hash: 'ab', json })
  expect(stored.json).toBe(json)
  expect(stored.event.event).toBe('user.login')
})
