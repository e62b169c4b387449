/**
 * @module The same sign-in on PostgreSQL: two gateways on one database answer for each other, which is what several
 * replicas will need.
 */
import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import {
  auditEvents,
  createPerson,
  signIn,
  signInAdmin,
  TestBrowser,
  testResources,
} from '../support/people.js'
import { createPostgresSchema } from '../support/postgres.js'
import { acsUrls, authnRequest, readPostedForm, redirectPath, spResource } from '../support/sp.js'
import { openTestGateway } from '../support/test-gateway.js'

test('a request that one replica took is answered by another, once, and both see the event', async () => {
  const env = {
    GATEHOUSE_DATABASE_URL: await createPostgresSchema(),
    GATEHOUSE_MASTER_KEY: randomBytes(32).toString('base64url'),
  }
  const resources = [...testResources, spResource()]
  await using one = await openTestGateway({ env, resources })
  await using two = await openTestGateway({ env, resources, clock: one.clock })
  const admin = await signInAdmin(one).catch(async () => await signInAdmin(two))
  const person = await createPerson(one, admin, { name: 'dev@example.com', roles: ['aws'] })

  const arrived = await new TestBrowser(one).get(redirectPath(authnRequest().xml, 'relay'))
  const handlePath = String(arrived.headers.location)
  const atTwo = await signIn(two, person)
  const answered = readPostedForm((await atTwo.get(handlePath)).text)
  expect(answered).toMatchObject({ action: acsUrls[0], relayState: 'relay' })

  const atOne = new TestBrowser(one)
  atOne.cookie = atTwo.cookie
  expect((await atOne.get(handlePath)).status).toBe(409)

  const uids = async (gateway: typeof one) =>
    (await auditEvents(gateway, { type: 'saml.idp.auth' })).map(({ uid, success }) => ({ uid, success }))
  expect(await uids(one)).toEqual(await uids(two))
  expect((await uids(one)).filter(({ success }) => success)).toHaveLength(1)
})

test('both replicas publish the one signing key', async () => {
  const env = {
    GATEHOUSE_DATABASE_URL: await createPostgresSchema(),
    GATEHOUSE_MASTER_KEY: randomBytes(32).toString('base64url'),
  }
  const [one, two] = await Promise.all([openTestGateway({ env }), openTestGateway({ env })])
  try {
    const certificates = await Promise.all(
      [one, two].map((each) => each.gateway.samlKeys.publishedCertificates()),
    )
    expect(certificates[0]).toHaveLength(1)
    expect(certificates[1]).toEqual(certificates[0])
  } finally {
    await one[Symbol.asyncDispose]()
    await two[Symbol.asyncDispose]()
  }
})
