/** Whoever fails to sign in learns nothing about who exists: not by words, not by headers, not by work (T9). */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import supertest from 'supertest'
import { Argon2Hasher } from '../../src/authn/password.js'
import { attemptLimits } from '../../src/service/people/limits.js'
import { createPerson, password, signIn, signInAdmin, testResources } from '../support/people.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'

// Watches the real thing and changes nothing: each call is one argon2 verification, see test/authn.
const verifications = vi.spyOn(Argon2Hasher.prototype, 'verify')
afterEach(() => verifications.mockClear())

const names = {
  known: 'dev@example.com',
  unknown: 'nobody@example.com',
  withoutPassword: 'invited@example.com',
  ofConnector: 'okta@example.com',
}

async function openTown(dataDir?: string): Promise<TestGateway> {
  const gateway = await openTestGateway({
    resources: [
      ...testResources,
      {
        kind: 'user',
        version: 'v2',
        metadata: { name: names.ofConnector },
        spec: { roles: ['aws'], created_by: { connector: { id: 'okta' } } },
      },
    ],
    ...(dataDir !== undefined && { dataDir }),
  })
  if (gateway.gateway.firstAdmin !== undefined) {
    const admin = await signInAdmin(gateway)
    await createPerson(gateway, admin, { name: names.known, roles: ['aws'] })
    await admin.post('/v1/users', { name: names.withoutPassword, roles: ['aws'] })
  }
  verifications.mockClear()
  return gateway
}

async function attempt(gateway: TestGateway, user: string, typed = 'not the password') {
  const response = await supertest(gateway.url).post('/v1/sign-in').send({ user, password: typed })
  const { date, 'x-request-id': reference, ...headers } = response.headers as Record<string, string>
  expect(date).toBeDefined()
  const work = verifications.mock.calls.length
  verifications.mockClear()
  return {
    status: response.status,
    body: response.text.replaceAll(reference ?? '?', 'REFERENCE'),
    headers,
    work,
  }
}

describe('user enumeration', () => {
  test('unknown, known, without password, of a connector: the same octets and the same work', async () => {
    await using gateway = await openTown()
    const known = await attempt(gateway, names.known)
    expect(known).toMatchObject({ status: 401, work: 1 })
    expect(known.body).toContain('"detail":"the name or the password is wrong"')
    for (const name of [
      names.unknown,
      names.withoutPassword,
      names.ofConnector,
      '__proto__',
      'constructor',
    ]) {
      expect(await attempt(gateway, name)).toEqual(known)
    }
  })

  test('the lockout comes after as many attempts, in the same octets, without work, for each of them', async () => {
    await using gateway = await openTown()
    const { attempts } = attemptLimits.password.pair
    const histories = new Map<string, unknown[]>()
    for (const name of Object.values(names)) {
      const history = []
      for (let n = 0; n < attempts + 2; n++) history.push(await attempt(gateway, name))
      histories.set(name, history)
    }
    const known = histories.get(names.known) ?? []
    expect(known[attempts - 1]).toMatchObject({ status: 401, work: 1 })
    expect(known[attempts]).toMatchObject({ status: 429, work: 0 })
    for (const history of histories.values()) expect(history).toEqual(known)
  })

  test('a lockout survives a restart, also with the right password, and also for a name that does not exist', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-lockout-'))
    try {
      {
        await using first = await openTown(dataDir)
        for (let n = 0; n < attemptLimits.password.pair.attempts; n++) {
          await attempt(first, names.known)
          await attempt(first, names.unknown)
        }
      }
      await using second = await openTown(dataDir)
      const known = await attempt(second, names.known, password)
      expect(known).toMatchObject({ status: 429, work: 0 })
      expect(known.headers['set-cookie']).toBeUndefined()
      expect(await attempt(second, names.unknown, password)).toEqual(known)
      second.clock.advance(15 * 60_000)
      await signIn(second, { name: names.known, seed: undefined })
    } finally {
      await rm(dataDir, { recursive: true, force: true })
    }
  })

  test('spellings of a name share one lockout', async () => {
    await using gateway = await openTown()
    const spellings = [names.known, names.known.toUpperCase(), 'Dev@example.com', 'ｄev@example.com']
    for (let n = 0; n < attemptLimits.password.pair.attempts; n++) {
      await attempt(gateway, spellings[n % spellings.length] ?? '')
    }
    expect(await attempt(gateway, names.known, password)).toMatchObject({ status: 429 })
  })

  test('parallel guesses do not slip through together', async () => {
    await using gateway = await openTown()
    const answers = await Promise.all(
      Array.from({ length: 30 }, () =>
        supertest(gateway.url).post('/v1/sign-in').send({ user: names.known, password: 'not the password' }),
      ),
    )
    const guesses = answers.filter(({ status }) => status === 401)
    expect(guesses).toHaveLength(attemptLimits.password.pair.attempts)
    expect(verifications.mock.calls).toHaveLength(attemptLimits.password.pair.attempts)
  })
})
