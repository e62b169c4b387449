/** Every endpoint is in the list, has a right, and is described; every file of `routes/` is an endpoint. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { routes } from '../../src/http/routes/index.js'
import { undocumented } from './checks.js'
import { filesUnder, root } from './source.js'

const api = readFileSync(path.join(root, 'docs/api.md'), 'utf8').replaceAll(/ +/g, ' ')
const named = routes.map((route) => ({ name: `${route.method.toUpperCase()} ${route.path}`, route }))

describe('routes', () => {
  test.each(named)('$name declares its right', ({ route: { right, path: at } }) => {
    expect(at).toMatch(/^\//)
    if (typeof right === 'string') expect(['public', 'session']).toContain(right)
    else expect(`${right.resource}:${right.verb}`).toMatch(/^[a-z_]+:[a-z_]+$/)
  })

  test('nothing that changes state is public but what signs in and what SAML asks', () => {
    const open = named.filter(({ route }) => route.right === 'public' && route.method !== 'get')
    expect(open.map(({ name }) => name).sort()).toEqual([
      'DELETE /v1/session',
      'POST /saml/idp/sso',
      'POST /v1/links/inspect',
      'POST /v1/links/redeem',
      'POST /v1/sign-in',
      'POST /v1/sign-in/totp',
    ])
  })

  test('no two routes answer the same request', () => {
    const names = named.map(({ name }) => name.replaceAll(/:\w+/g, ':'))
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  })

  test('every file of routes/ is in the list', async () => {
    const files = filesUnder('src/http/routes').filter(
      (file) => file.endsWith('.ts') && !file.endsWith('/index.ts'),
    )
    expect(files.length).toBeGreaterThan(10)
    const listed = new Set<unknown>(routes)
    const unlisted = []
    for (const file of files) {
      const exported: object = await import(pathToFileURL(path.join(root, file)).href)
      if (!Object.values(exported).some((value) => listed.has(value))) unlisted.push(file)
    }
    expect(unlisted).toEqual([])
  })

  test('docs/api.md describes every route, and no other', () => {
    const names = named.map(({ name }) => name)
    const described = [...api.matchAll(/`((?:GET|POST|PUT|DELETE) \/[^`\s]*)`/g)].map(([, name = '']) => name)
    expect(undocumented(api, names)).toEqual([])
    expect(described.filter((name) => !names.includes(name))).toEqual([])
  })

  test('docs/api.md states the right of every route', () => {
    for (const { name, route } of named) {
      const right =
        typeof route.right === 'string' ? route.right : `${route.right.resource}:${route.right.verb}`
      expect(api).toContain(`| \`${name}\` | ${right} |`)
    }
  })
})
