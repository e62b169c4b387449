/**
 * What other clients got wrong at this endpoint, by the name of where it was reported: it must not happen here.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ScimWorld } from '../../emulator/scim/scim-world.js'
import type { Fetch } from '../../../src/scim/client/transport.js'
import { ada, connectScim, failureOf, normal, type ScimConnected } from './scim-connection.js'

interface Sent {
  readonly method: string
  readonly url: string
  readonly body: unknown
}

let world: ScimWorld
let us: ScimConnected
let sent: Sent[]

beforeAll(async () => {
  world = await ScimWorld.open()
})
afterAll(() => world[Symbol.asyncDispose]())
beforeEach(async () => {
  await world.reset()
  sent = []
  us = connectScim(world, { fetch: record })
})

const record: Fetch = (url, init) => {
  const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : undefined
  sent.push({ method: init.method ?? '', url, body })
  return globalThis.fetch(url, init)
}

async function people(count: number): Promise<string[]> {
  const names = Array.from({ length: count }, (_, at) => `person-${String(at).padStart(3, '0')}@example.com`)
  return Promise.all(names.map((name) => world.makeUser(name)))
}

async function group(memberIds: readonly string[] = []): Promise<string> {
  return (await us.scim.createGroup({ displayName: 'ops', memberIds, externalId: 'l-1' }, normal)).id
}

/** Everything that a client does, once. */
async function everything(): Promise<void> {
  const ids = await people(3)
  const { id } = await us.scim.createUser(ada, normal)
  await us.scim.updateUser(id, { ...ada.attributes, displayName: 'Countess', email: 'c@example.com' }, normal)
  await us.scim.setActive(id, false, normal)
  const groupId = await group(ids.slice(0, 1))
  await us.scim.changeMembers(groupId, { op: 'add', memberIds: ids }, normal)
  await us.scim.changeMembers(groupId, { op: 'remove', memberIds: ids }, normal)
  await us.scim.renameGroup(groupId, 'operations', normal)
  await us.scim.listMembers(groupId, normal)
  await us.scim.deleteGroup(groupId, normal)
  await us.scim.deleteUser(id, normal)
}

/** Operations of all the PATCH requests. */
function operations(): { readonly op: string; readonly path?: string; readonly value?: unknown }[] {
  return sent
    .filter(({ method }) => method === 'PATCH')
    .flatMap(
      ({ body }) =>
        (body as { readonly Operations: { op: string; path?: string; value?: unknown }[] }).Operations,
    )
}

test('ssosync #65, #45: a directory beyond the first page hides nobody', async () => {
  const ids = await people(130)
  const wanted = await us.scim.findUser('person-129@example.com', normal)
  expect(ids).toContain(wanted?.id)
  expect(sent.at(-1)?.url).toContain('cursor')
})

test('ssosync #65, #45: what exists already is told as such, and can be looked up to be adopted', async () => {
  const id = await world.makeUser(ada.attributes.userName)
  expect(await failureOf(us.scim.createUser(ada, normal))).toMatchObject({ failure: 'already_exists' })
  expect(await us.scim.findUser(ada.attributes.userName, normal)).toMatchObject({ id })
})

test('ssosync #2, #13: a throttled create is made again and makes one user', async () => {
  const patient = connectScim(world, { retries: 3 })
  await world.aws.control('POST', 'faults', {
    operation: 'scim:CreateUser',
    at: 1,
    times: 2,
    fault: { kind: 'throttle' },
  })
  const { id } = await patient.scim.createUser(ada, normal)
  expect(patient.governor.count('CreateUser')).toBe(3)
  expect(await us.scim.findUser(ada.attributes.userName, normal)).toMatchObject({ id })
})

test('ssosync #17: memberships are read by group, not by group and user', async () => {
  const ids = await people(150)
  const id = await group(ids.slice(0, 100))
  await us.scim.changeMembers(id, { op: 'add', memberIds: ids.slice(100) }, normal)
  sent = []
  expect(await us.scim.listMembers(id, normal)).toHaveLength(150)
  expect(sent).toHaveLength(2)
})

test('ssosync #353, #354: a rename goes by id, and leaves the id as it was', async () => {
  const { id } = await us.scim.createUser(ada, normal)
  await us.scim.updateUser(id, { userName: 'countess@example.com', email: 'countess@example.com' }, normal)
  expect(await us.scim.findUser('countess@example.com', normal)).toMatchObject({ id, externalId: 'u-1' })
  expect(sent.some(({ method }) => method === 'DELETE')).toBe(false)
})

test('ssosync #329, #330: the externalId is read back', async () => {
  await us.scim.createUser(ada, normal)
  expect(await us.scim.findUser(ada.attributes.userName, normal)).toMatchObject({ externalId: 'u-1' })
})

