/** Ways in which the only administrator could be shut out, and the ways back. */
import supertest from 'supertest'
import { expect, test } from 'vitest'
import { presetRoles } from '../../src/core/role/presets.js'
import { hour } from '../../src/core/time.js'
import {
  createPerson,
  password,
  role,
  signIn,
  signInAdmin,
  TestBrowser,
  testResources,
  tokenOf,
} from '../support/people.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'

const manages = (name: string, resource: string) =>
  role(name, 'v8', {
    allow: { rules: [{ resources: [resource], verbs: ['list', 'create', 'read', 'update', 'delete'] }] },
  })

function asOperator(
  { url, operatorToken }: TestGateway,
  method: 'get' | 'put' | 'post' | 'delete',
  path: string,
): supertest.Test {
  return supertest(url)[method](path).set('authorization', `Bearer ${operatorToken}`)
}

test('a reset link for the last administrator does not open the way to delete that user', async () => {
  await using gateway = await openTestGateway({ resources: [...testResources, manages('desk', 'user')] })
  const admin = await signInAdmin(gateway)
  const person = await createPerson(gateway, admin, { name: 'desk', roles: ['desk'] })
  const desk = await signIn(gateway, person)
  const phantom = {
    kind: 'user',
    version: 'v2',
    metadata: { name: 'phantom' },
    spec: { roles: ['editor'], created_by: { connector: { id: 'nowhere' } } },
  }
  expect((await desk.post('/v1/resources', phantom)).status).toBe(200)
  expect((await desk.delete('/v1/resources/user/admin')).body).toMatchObject({ code: 'LAST_ADMINISTRATOR' })

  expect((await desk.post('/v1/users/admin/reset-link', { forgetFactors: true })).status).toBe(201)
  expect((await desk.delete('/v1/resources/user/admin')).body).toMatchObject({ code: 'LAST_ADMINISTRATOR' })
  // Nor when the link is over.
  gateway.clock.advance(9 * hour)
  const later = await signIn(gateway, person)
  expect((await later.delete('/v1/resources/user/admin')).body).toMatchObject({ code: 'LAST_ADMINISTRATOR' })

  const link = await asOperator(gateway, 'post', '/v1/users/admin/reset-link').send({ forgetFactors: true })
  expect(link.status).toBe(201)
  const again = new TestBrowser(gateway)
  const token = tokenOf((link.body as { url: string }).url)
  expect((await again.post('/v1/links/redeem', { token, password })).status).toBe(200)
  expect((await again.post('/v1/sign-in', { user: 'admin', password })).status).toBe(200)
})

test('nobody can end all sessions by limits, and the operator can lift what holds for everyone', async () => {
  const kind = 'cluster_auth_preference'
  const path = `/v1/resources/${kind}/cluster-auth-preference`
  await using gateway = await openTestGateway({ resources: [...testResources, manages('limits', kind)] })
  const admin = await signInAdmin(gateway)
  const person = await createPerson(gateway, admin, { name: 'limits', roles: ['limits'] })
  const limits = await signIn(gateway, person)
  const put = async (ttl: string) =>
    await limits.send(
      'put',
      path,
      {
        kind,
        version: 'v2',
        metadata: { name: 'cluster-auth-preference' },
        spec: { second_factor: 'optional', default_session_ttl: ttl },
      },
      { 'if-match': '*' },
    )
  expect((await put('1ms')).body).toMatchObject({ code: 'INVALID_RESOURCE' })
  expect((await put('5m')).status).toBe(200)
  expect((await admin.get('/v1/me')).status).toBe(200)

  const read = await asOperator(gateway, 'get', path)
  expect(read.body).toMatchObject({ document: { spec: { default_session_ttl: '5m' } } })
  const body = (read.body as { document: object }).document
  const refused = await asOperator(gateway, 'put', path).set('if-match', '*').send(body)
  expect(refused.body).toMatchObject({ code: 'FORBIDDEN' })
  expect((await asOperator(gateway, 'delete', path)).status).toBe(200)
  expect((await asOperator(gateway, 'get', path)).status).toBe(404)
})

test('no preset role says anything twice', () => {
  for (const { metadata, spec } of presetRoles) {
    const pairs = (spec.allow.rules ?? []).flatMap(({ resources, verbs }) =>
      resources.flatMap((resource) => verbs.map((verb) => `${verb} on ${resource}`)),
    )
    expect({ name: metadata.name, pairs }).toEqual({ name: metadata.name, pairs: [...new Set(pairs)] })
  }
})
