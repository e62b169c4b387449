/** @module The calls of `openapi.test.ts` that are about upstream directories: the connector of the example has one. */
import type supertest from 'supertest'
import type { TestBrowser } from '../support/people.js'
import type { TestGateway } from '../support/test-gateway.js'

/** By the name of the route. */
export function directoryCalls(
  gateway: () => TestGateway,
  admin: () => TestBrowser,
  makeConnector: () => Promise<unknown>,
): Record<string, () => Promise<supertest.Response>> {
  const base = '/v1/connectors/okta'
  const get = (path: string) => async () => {
    await makeConnector()
    return await admin().get(`${base}/${path}`)
  }
  return {
    'GET /v1/connectors/:name/scim-tokens': get('scim-tokens'),
    'POST /v1/connectors/:name/scim-tokens': async () => {
      await makeConnector()
      return await admin().post(`${base}/scim-tokens`, { label: 'Okta' })
    },
    'GET /v1/connectors/:name/held': get('held'),
    'POST /v1/connectors/:name/held': async () => {
      await makeConnector()
      const now = gateway().clock.now()
      await gateway().gateway.store.directories.putHold({
        key: 'a key',
        connector: 'okta',
        state: 'waiting',
        what: 'Deactivate the user a@example.com',
        says: 'It takes away too many.',
        firstAt: now,
        lastAt: now,
        tries: 1,
        decidedBy: undefined,
        decidedAt: undefined,
      })
      return await admin().post(`${base}/held`, { decision: 'release', keys: ['a key'] })
    },
  }
}
