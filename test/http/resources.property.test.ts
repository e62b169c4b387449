/**
 * Documents that nobody would write, 10,000 of them over every kind: whatever comes, the gateway answers what is wrong
 * or keeps every field of it; it never fails itself. Most go through a dry run, which is the same path as a write.
 */
import { Agent, request } from 'node:http'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import type { ApplyAnswer, ChangeAnswer, Problem, ResourceAnswer } from '../../src/api/contract.js'
import { errorCodes } from '../../src/core/error.js'
import { role, signInAdmin, testResources } from '../support/people.js'
import { nasty, spoilt, type Json } from '../support/spoilt-documents.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'

let gateway: TestGateway
let token: string
const agent = new Agent({ keepAlive: true, maxSockets: 1 })

const machine = {
  kind: 'token',
  version: 'v1',
  metadata: { name: 'fuzz' },
  spec: { roles: ['everything'], ttl: '24h' },
}

beforeAll(async () => {
  const everything = role('everything', 'v7', { allow: { rules: [{ resources: ['*'], verbs: ['*'] }] } })
  gateway = await openTestGateway({ resources: [...testResources, everything] })
  const admin = await signInAdmin(gateway)
  const { changes } = (await admin.post('/v1/resources', machine)).body as ApplyAnswer
  token = changes[0]?.secret ?? ''
})
afterAll(async () => {
  agent.destroy()
  await gateway[Symbol.asyncDispose]()
})

interface Answer {
  readonly status: number
  readonly body: unknown
}

/** One request on the one connection: 10,000 of them have to be quick. */
async function send(method: string, path: string, type: string, text?: string): Promise<Answer> {
  return await new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, ...(text !== undefined && { 'content-type': type }) }
    const sent = request(`${gateway.url}${path}`, { method, agent, headers }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (body += chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(body) }))
      response.on('error', reject)
    })
    sent.on('error', reject)
    sent.end(text)
  })
}

async function apply(text: string, format: 'yaml' | 'json', dryRun: boolean): Promise<Answer> {
  return await send('POST', `/v1/resources?mode=replace&dryRun=${dryRun}`, `application/${format}`, text)
}

/** Keys that stand for others: they are turned into what is kept, or say something about the request. */
const transformed = new Set([
  'spec.ttl',
  'spec.client_secret',
  'metadata.revision',
  'metadata.id',
  'metadata.namespace',
  'metadata.expires',
])

/** Paths of the maps' keys that hold something, lists by their length. Null and empty mean the same as nothing. */
function pathsOf(value: Json, path = ''): string[] {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return isEmpty(value) ? [] : [path]
  return Object.entries(value).flatMap(([key, one]) => {
    const at = path === '' ? key : `${path}.${key}`
    return transformed.has(at) ? [] : pathsOf(one, at)
  })
}

function isEmpty(value: Json): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.every(isEmpty))
}

function toText(document: Json, format: 'yaml' | 'json'): string {
  return format === 'yaml' ? stringify(document) : JSON.stringify(document)
}

/** A dry run keeps no secret: whoever applies what it told gives it again. */
function withSecret(after: string, document: Json): string {
  const secret = (document as { spec?: { client_secret?: Json } }).spec?.client_secret
  return secret === undefined
    ? after
    : withoutSecret(after).replace(
        /^spec:\n/m,
        (head) => `${head}  client_secret: ${JSON.stringify(secret)}\n`,
      )
}

/** Which secret it is changes with each dry run. */
function withoutSecret(yaml: string): string {
  return yaml.replace(/^ {2}client_secret_id: .*\n/m, '')
}

const runs = { seed: Number(process.env['SEED'] ?? Date.now() % 2 ** 31) }

