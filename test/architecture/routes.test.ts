/** Every endpoint is in the list, has a right, and is described; every file of `routes/` is an endpoint. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { createResourceRoutes } from '../../src/http/resource-routes.js'
import { createRoutes } from '../../src/http/routes/index.js'
import { testKinds } from '../support/kinds.js'
import { undocumented } from './checks.js'
import { filesUnder, root } from './source.js'

const kinds = testKinds()
const routes = createRoutes(kinds)
const api = readFileSync(path.join(root, 'docs/api.md'), 'utf8').replaceAll(/ +/g, ' ')
const named = routes.map((route) => ({ name: `${route.method.toUpperCase()} ${route.path}`, route }))
/** The routes of every kind are alike and described once, for `:kind`. */
const documented = named.map(({ name, route: { path: at, right } }) => {
  const kind = kinds.all.find((one) => `${at}/`.startsWith(`/v1/resources/${one.name}/`))
  const rightName = typeof right === 'string' ? right : `${right.resource}:${right.verb}`
  return kind === undefined
    ? { name, right: rightName }
    : {
        name: name.replace(`/resources/${kind.name}`, '/resources/:kind'),
        right: rightName.replace(kind.name, 'KIND'),
      }
})

describe('routes', () => {
  test.each(named)('$name declares its right', ({ route: { right, path: at } }) => {
    expect(at).toMatch(/^\//)
    if (typeof right === 'string') expect(['public', 'session', 'documents', 'directory']).toContain(right)
    else expect(`${right.resource}:${right.verb}`).toMatch(/^[a-z_]+:[a-z_]+$/)
  })

  test('nothing that changes state is public but what signs in and what SAML asks', () => {
    const open = named.filter(({ route }) => route.right === 'public' && route.method !== 'get')
    expect(open.map(({ name }) => name).sort()).toEqual([
      'DELETE /v1/session',
      'POST /saml/idp/sso',
      'POST /v1/cli/tokens',
      'POST /v1/connectors/callback/saml/:name',
      'POST /v1/links/inspect',
      'POST /v1/links/passkey',
      'POST /v1/links/redeem',
      'POST /v1/sign-in',
      'POST /v1/sign-in/passkey',
      'POST /v1/sign-in/passkey/start',
      'POST /v1/sign-in/recovery',
      'POST /v1/sign-in/second-factor',
      'POST /v1/sign-in/second-factor/start',
      'POST /v1/sign-in/totp',
    ])
  })

  test('nothing that can be read is public but what signs in and what tells nothing of anyone', () => {
    const open = named.filter(({ route }) => route.right === 'public' && route.method === 'get')
    expect(open.map(({ name }) => name).sort()).toEqual([
      // What AWS reads to check the tokens by which we sign in to it.
      'GET /.well-known/jwks.json',
      'GET /.well-known/openid-configuration',
      'GET /healthz',
      'GET /readyz',
      'GET /saml/idp/continue',
      'GET /saml/idp/login/:name',
      'GET /saml/idp/metadata',
      'GET /saml/idp/sso',
      'GET /saml/sp/:name/metadata',
      // By which a browser goes to the upstream of a connector and comes back.
      'GET /v1/connectors/callback/github/:name',
      'GET /v1/connectors/callback/oidc/:name',
      'GET /v1/connectors/callback/saml/:name/finish',
      'GET /v1/openapi.json',
      'GET /v1/session',
      'GET /v1/sign-in/connectors/:name',
    ])
  })

  test('no two routes answer the same request', () => {
    const names = named.map(({ name }) => name.replaceAll(/:\w+/g, ':'))
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  })

  test('only routes that check each resource themselves let a condition pass, and each kind has the same ones', () => {
    for (const kind of kinds.all) {
      const own = createResourceRoutes(kind)
      expect(
        own.map(({ method, right }) => `${method} ${typeof right === 'string' ? right : right.verb}`),
      ).toEqual(['get list', 'get read', 'put update', 'delete delete'])
      for (const { right, scoped } of own)
        expect([right, scoped]).toMatchObject([{ resource: kind.name }, true])
    }
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
    const names = documented.map(({ name }) => name)
    const described = [...api.matchAll(/`((?:GET|POST|PUT|PATCH|DELETE) \/[^`\s]*)`/g)].map(
      ([, name = '']) => name,
    )
    expect(undocumented(api, names)).toEqual([])
    expect(described.filter((name) => !names.includes(name))).toEqual([])
  })

  test('docs/api.md states the right of every route', () => {
    for (const { name, right } of documented) expect(api).toContain(`| \`${name}\` | ${right} |`)
  })
})
