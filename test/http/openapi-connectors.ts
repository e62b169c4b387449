/** @module The calls of `openapi.test.ts` that are about connectors. */
import type supertest from 'supertest'
import type { TestBrowser } from '../support/people.js'

/** By the name of the route. */
export function connectorCalls(admin: () => TestBrowser): Record<string, () => Promise<supertest.Response>> {
  /** Nobody goes to the provider: beginning a test asks it nothing. */
  const begin = async () => {
    const spec = { issuer_url: 'https://idp.example.com', client_id: 'c', client_secret: 's' }
    const document = { kind: 'oidc', version: 'v3', metadata: { name: 'nowhere' }, spec }
    await admin().post('/v1/resources?mode=replace', document)
    return await admin().post('/v1/connectors/nowhere/test', {})
  }
  return {
    'POST /v1/connectors/:name/test': begin,
    'GET /v1/connectors/:name/tests/:id': async () => {
      const { id } = (await begin()).body as { id: string }
      return await admin().get(`/v1/connectors/nowhere/tests/${id}`)
    },
  }
}
