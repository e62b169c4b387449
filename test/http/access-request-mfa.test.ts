/** Decisions that take a second factor: who is asked for it, what a proof is good for, and what it is not (T10). */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type supertest from 'supertest'
import { accessRequestsAnswer, mfaProofHeader } from '../../src/api/contract.js'
import { minute } from '../../src/core/time.js'
import {
  auditEvents,
  codeAt,
  createPerson,
  role,
  signIn,
  type TestBrowser,
  type TestPerson,
} from '../support/people.js'
import { mail, pair, readProduction, refusalOf, RequestWorld, requests } from './access-requests-world.js'

const session = { require_session_mfa: true }
const reviews = { review_requests: { roles: ['reader', 'power', 'auditor'] } }
let world: RequestWorld
const people = new Map<string, { readonly person: TestPerson; readonly browser: TestBrowser }>()

beforeAll(async () => {
  world = await RequestWorld.open({
    resources: [
      role('guards', 'v8', { allow: reviews, options: session }),
      role('guards-auditor', 'v7', { allow: { review_requests: { roles: ['auditor'] } }, options: session }),
      role('guards-with-key', 'v8', {
        allow: reviews,
        options: { require_session_mfa: 'hardware_key_touch' },
      }),
      role('twice', 'v8', {
        allow: { request: { roles: ['auditor'], thresholds: [{ approve: 2, deny: 2 }] } },
      }),
      {
        kind: 'access_list',
        version: 'v1',
        metadata: { name: 'readers' },
        spec: {
          title: 'Readers',
          owners: [{ name: mail('gina') }],
          grants: { roles: ['reader', 'auditor'] },
        },
      },
    ],
    people: { nofactor: ['guards'], tom: ['twice'] },
  })
  await join('gina', ['guards'])
  await join('gus', ['guards'])
  await join('both', ['reviews', 'guards-auditor'])
  await join('keyed', ['guards-with-key'])
  await join('boss', ['editor'])
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

/** With a second factor. */
async function join(name: string, roles: string[]): Promise<void> {
  const person = await createPerson(world.gateway, world.admin, { name: mail(name), roles, totp: true })
  world.gateway.clock.advance(30_000)
  people.set(name, { person, browser: await signIn(world.gateway, person) })
}

function as(name: string): TestBrowser {
  return people.get(name)?.browser ?? world.as(name)
}

/** A code that was never given before. */
function code(name: string): string {
  world.gateway.clock.advance(30_000)
  return codeAt(people.get(name)?.person.seed ?? '', world.gateway.clock.now())
}

const prove = async (
  name: string,
  subjects: readonly string[],
  browser = as(name),
): Promise<supertest.Response> =>
  await browser.post('/v1/mfa/proofs', { purpose: 'review_requests', subjects, code: code(name) })

async function proofOf(name: string, ...subjects: readonly string[]): Promise<string> {
  const { status, body } = await prove(name, subjects)
  expect([status, (body as { detail?: string }).detail]).toEqual([201, undefined])
  return (body as { proof: string }).proof
}

const read = { items: [pair('production', 'ReadOnly')] }
const auditor = { items: [{ kind: 'role', name: 'auditor' }] }
const decide = async (name: string, id: string, more: object = {}): Promise<supertest.Response> =>
  await as(name).post(`${requests}/${id}/reviews`, { all: 'approve', ...more })
const codeOf = ({ status, body }: supertest.Response) => [status, (body as { code?: string }).code]
const required = [403, 'SESSION_MFA_REQUIRED']
const invalid = [403, 'MFA_PROOF_INVALID']
const because = 'Role "guards" (v8) requires a fresh second factor for each decision on access requests.'

describe('a reviewer whose role asks for session MFA', () => {
  test('is told before, refused without a code, and decides with one; the log tells it', async () => {
    const { id } = await world.ask('ann', read)
    const seen = (await as('gina').get(`${requests}/${id}`)).body.request
    expect(seen.needsMfa).toEqual({ needs: 'factor', because })
    expect(seen.items[0]).toMatchObject({ mayReview: true, needsMfa: 'factor' })
    const rows = accessRequestsAnswer.parse((await as('gina').get(`${requests}?of=review`)).body).items
    expect(rows.find((row) => row.id === id)?.needsMfa).toEqual({ needs: 'factor', because })

    const barred = await decide('gina', id)
    expect(codeOf(barred)).toEqual(required)
    expect(barred.body.mfa).toEqual({ purpose: 'review_requests', subjects: [id], because, needs: 'factor' })
    expect(barred.body.detail).toBe(`${because} Confirm with it and decide again.`)
    expect((await world.see('ann', id)).reviews).toEqual([])

    const given = await prove('gina', [id])
    expect(given.status).toBe(201)
    expect(Date.parse(given.body.expiresAt)).toBe(world.gateway.clock.now() + 3 * minute)
    const done = await decide('gina', id, { mfaProof: given.body.proof })
    expect([done.status, done.body.request.active]).toEqual([200, true])

    const events = await auditEvents(world.gateway, { user: mail('gina') })
    expect(events.find(({ event }) => event === 'mfa_auth_challenge.validate')).toMatchObject({
      success: true,
      challenge_scope: 'CHALLENGE_SCOPE_ADMIN_ACTION',
      challenge_purpose: 'review_requests',
      subjects: [id],
    })
    const ofRequest = await auditEvents(world.gateway, { user: mail('ann') })
    const told = (event: string) => ofRequest.find((one) => one['event'] === event && one['id'] === id)
    expect(told('access_request.review')).toMatchObject({ reviewer: mail('gina'), with_mfa: 'totp' })
    expect(told('access_request.create')).not.toHaveProperty('with_mfa')
    expect(JSON.stringify([...events, ...ofRequest])).not.toContain(given.body.proof)
  })

  test('denies, promotes and revokes with one as well', async () => {
    const denied = (await world.ask('ann', read)).id
    expect(codeOf(await decide('gina', denied, { all: 'deny', reason: 'no' }))).toEqual(required)
    const deny = { all: 'deny', reason: 'no', mfaProof: await proofOf('gina', denied) }
    expect((await decide('gina', denied, deny)).body.request.state).toBe('denied')

    const revoked = (await world.ask('ann', read)).id
    await world.approve('rita', revoked)
    const revoke = async (mfaProof?: string) =>
      await as('gina').post(`${requests}/${revoked}/revoke`, {
        reason: 'over',
        ...(mfaProof && { mfaProof }),
      })
    expect(codeOf(await revoke())).toEqual(required)
    expect((await world.see('ann', revoked)).active).toBe(true)
    expect((await revoke(await proofOf('gina', revoked))).body.request.state).toBe('revoked')

    const promoted = (await world.ask('bob', { items: [{ kind: 'role', name: 'auditor' }] })).id
    const promote = async (mfaProof?: string) =>
      await as('gina').post(`${requests}/${promoted}/promote`, {
        list: 'readers',
        ...(mfaProof && { mfaProof }),
      })
    expect(codeOf(await promote())).toEqual(required)
    const members = async () => (await as('gina').get('/v1/access-lists/readers/members')).body.items
    expect(await members()).toEqual([])
    expect((await promote(await proofOf('gina', promoted))).body.request.state).toBe('promoted')
    expect(await members()).toHaveLength(1)
  })

  test('needs one for what that role lets them decide on, and not for the rest', async () => {
    const { id } = await world.ask('ann', { items: [...read.items, ...auditor.items] })
    const { items } = (await as('both').get(`${requests}/${id}`)).body.request as {
      items: { needsMfa?: string }[]
    }
    expect(items.map(({ needsMfa }) => needsMfa)).toEqual([undefined, 'factor'])
    expect(codeOf(await decide('both', id))).toEqual(required)
    const rest = await as('both').post(`${requests}/${id}/reviews`, { approve: [readProduction] })
    expect(rest.status).toBe(200)
  })

  test('decides on several with one code, on each once', async () => {
    const ids: string[] = []
    for (let count = 0; count < 3; count += 1) ids.push((await world.ask('tom', auditor)).id)
    const mfaProof = await proofOf('gina', ...ids)
    for (const id of ids) expect((await decide('gina', id, { mfaProof })).status).toBe(200)
    const other = await world.ask('tom', auditor)
    expect(codeOf(await decide('gina', other.id, { mfaProof }))).toEqual(invalid)
  })

  test('without a second factor is told where to add one', async () => {
    const { id } = await world.ask('ann', read)
    expect(refusalOf(await decide('nofactor', id))).toEqual([
      403,
      'SECOND_FACTOR_MISSING',
      'you have no second factor that is allowed here; add a passkey or an authenticator app in your settings and start again',
    ])
    const proof = { purpose: 'review_requests', subjects: [id], code: '123456' }
    expect(refusalOf(await as('nofactor').post('/v1/mfa/proofs', proof))).toEqual([
      403,
      'SECOND_FACTOR_MISSING',
      'you have no authenticator app yet; add one in your settings and start again',
    ])
  })

  test('cannot decide where a hardware key is wanted, and is told what to do', async () => {
    const { id } = await world.ask('ann', read)
    const mfaProof = await proofOf('keyed', id)
    const barred = await decide('keyed', id, { mfaProof })
    expect(codeOf(barred)).toEqual([403, 'SESSION_MFA_UNSUPPORTED'])
    expect(barred.body.detail).toContain('You have none that counts, and nothing else replaces it')
    expect((await as('keyed').get(`${requests}/${id}`)).body.request.needsMfa.needs).toBe('unsupported')
  })
})

describe('nobody else', () => {
  test('is asked: other reviewers, who ends by a right, and rules', async () => {
    const { id } = await world.ask('ann', read)
    expect((await world.see('rita', id)).needsMfa).toBeUndefined()
    expect((await world.approve('rita', id)).active).toBe(true)
    expect((await world.see('max', id)).needsMfa).toBeUndefined()
    expect((await world.as('max').post(`${requests}/${id}/revoke`, { reason: 'x' })).status).toBe(200)
  })

  test('may prove one but people with a session', async () => {
    const body = { purpose: 'review_requests', subjects: ['r'], code: '123456' }
    const machine = await world.machine(await world.token('bot', ['guards']), 'post', '/v1/mfa/proofs', body)
    expect(codeOf(machine)).toEqual([403, 'FORBIDDEN'])
    const operator = await world.machine(world.gateway.operatorToken, 'post', '/v1/mfa/proofs', body)
    expect(codeOf(operator)).toEqual([403, 'FORBIDDEN'])
  })
})

describe('the cluster', () => {
  const preference = (require_session_mfa: boolean) => ({
    kind: 'cluster_auth_preference',
    version: 'v2',
    metadata: { name: 'cluster-auth-preference' },
    spec: { second_factor: 'optional', require_session_mfa },
  })

  test('asks every reviewer, and nobody who ends a request by a right', async () => {
    const { id } = await world.ask('ann', read)
    await world.put(preference(true))
    try {
      expect(refusalOf(await decide('rita', id)).slice(1)[0]).toBe('SECOND_FACTOR_MISSING')
      const barred = await decide('both', id)
      expect(codeOf(barred)).toEqual(required)
      expect(barred.body.mfa.because).toBe(
        'The cluster requires a fresh second factor for each decision on access requests.',
      )
      expect((await decide('both', id, { mfaProof: await proofOf('both', id) })).status).toBe(200)
      expect((await world.as('max').post(`${requests}/${id}/revoke`, { reason: 'x' })).status).toBe(200)
    } finally {
      await switchOff()
    }
  })

  /** As long as it is in force, that is a change that takes a second factor, too. */
  async function switchOff(): Promise<void> {
    const put = async (headers = {}) =>
      await as('boss').send('post', '/v1/resources?mode=replace', [preference(false)], headers)
    const { mfa } = (await put()).body as { mfa: { purpose: string; subjects: string[] } }
    const about = { purpose: mfa.purpose, subjects: mfa.subjects, code: code('boss') }
    const { proof } = (await as('boss').post('/v1/mfa/proofs', about)).body as { proof: string }
    expect((await put({ [mfaProofHeader]: proof })).status).toBe(200)
  }
})

describe('a proof is not good', () => {
  const ask = async () => (await world.ask('tom', auditor)).id
  const refused = async (name: string, id: string, mfaProof: string) => {
    expect(codeOf(await decide(name, id, { mfaProof }))).toEqual(invalid)
    expect((await world.see('tom', id)).reviews).toEqual([])
    const [event] = await auditEvents(world.gateway, {
      type: 'mfa_auth_challenge.validate',
      user: mail(name),
    })
    expect(event).toMatchObject({ success: false, code: 'T1016W', subjects: [id] })
    return event?.['error']
  }

  test('where nobody gave it', async () => {
    expect(await refused('gina', await ask(), 'x'.repeat(43))).toBe('the proof is unknown')
  })

  test('for another request', async () => {
    const [one, other] = [await ask(), await ask()]
    expect(await refused('gina', other, await proofOf('gina', one))).toMatch(/^the proof is not for this/)
  })

  test('for somebody else', async () => {
    const id = await ask()
    expect(await refused('gus', id, await proofOf('gina', id))).toBe('the proof is that of somebody else')
  })

  test('in another session of the same person', async () => {
    const id = await ask()
    const gina = people.get('gina')
    if (gina === undefined) throw new Error('gina is nobody')
    world.gateway.clock.advance(30_000)
    const second = await signIn(world.gateway, gina.person)
    const { proof } = (await prove('gina', [id], second)).body as { proof: string }
    expect(await refused('gina', id, proof)).toBe('the proof was given in another session')
    const own = await second.post(`${requests}/${id}/reviews`, { all: 'approve', mfaProof: proof })
    expect(own.status).toBe(200)
  })

  test('after its session, even for one that comes later', async () => {
    const id = await ask()
    await join('leaver', ['guards'])
    const mfaProof = await proofOf('leaver', id)
    expect((await as('leaver').delete('/v1/session')).status).toBe(204)
    expect(codeOf(await decide('leaver', id, { mfaProof }))).toEqual([401, 'NOT_SIGNED_IN'])
    const { person } = people.get('leaver') ?? {}
    if (person === undefined) throw new Error('leaver is nobody')
    world.gateway.clock.advance(30_000)
    people.set('leaver', { person, browser: await signIn(world.gateway, person) })
    expect(await refused('leaver', id, mfaProof)).toBe('the proof was given in another session')
  })

  test('when its three minutes are over, to the millisecond', async () => {
    const [early, late] = [await ask(), await ask()]
    const mfaProof = await proofOf('gina', early, late)
    world.gateway.clock.advance(3 * minute - 1)
    expect((await decide('gina', early, { mfaProof })).status).toBe(200)
    world.gateway.clock.advance(1)
    expect(await refused('gina', late, mfaProof)).toBe('the proof has expired')
  })

  test('a second time', async () => {
    const { id } = await world.ask('ann', { items: [...read.items, ...auditor.items] })
    const mfaProof = await proofOf('gina', id)
    const one = async (item: string) =>
      await as('gina').post(`${requests}/${id}/reviews`, { approve: [item], mfaProof })
    expect((await one(readProduction)).status).toBe(200)
    expect(codeOf(await one('role/auditor'))).toEqual(invalid)
    expect((await world.see('ann', id)).reviews).toHaveLength(1)
  })

  test('of two decisions at the same instant for one', async () => {
    const { id } = await world.ask('ann', { items: [...read.items, ...auditor.items] })
    const mfaProof = await proofOf('gina', id)
    const answers = await Promise.all(
      [readProduction, 'role/auditor'].map(
        async (item) => await as('gina').post(`${requests}/${id}/reviews`, { approve: [item], mfaProof }),
      ),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403])
    expect((await world.see('ann', id)).reviews).toHaveLength(1)
  })

  test('after a lock', async () => {
    const id = await ask()
    await join('locked', ['guards'])
    const mfaProof = await proofOf('locked', id)
    await world.lock('locked')
    expect(codeOf(await decide('locked', id, { mfaProof }))).toEqual([401, 'NOT_SIGNED_IN'])
    expect((await world.see('tom', id)).reviews).toEqual([])
  })
})

describe('a code', () => {
  test('works once, and wrong ones are few: then one waits', async () => {
    const { id } = await world.ask('tom', auditor)
    await join('guesser', ['guards'])
    const given = { purpose: 'review_requests', subjects: [id], code: code('guesser') }
    expect((await as('guesser').post('/v1/mfa/proofs', given)).status).toBe(201)
    expect(codeOf(await as('guesser').post('/v1/mfa/proofs', given))).toEqual([401, 'SECOND_FACTOR_INVALID'])
    const stolen = { ...given, code: code('gina') }
    const answers: number[] = []
    for (let tries = 0; tries < 10; tries += 1)
      answers.push((await as('guesser').post('/v1/mfa/proofs', stolen)).status)
    expect(answers).toEqual([401, 401, 401, 401, 401, 401, 401, 401, 401, 429])
    const late = await as('guesser').post('/v1/mfa/proofs', { ...given, code: code('guesser') })
    expect(codeOf(late)).toEqual([429, 'TOO_MANY_ATTEMPTS'])
    expect(late.body.retryAfterSeconds).toBeGreaterThan(0)
  })

  test('of what is not known or is too much is not even looked at', async () => {
    const good = { purpose: 'review_requests', subjects: ['r'], code: '123456' }
    for (const bad of [
      { ...good, purpose: 'anything' },
      { ...good, subjects: [] },
      { ...good, subjects: Array.from({ length: 101 }, (_, at) => `r-${at}`) },
      { ...good, code: '12345' },
    ])
      expect(codeOf(await as('gina').post('/v1/mfa/proofs', bad))).toEqual([400, 'INVALID_INPUT'])
  })
})

describe('a decision that fails', () => {
  test('spends nothing: the same proof does for the next one', async () => {
    const { id } = await world.ask('tom', auditor)
    const mfaProof = await proofOf('gina', id)
    const { revision } = await world.see('rita', id)
    const overtaken = await decide('gina', id, { mfaProof, revision: revision - 1 })
    expect(codeOf(overtaken)).toEqual([412, 'REVISION_MISMATCH'])
    const nothing = await as('gina').post(`${requests}/${id}/reviews`, { approve: ['role/none'], mfaProof })
    expect(codeOf(nothing)).toEqual([400, 'INVALID_INPUT'])
    expect((await decide('gina', id, { mfaProof, revision })).status).toBe(200)
  })

  test('is refused for what stands against it, not for the code', async () => {
    const { id } = await world.ask('ann', read)
    await world.approve('rita', id)
    expect(codeOf(await decide('gina', id))).toEqual([409, 'CONFLICT'])
  })
})

describe('a command line', () => {
  test('proves and decides in its own session, in which the proof of the browser is not good', async () => {
    const { id } = await world.ask('tom', auditor)
    const verifier = 'v'.repeat(64)
    const challenge = createHash('sha256').update(verifier).digest('base64url')
    const consent = { challenge, port: 49_152, state: 's'.repeat(43), host: 'laptop' }
    const agreed = await as('gina').post('/v1/cli/authorizations', consent)
    const redirect = new URL((agreed.body as { redirectUrl: string }).redirectUrl)
    const redeem = { code: redirect.searchParams.get('code'), verifier, port: consent.port }
    const { token } = (await as('gina').post('/v1/cli/tokens', redeem)).body as { token: string }
    const call = async (path: string, body: object) => await world.machine(token, 'post', path, body)
    const reviewIt = async (mfaProof: string) =>
      await call(`${requests}/${id}/reviews`, { all: 'approve', mfaProof })
    expect(codeOf(await reviewIt(await proofOf('gina', id)))).toEqual(invalid)
    const proved = { purpose: 'review_requests', subjects: [id], code: code('gina') }
    const { proof } = (await call('/v1/mfa/proofs', proved)).body as { proof: string }
    expect((await reviewIt(proof)).status).toBe(200)
  })
})
