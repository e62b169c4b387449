import { beforeEach, afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ManualClock } from '../../../src/lib/clock.js'
import { createLogger } from '../../../src/lib/logger.js'
import { startEmulator } from '../../../src/emulator/main.js'
import { parseOrganisation } from '../../../src/emulator/state/organisation.js'
import { AwsWorld } from '../aws-world.js'
import { startTime } from '../portal.js'
import { errorUrn, newToken, type TokenLine } from './scim-world.js'

let world: AwsWorld
beforeAll(async () => {
  world = await AwsWorld.open()
})
beforeEach(async () => {
  await world.control('POST', 'reset')
  world.clock.set(startTime)
})
afterAll(() => world[Symbol.asyncDispose]())

const yearSeconds = 365 * 86_400

async function get(url: string, authorization?: string): Promise<Response> {
  return fetch(url, authorization === undefined ? {} : { headers: { authorization } })
}

async function statusOf({ endpoint, token }: TokenLine): Promise<number> {
  return (await get(`${endpoint}ServiceProviderConfig`, `Bearer ${token}`)).status
}

async function control(
  method: string,
  path: string,
  body?: string,
): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${world.url}/_emulator/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body !== undefined && { body }),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) }
}

describe('tokens', () => {
  test('the recipe of rotation: make a second, try it, delete the first', async () => {
    const first = await newToken(world)
    const second = await newToken(world)
    expect(second.token).not.toBe(first.token)
    expect([await statusOf(first), await statusOf(second)]).toEqual([200, 200])
    expect((await control('DELETE', `scim/tokens/${first.id}`)).status).toBe(204)
    expect([await statusOf(first), await statusOf(second)]).toEqual([401, 200])
    expect(await statusOf(await newToken(world))).toBe(200)
  })

  test('a token is long, valid for a year, and shown once', async () => {
    const { id, token, endpoint, expiresAt } = await newToken(world)
    expect(token).toMatch(/^[A-Za-z0-9+/]{896}$/)
    expect(endpoint).toBe(`${world.url}/Hw99672f1c0b-5d31-4c0e-9a77-1f6b0e2d84c9/scim/v2/`)
    expect(expiresAt).toBe('2027-11-22T12:00:00.000Z')
    const tokens = [{ id, createdAt: '2026-11-22T12:00:00.000Z', expiresAt }]
    expect(await control('GET', 'scim/tokens')).toEqual({ status: 200, body: { endpoint, tokens } })
    const state = await control('GET', 'state')
    expect(state.body).toMatchObject({ scim: { endpoint, tokens } })
    expect(JSON.stringify(state.body)).not.toContain(token)
  })

  test('a third is refused, also beside an expired one', async () => {
    await newToken(world, { expiresInSeconds: 1 })
    await newToken(world)
    await world.advance(2000)
    expect(await control('POST', 'scim/tokens', '{}')).toEqual({
      status: 409,
      body: { code: 'TOO_MANY_SCIM_TOKENS', message: 'there are 2 tokens; delete one first' },
    })
  })

  test('an unknown one cannot be deleted', async () => {
    expect(await control('DELETE', 'scim/tokens/none')).toEqual({
      status: 404,
      body: { code: 'NOT_FOUND', message: 'there is no SCIM token "none"' },
    })
  })

  test.each([
    '{"expiresInSeconds":0}',
    `{"expiresInSeconds":${yearSeconds + 1}}`,
    '{"expiresInSeconds":"5"}',
  ])('the body %s is refused', async (body) => {
    expect(await control('POST', 'scim/tokens', body)).toMatchObject({
      status: 400,
      body: { code: 'INVALID_INPUT', message: expect.stringMatching(/^expiresInSeconds: /) as string },
    })
  })

  test('those of an organisation file work, and reset brings them back', async () => {
    const organisation = parseOrganisation(
      `instance:
  instanceArn: arn:aws:sso:::instance/ssoins-0123456789abcdef
  identityStoreId: d-0123456789
  region: eu-north-1
  portalAlias: tokens
  acsTenant: '0123456789abcdef-0123-4567-89ab-0123456789ab'
accounts: [{ id: '111111111111', name: management, email: aws@example.com }]
scim: { tokens: [{ token: 'a-token-of-the-file' }] }`,
      'test',
    )
    const clock = new ManualClock(startTime)
    await using emulator = await startEmulator({
      listen: '127.0.0.1:0',
      clock,
      logger: createLogger('silent'),
      organisation,
    })
    const { scim } = (await (await fetch(`${emulator.url}/_emulator/state`)).json()) as {
      scim: { endpoint: string; tokens: TokenLine[] }
    }
    const status = async () => (await get(`${scim.endpoint}Schemas`, 'Bearer a-token-of-the-file')).status
    expect(await status()).toBe(200)
    await fetch(`${emulator.url}/_emulator/scim/tokens/${scim.tokens[0]?.id ?? ''}`, { method: 'DELETE' })
    expect(await status()).toBe(401)
    await fetch(`${emulator.url}/_emulator/reset`, { method: 'POST' })
    expect(await status()).toBe(200)
    clock.advance(yearSeconds * 1000)
    expect(await status()).toBe(401)
  })
})

