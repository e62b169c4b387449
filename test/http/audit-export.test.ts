/** @module The audit log taken out and searched over HTTP; an export of all of it proves itself without a gateway. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readExport } from '../../src/audit/export-file.js'
import { verifyAudit } from '../../src/audit/verify.js'
import type { AuditSearchAnswer } from '../../src/api/contract.js'
import { searchEvents } from '../../src/service/audit/search-events.js'
import { createPerson, signIn, signInAdmin, TestBrowser, testResources } from '../support/people.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'

let gateway: TestGateway
let auditor: TestBrowser
let editor: TestBrowser
let keyId = ''
beforeAll(async () => {
  gateway = await openTestGateway({ resources: testResources })
  const admin = await signInAdmin(gateway)
  const person = await createPerson(gateway, admin, { name: 'ann@example.com', roles: ['auditor'] })
  const other = await createPerson(gateway, admin, { name: 'bob@example.com', roles: ['editor'] })
  auditor = await signIn(gateway, person)
  editor = await signIn(gateway, other)
  await new TestBrowser(gateway).post('/v1/sign-in', {
    user: 'bob@example.com',
    password: 'not the right one',
  })
  const heads = (await auditor.get('/v1/audit/heads')).body as { keys: { id: string }[] }
  keyId = heads.keys[0]?.id ?? ''
})
afterAll(async () => await gateway[Symbol.asyncDispose]())

async function verifyText(text: string) {
  const { evidence, selection } = await readExport(async function* () {
    // In pieces that respect nothing.
    for (let at = 0; at < text.length; at += 1000) yield Buffer.from(text.slice(at, at + 1000), 'utf8')
  }, 'log.jsonl')
  return { selection, report: await verifyAudit({ ...evidence, trustedKeyIds: [keyId] }) }
}

describe('an export', () => {
  test('of everything proves itself, and is an event itself', async () => {
    const response = await auditor.get('/v1/audit/export?format=jsonl')
    expect(response.status).toBe(200)
    expect(response.headers['content-type']).toBe('application/jsonl; charset=utf-8')
    expect(response.headers['content-disposition']).toBe('attachment; filename="audit.jsonl"')
    const { report, selection } = await verifyText(response.text)
    expect(selection).toBeUndefined()
    expect(report).toMatchObject({ ok: true, source: 'file', keysPinned: true, unsignedTail: 0 })
    expect(String(report.last.sequence)).toBe(response.headers['x-audit-last'])
    const [event] = await searched('?code=TGH090I')
    expect(event).toMatchObject({
      event: 'audit.export',
      user: 'ann@example.com',
      format: 'jsonl',
      holds: 'all',
    })
  })

  test('that was edited, cut, reordered or put together is found', async () => {
    const { text } = await auditor.get('/v1/audit/export?format=jsonl')
    const lines = text.trimEnd().split('\n')
    const at = lines.findIndex((line) => line.includes('"sequence":4,'))
    const changed = (change: (copy: string[]) => unknown): string => {
      const copy = [...lines]
      change(copy)
      return `${copy.join('\n')}\n`
    }
    const cases: Readonly<Record<string, [string, RegExp]>> = {
      edited: [changed((copy) => (copy[at] = copy[at]?.replace('success', 'sucess') ?? '')), /edited 4/],
      dropped: [changed((copy) => copy.splice(at, 1)), /file 0.*removed 4/],
      doubled: [changed((copy) => copy.splice(at, 0, copy[at] ?? '')), /file 0.*reordered 5/],
      swapped: [changed((copy) => copy.splice(at, 2, copy[at + 1] ?? '', copy[at] ?? '')), /removed 4/],
      'without its end': [changed((copy) => copy.pop()), /file 0/],
      'with another name': [text.replaceAll('"cluster_name":"localhost"', '"cluster_name":"elsewhere"'), /head_signature/], // prettier-ignore
    }
    for (const [name, [file, found]] of Object.entries(cases)) {
      const { report } = await verifyText(file)
      expect([name, report.breaks.map(({ kind, sequence }) => `${kind} ${sequence}`).join(' ')]).toEqual([
        name,
        expect.stringMatching(found),
      ])
    }
    await expect(verifyText(changed((copy) => (copy[at] = '{"record":"eve')))).rejects.toThrow(
      `log.jsonl: line ${at + 1} is no JSON`,
    )
    await expect(verifyText('{"kind":"role"}\n')).rejects.toThrow(
      'line 1 is not the first line of an audit export',
    )
  })

  test('of a selection says so', async () => {
    const { text } = await auditor.get('/v1/audit/export?format=jsonl&type=user.login&success=false')
    const { selection } = await verifyText(text)
    expect(selection).toEqual({ type: ['user.login'], success: false })
    const events = text.split('\n').filter((line) => line.startsWith('{"record":"event"'))
    expect(events).toHaveLength(1)
    expect(text).not.toContain('"record":"head"')
  })

  test('as CSV has a row for each event that is meant', async () => {
    const { text, headers } = await auditor.get('/v1/audit/export?format=csv&user=bob%40example.com')
    expect(headers['content-type']).toBe('text/csv; charset=utf-8; header=present')
    const [first, ...rows] = text.trimEnd().split('\r\n')
    expect(first).toMatch(/^sequence,time,code,event,success,user,/)
    expect(rows.length).toBeGreaterThan(1)
    for (const row of rows) expect(row).toContain('bob@example.com')
  })

  test('is for those who may read the log', async () => {
    expect((await editor.get('/v1/audit/export?format=csv')).status).toBe(403)
    expect((await editor.get('/v1/audit/search?search=bob')).status).toBe(403)
    expect((await auditor.get('/v1/audit/export?format=xml')).status).toBe(400)
  })
})

async function searched(query: string): Promise<Record<string, unknown>[]> {
  const response = await auditor.get(`/v1/audit/search${query}`)
  expect(response.status, response.text).toBe(200)
  const { items } = response.body as AuditSearchAnswer
  return items.map(({ json }) => JSON.parse(json) as Record<string, unknown>)
}

describe('a search', () => {
  test('finds by words, resource and outcome, newest first', async () => {
    const failed = await searched('?search=BOB%20T1000W&success=false')
    expect(failed).toMatchObject([{ event: 'user.login', user: 'bob@example.com', success: false }])
    const made = await searched('?kind=user&name=ann%40example.com')
    expect(made.map(({ event }) => event)).toContain('user.create')
    expect(
      made.every(({ event }) => String(event).startsWith('user.') || String(event).startsWith('mfa.')),
    ).toBe(true)
    const times = (await searched('?search=example.com')).map(({ time }) => String(time))
    expect(times).toEqual([...times].sort().reverse())
  })

  test('looks at a bounded number of events, and goes on where it stopped', async () => {
    const { store } = gateway.gateway
    const deps = { store, clock: gateway.clock, flushAudit: () => gateway.gateway.sequencer.flush() }
    const all = await searchEvents(deps, { limit: 1000 })
    const seen: number[] = []
    let cursor: string | undefined
    let questions = 0
    do {
      const found = await searchEvents(deps, { limit: 2, cursor, search: 'example.com' }, 3)
      seen.push(...found.events.map(({ sequence }) => sequence))
      expect(found.searchedTo).toBeDefined()
      cursor = found.nextCursor === undefined ? undefined : String(found.nextCursor)
      questions += 1
    } while (cursor !== undefined)
    const whole = await searchEvents(deps, { limit: 1000, search: 'example.com' })
    expect(seen).toEqual(whole.events.map(({ sequence }) => sequence))
    expect(questions).toBeGreaterThanOrEqual(all.events.length / 3)
  })

  test('keeps to its time', async () => {
    expect(await searched('?search=example.com&to=2020-01-01T00:00:00Z')).toEqual([])
    expect(await searched('?search=example.com&from=2020-01-01T00:00:00Z')).not.toEqual([])
  })
})
