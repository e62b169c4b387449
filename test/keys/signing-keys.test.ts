/** @module Signing keys over a real store: first use, two at once, promotion, several replicas. */
import { createPrivateKey, createSecretKey, sign, verify, X509Certificate, type KeyObject } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { day, minute, second } from '../../src/core/time.js'
import { certificateLifetimeMs } from '../../src/keys/make-key.js'
import { checkMasterKey, hasCanary } from '../../src/keys/master-key-check.js'
import { createSealer } from '../../src/keys/sealer.js'
import { createSigningKeys, type SigningKeysOptions } from '../../src/keys/signing-keys.js'
import { ManualClock } from '../../src/lib/clock.js'
import { systemRandom } from '../../src/lib/random.js'
import { openStore } from '../../src/store/sql/open.js'
import type { Store } from '../../src/store/store.js'

const now = 1_800_000_000_000
const sealer = createSealer(createSecretKey(Buffer.alloc(32, 1)))
const refusal = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) as string }) as Error

let store: Store
let clock: ManualClock
beforeEach(async () => {
  store = await openStore({ url: 'sqlite::memory:' })
  clock = new ManualClock(now)
})
afterEach(async () => {
  await store[Symbol.asyncDispose]()
})

const keysOf = (purpose: 'saml' | 'audit', options: Partial<SigningKeysOptions> = {}) =>
  createSigningKeys({
    store,
    sealer,
    clock,
    random: systemRandom,
    purpose,
    clusterName: 'gate.example.com',
    ...options,
  })

async function events(): Promise<Record<string, unknown>[]> {
  await store.audit.chain(100, () => 'h'.repeat(64))
  const list = await store.audit.list({ limit: 100, order: 'asc' })
  return list.map(({ json }) => JSON.parse(json) as Record<string, unknown>)
}

