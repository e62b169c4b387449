/**
 * @module Every Response in `fixtures/saml/responses` before two verifiers that are not ours: ours are accepted,
 * each tampered twin is refused.
 */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { readFixtures } from './fixtures.js'
import {
  acceptByNodeSaml,
  canonicalForm,
  certificate,
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
    '$name: node-saml refuses it',
    async ({ content, expected }) => {
      await expect(acceptByNodeSaml(content.toString(), [trusted])).rejects.toThrow(expected.nodeSaml)
    },
  )

  test('is never accepted by either unless the file says who must see what is wrong', () => {
    const unseen = invalid.filter(({ expected }) => expected.nodeSaml === undefined).map(({ name }) => name)
    expect(unseen).toEqual(['acs.other', 'comment-in-name-id', 'issuer.other', 'sha-1'])
    const signed = invalid.filter(
      ({ expected }) => expected.signatures.response && expected.signatures.assertion,
    )
    expect(signed.map(({ name }) => name)).toEqual([
      'acs.other',
      'audience.other',
      'comment-in-name-id',
      'expired',
      'issuer.other',
      'not-yet-valid',
    ])
  })

  test('with a comment in the NameID names the whole person, never the part before it', async () => {
    const xml = invalid.find(({ name }) => name === 'comment-in-name-id')?.content.toString() ?? ''
    const profile = await acceptByNodeSaml(xml, [trusted])
    expect(profile?.nameID).toBe('alice@example.com.evil.example')
  })
})
