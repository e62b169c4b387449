/**
 * @module How much work a stranger can cause: time grows with the length of what is sent, never with its square, and
 * the largest message that is read at all costs little.
 */
import { deflateRawSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { signXml } from '../../fixtures/saml/generate/xml-signature.js'
import { maxRequestBytes, requestLimits } from '../../src/saml/authn-request.js'
import { trimBlanks } from '../../src/saml/dom.js'
import { maxFormPairs, parseFormParameters } from '../../src/saml/form-parameters.js'
import { parsePostRequest, parseRedirectRequest } from '../../src/saml/parse-request.js'
import { parseServiceProviderMetadata } from '../../src/saml/sp-metadata.js'
import { verifyPostSignature } from '../../src/saml/verify-request.js'
import { readFixtures } from './fixtures.js'
import { certificate, now } from './support.js'

/** CPU time of this process in milliseconds, the least of several runs: what else the machine does only adds. */
function cpuMs(run: () => unknown, runs = 3): number {
  const times = Array.from({ length: runs }, () => {
    const before = process.cpuUsage()
    run()
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  })
  return Math.min(...times)
}

/** Twice the length, about twice the work. The milliseconds added are noise that short runs cannot do without. */
function expectLinear(work: (length: number) => unknown, length: number): void {
  expect(cpuMs(() => work(length))).toBeLessThan(250)
  const repeated = (size: number) => () => {
    for (let time = 0; time < 8; time += 1) work(size)
  }
  const [half, whole] = [cpuMs(repeated(length / 2), 7), cpuMs(repeated(length), 7)]
  expect(whole).toBeLessThan(3 * half + 8)
}

function ignoringRefusal(run: () => unknown): void {
  try {
    run()
  } catch (error) {
    expect(error).toHaveProperty('code', expect.stringMatching(/^INVALID_(SAML_REQUEST|METADATA)$/))
  }
}

const aws =
  readFixtures('requests', 'valid')
    .find(({ name }) => name === 'aws')
    ?.content.toString() ?? ''
const withoutDeclaration = aws.replace(/^<\?xml.*?\?>/, '')
const extended = (inside: string) =>
  withoutDeclaration.replace(
    '<samlp:NameIDPolicy',
    () => `<samlp:Extensions>${inside}</samlp:Extensions><samlp:NameIDPolicy`,
  )
const query = (xml: string) =>
  `SAMLRequest=${encodeURIComponent(deflateRawSync(xml, { level: 9 }).toString('base64'))}`
const refusal = (message: string) =>
  expect.objectContaining({ code: 'INVALID_SAML_REQUEST', message: expect.stringContaining(message) })

describe('white space', () => {
  test('is trimmed from both ends, and only there', () => {
    expect(trimBlanks(' \t\r\n a \t b \n')).toBe('a \t b')
    expect([trimBlanks(''), trimBlanks(' \n '), trimBlanks('a')]).toEqual(['', '', 'a'])
    expect(trimBlanks('\u00a0a\u2003')).toBe('\u00a0a\u2003')
  })

  test('inside a text is passed over in linear time', () => {
    expectLinear((length) => trimBlanks(`x${' '.repeat(length)}x`), 65_536)
  })

  test('64 KiB of it inside an Issuer are refused at once', () => {
    const hostile = query(
      aws.replace(/>https:[^<]*<\/saml:Issuer>/, `>x${' '.repeat(64_000)}x</saml:Issuer>`),
    )
    expect(hostile.length).toBeLessThan(1000)
    const receive = () => parseRedirectRequest(hostile)
    expect(receive).toThrow(refusal('<Issuer> is longer than 1024 characters'))
    expect(cpuMs(() => ignoringRefusal(receive))).toBeLessThan(250)
  })

  test('inside a certificate of metadata is read in linear time', () => {
    const metadata =
      readFixtures('metadata', 'valid')
        .find(({ name }) => name === 'signing-key')
        ?.content.toString() ?? ''
    const spaced = (length: number) =>
      metadata.replace(/X509Certificate>\s*MII/, (start) => start + ' '.repeat(length))
    expect(spaced(9)).not.toBe(metadata)
    expectLinear(
      (length) =>
        ignoringRefusal(() =>
          parseServiceProviderMetadata(spaced(length), { allowHttpLoopback: false, now }),
        ),
      60_000,
    )
  })
})

describe('form parameters', () => {
  test('are refused beyond their number, however many there are', () => {
    const pairs = (count: number) => Array.from({ length: count }, () => 'a=b').join('&')
    expect(parseFormParameters(pairs(maxFormPairs), ['x'])).toEqual({})
    const receive = () => parseFormParameters('%&'.repeat(131_000), ['SAMLRequest', 'RelayState'])
    expect(receive).toThrow(refusal('the request has more than 100 parameters'))
    expect(() => parseFormParameters(pairs(maxFormPairs + 1), ['x'])).toThrow(
      refusal('more than 100 parameters'),
    )
    expect(cpuMs(() => ignoringRefusal(receive))).toBeLessThan(250)
  })

  test('with broken or long names are passed over in linear time', () => {
    const wanted = ['SAMLRequest', 'RelayState'] as const
    for (const unit of ['%', '%41', '%ff', '+']) {
      const body = (length: number) =>
        Array.from({ length: maxFormPairs }, () => unit.repeat(length / 100 / unit.length)).join('&')
      expect(parseFormParameters(body(6000), wanted)).toEqual({})
      expectLinear((length) => parseFormParameters(body(length), wanted), 262_144)
    }
  })

  test('are found by a name written with escapes, up to its longest spelling', () => {
    const escaped = Buffer.from('SAMLEncoding').toString('hex').replace(/../g, '%$&')
    expect(parseFormParameters(`${escaped}=x&%53igAl%67=y`, ['SAMLEncoding', 'SigAlg'])).toEqual({
      SAMLEncoding: { raw: 'x', value: 'x' },
      SigAlg: { raw: 'y', value: 'y' },
    })
    expect(parseFormParameters('Sig+Alg=x&SigAlg%00=x&SigAlg%zz=x&%C5igAlg=x', ['SigAlg'])).toEqual({})
  })
})

describe('a signed request', () => {
  /** As much markup as the limits let through, filled up to the limit on its size. */
  function fullSize(bytes: number): string {
    const { maxElements, maxAttributes } = requestLimits
    const elements = maxElements - 20
    const attributes = Array.from({ length: Math.floor((maxAttributes - 40) / 2) }, (_, at) => at)
    const markup = Array.from({ length: elements }, (_, at) => {
      const own = attributes.filter((attribute) => attribute % elements === at)
      return `<n:x xmlns:n="urn:n"${own.map((a) => ` xmlns:p${a}="urn:${a}" `).join('')}>`
    })
    const room = bytes - 4000 - markup.join('').length
    const text = ' '.repeat(Math.floor(room / elements))
    // Twenty deep, so that every declaration is in scope for many elements.
    const nested = Array.from({ length: elements / 20 }, (_, at) => {
      const group = markup.slice(at * 20, at * 20 + 20)
      return group.map((tag) => tag + text).join('') + '</n:x>'.repeat(group.length)
    })
    return extended(nested.join(''))
  }
  const sp = certificate('dev-sp')
  const own = signXml(fullSize(maxRequestBytes))
  const foreign = signXml(fullSize(maxRequestBytes), { key: 'other-idp' })
  const half = signXml(fullSize(maxRequestBytes / 2))

  test('of full size and full of markup is read and verified in bounded time', () => {
    expect(own.length).toBeGreaterThan(maxRequestBytes * 0.8)
    expect(() => parsePostRequest({ SAMLRequest: Buffer.from(own).toString('base64') })).not.toThrow()
    expect(verifyPostSignature(own, [sp])).toEqual({ state: 'valid' })
    const whole = cpuMs(() => verifyPostSignature(own, [sp]), 5)
    expect(whole).toBeLessThan(250)
    expect(whole).toBeLessThan(3 * cpuMs(() => verifyPostSignature(half, [sp]), 5) + 20)
  })

  test('of a stranger is not digested, so more certificates of the true sender hardly add work', () => {
    expect(verifyPostSignature(foreign, [sp])).toMatchObject({ state: 'invalid' })
    const one = cpuMs(() => verifyPostSignature(foreign, [sp]), 7)
    const ten = cpuMs(
      () =>
        verifyPostSignature(
          foreign,
          Array.from({ length: 10 }, () => sp),
        ),
      7,
    )
    expect(ten).toBeLessThan(2 * one + 10)
  })

  test.each([
    ['comments', '<!---->', 'holds a comment'],
    ['CDATA sections', '<![CDATA[]]>', 'holds a CDATA section'],
    ['elements', '<x/>', 'has more than 100 elements'],
    ['attributes', '<x a="" b="" c="" d=""/>', 'has more than 200 attributes'],
    ['namespaces', '<x xmlns:a="a" xmlns:b="b" xmlns:c="c"/>', 'has more than 200 attributes'],
  ])('full of %s is refused before it is parsed', (_, unit, message) => {
    const hostile = extended(unit.repeat(60_000 / unit.length))
    const receive = () => verifyPostSignature(hostile, [sp])
    expect(receive).toThrow(refusal(message))
    expect(cpuMs(() => ignoringRefusal(receive))).toBeLessThan(250)
  })
})
