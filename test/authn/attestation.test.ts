import 'reflect-metadata'
import { X509CertificateGenerator, BasicConstraintsExtension, type X509Certificate } from '@peculiar/x509'
import { describe, expect, test } from 'vitest'
import { chainsTo } from '../../src/authn/attestation.js'

const now = Date.parse('2026-03-01T09:00:00Z')
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

interface Issued {
  readonly certificate: X509Certificate
  readonly keys: CryptoKeyPair
  readonly der: Uint8Array
}

let serial = 0
async function issue(
  name: string,
  issuer?: Issued,
  { ca = false, days = 30 }: { ca?: boolean; days?: number } = {},
): Promise<Issued> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.create({
    serialNumber: String(++serial).padStart(2, '0'),
    subject: `CN=${name}`,
    issuer: issuer?.certificate.subject ?? `CN=${name}`,
    notBefore: new Date(now - 86_400_000),
    notAfter: new Date(now + days * 86_400_000),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: (issuer?.keys ?? keys).privateKey,
    extensions: [new BasicConstraintsExtension(ca, undefined, true)],
  })
  return { certificate, keys, der: new Uint8Array(certificate.rawData) }
}

const pem = ({ certificate }: Issued): string => certificate.toString('pem')

describe('the certificates of a device', () => {
  test('lead to the maker, over those in between, or are the anchor themselves', async () => {
    const root = await issue('Maker', undefined, { ca: true })
    const middle = await issue('Factory', root, { ca: true })
    const leaf = await issue('Device', middle)
    expect(chainsTo([leaf.der, middle.der], [pem(root)], now)).toBe(true)
    expect(chainsTo([leaf.der], [pem(middle)], now)).toBe(true)
    expect(chainsTo([leaf.der], [pem(leaf)], now)).toBe(true)
  })

  test('lead nowhere without the one in between, to a maker of the same name, and where nothing is known', async () => {
    const root = await issue('Maker', undefined, { ca: true })
    const namesake = await issue('Maker', undefined, { ca: true })
    const middle = await issue('Factory', root, { ca: true })
    const leaf = await issue('Device', middle)
    expect(chainsTo([leaf.der], [pem(root)], now)).toBe(false)
    expect(chainsTo([leaf.der, middle.der], [pem(namesake)], now)).toBe(false)
    expect(chainsTo([leaf.der, middle.der], [], now)).toBe(false)
    expect(chainsTo([], [pem(root)], now)).toBe(false)
  })

  test('do not count when over, nor by a device that issues certificates itself', async () => {
    const root = await issue('Maker', undefined, { ca: true })
    const device = await issue('Device', root)
    const forged = await issue('Forged', device)
    expect(chainsTo([forged.der, device.der], [pem(root)], now)).toBe(false)
    expect(chainsTo([device.der], [pem(root)], now)).toBe(true)
    expect(chainsTo([device.der], [pem(root)], now + 31 * 86_400_000)).toBe(false)
  })

  test('are not followed for ever', async () => {
    const root = await issue('Maker', undefined, { ca: true })
    const chain = [await issue('1', root, { ca: true })]
    for (let at = 2; at <= 6; at++) chain.unshift(await issue(String(at), chain[0], { ca: true }))
    expect(
      chainsTo(
        chain.map(({ der }) => der),
        [pem(root)],
        now,
      ),
    ).toBe(false)
  })
})