test('ssosync #278, #234: an answer of 5xx is never an empty list', async () => {
  const id = await group(await people(2))
  await world.aws.control('POST', 'faults', {
    operation: 'scim:ListUsers',
    at: 1,
    times: 2,
    fault: { kind: 'error' },
  })
  expect(await failureOf(us.scim.listMembers(id, normal))).toMatchObject({ failure: 'unknown_outcome' })
  expect(await failureOf(us.scim.findUser('ada@example.com', normal))).toMatchObject({
    failure: 'unknown_outcome',
  })
})

describe('idp-scim-sync #62: more than 100 members in a request', () => {
  test('are refused before anything is sent', async () => {
    const ids = await people(101)
    const id = await group()
    sent = []
    const create = { displayName: 'all', memberIds: ids, externalId: 'l-2' }
    expect(await failureOf(us.scim.createGroup(create, normal))).toMatchObject({ failure: 'invalid' })
    for (const op of ['add', 'remove'] as const) {
      expect(await failureOf(us.scim.changeMembers(id, { op, memberIds: ids }, normal))).toMatchObject({
        failure: 'invalid',
      })
    }
    expect(sent).toEqual([])
  })

  test('and 100 are taken', async () => {
    const ids = await people(100)
    const id = await group(ids)
    await us.scim.changeMembers(id, { op: 'remove', memberIds: ids }, normal)
    expect(await us.scim.listMembers(id, normal)).toEqual([])
  })
})

test('idp-scim-sync #57: a changed address is patched; one that is taken is told as such', async () => {
  const { id } = await us.scim.createUser(ada, normal)
  const grace = { ...ada.attributes, userName: 'grace@example.com', email: 'grace@example.com' }
  await us.scim.createUser({ attributes: grace, active: true, externalId: 'u-2' }, normal)
  await us.scim.updateUser(id, { email: 'new@example.com' }, normal)
  expect(await failureOf(us.scim.updateUser(id, { email: 'grace@example.com' }, normal))).toMatchObject({
    failure: 'already_exists',
  })
})

test('authentik #12321, PR 18230: every PATCH operation names its path', async () => {
  await everything()
  expect(operations().length).toBeGreaterThan(5)
  for (const { path } of operations())
    expect(path).toMatch(/^(?:userName|displayName|name\.\w+|emails|active|members)$/)
})

test('authentik #20410, #23005, #25330, PR 20116, PR 20530: nothing is ever PUT, and removing members works', async () => {
  await everything()
  expect([...new Set(sent.map(({ method }) => method))].sort()).toEqual(['DELETE', 'GET', 'PATCH', 'POST'])
  const [one = '', two = ''] = await Promise.all(
    ['x@example.com', 'y@example.com'].map((name) => world.makeUser(name)),
  )
  const id = await group([one, two])
  await us.scim.changeMembers(id, { op: 'remove', memberIds: [one] }, normal)
  expect(await us.scim.listMembers(id, normal)).toEqual([two])
  expect(operations().some(({ path }) => path?.includes('[') === true)).toBe(false)
})

test('authentik #22771, pocket-id #1353: userName is our user name, whatever the mail address is', async () => {
  const attributes = { ...ada.attributes, userName: 'ada', email: 'countess@example.org' }
  const { id } = await us.scim.createUser({ ...ada, attributes }, normal)
  await us.scim.updateUser(id, { email: 'lovelace@example.org' }, normal)
  expect(await us.scim.findUser('ada', normal)).toMatchObject({ id, userName: 'ada' })
  expect(await us.scim.findUser('lovelace@example.org', normal)).toBeUndefined()
})

test('keycloak-scim #73: a base URL without its slash leads to the same place', async () => {
  const { scim } = connectScim(
    { endpoint: world.endpoint.replace(/\/$/, ''), token: world.token },
    { fetch: record },
  )
  expect(await scim.findUser('ada@example.com', normal)).toBeDefined()
  expect(sent.at(-1)?.url).toContain('/scim/v2/Users?')
})

describe('lichti/aws-iam-scim-problem: replacing members empties groups', () => {
  test('so that members are never replaced, nor named by an empty value', async () => {
    await everything()
    for (const { op, path, value } of operations().filter((one) => one.path === 'members')) {
      expect([path, op]).not.toEqual(['members', 'replace'])
      expect(value).not.toEqual([])
      expect(JSON.stringify(value)).not.toContain('""')
    }
  })

  test('so that an empty change of members is no request', async () => {
    await world.aws.control('PUT', 'settings', { scim2024: true })
    const ids = await people(2)
    const id = await group(ids)
    await us.scim.changeMembers(id, { op: 'remove', memberIds: [] }, normal)
    expect((await us.scim.listMembers(id, normal)).sort()).toEqual([...ids].sort())
    expect(us.governor.count('PatchGroup')).toBe(0)
  })
})

test('Entra: one address at most is sent, as the primary one, and no null', async () => {
  await everything()
  const bodies = JSON.stringify(sent.map(({ body }) => body))
  expect(bodies).not.toContain('null,"')
  const create = sent.find(({ method, url }) => method === 'POST' && url.endsWith('/Users'))
  expect(create?.body).toMatchObject({ emails: [{ value: ada.attributes.email, primary: true }] })
})
