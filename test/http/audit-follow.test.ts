/** @module Waiting for audit events over HTTP: long poll and server-sent events, and the state of sinks. */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { hour } from '../../src/core/time.js'
import {
  auditEvents,
  createPerson,
  role,
  signIn,
  signInAdmin,
  TestBrowser,
  testResources,
} from '../support/people.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'

const scraper = role('scraper', 'v7', { allow: { rules: [{ resources: ['metrics'], verbs: ['read'] }] } })
let gateway: TestGateway
let admin: TestBrowser
let auditor: TestBrowser
beforeAll(async () => {
  gateway = await openTestGateway({ resources: [...testResources, scraper] })
  admin = await signInAdmin(gateway)
  auditor = await signIn(
    gateway,
    await createPerson(gateway, admin, { name: 'ann@example.com', roles: ['auditor', 'scraper'] }),
  )
})
afterAll(async () => await gateway[Symbol.asyncDispose]())

async function lastSequence(): Promise<number> {
  const { body } = await auditor.get('/v1/audit/events?limit=1')
  return (body as { items: { sequence: number }[] }).items[0]?.sequence ?? 0
}

/** Something that writes exactly one event. */
async function happen(): Promise<void> {
  const wrong = { user: 'nobody@example.com', password: 'not the right one' }
  await new TestBrowser(gateway).post('/v1/sign-in', wrong)
}

describe('GET /v1/audit/events?wait', () => {
  test('answers as soon as there is an event, with where to go on', async () => {
    const cursor = await lastSequence()
    const waiting = auditor.get(`/v1/audit/events?cursor=${cursor}&wait=60&type=user.login`)
    await happen()
    const { status, body } = await waiting
    expect(status).toBe(200)
    expect(body).toMatchObject({ items: [{ sequence: cursor + 1 }], nextCursor: String(cursor + 1) })
  })

  test('answers nothing once its time is over, and moves past what the filter leaves out', async () => {
    const cursor = await lastSequence()
    await happen()
    const { body } = await auditor.get(`/v1/audit/events?cursor=${cursor}&wait=0&type=role.created`)
    expect(body).toEqual({ items: [], nextCursor: String(cursor + 1) })
  })

  test('refuses to wait backwards, or for a minute and more', async () => {
    for (const query of ['wait=1&order=desc', 'wait=61', 'wait=1&uid=5f7116c9-e57b-4c1e-9d1a-0b6d1f2a7c11']) {
      const { status, body } = await auditor.get(`/v1/audit/events?${query}`)
      expect({ status, body }).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT' } })
    }
  })
})

interface Stream {
  readonly status: number
  /** Data of the next message; undefined at the end of the stream. */
  next(): Promise<{ id: string; data: { sequence: number; json: string } } | undefined>
}

async function follow(query: string, headers: Record<string, string>): Promise<Stream> {
  const stop = new AbortController()
  onTestFinished(() => stop.abort())
  const response = await fetch(`${gateway.url}/v1/audit/events${query}`, {
    headers: { accept: 'text/event-stream', ...headers },
    signal: stop.signal,
  })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  const next: Stream['next'] = async () => {
    for (;;) {
      const end = text.indexOf('\n\n')
      if (end >= 0) {
        const block = text.slice(0, end)
        text = text.slice(end + 2)
        const [, data] = /^data: (.*)$/m.exec(block) ?? []
        const [, id = ''] = /^id: (.*)$/m.exec(block) ?? []
        if (data !== undefined) return { id, data: JSON.parse(data) as { sequence: number; json: string } }
        continue
      }
      const { value, done } = (await reader?.read()) ?? { value: undefined, done: true }
      if (done) return undefined
      text += value
    }
  }
  return { status: response.status, next }
}
const operator = () => ({ authorization: `Bearer ${gateway.operatorToken}` })

