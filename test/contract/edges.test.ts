/**
 * Every kind, with documents that are right and wrong in many ways, through the API with a token, through the requests
 * that the page makes (cookie, CSRF token, dry run first) and through the command line: the same answer, and the same
 * error with the same code, words and lines.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import type { ChangeAnswer, Problem, ResourceAnswer } from '../../src/api/contract.js'
import { describeProblem } from '../../src/core/document-problem.js'
import { machineUser, runCommand } from '../support/command-line.js'
import { testKinds } from '../support/kinds.js'
import {
  createPerson,
  role,
  signIn,
  signInAdmin,
  type TestBrowser,
  testResources,
} from '../support/people.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'

let gateway: TestGateway
let page: TestBrowser
let env: NodeJS.ProcessEnv

beforeAll(async () => {
  const rules = [{ resources: ['*'], verbs: ['*'] }]
  gateway = await openTestGateway({
    resources: [...testResources, role('everything', 'v7', { allow: { rules } })],
  })
  const first = await signInAdmin(gateway)
  const person = await createPerson(gateway, first, { name: 'all@example.com', roles: ['everything'] })
  page = await signIn(gateway, person)
  env = await machineUser(gateway, first, { name: 'ci', roles: ['everything'] })
})
afterAll(() => gateway?.[Symbol.asyncDispose]())

/** A membership is of a list that is there. */
const listFor = (name: string): string | undefined =>
  name === 'access_list_member' ? testKinds().known.access_list.example : undefined

interface Document {
  readonly kind: string
  readonly version: string
  readonly metadata: Readonly<Record<string, unknown>> & { readonly name: string }
  readonly spec: Readonly<Record<string, unknown>>
}

/** What an edge told, in a form in which edges can be compared. */
type Told = { readonly lines: readonly string[] } & (
  | { readonly problem: Pick<Problem, 'code' | 'title' | 'detail' | 'status' | 'problems'> }
  | { readonly changes: readonly object[] }
)

const source = 'stdin'

/** A membership says who made it, and the page is another person than the token. */
const byAnybody = (text: string): string => text.replace(/^([+ -]*added_by:).*$/gm, '$1 somebody')

async function byApi(text: string, query: string): Promise<Told> {
  const response = await fetch(`${gateway.url}/v1/resources?source=${source}${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${env.GATEHOUSE_TOKEN ?? ''}`, 'content-type': 'application/yaml' },
    body: text,
  })
  return tell(response.status, await response.json())
}

async function byPage(text: string, query: string): Promise<Told> {
  const headers = { 'content-type': 'application/yaml' }
  const response = await page.send('post', `/v1/resources?source=${source}${query}`, text, headers)
  return tell(response.status, response.body)
}

function tell(status: number, body: unknown): Told {
  if (status >= 300) {
    const { code, title, detail, problems } = body as Problem
    const placed = problems?.some(({ line }) => line !== undefined)
    const lines = placed
      ? [`gatehouse: ${title}:`, ...(problems ?? []).map(describeProblem)]
      : [`gatehouse: ${title}: ${detail}`]
    return { problem: { code, title, detail, status, ...(problems && { problems }) }, lines }
  }
  const told = (body as { changes: ChangeAnswer[] }).changes
  const changes = told.map(({ before, after, ...change }) => ({
    ...change,
    ...(before !== undefined && { before: byAnybody(before) }),
    ...(after !== undefined && { after: byAnybody(after) }),
    diff: byAnybody(change.diff),
  }))
  const lines = changes.flatMap(({ kind, name, action, notes, diff }) => {
    const verb = action === 'none' ? 'unchanged' : `would be ${action}d`
    const difference = diff === '' ? [] : diff.replace(/\n$/, '').split('\n')
    return [`${kind} "${name}" ${verb}`, ...notes.map((note) => `  ${note}`), ...difference]
  })
  return { changes, lines: [...lines, 'Nothing was changed: this was a dry run.'] }
}

async function byCommandLine(text: string, args: readonly string[]): Promise<readonly string[]> {
  const { code, out, err } = await runCommand(['create', '-f', '-', ...args], { env, input: text })
  expect(code === 0 ? err : out).toBe('')
  return byAnybody((code === 0 ? out : err).trimEnd()).split('\n')
}

/** Asks the three edges the same, as a dry run, and expects one answer. */
async function askAll(text: string, mode: 'create' | 'replace' = 'create'): Promise<Told> {
  const query = `&mode=${mode}&dryRun=true`
  const api = await byApi(text, query)
  expect(steady(await byPage(text, query))).toEqual(steady(api))
  const args = ['--dry-run', ...(mode === 'replace' ? ['--force'] : [])]
  expect(steady(await byCommandLine(text, args))).toEqual(steady(api.lines))
  return api
}

/** A secret gets an id whenever it is given, also where nothing is kept. */
function steady<T>(told: T): T {
  const id = /(client_secret_id(?:: |":")'?)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}('?)/g
  return JSON.parse(JSON.stringify(told).replaceAll(id, 'client_secret_id: NEW')) as T
}

function refusedWith(told: Told): NonNullable<Problem['problems']> {
  if (!('problem' in told)) throw new Error(`this was not refused: ${told.lines.join('\n')}`)
  return told.problem.problems ?? []
}

const without = (document: Document, key: keyof Document): object =>
  Object.fromEntries(Object.entries(document).filter(([name]) => name !== key))

