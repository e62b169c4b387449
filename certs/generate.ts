/**
 * Makes the test-only keys and certificates of this folder: `npx tsx certs/generate.ts`. The keys are new at every
 * run, so remake `fixtures/saml` afterwards. A start in production refuses these certificates by their names.
 */
// The dependency injection inside @peculiar/x509 wants this polyfill before it.
import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { KeyUsageFlags, KeyUsagesExtension, X509CertificateGenerator } from '@peculiar/x509'

const algorithm = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
}

const certificates = [
  { file: 'dev-idp', name: 'CN=dev-idp (test only)', from: '2020-01-01', until: '2050-01-01' },
  { file: 'other-idp', name: 'CN=other-idp (test only)', from: '2020-01-01', until: '2050-01-01' },
  { file: 'dev-sp', name: 'CN=dev-sp (test only)', from: '2020-01-01', until: '2050-01-01' },
  { file: 'expired-idp', name: 'CN=expired-idp (test only)', from: '2018-01-01', until: '2019-01-01' },
]

for (const { file, name, from, until } of certificates) {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name,
    keys,
    notBefore: new Date(`${from}T00:00:00Z`),
    notAfter: new Date(`${until}T00:00:00Z`),
    signingAlgorithm: algorithm,
    extensions: [new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true)],
  })
  writeFileSync(new URL(`${file}.crt`, import.meta.url), `${certificate.toString('pem')}\n`)
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')
  const lines = der.match(/.{1,64}/g) ?? []
  const pem = ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', '']
  writeFileSync(new URL(`${file}.key`, import.meta.url), pem.join('\n'), { mode: 0o600 })
}
