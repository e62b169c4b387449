import { beforeEach, describe, expect, test } from 'vitest'
import { authenticate } from '../../../src/emulator/aws/authenticate.js'
import { readHeaders, signatureOf } from '../../../src/emulator/aws/sigv4.js'
import { EmulatorContext } from '../../../src/emulator/context.js'
import type { Credential } from '../../../src/emulator/state/iam.js'
import { emptyOrganisation } from '../../../src/emulator/state/organisation.js'
import { ManualClock } from '../../../src/lib/clock.js'
import { createLogger } from '../../../src/lib/logger.js'
import { systemRandom } from '../../../src/lib/random.js'

const noon = Date.parse('2026-11-22T12:00:00Z')
const user: Credential = {
  accessKeyId: 'AKIAUSER',
  secretAccessKey: 'the secret of the user',
  accountId: '111111111111',
  arn: 'arn:aws:iam::111111111111:user/ada',
  userId: 'AIDAADA',
}
const session: Credential = {
  ...user,
  accessKeyId: 'ASIASESSION',
  sessionToken: 'the token',
  expiresAt: noon + 3_600_000,
}

let clock: ManualClock
let context: EmulatorContext
beforeEach(() => {
  clock = new ManualClock(noon)
  context = new EmulatorContext(emptyOrganisation, {
    clock,
    random: systemRandom,
    logger: createLogger('silent'),
    publicUrl: 'http://127.0.0.1:1',
    settings: { verifySignatures: true },
  })
  for (const put of [user, session]) context.commit({ table: 'credentials', put })
})

interface Edits {
  readonly credential?: Credential
  readonly secret?: string
  readonly timestamp?: string
  readonly scopeDate?: string
  readonly headers?: Readonly<Record<string, string | undefined>>
  readonly signed?: readonly string[]
  readonly signature?: string
  readonly useDate?: string
}

/** A request that is signed as the edits say. */
function send(edits: Edits = {}) {
  const { credential = user, timestamp = '20261122T120000Z' } = edits
  const headers: Record<string, string | undefined> = {
    host: 'example.com',
    ...(edits.useDate === undefined ? { 'x-amz-date': timestamp } : { date: edits.useDate }),
    'x-amz-target': 'Service.Operation',
    'x-amz-security-token': credential.sessionToken,
    ...edits.headers,
  }
  const present = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [name, value],
  )
  const signed = edits.signed ?? present.filter((_, index) => index % 2 === 0)
  const request = { method: 'POST', target: '/', headers: readHeaders(present), body: Buffer.from('{}') }
  const scope = { date: edits.scopeDate ?? timestamp.slice(0, 8), region: 'eu-central-1', signingName: 'sso' }
  const secret = edits.secret ?? credential.secretAccessKey
  const signature = edits.signature ?? signatureOf(request, signed, timestamp, scope, secret)
  const authorization =
    `AWS4-HMAC-SHA256 Credential=${credential.accessKeyId}/${scope.date}/eu-central-1/sso/aws4_request, ` +
    `SignedHeaders=${signed.join(';')}, Signature=${signature}`
  return authenticate(context, {
    ...request,
    headers: readHeaders([...present, 'Authorization', authorization]),
  })
}

const accepted = (credential: Credential) => ({ credential, region: 'eu-central-1', signingName: 'sso' })
const mismatch = {
  problem: 'mismatch',
  detail:
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
}
const invalid = { problem: 'unknown-key', detail: 'The security token included in the request is invalid.' }
const expired = { problem: 'expired', detail: 'The security token included in the request is expired' }

