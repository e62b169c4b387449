/** When people of a list were last in AWS, as its owners see it: by sign-ins to AWS that happened, and of nobody before them. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listPeopleAnswer, reviewAnswer } from '../../src/api/contract.js'
import { hour } from '../../src/core/time.js'
import { plugin } from '../kinds/plugin/documents.js'
import { createPerson, signIn, signInAdmin, testResources, type TestBrowser } from '../support/people.js'
import { spResource } from '../support/sp.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'

const [dev, other, refused] = ['dev@example.com', 'other@example.com', 'refused@example.com']
const launch = '/saml/idp/login/aws-identity-center'

let gateway: TestGateway
let admin: TestBrowser

beforeAll(async () => {
  gateway = await openTestGateway({
    resources: [
      ...testResources,
      spResource(),
      {
        kind: 'access_list',
        version: 'v1',
        metadata: { name: 'team' },
        spec: { title: 'Team', owners: ['admin'] },
      },
    ],
  })
  admin = await signInAdmin(gateway)
  const { store } = gateway.gateway
  const document = plugin({ saml_idp_service_provider_name: 'aws-identity-center' })
  await store.resources.create({
    kind: 'plugin',
    name: 'aws-identity-center',
    document,
    now: gateway.clock.now(),
  })
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
})

async function join(name: string, roles: string[]) {
  const person = await createPerson(gateway, admin, { name, roles })
  const body = { kind: 'user', name, reason: '' }
  expect((await admin.post('/v1/access-lists/team/members', body)).status).toBe(200)
  return person
}

/** As the list of people and the review tell it. */
async function told(): Promise<unknown[]> {
  const people = listPeopleAnswer.parse((await admin.get('/v1/access-lists/team/people')).body)
  const review = reviewAnswer.parse((await admin.get('/v1/access-lists/team/review')).body)
  const [byPeople, byReview] = [people.items, review.items].map((items) =>
    items.map(({ name, lastAwsSignIn }) => [name, lastAwsSignIn]),
  )
  expect(byReview).toEqual(byPeople)
  return byPeople ?? []
}

test('is the last sign-in that was allowed, and goes with the user', async () => {
  const browser = await signIn(gateway, await join(dev, ['aws']))
  const without = await signIn(gateway, await join(refused, ['no-labels']))
  await join(other, ['aws'])
  expect(await told()).toEqual([
    [dev, undefined],
    [other, undefined],
    [refused, undefined],
  ])
  expect((await browser.get(launch)).status).toBe(200)
  gateway.clock.advance(hour)
  expect((await browser.get(launch)).status).toBe(200)
  expect((await without.get(launch)).status).toBe(403)
  expect(await told()).toEqual([
    [dev, new Date(gateway.clock.now()).toISOString()],
    [other, undefined],
    [refused, undefined],
  ])
  expect((await admin.delete(`/v1/resources/user/${dev}`)).status).toBe(200)
  await join(dev, ['aws'])
  expect(await told()).toContainEqual([dev, undefined])
})