describe(`hostile documents (SEED=${runs.seed})`, () => {
  test('spoilt ones are refused with a reason or kept with every field', { timeout: 120_000 }, async () => {
    let accepted = 0
    await fc.assert(
      fc.asyncProperty(spoilt, formats, async (document, format) => {
        const { status, body } = await apply(toText(document, format), format, true)
        if (status !== 200) {
          expectRefusal(status, body)
          return
        }
        accepted++
        const { after = '' } = changeOf(body)
        expect(pathsOf(parse(after) as Json)).toEqual(expect.arrayContaining(pathsOf(document)))
        const again = await apply(withSecret(after, document), 'yaml', true)
        expect(withoutSecret(changeOf(again.body).after ?? '')).toBe(withoutSecret(after))
      }),
      { ...runs, numRuns: 5000 },
    )
    // Else the mutations spoil so much that the round trip shows nothing.
    expect(accepted).toBeGreaterThan(500)
  })

  test(
    'those that are accepted are stored and read back as they were told',
    { timeout: 60_000 },
    async () => {
      let kept = 0
      await fc.assert(
        fc.asyncProperty(spoilt, formats, async (document, format) => {
          const { status, body } = await apply(toText(document, format), format, false)
          if (status !== 200) {
            expectRefusal(status, body)
            return
          }
          kept++
          const { kind, name, after = '', revision } = changeOf(body)
          const path = `/v1/resources/${kind}/${encodeURIComponent(name)}`
          const read = (await send('GET', path, '')).body as ResourceAnswer
          expect(read).toMatchObject({ kind, name, revision, document: parse(after) as object })
          expect(pathsOf(parse(read.yaml) as Json)).toEqual(expect.arrayContaining(pathsOf(document)))
          expect((await apply(read.yaml, 'yaml', true)).body).toMatchObject({ changes: [{ action: 'none' }] })
          if (kind !== 'token' || name !== machine.metadata.name)
            expect((await send('DELETE', path, '')).status).toBe(200)
        }),
        { ...runs, numRuns: 500 },
      )
      expect(kept).toBeGreaterThan(50)
    },
  )

  test(
    'values of any shape and text of any kind are refused with a reason',
    { timeout: 60_000 },
    async () => {
      const values = fc.array(fc.oneof(spoilt, fc.jsonValue() as fc.Arbitrary<Json>, nasty), {
        minLength: 9,
        maxLength: 9,
      })
      await fc.assert(
        fc.asyncProperty(values, formats, async (documents, format) => {
          const text =
            format === 'json'
              ? JSON.stringify(documents)
              : documents.map((one) => stringify(one)).join('---\n')
          const { status, body } = await apply(text, format, true)
          if (status !== 200) expectRefusal(status, body)
        }),
        { ...runs, numRuns: 300 },
      )
      const scratch = fc.record({
        text: spoilt.map((one) => stringify(one)),
        at: fc.nat(2000),
        drop: fc.nat(5),
        put: fc.oneof(
          fc.constantFrom(
            '&a ',
            '*a',
            '!!set',
            '|',
            '>',
            '- ',
            '? ',
            '---',
            '{',
            '[',
            '"',
            "'",
            '\t',
            '\u0000',
            '%',
          ),
          fc.string({ unit: 'binary', maxLength: 6 }),
        ),
      })
      await fc.assert(
        fc.asyncProperty(scratch, async ({ text, at, drop, put }) => {
          const place = at % (text.length + 1)
          const { status, body } = await apply(
            text.slice(0, place) + put + text.slice(place + drop),
            'yaml',
            true,
          )
          if (status !== 200) expectRefusal(status, body)
        }),
        { ...runs, numRuns: 1800 },
      )
    },
  )
})

const formats = fc.constantFrom<'yaml' | 'json'>('yaml', 'json')

function changeOf(body: unknown): ChangeAnswer {
  const { changes } = body as Partial<ApplyAnswer>
  const [change] = changes ?? []
  if (change === undefined) throw new Error(`no change in ${JSON.stringify(body)}`)
  return change
}

/** Refused for what it is, with words: no failure of ours. */
function expectRefusal(status: number, body: unknown): void {
  const { code, detail } = body as Problem
  expect({ status, code, detail }).toMatchObject({ status: errorCodes[code] })
  expect(status).toBeLessThan(500)
  expect(detail).not.toBe('')
}
