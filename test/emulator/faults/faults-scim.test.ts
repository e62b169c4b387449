import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { scimTenant, type Instance } from '../../../src/emulator/state/instance.js'
import { AwsWorld, demoRegion } from '../aws-world.js'

let world: AwsWorld
let token: string
let base: string
beforeAll(async () => {
  world = await AwsWorld.open()
})
beforeEach(async () => {
  await world.control('POST', 'reset')
  const { instance } = (await world.control('GET', 'state?only=')) as { instance: Instance }
  const made = (await world.control('POST', 'scim/tokens', {})) as { token: string }
  token = made.token
  base = `${world.url}/${scimTenant(instance)}/scim/v2`
})
afterAll(() => world[Symbol.asyncDispose]())

function scim(method: string, path: string, body?: object): Promise<Response> {
  return fetch(`${base}/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
}
const createGroup = (displayName: string) => scim('POST', 'Groups', { displayName })
const plan = (operation: string, fault: object, more: object = {}) =>
  world.control('POST', 'faults', { operation, fault, ...more })

async function count(displayName: string): Promise<number> {
  const filter = encodeURIComponent(`displayName eq "${displayName}"`)
  const response = await scim('GET', `Groups?filter=${filter}`)
  return ((await response.json()) as { Resources: unknown[] }).Resources.length
}

describe('faults of SCIM', () => {
  test.each([
    ['throttle', 429],
    ['error', 500],
    ['expired-token', 401],
  ])('%s answers %d in the form of SCIM, once', async (kind, status) => {
    await plan('scim:CreateGroup', { kind })
    const refused = await createGroup('Pilots')
    expect(refused.status).toBe(status)
    expect(await refused.json()).toMatchObject({
      schema: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: String(status),
    })
    expect((await createGroup('Pilots')).status).toBe(201)
  })

  test('a connection lost after the change: it took effect, and the second attempt conflicts', async () => {
    await plan('scim:CreateGroup', { kind: 'reset-after' })
    await expect(createGroup('Pilots')).rejects.toThrow('fetch failed')
    expect(await count('Pilots')).toBe(1)
    expect((await createGroup('Pilots')).status).toBe(409)
  })

  test('a connection lost before the change: nothing took effect', async () => {
    await plan('scim:CreateGroup', { kind: 'reset-before' })
    await expect(createGroup('Pilots')).rejects.toThrow('fetch failed')
    expect(await count('Pilots')).toBe(0)
  })

  test('a body cut short cannot be read; the change took effect', async () => {
    await plan('scim:CreateGroup', { kind: 'truncate' })
    const response = await createGroup('Pilots')
    expect(response.status).toBe(201)
    await expect(response.text()).rejects.toThrow('terminated')
    expect(await count('Pilots')).toBe(1)
  })

  test('an answer without a body is lost altogether where it is cut short', async () => {
    const made = (await (await createGroup('Pilots')).json()) as { id: string }
    await plan('scim:DeleteGroup', { kind: 'truncate' })
    await expect(scim('DELETE', `Groups/${made.id}`)).rejects.toThrow('fetch failed')
    expect(await count('Pilots')).toBe(0)
  })

  test('a Region that is down fails SCIM until it is removed', async () => {
    await world.control('POST', 'faults', { fault: { kind: 'region-down', region: demoRegion } })
    expect((await scim('GET', 'Users')).status).toBe(503)
    expect((await scim('GET', 'ServiceProviderConfig')).status).toBe(503)
    await world.control('DELETE', 'faults')
    expect((await scim('GET', 'Users')).status).toBe(200)
  })
})

describe('limits of SCIM', () => {
  test('the 26th write at one instant is throttled, and changes nothing', async () => {
    await world.control('PUT', 'settings', { limits: true })
    for (let n = 0; n < 25; n++) expect((await createGroup(`Group ${n}`)).status).toBe(201)
    expect((await createGroup('One too many')).status).toBe(429)
    expect(await count('One too many')).toBe(0)
    await world.advance(40)
    expect((await createGroup('One too many')).status).toBe(201)
  })

  test('an absent token takes nobody else a call', async () => {
    await world.control('PUT', 'settings', { limits: true })
    for (let n = 0; n < 45; n++) expect((await fetch(`${base}/Users`)).status).toBe(401)
    expect((await scim('GET', 'Users')).status).toBe(200)
  })
})