describe('the first SAML key', () => {
  test('is made once: RSA 2048 with a certificate of three years that AWS takes', async () => {
    const keys = keysOf('saml')
    expect(await store.keys.list('saml')).toEqual([])
    const key = await keys.current()
    expect((await keys.current()).id).toBe(key.id)
    expect(await store.keys.list('saml')).toHaveLength(1)

    const pem = key.certificatePem ?? ''
    const certificate = new X509Certificate(pem)
    expect(pem.length).toBeLessThanOrEqual(2500)
    expect(pem).toMatch(/^-----BEGIN CERTIFICATE-----\n[\s\S]+-----END CERTIFICATE-----\n$/)
    expect(certificate.subject).toBe('CN=gate.example.com')
    expect(certificate.ca).toBe(false)
    expect(certificate.verify(certificate.publicKey)).toBe(true)
    expect(certificate.checkPrivateKey(key.privateKey)).toBe(true)
    expect(certificate.publicKey.asymmetricKeyDetails?.modulusLength).toBe(2048)
    expect(Date.parse(certificate.validFrom)).toBe(now - 5 * minute)
    expect(Date.parse(certificate.validTo)).toBe(now + certificateLifetimeMs)
    expect(certificateLifetimeMs).toBe(1095 * day)
    expect((await keys.list())[0]?.notAfter).toBe(now + certificateLifetimeMs)
  })

  test('is told in the audit log with its ID and never with itself', async () => {
    const committed: string[] = []
    const key = await keysOf('saml', { onCommit: () => committed.push('commit') }).current()
    expect(committed).toEqual(['commit'])
    const log = await events()
    expect(log).toMatchObject([
      { event: 'signing_key.create', code: 'TGH002I', purpose: 'saml', key_id: key.id, state: 'current' },
    ])
    const [stored] = await store.keys.list('saml')
    const body = (pem: string) => pem.split('\n')[2] ?? 'nothing'
    const secret = body(key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
    expect(JSON.stringify([log, stored])).not.toContain(secret)
    expect(stored?.sealedPrivateKey).toMatch(/^ey/)
  })

  test('puts any name of a cluster into the certificate as it is', async () => {
    const key = await keysOf('saml', { commonName: 'a, O=evil + "x"' }).current()
    const { subject } = new X509Certificate(key.certificatePem ?? '')
    expect(subject.split('\n')).toHaveLength(1)
    expect(subject).not.toMatch(/(^|\n)O=/)
  })
})

test('an audit key is Ed25519, without a certificate', async () => {
  const keys = keysOf('audit')
  const { privateKey, publicKeyPem, certificatePem } = await keys.current()
  expect(privateKey.asymmetricKeyType).toBe('ed25519')
  expect(verify(null, Buffer.from('x'), publicKeyPem, sign(null, Buffer.from('x'), privateKey))).toBe(true)
  expect(certificatePem).toBeUndefined()
  expect(await keys.publishedCertificates()).toEqual([])
})

test('keys of two purposes do not meet', async () => {
  const saml = await keysOf('saml').current()
  const audit = await keysOf('audit').current()
  expect(saml.id).not.toBe(audit.id)
  await store.keys.setState(audit.id, 'next')
  expect((await keysOf('saml').publishedCertificates()).length).toBe(1)
})

describe('rollover', () => {
  test('publishes the next certificate after the current one, which still signs', async () => {
    const keys = keysOf('saml')
    const first = await keys.current()
    const next = await keys.addNext('admin')
    expect((await keys.current()).id).toBe(first.id)
    expect(await keys.publishedCertificates()).toEqual([first.certificatePem, next.certificatePem])
    expect(await events()).toMatchObject([{}, { key_id: next.id, state: 'next', user: 'admin' }])
  })

  test('lets the next key sign and retires the first, which is kept to verify', async () => {
    const keys = keysOf('saml')
    const first = await keys.current()
    const next = await keys.addNext()
    await keys.promoteNext('admin')
    expect((await keys.current()).id).toBe(next.id)
    expect(await keys.publishedCertificates()).toEqual([next.certificatePem])
    expect((await keys.list()).map(({ id, state }) => [id, state])).toEqual(
      expect.arrayContaining([
        [first.id, 'retired'],
        [next.id, 'current'],
      ]),
    )
    expect((await events()).at(-1)).toMatchObject({
      event: 'signing_key.update',
      code: 'TGH003I',
      key_id: next.id,
      retired_key_ids: [first.id],
      user: 'admin',
    })
  })

  test('takes its steps in order and says which are possible where one is not', async () => {
    const keys = keysOf('audit')
    await keys.current()
    const steps = {
      prepare: () => keys.addNext(),
      switch: () => keys.promoteNext(),
      finish: () => keys.finish(),
      cancel: () => keys.cancelNext(),
    }
    const allBut = async (phase: string, possible: readonly string[]) => {
      for (const [step, take] of Object.entries(steps)) {
        if (possible.includes(step)) continue
        const message = `the audit keys are ${phase}, so "${step}" is not possible now; possible: ${possible.join(', ')}`
        await expect(take(), step).rejects.toMatchObject({
          code: 'KEY_PHASE',
          message,
          details: { possible },
        })
      }
    }
    await allBut('steady', ['prepare'])
    await keys.addNext()
    await allBut('prepared', ['switch', 'cancel'])
    await keys.promoteNext()
    await allBut('switched', ['finish'])
    await keys.finish()
    await allBut('steady', ['prepare'])
  })

  test('can be called off: the next key is gone, and the current one signs as before', async () => {
    const keys = keysOf('saml')
    const first = await keys.current()
    const next = await keys.addNext('admin')
    await keys.cancelNext('admin', { request_id: 'r1' })
    expect((await keys.list()).map(({ id }) => id)).toEqual([first.id])
    expect(await keys.publishedCertificates()).toEqual([first.certificatePem])
    expect((await keys.current()).id).toBe(first.id)
    expect((await events()).at(-1)).toMatchObject({
      event: 'signing_key.delete',
      code: 'TGH004I',
      key_id: next.id,
      state: 'next',
      user: 'admin',
      request_id: 'r1',
    })
  })

  test('ends by deleting the old SAML key', async () => {
    const keys = keysOf('saml')
    const first = await keys.current()
    await keys.addNext()
    const next = await keys.promoteNext()
    await keys.finish('admin')
    expect((await store.keys.list('saml')).map(({ id, state }) => [id, state])).toEqual([
      [next.id, 'current'],
    ])
    expect((await events()).at(-1)).toMatchObject({
      event: 'signing_key.delete',
      key_id: first.id,
      state: 'retired',
      user: 'admin',
    })
  })

  test('ends by deleting the private half of the old audit key alone: its heads stay', async () => {
    const keys = keysOf('audit')
    const first = await keys.current()
    await keys.addNext()
    await keys.promoteNext()
    await keys.finish()
    const kept = (await store.keys.list('audit')).find(({ id }) => id === first.id)
    expect(kept).toMatchObject({ state: 'retired', sealedPrivateKey: '', publicKeyPem: first.publicKeyPem })
    expect((await keys.list()).map(({ isWiped }) => isWiped).sort()).toEqual([false, true])
    // The next rollover is not in the way of what is kept.
    const third = await keys.addNext()
    await keys.promoteNext()
    await keys.finish()
    expect((await keys.current()).id).toBe(third.id)
    expect(await keys.list()).toHaveLength(3)
  })

  test('made by another replica is noticed after the age of the cache', async () => {
    const mine = keysOf('audit')
    const first = await mine.current()
    const theirs = keysOf('audit')
    const next = await theirs.addNext()
    await theirs.promoteNext()
    expect((await mine.current()).id).toBe(first.id)
    clock.advance(5 * second)
    expect((await mine.current()).id).toBe(next.id)
  })
})

test('many first uses at once, on two replicas, make one key', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-keys-'))
  const url = `sqlite:${join(folder, 'g.db')}`
  const [a, b] = await Promise.all([openStore({ url }), openStore({ url })])
  try {
    const replicas = [keysOf('audit', { store: a }), keysOf('audit', { store: b })]
    const used = await Promise.all(replicas.flatMap((keys) => [keys.current(), keys.current()]))
    expect(new Set(used.map(({ id }) => id)).size).toBe(1)
    expect(await a.keys.list('audit')).toHaveLength(1)
    expect(await a.audit.chain(10, () => 'h'.repeat(64))).toBe(1)
  } finally {
    await a[Symbol.asyncDispose]()
    await b[Symbol.asyncDispose]()
    await rm(folder, { recursive: true })
  }
})

