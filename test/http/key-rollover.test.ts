/**
 * @module A key rollover with AWS on the other side: its emulator trusts what was uploaded and nothing else, as the
 * real one does. Every phase signs people in, as long as the next certificate is uploaded before the switch.
 */
import { X509Certificate } from 'node:crypto'
import { describe, expect, onTestFinished, test } from 'vitest'
import { verifyAudit } from '../../src/audit/verify.js'
import { ManualClock } from '../../src/lib/clock.js'
import { Browser, Portal, startTime } from '../emulator/portal.js'
import {
  auditEvents,
  createPerson,
  role,
  signIn,
  signInAdmin,
  testResources,
  type TestBrowser,
} from '../support/people.js'
import { readPostedForm, spResource } from '../support/sp.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'

interface Keys {
  readonly keys: readonly {
    id: string
    state: string
    fingerprint?: string
    certificatePem?: string
    notAfter?: string
  }[]
  readonly phase: string
  readonly possible: readonly string[]
  readonly advice: readonly string[]
}

interface World {
  readonly gateway: TestGateway
  readonly portal: Portal
  readonly admin: TestBrowser
  /** Signs in from the tile and says what AWS made of it. */
  readonly visitAws: () => Promise<string>
  readonly metadata: () => Promise<string>
  readonly upload: () => Promise<void>
  readonly rotate: (step: string, kind?: string) => Promise<Keys>
}

async function openWorld(): Promise<World> {
  const portal = await Portal.start()
  onTestFinished(() => portal.emulator.close())
  const state = await (await portal.control('GET', 'state')).text()
  const identityStoreId = /"identityStoreId":"(d-[0-9a-f]{10})"/.exec(state)?.[1] ?? ''
  const sp = await (await fetch(`${portal.url}/platform/saml/metadata/${identityStoreId}`)).text()
  const gateway = await openTestGateway({
    resources: [...testResources, role('reader', 'v8', {}), spResource({ entity_descriptor: sp })],
    clock: new ManualClock(startTime),
  })
  onTestFinished(() => gateway[Symbol.asyncDispose]())
  const admin = await signInAdmin(gateway)
  const person = await createPerson(gateway, admin, { name: 'dev@example.com', roles: ['aws'] })
  const browser = await signIn(gateway, person)
  const metadata = async () => {
    const response = await browser.get('/saml/idp/metadata')
    return response.text ?? String(response.body)
  }
  return {
    gateway,
    portal,
    admin,
    metadata,
    visitAws: async () => {
      const page = await browser.get('/saml/idp/login/aws-identity-center')
      const { action, xml } = readPostedForm(page.text)
      await portal.postResponse(new Browser(), xml, undefined, action)
      const { outcome, errorMessage } = await portal.lastSignIn()
      return errorMessage ?? outcome
    },
    upload: async () => await portal.importIdp(await metadata()),
    rotate: async (step, kind = 'saml') => {
      const response = await admin.post(`/v1/keys/${kind}/rotate`, { step })
      expect(response.status, response.text).toBe(200)
      return response.body as Keys
    },
  }
}

const fingerprint = (base64: string): string =>
  new X509Certificate(Buffer.from(base64, 'base64')).fingerprint256

function certificatesOf(xml: string): string[] {
  return [...xml.matchAll(/<ds:X509Certificate>([^<]+)</g)].map(([, base64]) => fingerprint(base64 ?? ''))
}

