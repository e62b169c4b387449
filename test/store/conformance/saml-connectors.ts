/** @module Conformance of what is kept for SAML connectors. */
import { describe, expect, test } from 'vitest'
import { countTrue, minute, now, open, type Engine } from './engine.js'

export function samlConnectorConformance(engine: Engine): void {
  describe('SAML connectors', () => {
    test('an assertion is used once at a connector, however many come at once, until it is forgotten', async () => {
      const { samlConnectors } = await open(await engine.newUrl())
      const use = () => samlConnectors.useAssertion('corp', 'hash', now + minute)
      expect(await countTrue([use(), use(), use()])).toBe(1)
      expect(await use()).toBe(false)
      expect(await samlConnectors.useAssertion('other', 'hash', now + minute)).toBe(true)
      expect(await samlConnectors.deleteExpiredAssertions(now + minute)).toBe(0)
      expect(await samlConnectors.deleteExpiredAssertions(now + minute + 1)).toBe(2)
      expect(await use()).toBe(true)
    })

    test('of metadata the last copy is kept, by connector', async () => {
      const { samlConnectors } = await open(await engine.newUrl())
      const first = {
        connector: 'corp',
        url: 'https://idp.example/metadata',
        xml: undefined,
        fetchedAt: undefined,
        validUntil: undefined,
        triedAt: now,
        problem: 'idp.example did not answer in time',
      }
      await samlConnectors.putMetadata(first)
      expect(await samlConnectors.findMetadata('corp')).toEqual(first)
      const second = { ...first, xml: '<x/>', fetchedAt: now, validUntil: now + 1, problem: undefined }
      await samlConnectors.putMetadata(second)
      expect(await samlConnectors.findMetadata('corp')).toEqual(second)
      expect(await samlConnectors.findMetadata('corp\0')).toBeUndefined()
      await samlConnectors.forgetMetadata('corp')
      expect(await samlConnectors.findMetadata('corp')).toBeUndefined()
    })
  })
}
