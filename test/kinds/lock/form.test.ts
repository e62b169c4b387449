import { parse } from 'yaml'
import { describe, expect, test } from 'vitest'
import { isCode } from '../../../src/core/error.js'
import { createLockKind } from '../../../src/kinds/lock/kind.js'
import { ManualClock } from '../../../src/lib/clock.js'

const now = Date.parse('2026-03-01T09:00:00Z')
const kind = createLockKind({ clock: new ManualClock(now) })

function lock(spec: object, version = 'v2'): unknown {
  return { kind: 'lock', version, metadata: { name: 'l' }, spec }
}

/** Every problem, as `path: message`. */
function problemsOf(document: unknown): string[] {
  try {
    kind.parse(document)
  } catch (error) {
    if (!isCode(error, 'INVALID_RESOURCE')) throw error
    const problems = error.details['problems'] as { path: string; message: string }[]
    return problems.map(({ path, message }) => `${path}: ${message}`)
  }
  return []
}

describe('the form of a lock', () => {
  test('a lock with everything reads back as it was written', () => {
    const written = lock({
      target: { user: 'alice@example.com' },
      message: 'laptop stolen',
      expires: '2026-03-02T09:00:00.000Z',
    })
    const { document, value, ignored } = kind.parse(written)
    expect(document).toEqual(written)
    expect(kind.parse(document).document).toEqual(document)
    expect(value).toEqual({
      name: 'l',
      target: { kind: 'user', name: 'alice@example.com' },
      message: 'laptop stolen',
      expiresAt: Date.parse('2026-03-02T09:00:00Z'),
    })
    expect(ignored).toEqual([])
  })

  test.each(['user', 'role', 'session', 'token'] as const)('%s is a target', (target) => {
    const { value } = kind.parse(lock({ target: { [target]: 'x' } }))
    expect(value).toEqual({
      name: 'l',
      target: { kind: target, name: 'x' },
      message: undefined,
      expiresAt: undefined,
    })
  })

  test('login is another word for user, and is stored as that', () => {
    expect(kind.parse(lock({ target: { login: 'alice' } })).document).toEqual(
      lock({ target: { user: 'alice' } }),
    )
  })

  test('a ttl counts from now and is stored as the end', () => {
    expect(kind.parse(lock({ target: { role: 'dba' }, ttl: '12h' })).document).toEqual(
      lock({ target: { role: 'dba' }, expires: '2026-03-01T21:00:00.000Z' }),
    )
  })

  test('an end in the past reads, for stored locks end', () => {
    expect(problemsOf(lock({ target: { user: 'a' }, expires: '2020-01-01T00:00:00Z' }))).toEqual([])
  })

  test.each([
    [{}, ['spec.target: name exactly one of user, role, session, token and connector']],
    [
      { user: 'a', role: 'b' },
      [
        'spec.target: name exactly one of user, role, session, token and connector; found user and role, so write one lock for each',
      ],
    ],
    [
      { user: 'a', login: 'a' },
      [
        'spec.target: name exactly one of user, role, session, token and connector; found user and login, so write one lock for each',
      ],
    ],
    [{ user: '' }, ['spec.target.user: must be a name of at most 400 characters, none of them invisible']],
    [
      { user: 'a\u202eb' },
      ['spec.target.user: must be a name of at most 400 characters, none of them invisible'],
    ],
    [
      { user: ['a'] },
      [
        'spec.target.user: must be text',
        'spec.target.user: must be a name of at most 400 characters, none of them invisible',
      ],
    ],
    [
      { user: 'a', device: 'd-1' },
      ['spec.target.device: cannot be locked here; lock a user, a role, a session or a token'],
    ],
    [
      { mfa_device: 'm' },
      [
        'spec.target.mfa_device: cannot be locked here; lock a user, a role, a session or a token',
        'spec.target: name exactly one of user, role, session, token and connector',
      ],
    ],
    [
      { user: 'a', kubernetes: 'b' },
      ['spec.target.kubernetes: this field is not known; check its spelling and its indentation'],
    ],
  ])('the target %j is refused', (target, problems) => {
    expect(problemsOf(lock({ target }))).toEqual(problems)
  })

  test.each([
    [{ message: 'x'.repeat(501) }, 'spec.message: must have at most 500 characters'],
    [{ message: 'two\nlines' }, 'spec.message: must be one line without control or invisible characters'],
    [{ message: 'red \u001b[31m' }, 'spec.message: must be one line without control or invisible characters'],
    [
      { expires: 'tomorrow' },
      'spec.expires: "tomorrow" is not an instant; write for example 2027-01-31T08:00:00Z',
    ],
    ...['2027-02-29T08:00:00Z', '2027-01-31T24:00:00Z', '9999-12-31T23:59:59-01:00'].map(
      (expires): [object, string] => [
        { expires },
        `spec.expires: "${expires}" is not an instant; write for example 2027-01-31T08:00:00Z`,
      ],
    ),
    [{ ttl: 'soon' }, 'spec.ttl: "soon" is not a duration; write for example 30m or 8h'],
    [{ ttl: '1h', expires: '2027-01-31T08:00:00Z' }, 'spec.ttl: give either expires or ttl, not both'],
  ])('%.60j is refused', (spec, problem) => {
    expect(problemsOf(lock({ target: { user: 'a' }, ...spec }))).toEqual([problem])
  })

  test.each(['2028-02-29T08:00:00Z', '2027-01-31T23:59:59Z', '9999-12-31T23:59:59+01:00'])(
    'the end %s is taken',
    (expires) => {
      expect(problemsOf(lock({ target: { user: 'a' }, expires }))).toEqual([])
    },
  )

  test('a message of 500 characters is taken, an empty one is none', () => {
    expect(problemsOf(lock({ target: { user: 'a' }, message: 'x'.repeat(500) }))).toEqual([])
    expect(kind.parse(lock({ target: { user: 'a' }, message: '' })).document).toEqual(
      lock({ target: { user: 'a' } }),
    )
  })

  test('who made it is kept without effect', () => {
    const { document, ignored } = kind.parse(lock({ target: { user: 'a' }, created_by: 'bob' }))
    expect(document).toEqual(lock({ target: { user: 'a' }, created_by: 'bob' }))
    expect(ignored).toEqual(['spec.created_by'])
  })

  test('another version is refused', () => {
    expect(problemsOf(lock({ target: { user: 'a' } }, 'v1'))).toHaveLength(1)
  })

  test('the example parses', () => {
    expect(problemsOf(parse(kind.example))).toEqual([])
  })
})