describe('keys and tokens', () => {
  test('a right signature tells who calls, in which Region and which service', () => {
    expect(send()).toEqual(accepted(user))
    expect(send({ credential: session })).toEqual(accepted(session))
  })

  test('an unknown key is refused', () => {
    expect(send({ credential: { ...user, accessKeyId: 'AKIAOTHER' } })).toEqual(invalid)
  })

  test.each([
    ['another token', session, { 'x-amz-security-token': 'another token' }],
    ['no token', session, { 'x-amz-security-token': undefined }],
    ['a token with a key that has none', user, { 'x-amz-security-token': 'the token' }],
  ])('%s is refused, with and without verification', (_name, credential, headers) => {
    expect(send({ credential, headers })).toEqual(invalid)
    context.settings = { ...context.settings, verifySignatures: false }
    expect(send({ credential, headers })).toEqual(invalid)
  })

  test('a session ends at its instant, with and without verification', () => {
    context.settings = { ...context.settings, verifySignatures: false }
    clock.set(noon + 3_599_999)
    expect(send({ credential: session })).toEqual(accepted(session))
    clock.set(noon + 3_600_000)
    expect(send({ credential: session })).toEqual(expired)
    expect(send()).toEqual(accepted(user))
    context.settings = { ...context.settings, verifySignatures: true }
    expect(send({ credential: session, timestamp: '20261122T130000Z' })).toEqual(expired)
  })
})

describe('signatures', () => {
  test('another secret does not match', () => {
    expect(send({ secret: 'the secret of the usex' })).toEqual(mismatch)
  })

  test.each(['', '0', '0'.repeat(64), 'F'.repeat(64)])('%j is no signature of this request', (signature) => {
    const found = send({ signature })
    if (signature === '') {
      expect(found).toEqual({
        problem: 'incomplete',
        detail: "Authorization header requires 'Signature' parameter.",
      })
    } else expect(found).toEqual(mismatch)
  })

  test('nobody looks at it where verification is off', () => {
    context.settings = { ...context.settings, verifySignatures: false }
    expect(send({ signature: '0'.repeat(64) })).toEqual(accepted(user))
    expect(send({ timestamp: '20200101T000000Z', scopeDate: '19990101' })).toEqual(accepted(user))
  })

  test.each([
    ['host', 'Host'],
    ['x-amz-date', 'x-amz-date'],
    ['x-amz-target', 'x-amz-target'],
    ['x-amz-security-token', 'x-amz-security-token'],
  ])('%s must be signed', (left, named) => {
    const all = ['host', 'x-amz-date', 'x-amz-security-token', 'x-amz-target']
    expect(send({ credential: session, signed: all })).toEqual(accepted(session))
    expect(send({ credential: session, signed: all.filter((name) => name !== left) })).toEqual({
      problem: 'mismatch',
      detail: `'${named}' must be a 'SignedHeader' in the AWS Authorization.`,
    })
  })
})

describe('dates', () => {
  test('up to 15 minutes on both sides', () => {
    expect(send({ timestamp: '20261122T114500Z' })).toEqual(accepted(user))
    expect(send({ timestamp: '20261122T121500Z' })).toEqual(accepted(user))
    expect(send({ timestamp: '20261122T114459Z' })).toEqual({
      problem: 'stale',
      detail:
        'Signature expired: 20261122T114459Z is now earlier than 20261122T114500Z (20261122T120000Z - 15 min.)',
    })
    expect(send({ timestamp: '20261122T121501Z' })).toEqual({
      problem: 'stale',
      detail:
        'Signature not yet current: 20261122T121501Z is still later than 20261122T121500Z (20261122T120000Z + 15 min.)',
    })
  })

  test('the scope is of the same day', () => {
    expect(send({ scopeDate: '20261121' })).toEqual({
      problem: 'mismatch',
      detail:
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20261121' != '20261122', from '20261122T120000Z'.",
    })
  })

  test('the Date of HTTP stands in where it is signed', () => {
    const useDate = 'Sun, 22 Nov 2026 12:00:00 GMT'
    expect(send({ useDate })).toEqual(accepted(user))
    expect(send({ useDate, signed: ['host', 'x-amz-target'] })).toEqual({
      problem: 'mismatch',
      detail: "'date' must be a 'SignedHeader' in the AWS Authorization.",
    })
  })

  test.each(['2026-11-22T12:00:00Z', 'now', '20261322T120000Z', ''])('%j is no date', (timestamp) => {
    expect(send({ headers: { 'x-amz-date': timestamp }, scopeDate: '20261122' })).toEqual({
      problem: 'incomplete',
      detail: `Date must be in ISO-8601 'basic format'. Got '${timestamp}'.`,
    })
  })
})