describe('who is not let in', () => {
  const detail = 'The bearer token is missing, invalid or expired.'

  test.each<[string, (token: string) => string | undefined]>([
    ['no header', () => undefined],
    ['another scheme', (token) => `Basic ${token}`],
    ['no scheme', (token) => token],
    ['an empty token', () => 'Bearer '],
    ['an unknown token', () => 'Bearer abc'],
    ['a token with one character less', (token) => `Bearer ${token.slice(0, -1)}`],
    ['a token with one character more', (token) => `Bearer ${token}A`],
    ['two tokens', (token) => `Bearer ${token} ${token}`],
    ['a token that is too long', () => `Bearer ${'a'.repeat(10_000)}`],
  ])('%s is 401', async (_what, header) => {
    const { endpoint, token } = await newToken(world)
    const response = await get(`${endpoint}Users`, header(token))
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ schemas: [errorUrn], status: '401', detail })
  })

  test('a token at the address of another tenant is 401', async () => {
    const { endpoint, token } = await newToken(world)
    const response = await get(`${endpoint.replace('/Hw99', '/Hw98')}Users`, `Bearer ${token}`)
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ detail })
  })

  test('the scheme may be written in any case', async () => {
    const { endpoint, token } = await newToken(world)
    expect((await get(`${endpoint}Users`, `bearer ${token}`)).status).toBe(200)
  })

  test('a token works until it expires, and not after', async () => {
    const line = await newToken(world, { expiresInSeconds: 60 })
    await world.advance(59_999)
    expect(await statusOf(line)).toBe(200)
    await world.advance(1)
    expect(await statusOf(line)).toBe(401)
  })

  test('by the setting scimExpiredStatus an expired token is 403, an unknown one stays 401', async () => {
    await world.control('PUT', 'settings', { scimExpiredStatus: 403 })
    const line = await newToken(world, { expiresInSeconds: 60 })
    await world.advance(60_000)
    const response = await get(`${line.endpoint}Users`, `Bearer ${line.token}`)
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({
      status: '403',
      detail: 'The bearer token does not permit this operation.',
    })
    expect((await get(`${line.endpoint}Users`, 'Bearer abc')).status).toBe(401)
  })

  test('who is not let in changes nothing', async () => {
    const { endpoint } = await newToken(world)
    const response = await fetch(`${endpoint}Groups`, {
      method: 'POST',
      headers: { authorization: 'Bearer abc' },
      body: JSON.stringify({ displayName: 'Intruders' }),
    })
    expect(response.status).toBe(401)
    expect(JSON.stringify(await world.control('GET', 'state'))).not.toContain('Intruders')
  })

  test('calls are counted by token', async () => {
    const line = await newToken(world)
    await statusOf(line)
    await get(`${line.endpoint}ServiceProviderConfig`)
    expect(await world.control('GET', 'calls')).toMatchObject({
      calls: { 'scim:ServiceProviderConfig': 2 },
      callers: { 'scim:ServiceProviderConfig': { [`scim:${line.id}`]: 1, unknown: 1 } },
    })
  })
})
