/** @module The rules of the audit chain, each break with its kind. */
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import {
  chainStart,
  genesisHash,
  headText,
  linkInput,
  verifyChain,
  type ChainLink,
} from '../../../src/core/audit/chain.js'

const hash = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex')

function chain(...jsons: string[]): ChainLink[] {
  let previous = genesisHash
  return jsons.map((json, index) => {
    previous = hash(linkInput(previous, json))
    return { sequence: index + 1, hash: previous, json }
  })
}

const events = chain('{"a":1}', '{"a":2}', '{"a":3}', '{"a":4}', '{"a":5}')
const at = (index: number): ChainLink => events[index] ?? { sequence: 0, hash: '', json: '' }
const renumber = (links: readonly ChainLink[]) => links.map((link, i) => ({ ...link, sequence: i + 1 }))
const verify = (links: readonly ChainLink[]) => verifyChain(links, { ...chainStart, hash })

test('what is hashed and what is signed is fixed for ever', () => {
  expect(linkInput(genesisHash, '{"a":1}')).toBe(`gatehouse-audit-v1\n${'0'.repeat(64)}\n{"a":1}`)
  expect(at(0).hash).toBe('8ba95a4b0cb674fa2d7702cfa70bd78108f1d372fad5c2b1a1f3154ed6bc83b5')
  expect(headText('example.com', 7, 'ff', 1_800_000_000_000)).toBe(
    '["gatehouse-audit-head-v1","example.com",7,"ff","2027-01-15T08:00:00.000Z"]',
  )
})

test('a whole chain verifies, also from its middle, and an empty one does', () => {
  expect(verify(events)).toEqual({ ok: true, last: { sequence: 5, hash: at(4).hash } })
  const middle = { afterSequence: 2, startHash: at(1).hash, hash }
  expect(verifyChain(events.slice(2), middle)).toMatchObject({ ok: true })
  expect(verify([])).toEqual({ ok: true, last: { sequence: 0, hash: genesisHash } })
})

describe('a break is found:', () => {
  test.each<[string, readonly ChainLink[], number, string, string]>([
    [
      'an edited event',
      events.map((link, i) => (i === 2 ? { ...link, json: '{"a":9}' } : link)),
      3,
      'edited',
      'event 3 was edited, or events before it were removed and the rest renumbered',
    ],
    [
      'an edited hash',
      events.map((link, i) => (i === 2 ? { ...link, hash: at(1).hash } : link)),
      3,
      'edited',
      'event 3 was edited',
    ],
    ['a removed event', events.filter((_, i) => i !== 1), 2, 'removed', 'event 2 is missing'],
    ['removed events', [at(0), at(4)], 2, 'removed', 'events 2 to 4 are missing'],
    ['a removed beginning', events.slice(1), 1, 'removed', 'event 1 is missing'],
    [
      'a removed and renumbered event',
      renumber(events.filter((_, i) => i !== 1)),
      2,
      'edited',
      'event 2 was edited',
    ],
    [
      'an inserted event',
      renumber([at(0), { sequence: 0, hash: hash('x'), json: '{"a":"x"}' }, ...events.slice(1)]),
      2,
      'inserted',
      'event 2 was put in between events that belong together',
    ],
    ['two events in each other’s place', [at(1), at(0)], 1, 'removed', 'event 1 is missing'],
    [
      'two renumbered events in each other’s place',
      renumber([at(1), at(0), ...events.slice(2)]),
      1,
      'reordered',
      'events 1 and 2 changed places',
    ],
    ['an event twice', [at(0), at(0), at(1)], 2, 'reordered', 'event 1 stands where event 2 belongs'],
    [
      'two contents in each other’s place',
      events.map((link, i) => ({ ...link, json: at(i === 1 ? 2 : i === 2 ? 1 : i).json })),
      2,
      'reordered',
      'the contents of events 2 and 3 changed places',
    ],
  ])('%s', (_, links, sequence, kind, says) => {
    expect(verify(links)).toEqual({
      ok: false,
      firstBreak: { sequence, kind, says: expect.stringContaining(says) as string },
    })
  })
})