/** Ways to be wrong that every kind has. */
const mistakes: readonly (readonly [string, (document: Document) => object, RegExp])[] = [
  ['an unknown version', (one) => ({ ...one, version: 'v99' }), /version: must be /],
  ['no version', (one) => without(one, 'version'), /version/],
  ['no metadata', (one) => without(one, 'metadata'), /metadata/],
  ['no spec', (one) => without(one, 'spec'), /spec/],
  ['a spec that is a list', (one) => ({ ...one, spec: [] }), /spec/],
  [
    'a field that is not known',
    (one) => ({ ...one, spec: { ...one.spec, no_such: 1 } }),
    /spec\.no_such: this field is not known/,
  ],
  ['a field beside the spec', (one) => ({ ...one, no_such: 1 }), /no_such: this field is not known/],
  [
    'a name that is a list',
    (one) => ({ ...one, metadata: { ...one.metadata, name: [7] } }),
    /metadata\.name/,
  ],
  [
    'labels that are a list',
    (one) => ({ ...one, metadata: { ...one.metadata, labels: ['a'] } }),
    /metadata\.labels/,
  ],
  [
    'two mistakes at once',
    (one) => ({ ...one, no_such: 1, spec: { ...one.spec, nor_this: 2 } }),
    /(no_such[^]*nor_this|nor_this[^]*no_such)/,
  ],
]

describe.each(testKinds().all.map((kind) => [kind.name, kind] as const))('%s', (name, kind) => {
  const example = parse(kind.example) as Document
  const path = `/v1/resources/${name}/${encodeURIComponent(example.metadata.name)}`
  beforeEach(async () => {
    await page.send('delete', path)
    const list = listFor(name)
    if (list === undefined) return
    const { code, err } = await runCommand(['create', '-f', '-', '--force'], { env, input: list })
    expect([code, err]).toEqual([0, ''])
  })

  test('the example is right for all of them, new and old', async () => {
    const made = await askAll(kind.example)
    expect('changes' in made && made.changes).toMatchObject([{ action: 'create', kind: name }])
    expect(await runCommand(['create', '-f', '-'], { env, input: kind.example })).toMatchObject({ code: 0 })
    const twice = await askAll(kind.example)
    expect('problem' in twice && twice.problem.code).toBe('ALREADY_EXISTS')
    // A time to live is counted from now, and this clock stands still.
    const same = await askAll(kind.example, 'replace')
    expect('changes' in same && same.changes).toMatchObject([{ action: 'none', kind: name }])
  })

  test.each(mistakes)('%s is the same mistake for all of them', async (_, spoil, words) => {
    const told = await askAll(stringify(spoil(example)))
    const problems = refusedWith(told)
    expect(problems.length).toBeGreaterThan(0)
    for (const problem of problems) expect(problem).toMatchObject({ source, line: expect.any(Number) })
    expect(told.lines.join('\n')).toMatch(words)
    expect(told.lines[1]).toMatch(/^stdin:\d+: /)
  })

  test('one is read the same by all of them', async () => {
    await runCommand(['create', '-f', '-'], { env, input: kind.example })
    const shown = (await page.get(path)).body as ResourceAnswer
    const word = `${name}/${example.metadata.name}`
    const read = await runCommand(['get', word, '-o', 'yaml'], { env })
    expect(read.out).toBe(shown.yaml)
    const yaml = await page.get(path, { accept: 'application/yaml' })
    expect(yaml.text).toBe(shown.yaml)
  })

  test('a stale change is refused to all of them, and each is shown what is stored', async () => {
    await runCommand(['create', '-f', '-'], { env, input: kind.example })
    const { yaml, revision } = (await page.get(path)).body as ResourceAnswer
    const stale = yaml.replace(`revision: '${revision}'`, 'revision: older')
    const headers = { 'content-type': 'application/yaml', 'if-match': '"older"' }
    const put = (await page.send('put', path, stale, headers)).body as Problem
    const told = await askAll(stale, 'replace')
    if (!('problem' in told)) throw new Error('this was not refused')
    expect(told.problem).toMatchObject({ code: 'REVISION_MISMATCH', status: 412 })
    expect(put).toMatchObject({ code: 'REVISION_MISMATCH', current: { revision, yaml } })
    expect(told.problem.detail.replace(/^stdin:/, 'request:')).toBe(put.detail)
  })

  test('what is not there is not there for all of them', async () => {
    const { status, body } = await page.get(path)
    expect(status).toBe(404)
    const { title, detail } = body as Problem
    for (const args of [['get'], ['rm', '--yes']]) {
      const refused = await runCommand([...args, `${name}/${example.metadata.name}`], { env })
      expect(refused).toEqual({ code: 1, out: '', err: `gatehouse: ${title}: ${detail}\n` })
    }
  })
})

test.each([
  ['text that is no YAML', 'kind: role\n  version: v8\n'],
  ['a key that stands twice', 'kind: role\nkind: role\n'],
  ['an alias', 'kind: &a role\nversion: *a\n'],
  ['no kind', 'version: v8\n'],
  ['a kind that there is not', 'kind: rolle\n'],
  ['a list', '- kind: role\n'],
  ['no document', '# nothing\n'],
  ['several, each with its mistake', 'kind: role\n---\nkind: user\n---\nkind: lock\n'],
])('%s is the same mistake for all edges', async (_, text) => {
  expect(refusedWith(await askAll(text)).length).toBeGreaterThan(0)
})