describe('a rollover of the SAML key', () => {
  test('with an upload between prepare and switch never keeps anyone out', async () => {
    const { admin, visitAws, upload, metadata, rotate } = await openWorld()
    await upload()
    expect(await visitAws()).toBe('Success')
    const [old] = certificatesOf(await metadata())

    const prepared = await rotate('prepare')
    expect([prepared.phase, prepared.possible]).toEqual(['prepared', ['switch', 'cancel']])
    expect(prepared.keys.map(({ state }) => state)).toEqual(['current', 'next'])
    expect(prepared.keys.map((key) => key.fingerprint)).toEqual(certificatesOf(await metadata()))
    expect(prepared.keys[0]?.fingerprint).toBe(old)
    expect(prepared.advice.join('\n')).toContain('"aws-identity-center": in the AWS console')
    expect(await visitAws()).toBe('Success')
    await upload()
    expect(await visitAws()).toBe('Success')

    const switched = await rotate('switch')
    expect([switched.phase, switched.possible]).toEqual(['switched', ['finish']])
    expect(switched.keys.map(({ state }) => state)).toEqual(['current', 'retired'])
    expect(certificatesOf(await metadata())).toEqual([prepared.keys[1]?.fingerprint])
    expect(await visitAws()).toBe('Success')

    const finished = await rotate('finish')
    expect([finished.phase, finished.possible]).toEqual(['steady', ['prepare']])
    expect(finished.keys.map((key) => key.fingerprint)).toEqual([prepared.keys[1]?.fingerprint])
    expect(await visitAws()).toBe('Success')
    await upload()
    expect(await visitAws()).toBe('Success')
    expect((await admin.get('/v1/keys/saml')).body).toEqual(finished)
  })

  test('by one certificate in the console is as good as by metadata', async () => {
    const { portal, visitAws, upload, rotate } = await openWorld()
    await upload()
    const { keys } = await rotate('prepare')
    const response = await portal.control('POST', 'saml/certificates', keys[1]?.certificatePem ?? '')
    expect(response.status).toBe(201)
    await rotate('switch')
    expect(await visitAws()).toBe('Success')
  })

  test('without an upload is refused by AWS from the switch on, and works again after it', async () => {
    const { visitAws, upload, rotate } = await openWorld()
    await upload()
    await rotate('prepare')
    expect(await visitAws()).toBe('Success')
    await rotate('switch')
    expect(await visitAws()).toMatch(
      /^the signature of the Response is not valid under any imported certificate/,
    )
    await upload()
    expect(await visitAws()).toBe('Success')
  })

  test('can be called off before the switch', async () => {
    const { gateway, visitAws, upload, metadata, rotate } = await openWorld()
    await upload()
    const before = await metadata()
    const { keys } = await rotate('prepare')
    expect((await rotate('cancel')).phase).toBe('steady')
    expect(await metadata()).toBe(before)
    expect(await visitAws()).toBe('Success')
    const [event] = await auditEvents(gateway, { type: 'signing_key.delete', order: 'desc' })
    expect(event).toMatchObject({
      code: 'TGH004I',
      user: 'admin',
      key_id: keys[1]?.id,
      purpose: 'saml',
      state: 'next',
    })
    expect(event?.['request_id']).toBeTypeOf('string')
  })

  test('refuses a step out of turn and names the possible ones', async () => {
    const { admin, rotate } = await openWorld()
    const early = await admin.post('/v1/keys/saml/rotate', { step: 'switch' })
    expect([early.status, early.body]).toMatchObject([
      409,
      {
        code: 'KEY_PHASE',
        detail: 'the saml keys are steady, so "switch" is not possible now; possible: prepare',
      },
    ])
    await rotate('prepare')
    const twice = await admin.post('/v1/keys/saml/rotate', { step: 'prepare' })
    expect(twice.body).toMatchObject({
      code: 'KEY_PHASE',
      detail: expect.stringMatching(/possible: switch, cancel$/) as string,
    })
    const unknown = await admin.post('/v1/keys/saml/rotate', { step: 'revoke' })
    expect([unknown.status, unknown.body]).toMatchObject([400, { code: 'INVALID_INPUT' }])
    const kind = await admin.get('/v1/keys/ssh')
    expect([kind.status, kind.body]).toMatchObject([404, { code: 'NOT_FOUND' }])
  })

  test('shows no private key, sealed or not', async () => {
    const { admin } = await openWorld()
    const text = (await admin.get('/v1/keys/saml')).text
    expect(text).toContain('BEGIN CERTIFICATE')
    expect(text).not.toMatch(/PRIVATE|sealed/i)
  })
})

test('a rollover of the audit key: old heads verify after the old private key is gone', async () => {
  const { gateway, admin, rotate } = await openWorld()
  const { sequencer, store } = gateway.gateway
  await sequencer.signHead()
  const [old] = (await rotate('prepare', 'audit')).keys
  await rotate('switch', 'audit')
  const finished = await rotate('finish', 'audit')
  expect([finished.phase, finished.keys.map(({ state }) => state)]).toEqual([
    'steady',
    ['current', 'retired'],
  ])
  expect(finished.keys[1]?.id).toBe(old?.id)
  expect(finished.keys.every((key) => key.certificatePem === undefined)).toBe(true)
  await sequencer.signHead()

  const heads = await store.audit.listHeads()
  expect(heads.map(({ keyId }) => keyId)).toEqual([old?.id, finished.keys[0]?.id])
  const { keys } = (await admin.get('/v1/audit/heads')).body as {
    keys: { id: string; publicKeyPem: string }[]
  }
  const events = await store.audit.list({ limit: 500, order: 'asc' })
  const { clusterName } = (await admin.get('/v1/session')).body as { clusterName: string }
  expect(await verifyAudit({ clusterName, events, heads, keys })).toMatchObject({ ok: true, headsChecked: 2 })
  const withoutOld = keys.filter(({ id }) => id !== old?.id)
  expect(await verifyAudit({ clusterName, events, heads, keys: withoutOld })).toMatchObject({ ok: false })
})
