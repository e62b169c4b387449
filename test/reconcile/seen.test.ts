/** Lists of AWS show changes late: what was just changed is believed before what a list says (T22). */
import { describe, expect, test } from 'vitest'
import { Seen, type SeenWrite } from '../../src/reconcile/seen.js'

const now = Date.parse('2026-11-22T12:00:00Z')
const group: SeenWrite = {
  kind: 'group',
  id: 'g-1',
  value: { id: 'g-1', displayName: 'Operators', externalId: undefined },
}

describe('a read of AWS', () => {
  test('is older than what we changed a moment before it began', () => {
    const seen = new Seen()
    seen.apply([group], now)
    const mark = seen.markOfRead(now + 2000)
    expect(seen.isNewerThan(mark, 'group', 'g-1')).toBe(true)
  })

  test('is believed about what we changed long before it began', () => {
    const seen = new Seen()
    seen.apply([group], now)
    const mark = seen.markOfRead(now + 10_000)
    expect(seen.isNewerThan(mark, 'group', 'g-1')).toBe(false)
  })

  test('is believed about what an earlier read said', () => {
    const seen = new Seen()
    seen.apply([group])
    expect(seen.isNewerThan(seen.markOfRead(now), 'group', 'g-1')).toBe(false)
  })

  test('is older than whatever changes while it runs', () => {
    const seen = new Seen()
    const mark = seen.markOfRead(now)
    seen.apply([group])
    expect(seen.isNewerThan(mark, 'group', 'g-1')).toBe(true)
  })
})

describe('the answer that there is no such thing', () => {
  test('is not believed of what we made a moment before', () => {
    const seen = new Seen()
    seen.apply([group], now)
    expect(seen.isUnsettled('group', 'g-1', now + 2000)).toBe(true)
    expect(seen.isUnsettled('user', 'g-1', now + 2000)).toBe(false)
  })

  test('is believed of what we made long before, of what others made, and of what we deleted', () => {
    const seen = new Seen()
    seen.apply([group], now)
    expect(seen.isUnsettled('group', 'g-1', now + 10_000)).toBe(false)
    seen.apply([{ kind: 'user', id: 'u-1', value: undefined }], now)
    expect(seen.isUnsettled('user', 'u-1', now + 1000)).toBe(false)
    const read = new Seen()
    read.apply([group])
    expect(read.isUnsettled('group', 'g-1', now)).toBe(false)
  })
})

describe('a look that a person asks for', () => {
  test('waits until what we changed shows in the lists of AWS, and not without a change', () => {
    const seen = new Seen()
    expect(seen.unsettledFor(now)).toBe(0)
    seen.apply([group], now)
    const waitMs = seen.unsettledFor(now + 1000)
    expect(waitMs).toBeGreaterThan(0)
    expect(seen.isNewerThan(seen.markOfRead(now + 1000 + waitMs), 'group', 'g-1')).toBe(false)
    expect(seen.unsettledFor(now + 1000 + waitMs)).toBe(0)
  })
})

describe('a read of one thing', () => {
  const members = (...ids: string[]): SeenWrite => ({ kind: 'members', id: 'g-1', value: new Set(ids) })

  function changed(): Seen {
    const seen = new Seen()
    seen.apply([members('a', 'b')])
    seen.apply([members('b', 'c')], now)
    return seen
  }

  test('shows members that we changed a moment before as we left them, and others as they are', () => {
    expect(changed().settle(members('a', 'b', 'x'), now + 2000)).toEqual(members('b', 'x', 'c'))
  })

  test('is believed once AWS must show what we changed', () => {
    expect(changed().settle(members('a'), now + 10_000)).toEqual(members('a'))
  })

  test('does not bring back what we deleted', () => {
    const seen = changed()
    const gone: SeenWrite = { kind: 'members', id: 'g-1', value: undefined }
    seen.apply([gone], now + 1000)
    expect(seen.settle(members('b', 'c'), now + 2000)).toEqual(gone)
  })

  test('that finds nothing is believed', () => {
    const gone: SeenWrite = { kind: 'members', id: 'g-1', value: undefined }
    expect(changed().settle(gone, now + 1000)).toEqual(gone)
  })
})
