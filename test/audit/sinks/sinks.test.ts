/** @module Each type of sink against its real other side: the file system, a TLS receiver, an HTTP receiver. */
import {
  appendFile,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { appendLines, type FileSinkOptions } from '../../../src/audit/sinks/file-sink.js'
import type { SinkRecord } from '../../../src/audit/sinks/sink.js'
import { sendSyslog, type SyslogSinkOptions } from '../../../src/audit/sinks/syslog-sink.js'
import { sendBatch } from '../../../src/audit/sinks/webhook-sink.js'
import { hour, minute, second } from '../../../src/core/time.js'
import { createGuardedFetch } from '../../../src/lib/guarded-fetch.js'
import { ManualClock } from '../../../src/lib/clock.js'
import { createWebhookSender } from '../../../src/notify/webhook-sender.js'
import { openStore } from '../../../src/store/sql/open.js'
import { verifies, WebhookReceiver } from '../../support/webhook-receiver.js'
import { makeCertificate, SyslogReceiver, type TestCertificate } from '../../support/tls-receiver.js'
import { start } from '../sample.js'
import { SinkWorld } from './runner-world.js'

const never = new AbortController().signal

function record(sequence: number, text = `{"n":${sequence}}`): SinkRecord {
  const about = { name: 'user.login', code: 'T1000W', uid: `uid-${sequence}`, success: false }
  return { kind: 'event', sequence, hash: 'ab', text, at: start, ...about }
}

describe('the file sink', () => {
  let folder: string
  let options: FileSinkOptions & { clock: ManualClock }
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sink-'))
    const clock = new ManualClock(Date.now())
    options = { path: join(folder, 'audit.jsonl'), maxBytes: 40, everyHours: 24, keep: 2, clock }
    return async () => await rm(folder, { recursive: true })
  })

  test('appends lines that nobody else may read', async () => {
    await appendLines(options, ['{"a":1}'])
    await appendLines(options, ['{"b":2}', '{"c":3}'])
    expect(await readFile(options.path, 'utf8')).toBe('{"a":1}\n{"b":2}\n{"c":3}\n')
    expect((await stat(options.path)).mode & 0o777).toBe(0o600)
  })

  test('removes a line that was cut off, whose batch comes again', async () => {
    await appendLines(options, ['{"a":1}'])
    await appendFile(options.path, '{"b":')
    await appendLines(options, ['{"b":2}'])
    expect(await readFile(options.path, 'utf8')).toBe('{"a":1}\n{"b":2}\n')
    await writeFile(options.path, '{"never ended":')
    await appendLines(options, ['{"c":3}'])
    expect(await readFile(options.path, 'utf8')).toBe('{"c":3}\n')
  })

  test('sets a full file aside, and one of an earlier period, and keeps so many', async () => {
    const line = '{"a":"0123456789"}'
    for (let round = 0; round < 5; round++) {
      await appendLines(options, [line, line])
      options.clock.advance(second)
    }
    const names = await readdir(folder)
    expect(names).toHaveLength(3)
    for (const name of names) expect(await readFile(join(folder, name), 'utf8')).toBe(`${line}\n${line}\n`)
    const yesterday = new Date(options.clock.now() - 25 * hour)
    await utimes(options.path, yesterday, yesterday)
    await appendLines({ ...options, maxBytes: 1000, keep: 10 }, ['{"next":1}'])
    expect(await readFile(options.path, 'utf8')).toBe('{"next":1}\n')
    expect(await readdir(folder)).toHaveLength(4)
  })

  test('two rotations within one instant keep both files', async () => {
    const line = 'x'.repeat(39)
    for (let round = 0; round < 3; round++) await appendLines(options, [line])
    expect(await readdir(folder)).toHaveLength(3)
  })

  test('follows no link that somebody put in its place', async () => {
    await writeFile(join(folder, 'other'), '')
    await symlink(join(folder, 'other'), options.path)
    await expect(appendLines(options, ['{"a":1}'])).rejects.toMatchObject({ code: 'ELOOP' })
    expect(await readFile(join(folder, 'other'), 'utf8')).toBe('')
  })
})

