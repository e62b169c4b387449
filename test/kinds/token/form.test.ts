import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { isCode } from '../../../src/core/error.js'
import { createTokenKind } from '../../../src/kinds/token/kind.js'
import { ManualClock } from '../../../src/lib/clock.js'

const clock = new ManualClock(Date.parse('2026-11-22T10:00:00Z'))
const kind = createTokenKind({ clock })

function token(spec: unknown, metadata: object = { name: 'ci' }) {
  return { kind: 'token', version: 'v1', metadata, spec }
}

function problemsOf(input: unknown): unknown {
  try {
    kind.parse(input)
  } catch (error) {
    if (isCode(error, 'INVALID_RESOURCE')) return error.details['problems']
    throw error
  }
  throw new Error('it was accepted')
}

describe('the form of a token', () => {
  test('roles, traits and an end become a machine user', () => {
    const { value, ignored, revision } = kind.parse(
      token(
        {
          roles: ['editor', 'editor', 'auditor'],
          traits: { team: ['b', 'a', ''] },
          expires: '2027-01-31T09:00:00+01:00',
        },
        { name: 'ci', description: 'build', labels: { env: 'prod' }, revision: 'r1' },
      ),
    )
    expect(value).toEqual({
      name: 'ci',
      roles: ['editor', 'auditor'],
      traits: { team: ['b', 'a'] },
      expiresAt: Date.parse('2027-01-31T08:00:00Z'),
    })
    expect({ ignored, revision }).toEqual({ ignored: [], revision: 'r1' })
  })

  test('a name with spaces or invisible characters is refused', () => {
    const spaces = { path: 'metadata.name', message: 'the name of a token must not contain spaces' }
    expect(problemsOf(token({ ttl: '1h' }, { name: 'my token' }))).toMatchObject([spaces])
    expect(problemsOf(token({ ttl: '1h' }, { name: 'my\u00a0token' }))).toMatchObject([spaces])
    expect(problemsOf(token({ ttl: '1h' }, { name: 'my\u3164token' }))).toMatchObject([
      {
        message: 'the name of a token must not contain invisible characters, or it looks like another name',
      },
    ])
    expect(kind.parse(token({ ttl: '1h' }, { name: 'my_token' })).value.name).toBe('my_token')
  })

  test('a name with what looks like a slash is refused', () => {
    for (const name of ['a\uff0fb', 'a\u2215b', 'a\u2044b', 'a\u29f8b']) {
      expect(problemsOf(token({ ttl: '1h' }, { name }))).toMatchObject([
        { path: 'metadata.name', message: 'must not contain characters that look like a slash' },
      ])
    }
    expect(kind.parse(token({ ttl: '1h' }, { name: 'a-b' })).value.name).toBe('a-b')
  })

  test('a ttl counts from now and is stored as the end that it means', () => {
    const { document, value } = kind.parse(token({ ttl: '36h' }))
    expect(document).toEqual({
      kind: 'token',
      version: 'v1',
      metadata: { name: 'ci' },
      spec: { expires: '2026-11-23T22:00:00.000Z' },
    })
    expect(value.expiresAt).toBe(clock.now() + 36 * 3_600_000)
  })

  test('what comes out reads as itself, whenever that is', () => {
    const { document } = kind.parse(token({ roles: 'editor', ttl: '1h' }))
    const later = createTokenKind({ clock: new ManualClock(clock.now() + 1e10) })
    expect(later.parse(document).document).toEqual(document)
  })

  test('the example parses', () => {
    expect(kind.parse(parse(kind.example)).value).toMatchObject({ roles: ['editor'] })
  })

  test.each<[string, unknown, unknown]>([
    [
      'neither end',
      token({}),
      { path: 'spec.expires', message: expect.stringContaining('a token ends: give expires') },
    ],
    [
      'both ends',
      token({ expires: '2027-01-01T00:00:00Z', ttl: '1h' }),
      { path: 'spec.ttl', message: 'give either expires or ttl, not both' },
    ],
    [
      'an end that is none',
      token({ expires: 'tomorrow' }),
      {
        path: 'spec.expires',
        message: '"tomorrow" is not an instant; write for example 2027-01-31T08:00:00Z',
      },
    ],
    [
      'a length that is none',
      token({ ttl: 'long' }),
      { path: 'spec.ttl', message: expect.stringContaining('is not a duration') },
    ],
    [
      'a length beyond a year',
      token({ ttl: '9000h' }),
      { path: 'spec.ttl', message: 'is longer than a year' },
    ],
    [
      'an empty role',
      token({ ttl: '1h', roles: [''] }),
      { path: 'spec.roles', message: 'the name of a role is empty' },
    ],
    [
      'a name with a slash',
      token({ ttl: '1h' }, { name: 'a/b' }),
      { path: 'metadata.name', message: 'must not contain slashes, control or invisible characters' },
    ],
    [
      'a secret of its own',
      token({ ttl: '1h', secret: 'x' }),
      { path: 'spec.secret', message: 'this field is not known; check its spelling and its indentation' },
    ],
    [
      'another version',
      { ...token({ ttl: '1h' }), version: 'v2' },
      { path: 'version', message: expect.any(String) },
    ],
  ])('%s is refused, with its place', (_, input, problem) => {
    expect(problemsOf(input)).toEqual([problem])
  })

  test('all problems are told at once', () => {
    const problems = problemsOf(token({ roles: {}, colour: 1 }, { name: '' })) as { path: string }[]
    const paths = new Set(problems.map(({ path }) => path))
    expect([...paths].sort()).toEqual(['metadata.name', 'spec.colour', 'spec.expires', 'spec.roles'])
  })
})
