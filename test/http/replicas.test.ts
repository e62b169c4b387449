/** Two gateways on one PostgreSQL: what is said to one holds at the other with its next request. */
import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { createPostgresSchema } from '../support/postgres.js'
import {
  createPerson,
  expectStatus,
  password,
  signIn,
  signInAdmin,
  TestBrowser,
  testResources,
} from '../support/people.js'
import { openTestGateway } from '../support/test-gateway.js'

test('a session made at one is known at the other, and a lock made at one is felt there with the next request', async () => {
  const env = {
    GATEHOUSE_DATABASE_URL: await createPostgresSchema(),
    GATEHOUSE_MASTER_KEY: randomBytes(32).toString('base64url'),
  }
  await using one = await openTestGateway({ env, resources: testResources })
  const admin = await signInAdmin(one)
  await using two = await openTestGateway({ env, resources: testResources, clock: one.clock })
  const alice = await createPerson(one, admin, { name: 'alice@example.com', roles: ['aws'] })
  const atTwo = new TestBrowser(two)
  atTwo.cookie = (await signIn(one, alice)).cookie
  // Read here before the lock, so that the catalog of this replica is warm and has to notice.
  expect((await atTwo.get('/v1/session')).body).toMatchObject({ user: { name: alice.name } })
  const lock = {
    ...{ kind: 'lock', version: 'v2', metadata: { name: 'stolen' } },
    spec: { target: { user: alice.name } },
  }
  expectStatus(await admin.post('/v1/resources', lock), 200)
  expect((await atTwo.get('/v1/session')).body).not.toMatchObject({ user: { name: alice.name } })
  const again = await new TestBrowser(two).post('/v1/sign-in', { user: alice.name, password })
  expect(again.status).toBe(403)
}, 60_000)