describe('the syslog sink', () => {
  let tls: TestCertificate
  beforeAll(async () => {
    tls = await makeCertificate()
  })
  const header = { facility: 'audit', hostname: 'gate', appName: 'gatehouse', maxBytes: 65_000 } as const
  const to = (receiver: SyslogReceiver, more: Partial<SyslogSinkOptions> = {}): SyslogSinkOptions => ({
    transport: 'tls',
    host: 'localhost',
    port: receiver.port,
    header,
    ca: tls.certificate,
    ...more,
  })

  test('hands a batch over TLS and waits until it was read to the end', async () => {
    await using receiver = await SyslogReceiver.open(tls)
    await sendSyslog(to(receiver), [record(1), record(2, '{"ü":1}')], never)
    expect(receiver.messages).toEqual([
      '<108>1 2027-01-15T08:00:00.000Z gate gatehouse - user.login [gatehouse@32473 sequence="1" hash="ab" uid="uid-1"] \uFEFF{"n":1}',
      '<108>1 2027-01-15T08:00:00.000Z gate gatehouse - user.login [gatehouse@32473 sequence="2" hash="ab" uid="uid-2"] \uFEFF{"ü":1}',
    ])
  })

  test('fails where the receiver is another one, or hangs up', async () => {
    await using receiver = await SyslogReceiver.open(tls)
    await expect(sendSyslog(to(receiver, { ca: undefined }), [record(1)], never)).rejects.toMatchObject({
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    })
    await using stranger = await SyslogReceiver.open(await makeCertificate('other.example.com'))
    await expect(sendSyslog(to(stranger), [record(1)], never)).rejects.toThrow()
    receiver.behaviours.push('cut')
    // More than the buffers of both sides hold, so that it cannot be on its way already.
    const long = { ...header, maxBytes: 2 ** 25 }
    const much = record(1, 'x'.repeat(2 ** 24))
    await expect(sendSyslog(to(receiver, { header: long }), [much], never)).rejects.toThrow()
    expect([...receiver.messages, ...stranger.messages]).toEqual([])
    await sendSyslog(to(receiver), [record(1)], never)
    expect(receiver.messages).toHaveLength(1)
  })

  test('speaks plain TCP to this machine, and ends when its time is over', async () => {
    await using receiver = await SyslogReceiver.open()
    await sendSyslog(to(receiver, { transport: 'tcp' }), [record(7)], never)
    expect(receiver.messages).toHaveLength(1)
    const stop = new AbortController()
    const sending = sendSyslog(to(receiver, { transport: 'tls' }), [record(8)], stop.signal)
    stop.abort()
    await expect(sending).rejects.toThrow('did not answer in time')
  })
})

describe('the webhook sink', () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
  let receiver: WebhookReceiver
  beforeAll(async () => {
    receiver = await WebhookReceiver.open()
  })
  afterAll(async () => {
    await receiver[Symbol.asyncDispose]()
  })

  test('loses nothing at a receiver that refuses every other batch, and repeats a batch under the same id', async () => {
    await using store = await openStore({ url: 'sqlite::memory:' })
    const world = new SinkWorld(store)
    const fetch = createGuardedFetch({ allowLoopback: true })
    const sender = createWebhookSender({ fetch: { public: fetch, private: fetch }, timers: world.timers })
    const url = `http://127.0.0.1:${receiver.port}/audit`
    const endpoint = { url, secrets: [secret], allowsPrivateNetwork: false }
    const about = {
      post: (message: { id: string; body: string }, signal: AbortSignal) =>
        sender.send(endpoint, message, signal),
      clusterName: 'gate',
      format: 'reference',
    }
    await using runner = world.runner((records, signal) => sendBatch(about, records, signal), {
      batchEvents: 2,
    })
    await world.happen(6)
    for (let attempt = 0; attempt < 6; attempt++) {
      receiver.answers.push(500, 204)
      await runner.pass()
      world.clock.advance(minute)
    }
    receiver.answers.length = 0
    await runner.pass()
    type Body = { data: { records: { sequence: number; event: { event: string } }[] } }
    const batches = receiver.received.map(({ id, body }) => ({
      id,
      sequences: (JSON.parse(body) as Body).data.records.map(({ sequence }) => sequence),
    }))
    expect(batches.map(({ sequences }) => sequences.join())).toEqual([
      '1,2',
      '1,2',
      '3,4',
      '3,4',
      '5,6',
      '5,6',
    ])
    expect(new Set(batches.map(({ id }) => id)).size).toBe(3)
    for (const one of receiver.received) {
      expect(verifies(secret, one, Number(one.headers['webhook-timestamp']) * second)).toBe(true)
    }
  })
})
