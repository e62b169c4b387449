import { applyPatch } from 'diff'
import { RE2JS } from 're2js'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { diffYaml, maxEditedLines } from '../../src/api/resource/diff.js'
import { readJsonDocuments, readYamlDocuments } from '../../src/api/resource/documents.js'
import { GatewayError } from '../../src/core/error.js'
import { compileRegex, withRegexBudget } from '../../src/core/matcher.js'
import { parseDocuments } from '../../src/service/resources/parse-documents.js'
import { openWorld, refused, role as roleDocument, rule, user } from '../service/resources/world.js'
import { testKinds } from '../support/kinds.js'
import { createPerson, role, signIn, signInAdmin, testResources } from '../support/people.js'
import { openTestGateway } from '../support/test-gateway.js'
import { socketExchange } from './support.js'

afterEach(() => void vi.restoreAllMocks())

function refusalOf(work: () => unknown): GatewayError {
  try {
    work()
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

const assignments = (patterns: readonly string[]) => ({
  allow: { account_assignments: patterns.map((account) => ({ account, permission_set: '*' })) },
})
const numbers = (count: number) => Array.from({ length: count }, (_, at) => at)

describe('who may write nothing', () => {
  test('is refused before the body is read, in whatever form and size it comes', async () => {
    const lockers = role('lockers', 'v8', { allow: { rules: [{ resources: ['lock'], verbs: ['create'] }] } })
    await using gateway = await openTestGateway({ resources: [...testResources, lockers] })
    const admin = await signInAdmin(gateway)
    const nobody = await signIn(gateway, await createPerson(gateway, admin, { name: 'nobody', roles: [] }))
    const locker = await signIn(
      gateway,
      await createPerson(gateway, admin, { name: 'l', roles: ['lockers'] }),
    )
    const yaml = { 'content-type': 'application/yaml' }
    for (const [text, headers, twin] of [
      ['a: [', yaml, 400],
      ['a: 1', { 'content-type': 'text/plain' }, 415],
      ['x'.repeat(1024 * 1024 + 1), yaml, 413],
    ] as const) {
      const answer = await nobody.send('post', '/v1/resources?dryRun=true', text, headers)
      expect([answer.status, answer.body]).toMatchObject([
        403,
        { code: 'FORBIDDEN', detail: expect.stringContaining('"create" or "update" on any kind') as string },
      ])
      expect((await locker.send('post', '/v1/resources?dryRun=true', text, headers)).status).toBe(twin)
    }
  })

  test('without a credential nothing of a body that never comes is waited for', async () => {
    await using gateway = await openTestGateway()
    const head = 'POST /v1/resources HTTP/1.1\r\nhost: x\r\nauthorization: Bearer x\r\n'
    const body = 'content-type: application/yaml\r\ncontent-length: 1000000\r\n\r\n'
    const { text, closed } = await socketExchange(gateway, [head + body])
    expect(text).toMatch(/^HTTP\/1\.1 401 /)
    expect(closed).toBe(true)
  })

  test('of a kind has its documents refused before they are parsed', async () => {
    const world = await openWorld()
    await world.apply([rule('lockers', 'lock', ['create']), user('eve', { roles: ['lockers'] })])
    const compile = vi.spyOn(RE2JS, 'compile')
    const by = await world.person('eve')
    for (const mode of ['create', 'replace', 'update'] as const) {
      const error = await refused(
        world.apply(roleDocument('r', { ...assignments(['^never-[a-z]+$']), wrong: 1 }), { by, mode }),
      )
      const verb = mode === 'replace' ? 'create' : mode
      expect([error.code, error.message]).toEqual([
        'FORBIDDEN',
        `your roles do not allow "${verb}" on role "r"; ask an administrator for a role whose rules do`,
      ])
    }
    expect(compile).not.toHaveBeenCalled()
    await refused(world.apply(roleDocument('r', { ...assignments(['^never-[a-z]+$']), wrong: 1 })))
    expect(compile).toHaveBeenCalled()
  })
})

describe('regular expressions', () => {
  const kinds = testKinds()

  test('a file of costly ones is refused after few of them were compiled', () => {
    for (const costly of ['(?i:\\pL{200})', '((a{30}){30})', '[\\pL\\pN\\pP\\pS]', '(?i)[B-\\x{1e800}]']) {
      const compile = vi.spyOn(RE2JS, 'compile')
      const patterns = numbers(1000).map((at) => `^${at}${costly}$`)
      const error = refusalOf(() =>
        parseDocuments(kinds, readJsonDocuments(roleDocument('r', assignments(patterns)))),
      )
      expect(error.code).toBe('INVALID_RESOURCE')
      expect(error.message).toContain('too many or too large together; apply them in several steps')
      expect(compile.mock.calls.length, costly).toBeLessThan(650)
      expect(compile.mock.calls.length, costly).toBeGreaterThan(50)
      vi.restoreAllMocks()
    }
  })

  test('the bound holds over all documents of a file, and known ones count again', () => {
    const documents = numbers(1000).map((at) =>
      roleDocument(`r${at}`, assignments([`^${at}(?i:\\pL{150})$`])),
    )
    const first = refusalOf(() => parseDocuments(kinds, readJsonDocuments(documents)))
    expect(first.message).toContain('too many or too large together')
    expect(refusalOf(() => parseDocuments(kinds, readJsonDocuments(documents))).message).toBe(first.message)
    for (const half of [documents.slice(0, 100), documents.slice(100, 200)]) {
      expect(parseDocuments(kinds, readJsonDocuments(half))).toHaveLength(100)
    }
  })

  test('200 roles with ten ordinary ones each are read from one file', () => {
    const documents = numbers(200).map((at) =>
      roleDocument(
        `team-${at}`,
        assignments(numbers(10).map((part) => `^team-${at}-${part}-(dev|test|prod)-[a-z0-9]+$`)),
      ),
    )
    expect(parseDocuments(kinds, readJsonDocuments(documents))).toHaveLength(200)
  })

  test.each([
    ['repetitions of repetitions', `^${'a{1000}b{1000}'.repeat(70)}$`],
    ['repeated groups of classes', `^${'((\\pL{10}|\\PN{10}){10}){10}'.repeat(4)}$`],
    ['ranges of letters to fold', `^(?i)${'[B-\\x{1e800}]'.repeat(70)}$`],
    ['a range to fold that is written out', `^(?i)${'[B-\u{1e800}]'.repeat(70)}$`],
    [
      'a repetition behind a class that holds brackets',
      `^${'[]]a{1000}[^]]a{1000}[[:alpha:]]a{1000}'.repeat(20)}$`,
    ],
    ['a repetition behind quoted text', `^${'\\Q[\\Ea{1000}\\[a{1000}'.repeat(40)}$`],
  ])('%s are refused before they are compiled', (_, pattern) => {
    const compile = vi.spyOn(RE2JS, 'compile')
    const error = refusalOf(() => compileRegex(pattern, 'field'))
    expect([error.code, error.message]).toEqual([
      'INVALID_MATCHER',
      expect.stringContaining('too large once its repetitions and classes are written out'),
    ])
    expect(compile).not.toHaveBeenCalled()
  })

  test.each([
    '^\\pL{1000}$',
    '^(?i)[a-z0-9._-]{1,200}@example\\.com$',
    '^(?i:[\\pL\\pN]{1,100})$',
    '^(a|b){500}$',
  ])('%s is compiled', (pattern) => {
    expect(withRegexBudget(() => compileRegex(pattern, 'field').pattern())).toBe(pattern)
  })
})

describe('YAML', () => {
  const long = (text: string) => text.repeat(Math.floor((256 * 1024 - 10) / text.length))

  test.each([
    ['commas', `a: [${long(',')}`, '50000 names, values and signs'],
    ['empty lists', `a: [${long('[],')}`, '50000 names, values and signs'],
    ['repeated keys', long('a: 1\n'), '50000 names, values and signs'],
    ['directives', long('%\n'), '100 directives'],
    ['explicit keys', long('?\n'), '100 explicit keys'],
    ['aliases', `a: [${long('*x,')}`, '100 aliases'],
    ['anchors', long('- &x\n'), '100 anchors'],
    ['tags', long('- !!x y\n'), '100 tags'],
    ['ends of documents', long('...\n'), '1000 documents'],
    ['bad escapes', `a: "${long('\\q')}"`, '20000 escapes'],
  ])('of %s is refused by counting them', (_, text, expected) => {
    const error = refusalOf(() => readYamlDocuments(text, 'f'))
    // One problem, so nothing was read: the library would tell more of each.
    expect([error.code, error.message]).toEqual([
      'INVALID_RESOURCE',
      expect.stringMatching(new RegExp(`^f: the file holds more than ${expected}[^\\n]*$`)),
    ])
  })

  test('is read where it has many of what documents have', () => {
    const text = numbers(1000)
      .map((at) => `---\na${at}: &x !!str b\nc: [1, 2, "\\n"]\n`.replaceAll(at < 50 ? '' : '&x !!str ', ''))
      .join('')
    expect(readYamlDocuments(text, 'f')).toHaveLength(1000)
  })

  test('tells at most a hundred mistakes of one document, and stops at many', () => {
    const repeated = refusalOf(() => readYamlDocuments('a: 1\n'.repeat(10_000), 'f'))
    expect(repeated.details['problems']).toHaveLength(100)
    const documents = refusalOf(() => readYamlDocuments('---\na: [,,]\n'.repeat(900), 'f'))
    expect((documents.details['problems'] as unknown[]).length).toBeLessThan(110)
  })

  test('the line of a name with tens of thousands of dots is found', () => {
    const name = 'a.'.repeat(60_000)
    const [document] = readYamlDocuments(`{x: {\n"${name}": 1,\n"${name}b": 2}}`, 'f')
    expect(document?.lineOf(`x.${name}b`)).toBe(3)
    expect(document?.lineOf(`x.${name}.c`)).toBe(2)
  })

  test('mistakes of many documents are told until there are some hundred', () => {
    const fields = Object.fromEntries(numbers(90).map((at) => [`k${at}`, 1]))
    const documents = numbers(100).map((at) => roleDocument(`r${at}`, fields))
    const error = refusalOf(() => parseDocuments(testKinds(), readJsonDocuments(documents)))
    expect(error.details['problems']).toHaveLength(270)
    const many = roleDocument('r', Object.fromEntries(numbers(5000).map((at) => [`k${at}`, 1])))
    const one = refusalOf(() => parseDocuments(testKinds(), readJsonDocuments(many)))
    expect(one.details['problems']).toHaveLength(100)
  })
})

describe('the difference of two documents', () => {
  /** Every second line is the same in both. */
  const text = (word: string, lines: number) =>
    numbers(lines)
      .map((at) => (at % 2 === 0 ? `same ${at}\n` : `${word} ${at}\n`))
      .join('')

  test('shows all lines replaced where more differ than are compared', () => {
    const lines = 2 * maxEditedLines
    const [before, after] = [`first\n${text('a', lines)}last\n`, `first\n${text('b', lines)}last\n`]
    const diff = diffYaml(before, after, 'x')
    expect(diff.match(/^@@/gm)).toHaveLength(1)
    expect(diff).toContain('\n-same 2\n')
    expect(diff).toContain('\n+same 2\n')
    expect(diff).toContain('\n first\n')
    expect(applyPatch(before, diff)).toBe(after)
    expect(applyPatch(after + 'x', diffYaml(after + 'x', before + 'y', 'x'))).toBe(before + 'y')
  })

  test('shows the lines that differ where they are few, fewer for each of many', () => {
    const [before, after] = [text('a', 300), text('b', 300)]
    expect(diffYaml(before, after, 'x')).not.toContain('-same')
    const shared = diffYaml(before, after, 'x', 1000)
    expect(shared).toContain('-same')
    expect(applyPatch(before, shared)).toBe(after)
  })
})
