/**
 * @module How many signed Responses (two signatures each) the SAML room writes in a second, beside what RSA
 * allows: half of the rate of bare `crypto.sign` with the same key on all cores in the same run. samlify's own
 * path is measured beside both. The three take turns, so that a noisy machine is noisy to all of them.
 */
import { sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { IdentityProvider, ServiceProvider } from 'samlify'
import { buildIdpMetadata } from '../../src/saml/idp-metadata.js'
import { signResponse } from '../../src/saml/sign-response.js'
import { devIdp, sample } from '../saml/support.js'
import type { BenchLine } from './line.js'

const inFlight = 16
const rounds = 9
const roundMs = 600

interface Contender {
  readonly run: () => Promise<unknown>
  readonly rates: number[]
  done: number
}

/** Measures and returns the two lines; about 20 seconds. */
export async function bench(): Promise<BenchLine[]> {
  const bare = contender(bareSignature())
  const ours = contender(() => signResponse(sample, devIdp))
  const samlify = contender(samlifyResponse())
  for (let round = 0; round < rounds; round += 1) {
    for (const each of [bare, ours, samlify]) await measure(each)
  }
  const limit = median(bare.rates) / 2
  const line = (metric: string, { rates, done }: Contender): BenchLine => {
    const value = median(rates)
    return { bench: 'saml', metric, value, limit, ratio: value / limit, n: done }
  }
  return [line('signed_responses_per_second', ours), line('samlify_responses_per_second', samlify)]
}

function contender(run: () => Promise<unknown>): Contender {
  return { run, rates: [], done: 0 }
}

/** Keeps `inFlight` operations going for one round. */
async function measure(contender: Contender): Promise<void> {
  const start = performance.now()
  let count = 0
  const worker = async () => {
    while (performance.now() - start < roundMs) {
      await contender.run()
      count += 1
    }
  }
  await Promise.all(Array.from({ length: inFlight }, worker))
  contender.rates.push(count / ((performance.now() - start) / 1000))
  contender.done += count
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

function bareSignature(): () => Promise<unknown> {
  const signAsync = promisify(sign)
  // As long as the SignedInfo of a Response.
  const data = Buffer.alloc(700, 'x')
  return () => signAsync('sha256', data, devIdp.privateKey)
}

function samlifyResponse(): () => Promise<unknown> {
  const certificatePem = devIdp.certificatePem ?? ''
  const idp = IdentityProvider({
    metadata: buildIdpMetadata({
      entityId: sample.issuer,
      ssoUrl: 'https://gatehouse.example/saml/idp/sso',
      certificatesPem: [certificatePem],
    }),
    privateKey: readFileSync(new URL('../../certs/dev-idp.key', import.meta.url), 'utf8'),
    requestSignatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  })
  const sp = ServiceProvider({
    entityID: sample.audience,
    wantAssertionsSigned: true,
    wantMessageSigned: true,
    assertionConsumerService: [
      { Binding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST', Location: sample.acsUrl },
    ],
  })
  const request = { extract: { request: { id: sample.inResponseTo ?? '' } } }
  return () => idp.createLoginResponse(sp, request, 'post', { email: sample.nameId })
}
