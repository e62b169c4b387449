/** @module The calls of `openapi.test.ts` that are about the audit log. */
import type supertest from 'supertest'
import type { TestBrowser } from '../support/people.js'
import type { TestGateway } from '../support/test-gateway.js'

/** By the name of the route. */
export function auditCalls(
  gateway: () => TestGateway,
  admin: () => TestBrowser,
): Record<string, () => Promise<supertest.Response>> {
  return {
    'DELETE /v1/audit/sinks/:key': async () => {
      const place = { sequence: 0, headSequence: 0 }
      const { auditSinks } = gateway().gateway.store
      await auditSinks.ensure({ key: 'former', type: 'syslog', seenAt: 0, ...place })
      return await admin().delete('/v1/audit/sinks/former')
    },
  }
}
