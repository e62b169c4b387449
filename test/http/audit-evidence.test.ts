/** @module Evidence packs over HTTP: the same pack for the same period, and nothing in it can be changed unnoticed. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import yauzl, { type Entry, type ZipFile } from 'yauzl'
import { ZipFile as NewZip } from 'yazl'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import supertest from 'supertest'
import { readEvidence } from '../../src/audit/evidence-file.js'
import { verifyAudit } from '../../src/audit/verify.js'
import { hour, minute } from '../../src/core/time.js'
import { createPerson, signIn, signInAdmin, testResources, type TestBrowser } from '../support/people.js'
import { spResource } from '../support/sp.js'
import { openTestGateway, testEpoch, type TestGateway } from '../support/test-gateway.js'

let gateway: TestGateway
let admin: TestBrowser
let folder: string
let keyId = ''
const at = (minutes: number): string => new Date(testEpoch + minutes * minute).toISOString()
const period = `from=${at(30)}&to=${at(90)}`

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-evidence-'))
  gateway = await openTestGateway({ resources: [...testResources, spResource()] })
  admin = await signInAdmin(gateway)
  const dev = await createPerson(gateway, admin, { name: 'dev@example.com', roles: ['aws'] })
  await gateway.gateway.sequencer.signHead()
  gateway.clock.advance(hour)
  const browser = await signIn(gateway, dev)
  await browser.get('/saml/idp/login/aws-identity-center')
  const lock = { target: { user: 'dev@example.com' }, message: 'left the laptop' }
  await admin.post('/v1/resources', { kind: 'lock', version: 'v2', metadata: { name: 'dev' }, spec: lock })
  gateway.clock.advance(hour)
  admin = await signInAdmin(gateway).catch(() => admin)
  keyId = (await gateway.gateway.store.keys.list('audit'))[0]?.id ?? ''
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

async function download(query = period): Promise<supertest.Response> {
  return await supertest(gateway.url)
    .get(`/v1/audit/evidence?${query}`)
    .set('authorization', `Bearer ${gateway.operatorToken}`)
    .buffer(true)
    .parse((response, done) => {
      const chunks: Buffer[] = []
      const stream = response as unknown as IncomingMessage
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => done(null, Buffer.concat(chunks)))
    })
}

async function unzip(archive: Buffer): Promise<Map<string, Buffer>> {
  const zip = await promisify<Buffer, yauzl.Options, ZipFile>(yauzl.fromBuffer as never)(archive, {
    lazyEntries: true,
  })
  const files = new Map<string, Buffer>()
  const ended = new Promise((resolve) => zip.on('end', resolve))
  zip.on('entry', (entry: Entry) => {
    zip.openReadStream(entry, (_, stream: Readable) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        files.set(entry.fileName, Buffer.concat(chunks))
        zip.readEntry()
      })
    })
  })
  zip.readEntry()
  await ended
  return files
}

async function zipped(files: ReadonlyMap<string, Buffer>): Promise<Buffer> {
  const zip = new NewZip()
  for (const [name, bytes] of files) zip.addBuffer(bytes, name)
  zip.end()
  const chunks: Buffer[] = []
  for await (const chunk of zip.outputStream as AsyncIterable<Buffer> & NodeJS.ReadableStream)
    chunks.push(chunk)
  return Buffer.concat(chunks)
}

async function verifyPack(archive: Buffer, ids: readonly string[] | undefined = [keyId]) {
  const file = join(folder, 'pack.zip')
  await writeFile(file, archive)
  const { evidence } = await readEvidence(file, { keys: [], ids })
  return await verifyAudit({ ...evidence, trustedKeyIds: ids })
}

describe('an evidence pack', () => {
  test('has what happened in the period, and proves itself with a key noted elsewhere', async () => {
    const { status, headers, body } = await download()
    expect(status).toBe(200)
    expect(headers['content-disposition']).toBe('attachment; filename="evidence-2026-03-01-2026-03-01.zip"')
    const files = await unzip(body as Buffer)
    const json = (name: string) => JSON.parse(String(files.get(`${name}.json`))) as Record<string, string>[]
    expect([...files.keys()].slice(0, 3)).toEqual([
      'README.txt',
      'grants_at_start.csv',
      'grants_at_start.json',
    ])
    expect(json('aws_sign_ins')).toMatchObject([{ user: 'dev@example.com', succeeded: '1', refused: '0' }])
    expect(json('exceptions')).toMatchObject([{ kind: 'lock', who: 'admin' }])
    expect(json('configuration_changes').map(({ event }) => event)).toEqual(['lock.created'])
    expect(String(files.get('exceptions.csv'))).toMatch(/^time,sequence,kind,who,outcome,what\r\n/)
    expect(String(files.get('README.txt'))).toContain('aws_sign_ins  (1 rows)')

    const report = await verifyPack(body as Buffer)
    expect(report).toMatchObject({ ok: true, keysPinned: true, unsignedTail: 0, source: 'file' })
    expect(report.excerpt?.after).toBeGreaterThan(0)
    expect((await verifyPack(body as Buffer, ['another'])).ok).toBe(false)
  })

  test('is the same for the same period, also later', async () => {
    const first = (await download()).body as Buffer
    gateway.clock.advance(hour)
    expect(((await download()).body as Buffer).equals(first)).toBe(true)
  })

  test('in which anything was changed, added or left out is found', async () => {
    const whole = await unzip((await download()).body as Buffer)
    const changed = async (change: (files: Map<string, Buffer>) => unknown): Promise<string> => {
      const files = new Map(whole)
      change(files)
      const { ok, breaks } = await verifyPack(await zipped(files))
      expect(ok).toBe(false)
      return breaks.map(({ says }) => says).join('\n')
    }
    const edit = (files: Map<string, Buffer>, name: string, from: string, to: string) =>
      files.set(name, Buffer.from(String(files.get(name)).replace(from, to)))
    expect(await changed((files) => edit(files, 'exceptions.csv', 'admin', 'nobody'))).toBe(
      'exceptions.csv is not as it was signed',
    )
    expect(await changed((files) => files.delete('exceptions.json'))).toBe('exceptions.json is missing')
    expect(await changed((files) => files.set('more.txt', Buffer.from('x')))).toBe(
      'more.txt was put in afterwards',
    )
    expect(await changed((files) => edit(files, 'manifest.json', '"files"', ' "files"'))).toBe(
      'the signature of the manifest does not verify',
    )
    await expect(
      changed((files) => edit(files, 'events.jsonl', 'dev@example.com', 'bob@example.com')),
    ).rejects.toThrow('events.jsonl is not as it was signed')
    await expect(verifyPack(Buffer.from('PK no archive'))).rejects.toThrow('cannot be read as a zip archive')
    const bare = await zipped(new Map([['README.txt', Buffer.from('x')]]))
    await expect(verifyPack(bare)).rejects.toThrow('there is no manifest.json in it')
  })

  test.each([
    ['a period that is empty', `from=${at(90)}&to=${at(30)}`, '"to" must be later than "from"'],
    ['one that is not over', `from=${at(30)}&to=2030-01-01T00:00:00Z`, 'the period may be 400 days at most'],
    ['one that ends in the future', `from=${at(30)}&to=${at(60 * 24 * 30)}`, 'the period is not over yet'],
    [
      'one without events',
      'from=2025-01-01T00:00:00Z&to=2025-01-02T00:00:00Z',
      'there is no event in this period',
    ],
  ])('is refused for %s', async (_, query, says) => {
    const { status, body } = await download(query)
    expect(status).toBe(400)
    expect((JSON.parse(String(body)) as { detail: string }).detail).toContain(says)
  })
})
