/** @module Where a Response may go: only to an address of the service provider's metadata. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chooseAcs } from '../../../src/core/saml/acs.js'
import type { AssertionConsumerService } from '../../../src/core/saml/service-provider.js'
import { acsUrls, aws } from './sample.js'

function services(...defaults: (boolean | undefined)[]): readonly AssertionConsumerService[] {
  return defaults.map((isDefault, i) => ({ url: `https://sp.example/${i}`, index: i * 10, isDefault }))
}

describe('the assertion consumer service is', () => {
  test('the one with the index', () => {
    expect(chooseAcs({ assertionConsumerServices: services(true, undefined) }, { acsIndex: 10 })).toEqual({
      ok: true,
      url: 'https://sp.example/1',
    })
  })

  test('the one with exactly this URL', () => {
    expect(chooseAcs(aws, { acsUrl: acsUrls[2] })).toEqual({ ok: true, url: acsUrls[2] })
  })

  test.each<[string, (boolean | undefined)[], number]>([
    ['the first that says isDefault="true"', [undefined, false, true, true], 2],
    ['else the first that does not say isDefault="false"', [false, undefined, undefined], 1],
    ['else the first', [false, false], 0],
  ])('by default %s (SAML Metadata 2.2.3)', (_, defaults, expected) => {
    expect(chooseAcs({ assertionConsumerServices: services(...defaults) }, {})).toEqual({
      ok: true,
      url: `https://sp.example/${expected}`,
    })
  })
})

describe('no assertion consumer service is chosen', () => {
  test.each([
    ['https://evil.example/acs'],
    [`${acsUrls[0]}/`],
    [`${acsUrls[0]}?x=1`],
    [acsUrls[0].toUpperCase()],
    [`${acsUrls[0]} `],
    [acsUrls[0].replace('signin', '%73ignin')],
    [''],
  ])('for a URL that is not in the metadata: %s', (acsUrl) => {
    expect(chooseAcs(aws, { acsUrl })).toEqual({
      ok: false,
      because: `the metadata has no assertion consumer service ${acsUrl}`,
    })
  })

  test('for an index that is not in the metadata', () => {
    expect(chooseAcs(aws, { acsIndex: 3 })).toEqual({
      ok: false,
      because: 'the metadata has no assertion consumer service with index 3',
    })
  })

  test('for URL and index together, which exclude each other', () => {
    expect(chooseAcs(aws, { acsIndex: 0, acsUrl: acsUrls[0] })).toEqual({
      ok: false,
      because: 'the request names an assertion consumer service both by URL and by index',
    })
  })

  test('where the metadata has none', () => {
    expect(chooseAcs({ assertionConsumerServices: [] }, {})).toMatchObject({ ok: false })
  })
})

test('whatever is asked for, the answer comes out of the metadata', () => {
  fc.assert(
    fc.property(
      fc.option(fc.oneof(fc.webUrl(), fc.constantFrom(...acsUrls)), { nil: undefined }),
      fc.option(fc.integer({ min: -2, max: 5 }), { nil: undefined }),
      (acsUrl, acsIndex) => {
        const choice = chooseAcs(aws, { acsUrl, acsIndex })
        if (choice.ok) expect(acsUrls).toContain(choice.url)
      },
    ),
  )
})
