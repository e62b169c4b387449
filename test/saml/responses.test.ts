/**
 * @module Every Response in `fixtures/saml/responses` before two verifiers that are not ours: ours are accepted,
 * each tampered twin is refused, and what is easily read wrongly is read whole.
 */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { readFixtures } from './fixtures.js'
import {
  acceptByNodeSaml,
  canonicalForm,
  certificate,
  judgeAsAws,
  now,
  verifySignatures,
  type SignaturesSeen,
} from './support.js'

interface Expected {
  readonly signatures: SignaturesSeen
  readonly nameId?: string
  readonly inResponseTo?: string
  readonly status?: string
  readonly nodeSaml?: string
  readonly because?: string
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now }))
afterEach(() => void vi.useRealTimers())

const trusted = certificate('dev-idp')

describe('a valid Response', () => {
  test.each(readFixtures<Expected>('responses', 'valid'))(
    '$name is accepted by both',
    async ({ content, expected }) => {
      const xml = content.toString()
      expect(await verifySignatures(xml, trusted)).toEqual(expected.signatures)
      const profile = await acceptByNodeSaml(xml, [trusted], { status: expected.status !== undefined })
      expect(profile?.nameID).toBe(expected.nameId)
      expect(profile?.['inResponseTo']).toBe(expected.inResponseTo)
      expect(canonicalForm(xml)).toBe(xml)
    },
  )
})

const invalid = readFixtures<Expected>('responses', 'invalid')

describe('a tampered Response', () => {
  test.each(invalid)(
    '$name: xmldsigjs finds exactly the signatures that hold',
    async ({ content, expected }) => {
      expect(await verifySignatures(content.toString(), trusted)).toEqual(expected.signatures)
    },
  )

  test.each(invalid.filter(({ expected }) => expected.nodeSaml !== undefined))(
    '$name: a service provider with node-saml refuses it',
    async ({ content, expected }) => {
      await expect(acceptByNodeSaml(content.toString(), [trusted])).rejects.toThrow(expected.nodeSaml)
    },
  )

  test('is refused by node-saml in every case but one: it takes SHA-1, which xmldsigjs is told to refuse', async () => {
    const [sha1, ...others] = invalid.filter(({ expected }) => expected.nodeSaml === undefined)
    expect(others).toEqual([])
    expect(sha1).toMatchObject({
      name: 'sha-1',
      expected: { signatures: { response: false, assertion: false } },
    })
    const profile = await acceptByNodeSaml(sha1?.content.toString() ?? '', [trusted])
    expect(profile?.nameID).toBe('alice@example.com')
  })

  test('is well signed only where its content alone is wrong, which no verifier of signatures can see', () => {
    const signed = invalid.filter(
      ({ expected }) => expected.signatures.response && expected.signatures.assertion,
    )
    expect(signed.map(({ name }) => name)).toEqual([
      'acs.other',
      'audience.other',
      'expired',
      'issuer.other',
      'not-yet-valid',
      'recipient.other',
    ])
  })
})

describe('a Response that is easily read wrongly', () => {
  test.each(readFixtures<Expected>('responses', 'reading'))(
    '$name: names the whole person, never a part',
    async ({ content, expected }) => {
      const xml = content.toString()
      expect(xml).not.toContain(expected.nameId)
      expect(await verifySignatures(xml, trusted)).toEqual(expected.signatures)
      const profile = await acceptByNodeSaml(xml, [trusted])
      expect(profile?.nameID).toBe(expected.nameId)
      expect(judgeAsAws(xml)).toMatchObject({ accepted: true, facts: { userName: expected.nameId } })
    },
  )
})