test('a private key that was moved to another row does not open', async () => {
  const first = await keysOf('audit').current()
  const [row] = await store.keys.list('audit')
  if (row === undefined) throw new Error('no key')
  await store.keys.setState(first.id, 'retired')
  await store.keys.create({ ...row, id: 'other', state: 'current' })
  await expect(keysOf('audit').current()).rejects.toThrow(
    refusal('UNSEAL_FAILED', /"signing_key\/audit\/other" does not open: it was sealed as/),
  )
})

test('what is sealed is the private key, whole', async () => {
  const key = await keysOf('audit').current()
  const [row] = await store.keys.list('audit')
  const pem = await sealer.unseal(row?.sealedPrivateKey ?? '', `signing_key/audit/${key.id}`)
  const opened: KeyObject = createPrivateKey(pem)
  expect(opened.equals(key.privateKey)).toBe(true)
})

describe('the canary', () => {
  test('is laid once and opens with the right master key', async () => {
    expect(await hasCanary(store.meta)).toBe(false)
    await checkMasterKey(store.meta, sealer)
    expect(await hasCanary(store.meta)).toBe(true)
    await checkMasterKey(store.meta, sealer)
  })

  test('tells a wrong master key at start', async () => {
    await checkMasterKey(store.meta, sealer)
    const other = createSealer(createSecretKey(Buffer.alloc(32, 9)))
    await expect(checkMasterKey(store.meta, other)).rejects.toThrow(
      refusal(
        'UNSEAL_FAILED',
        /the master key is not the one that this database was sealed with; start with the key/,
      ),
    )
  })
})
