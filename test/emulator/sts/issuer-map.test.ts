import { describe, expect, test } from 'vitest'
import { locate, parseIssuerMap } from '../../../src/emulator/sts/issuer-map.js'

describe('the map of issuers', () => {
  test('has bases by origin, without trailing slashes', () => {
    const issuers = parseIssuerMap([
      'https://ID.example.com=http://127.0.0.1:3080/',
      'https://keys.example.com/=https://localhost/base/',
      'https://six.example.com=http://[::1]:80',
    ])
    expect([...issuers]).toEqual([
      ['https://id.example.com', 'http://127.0.0.1:3080'],
      ['https://keys.example.com', 'https://localhost/base'],
      ['https://six.example.com', 'http://[::1]:80'],
    ])
  })

  test.each([
    'http://id.example.com=http://127.0.0.1:1',
    'https://id.example.com:8443=http://127.0.0.1:1',
    'https://id.example.com/tenant=http://127.0.0.1:1',
    'https://user@id.example.com=http://127.0.0.1:1',
    'https://=http://127.0.0.1:1',
    'id.example.com=http://127.0.0.1:1',
    'https://id.example.com',
    '',
  ])('refuses the issuer of "%s"', (mapping) => {
    expect(() => parseIssuerMap([mapping])).toThrow(
      `--issuer-map: "${mapping}" does not begin with an issuer such as https://id.example.com`,
    )
  })

  test.each([
    'http://192.0.2.1',
    'http://example.com',
    'http://127.0.0.1.example.com',
    'http://localhost@example.com',
    'http://user@127.0.0.1',
    'http://127.0.0.1?x=',
    'http://127.0.0.1#',
    'file:///tmp',
    '127.0.0.1:3080',
    '',
  ])('refuses the target "%s"', (target) => {
    const mapping = `https://id.example.com=${target}`
    expect(() => parseIssuerMap([mapping])).toThrow(
      `--issuer-map: "${mapping}" does not end with =http://... or =https://... on loopback, such as http://127.0.0.1:3080`,
    )
  })

  test('refuses an issuer that comes twice', () => {
    const mappings = [
      'https://id.example.com=http://127.0.0.1:1',
      'https://ID.example.com/=http://127.0.0.1:2',
    ]
    expect(() => parseIssuerMap(mappings)).toThrow('--issuer-map: https://id.example.com is mapped twice')
  })
})

describe('where an address is reached', () => {
  const issuers = parseIssuerMap(['https://id.example.com=http://127.0.0.1:3080/base'])

  test.each([
    [
      'https://id.example.com/.well-known/openid-configuration',
      'http://127.0.0.1:3080/base/.well-known/openid-configuration',
    ],
    ['https://id.example.com/a?b=c', 'http://127.0.0.1:3080/base/a?b=c'],
    ['https://id.example.com:443/a', 'http://127.0.0.1:3080/base/a'],
    // The path cannot reach another host.
    ['https://id.example.com//other.example.com/a', 'http://127.0.0.1:3080/base//other.example.com/a'],
  ])('%s', (address, target) => {
    expect(locate(issuers, address)).toBe(target)
  })

  test.each([
    'http://id.example.com/a',
    'https://id.example.com:8443/a',
    'https://id.example.com.evil.example/a',
    'https://id.example.com@evil.example/a',
    'https://other.example.com/a',
    'not an address',
    '',
  ])('nowhere for %s', (address) => {
    expect(locate(issuers, address)).toBeUndefined()
  })

  test('nowhere for a target that is not loopback, however it came into the map', () => {
    const outside = new Map([['https://id.example.com', 'http://192.0.2.1']])
    expect(locate(outside, 'https://id.example.com/a')).toBeUndefined()
  })
})