describe('GET /v1/audit/events as text/event-stream', () => {
  test('goes on with what happens, and resumes behind the id that the reader had last', async () => {
    const cursor = await lastSequence()
    const stream = await follow(`?cursor=${cursor - 1}&type=user.login`, operator())
    expect(stream.status).toBe(200)
    await happen()
    const first = await stream.next()
    await happen()
    const second = await stream.next()
    const stored = await gateway.gateway.store.audit.list({
      limit: 3,
      order: 'asc',
      cursor: cursor - 1,
      types: ['user.login'],
    })
    expect([first, second].map((one) => one?.data)).toEqual(
      stored.slice(0, 2).map(({ sequence, hash, json }) => ({ sequence, hash, json })),
    )
    const again = await follow(`?cursor=1&type=user.login`, {
      ...operator(),
      'last-event-id': first?.id ?? '',
    })
    expect(await again.next()).toEqual(second)
  })

  test('ends once the reader is locked, before the lock itself is told', async () => {
    const browser = await signIn(
      gateway,
      await createPerson(gateway, admin, { name: 'eve@example.com', roles: ['auditor'] }),
    )
    const stream = await follow('?type=user.login&type=lock.created', { cookie: browser.cookie ?? '' })
    await happen()
    expect((await stream.next())?.data.json).toContain('user.login')
    const lock = {
      kind: 'lock',
      version: 'v2',
      metadata: { name: 'eve' },
      spec: { target: { user: 'eve@example.com' } },
    }
    expect((await admin.post('/v1/resources', lock)).status).toBeLessThan(300)
    expect(await stream.next()).toBeUndefined()
    expect((await follow('', { cookie: browser.cookie ?? '' })).status).toBe(401)
  })

  test('is for those who may list events, and for ten readers in one name', async () => {
    const stranger = await signIn(
      gateway,
      await createPerson(gateway, admin, { name: 'dev@example.com', roles: ['aws'] }),
    )
    expect((await follow('', { cookie: stranger.cookie ?? '' })).status).toBe(403)
    const cookie = { cookie: auditor.cookie ?? '' }
    const ten = await Promise.all(Array.from({ length: 10 }, async () => await follow('', cookie)))
    expect(ten.map(({ status }) => status)).toEqual(ten.map(() => 200))
    expect((await follow('', cookie)).status).toBe(429)
    gateway.gateway.endStreams()
    expect(await Promise.all(ten.map(async (stream) => await stream.next()))).toEqual(
      ten.map(() => undefined),
    )
  })
})

describe('sinks', () => {
  test('are told with their lag and trouble, and those out of use can be forgotten', async () => {
    const { store } = gateway.gateway
    const now = gateway.clock.now()
    const last = await lastSequence()
    const place = { sequence: last - 2, headSequence: 0 }
    await store.auditSinks.ensure({ key: 'siem', type: 'syslog', seenAt: now, ...place })
    await store.auditSinks.markFailed('siem', {
      since: now,
      error: 'it cannot be reached or written (ECONNREFUSED)',
      attempts: 3,
      nextAttemptAt: now + 1000,
      announced: false,
    })
    await store.auditSinks.ensure({ key: 'old@machine', type: 'file', seenAt: now - hour, ...place })
    const { body } = await auditor.get('/v1/audit/sinks')
    expect(body).toMatchObject({
      items: [
        { key: 'old@machine', name: 'old', machine: 'machine', state: 'unused', lagEvents: 2 },
        {
          key: 'siem',
          state: 'failing',
          lagEvents: 2,
          attempts: 3,
          error: 'it cannot be reached or written (ECONNREFUSED)',
        },
      ],
    })
    const metrics = await fetch(`${gateway.url}/metrics`, { headers: { cookie: auditor.cookie ?? '' } })
    const text = await metrics.text()
    expect(text).toContain('gatehouse_audit_sink_failing{sink="siem",type="syslog"} 1')
    expect(text).toContain('gatehouse_audit_sink_lag_events{sink="siem",type="syslog"} 2')
    expect((await auditor.delete('/v1/audit/sinks/old@machine')).status).toBe(403)
    const asOperator = async (key: string) =>
      await fetch(`${gateway.url}/v1/audit/sinks/${key}`, { method: 'DELETE', headers: operator() })
    expect((await asOperator('siem')).status).toBe(409)
    expect((await asOperator('old@machine')).status).toBe(204)
    expect((await asOperator('old@machine')).status).toBe(404)
    const [event] = await auditEvents(gateway, { type: 'audit_sink.remove' })
    expect(event).toMatchObject({ code: 'TGH087I', name: 'old', machine: 'machine', updated_by: 'operator' })
  })
})
