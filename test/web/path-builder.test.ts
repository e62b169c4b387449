import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { apiPaths, isServerPath, pagePaths, safeNext } from '../../src/web/path-builder.js'

describe('safeNext', () => {
  test.each([
    ['/', '/'],
    ['/audit?type=user.login#top', '/audit?type=user.login#top'],
    ['/saml/idp/continue?handle=a%2Fb', '/saml/idp/continue?handle=a%2Fb'],
    ['/a/../settings', '/settings'],
  ])('follows the own path %s', (next, expected) => {
    expect(safeNext(next)).toBe(expected)
  })

  test.each([
    ['nothing', undefined],
    ['empty text', ''],
    ['a relative path', 'settings'],
    ['another origin', 'https://evil.example/'],
    ['a scheme', 'javascript:alert(1)'],
    ['two slashes', '//evil.example/'],
    ['a backslash', '/\\evil.example/'],
    ['a tab between slashes', '/\t/evil.example/'],
    ['a newline between slashes', '/\n/evil.example/'],
    ['dot segments that leave two slashes', '/.//evil.example/'],
    ['climbing dot segments that leave two slashes', '/a/..//evil.example/'],
    ['leading space', ' //evil.example/'],
  ])('answers / for %s', (_, next) => {
    expect(safeNext(next)).toBe('/')
  })

  test('whatever comes in, a browser stays on our origin, also when the answer is followed again', () => {
    const piece = fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      '\t',
      '\n',
      '@',
      ':',
      'evil.example',
      '%2f',
      '?',
      '#',
      'https:',
    )
    const hostile = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 8 }).map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(hostile, (text) => {
        const next = safeNext(`/${text}`)
        expect(new URL(next, 'https://gatehouse.example').origin).toBe('https://gatehouse.example')
        expect(safeNext(next)).toBe(next)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('paths of the API', () => {
  test('encode what they are given', () => {
    expect(apiPaths.userResetLink('a/b?c@example.com')).toBe('/v1/users/a%2Fb%3Fc%40example.com/reset-link')
    expect(apiPaths.auditEvents({ type: ['user.login', 'mfa.add'], user: 'a b' }, '120')).toBe(
      '/v1/audit/events?type=user.login&type=mfa.add&user=a+b&cursor=120',
    )
  })

  test('ask the server for an outcome, and leave out the open details', () => {
    expect(apiPaths.auditEvents({ outcome: 'false', details: 'x' })).toBe('/v1/audit/events?success=false')
  })

  test.each(['', '.', '..'])('refuse "%s", which a browser would resolve to another path', (name) => {
    expect(() => apiPaths.userResetLink(name)).toThrow(`"${name}" cannot be part of a path`)
  })

  test('any name stays one segment', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (name) => {
        fc.pre(name !== '.' && name !== '..')
        const { pathname } = new URL(apiPaths.userResetLink(name), 'https://gatehouse.example')
        expect(pathname.split('/')).toHaveLength(5)
      }),
    )
  })
})

describe('paths of the pages', () => {
  test('carry the view', () => {
    expect(pagePaths.audit({ uid: '7523b6cc-313e-4f56-9f58-3f1b91075c4d' })).toBe(
      '/audit?uid=7523b6cc-313e-4f56-9f58-3f1b91075c4d',
    )
    expect(pagePaths.users({ q: 'ivy' })).toBe('/users?q=ivy')
  })

  test('sign-in tells where to go on, unless that is where it goes anyway', () => {
    expect(pagePaths.signIn({ next: '/audit?user=a' })).toBe('/sign-in?next=%2Faudit%3Fuser%3Da')
    expect(pagePaths.signIn({ next: '/' })).toBe('/sign-in')
  })

  test('those of the server are loaded, those of the page are routed', () => {
    expect(isServerPath('/saml/idp/continue?handle=x')).toBe(true)
    expect(isServerPath('/samlx')).toBe(false)
    expect(isServerPath('/audit')).toBe(false)
  })
})

describe('the page of a resource', () => {
  test('named "new" is another one than the page that makes one', () => {
    expect(pagePaths.resource('role', 'new')).toBe('/resources/role/new?existing=yes')
    expect(pagePaths.role('new')).toBe('/roles/new?existing=yes')
    expect(pagePaths.newResource('role')).toBe('/resources/role/new')
    expect(pagePaths.newRole({ template: 'empty' })).toBe('/roles/new?template=empty')
  })

  test('encodes names, so that none leads elsewhere', () => {
    expect(pagePaths.user('a/b?c@example.com')).toBe('/users/a%2Fb%3Fc%40example.com')
    expect(apiPaths.resource('role', 'a#b', { dryRun: true })).toBe('/v1/resources/role/a%23b?dryRun=true')
    expect(() => pagePaths.resource('role', '..')).toThrow('".." cannot be part of a path')
  })
})
