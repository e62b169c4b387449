/** Decisions that take a second factor, given by a passkey: what it counts for, and keys that count as hardware. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type supertest from 'supertest'
import { makeMaker, TestAuthenticator, type Twist } from '../support/authenticator.js'
import { auditEvents, createPerson, password, role, signIn, type TestBrowser } from '../support/people.js'
import { mail, pair, refusalOf, RequestWorld, requests } from './access-requests-world.js'

type PasskeyOptions = Parameters<TestAuthenticator['make']>[0] & Parameters<TestAuthenticator['use']>[0]
const reviews = { review_requests: { roles: ['reader', 'power', 'auditor'] } }
const read = { items: [pair('production', 'ReadOnly')] }
const codeOf = ({ status, body }: supertest.Response) => [status, (body as { code?: string }).code]
const required = [403, 'SESSION_MFA_REQUIRED']
const invalid = [403, 'MFA_PROOF_INVALID']
let world: RequestWorld

beforeAll(async () => {
  const asks = (require_session_mfa: unknown) => ({ allow: reviews, options: { require_session_mfa } })
  world = await RequestWorld.open({
    resources: [
      role('guards', 'v8', asks(true)),
      role('guards-with-key', 'v8', asks('hardware_key_touch')),
      role('pins', 'v8', asks('hardware_key_pin')),
    ],
    people: { nofactor: ['guards'] },
  })
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

describe('a reviewer with a passkey', () => {
  const putPreference = async (spec: object) => {
    await world.put({
      kind: 'cluster_auth_preference',
      version: 'v2',
      metadata: { name: 'cluster-auth-preference' },
      spec,
    })
  }
  const start = async (browser: TestBrowser, more: object) =>
    await browser.post('/v1/mfa/proofs/start', { purpose: 'review_requests', ...more })
  const give = async (browser: TestBrowser, key: TestAuthenticator, about: object, twist: Twist = {}) => {
    const asked = await start(browser, about)
    expect(asked.status, asked.text).toBe(200)
    const passkey = key.use(asked.body as PasskeyOptions, twist)
    return await browser.post('/v1/mfa/proofs', { purpose: 'review_requests', ...about, passkey })
  }
  const proofIn = ({ body, status, text }: supertest.Response): string => {
    expect(status, text).toBe(201)
    return (body as { proof: string }).proof
  }
  const asPasskeyHolder = async (name: string, roles: string[], twist: Twist = {}) => {
    const person = await createPerson(world.gateway, world.admin, { name: mail(name), roles })
    const browser = await signIn(world.gateway, person)
    const key = new TestAuthenticator(world.gateway.publicUrl)
    const asked = await browser.post('/v1/me/passkeys/start', { password })
    const passkey = key.make(asked.body as PasskeyOptions, twist)
    const added = await browser.post('/v1/me/passkeys', { label: 'Key', passkey })
    expect(added.status, added.text).toBe(201)
    return { browser, key }
  }

  test('decides with it, also where codes are switched off; who has none is told what to add', async () => {
    const { browser, key } = await asPasskeyHolder('pia', ['guards'])
    await putPreference({ second_factors: ['webauthn'] })
    try {
      const { id } = await world.ask('ann', read)
      expect(codeOf(await browser.post(`${requests}/${id}/reviews`, { all: 'approve' }))).toEqual(required)
      const mfaProof = proofIn(await give(browser, key, { subjects: [id] }))
      const done = await browser.post(`${requests}/${id}/reviews`, { all: 'approve', mfaProof })
      expect(done.status, done.text).toBe(200)
      const told = await auditEvents(world.gateway, { user: mail('ann') })
      expect(told.find((one) => one['event'] === 'access_request.review' && one['id'] === id)).toMatchObject({
        with_mfa: 'passkey',
      })
      const other = await world.ask('ann', read)
      const without = await world.as('nofactor').post(`${requests}/${other.id}/reviews`, { all: 'approve' })
      expect(refusalOf(without)).toEqual([
        403,
        'SECOND_FACTOR_MISSING',
        'you have no second factor that is allowed here; add a passkey in your settings and start again',
      ])
    } finally {
      await putPreference({ second_factor: 'optional' })
    }
  })

  test('gives it for these requests, this session and this act alone', async () => {
    const { browser, key } = await asPasskeyHolder('paul', ['guards'])
    const one = (await world.ask('ann', read)).id
    const another = (await world.ask('ann', read)).id
    const asked = (await start(browser, { subjects: [one] })).body as PasskeyOptions
    const swapped = { purpose: 'review_requests', subjects: [another], passkey: key.use(asked) }
    expect(codeOf(await browser.post('/v1/mfa/proofs', swapped))).toEqual([401, 'SECOND_FACTOR_INVALID'])
    const again = { ...swapped, subjects: [one] }
    expect(codeOf(await browser.post('/v1/mfa/proofs', again))).toEqual([401, 'SECOND_FACTOR_INVALID'])
    const ofSettings = (await browser.post('/v1/me/passkeys/ask', {})).body as PasskeyOptions
    const other = { ...again, passkey: key.use(ofSettings) }
    expect(codeOf(await browser.post('/v1/mfa/proofs', other))).toEqual([401, 'SECOND_FACTOR_INVALID'])
    const errors = (await auditEvents(world.gateway, { user: mail('paul') }))
      .filter(({ success }) => success === false)
      .map((event) => event['error'])
    expect(errors).toEqual([
      'the challenge was made for something else',
      'the challenge was answered before, or was never made',
      'the challenge was made for something else',
    ])
    const proof = (await start(browser, { subjects: [one] })).body as PasskeyOptions
    const factor = await browser.post('/v1/me/factors/start', { passkey: key.use(proof) })
    expect(codeOf(factor)).toEqual([401, 'SECOND_FACTOR_INVALID'])
    expect(
      codeOf(await browser.post('/v1/mfa/proofs', { purpose: 'review_requests', subjects: [one] })),
    ).toEqual([403, 'SECOND_FACTOR_REQUIRED'])
  })

  test('whose key a trusted maker vouches for decides where a hardware key is asked, with its PIN where that is', async () => {
    const maker = await makeMaker(world.gateway.clock.now())
    const stranger = await makeMaker(world.gateway.clock.now())
    await putPreference({ second_factor: 'optional', webauthn: { attestation_allowed_cas: [maker.ca] } })
    try {
      const { browser, key } = await asPasskeyHolder('hana', ['guards-with-key'], { maker })
      const { id } = await world.ask('ann', read)
      const shown = (await browser.get(`${requests}/${id}`)).body.request
      expect(shown.needsMfa.needs).toBe('hardware_key')
      const touched = proofIn(
        await give(browser, key, { subjects: [id], needs: 'hardware_key' }, { userVerified: false }),
      )
      const done = await browser.post(`${requests}/${id}/reviews`, { all: 'approve', mfaProof: touched })
      expect(done.status, done.text).toBe(200)
      const pin = await asPasskeyHolder('pina', ['pins'], { maker })
      const next = (await world.ask('ann', read)).id
      const about = { subjects: [next], needs: 'hardware_key_pin' }
      expect((await start(pin.browser, about)).body).toMatchObject({ userVerification: 'required' })
      const weak = await give(pin.browser, pin.key, about, { userVerified: false })
      expect(codeOf(weak)).toEqual([401, 'SECOND_FACTOR_INVALID'])
      const less = proofIn(await give(pin.browser, pin.key, { subjects: [next] }, { userVerified: false }))
      const refused = await pin.browser.post(`${requests}/${next}/reviews`, {
        all: 'approve',
        mfaProof: less,
      })
      expect(codeOf(refused)).toEqual(invalid)
      const mfaProof = proofIn(await give(pin.browser, pin.key, about))
      const decided = await pin.browser.post(`${requests}/${next}/reviews`, { all: 'approve', mfaProof })
      expect(decided.status, decided.text).toBe(200)
      for (const [name, twist] of [
        ['sam', { maker: stranger }],
        ['sid', {}],
      ] as const) {
        await expect(asPasskeyHolder(name, ['pins'], twist), name).rejects.toThrow('PASSKEY_REFUSED')
      }
      // Synced keys leave the device, whoever vouches for them.
      const synced = await asPasskeyHolder('syl', ['pins'], { maker, backupEligible: true })
      expect((await synced.browser.get(`${requests}/${next}`)).status).toBeLessThan(500)
      expect(codeOf(await start(synced.browser, about))).toEqual([403, 'SECOND_FACTOR_MISSING'])
    } finally {
      await putPreference({ second_factor: 'optional' })
    }
  })
})
