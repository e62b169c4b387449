/** @module The words of a verification, above all what it cannot exclude. */
import { expect, test } from 'vitest'
import { describeVerification, type AuditReport } from '../../../src/core/audit/verification.js'

const report: AuditReport = {
  ok: true,
  clusterName: 'example.com',
  eventsChecked: 12,
  headsChecked: 1,
  copiesChecked: 0,
  last: { sequence: 12, hash: 'f' },
  lastSignedHead: { sequence: 10, signedAt: 0, keyId: 'k' },
  unsignedTail: 2,
  keysPinned: false,
  source: 'gateway',
  breaks: [],
  breaksFound: 0,
}

test('a good report says what was checked and what it cannot exclude', () => {
  expect(describeVerification(report)).toEqual([
    '12 events and 1 signed head checked, nothing is wrong',
    'last signed head: event 10, 1970-01-01T00:00:00.000Z, key k',
    '',
    'What this cannot exclude:',
    '- the newest 2 events are after the last signed head: whoever can write to the database could have changed or removed them',
    '- that the end of the log was removed together with its heads: compare with a copy of the heads that is kept elsewhere (--heads FILE)',
    '- that the signing keys were exchanged: they came from the gateway itself; compare their IDs with ones noted elsewhere (--key ID)',
    '- anything at all, if a signing key was stolen: its holder can sign a different history',
    '- that something happened and no event was ever written of it',
  ])
})

test('with copies and pinned keys less is left open, but never a stolen key', () => {
  const text = describeVerification({ ...report, copiesChecked: 3, keysPinned: true, unsignedTail: 0 }).join(
    '\n',
  )
  expect(text).not.toContain('--heads')
  expect(text).not.toContain('--key')
  expect(text).toContain('that events after the last signed head were removed')
  expect(text).toContain('if a signing key was stolen')
})

test('hashes that agree without a signed head are no proof, and the headline says so', () => {
  const unsigned = { ...report, headsChecked: 0, lastSignedHead: undefined, unsignedTail: 12 }
  expect(describeVerification(unsigned).slice(0, 2)).toEqual([
    '12 events and 0 signed heads checked, the hashes agree, but nothing is proven yet: no head is signed',
    'no signed head: nothing here proves that the chain was not rewritten as a whole',
  ])
})

test('a bad report lists its breaks, and says when nothing is signed', () => {
  const breaks = [{ sequence: 3, kind: 'edited', says: 'event 3 was edited' } as const]
  const lines = describeVerification({
    ...report,
    ok: false,
    breaks,
    breaksFound: 5,
    lastSignedHead: undefined,
  })
  expect(lines.slice(0, 4)).toEqual([
    '12 events and 1 signed head checked, 5 breaks found',
    '  at 3: edited: event 3 was edited',
    '  and 4 more',
    'no signed head: nothing here proves that the chain was not rewritten as a whole',
  ])
})
