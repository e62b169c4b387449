/**
 * @module The room as the use cases see it: it fits their interface, and a request comes with its own check.
 */
import { expect, test } from 'vitest'
import { samlAdapter } from '../../src/saml/adapter.js'
import type { SamlAdapter } from '../../src/service/saml/deps.js'
import { readFixtures } from './fixtures.js'
import { certificate } from './support.js'

const adapter: SamlAdapter = samlAdapter
const fixture = (name: string) =>
  readFixtures('requests', 'valid').find((each) => each.name === name)?.content
const formOf = (name: string) =>
  new URLSearchParams({ SAMLRequest: fixture(name)?.toString('base64') ?? '' }).toString()

test('a request by either binding brings its binding and the check of its signature', () => {
  const redirect = adapter.parseRedirect(fixture('redirect.signed')?.toString() ?? '')
  expect(redirect).toMatchObject({
    binding: 'redirect',
    relayState: 'a b/c',
    request: { id: 'aws_ccV60abcDEF' },
  })
  expect(redirect.verify([certificate('dev-sp')])).toEqual({ state: 'valid' })
  const post = adapter.parsePost(formOf('signature'))
  expect(post).toMatchObject({ binding: 'post', relayState: undefined, request: { id: 'aws_ccV60abcDEF' } })
  expect(post.verify([certificate('dev-sp')])).toEqual({ state: 'valid' })
  expect(post.verify([certificate('other-idp')])).toMatchObject({ state: 'invalid' })
})

test('an unsigned request says so', () => {
  expect(adapter.parsePost(formOf('aws')).verify([])).toEqual({
    state: 'unsigned',
  })
})
