import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { defaultSettings } from '../../../src/emulator/settings.js'
import { AwsWorld } from '../aws-world.js'

let world: AwsWorld
const start = { ...defaultSettings, limits: false, assignmentMs: 750 }
beforeAll(async () => {
  world = await AwsWorld.open({ settings: { assignmentMs: 750 } })
})
beforeEach(() => world.control('POST', 'reset'))
afterAll(() => world[Symbol.asyncDispose]())

async function put(body: string, type = 'application/json') {
  const init = { method: 'PUT', headers: { 'content-type': type }, body }
  const response = await fetch(`${world.url}/_emulator/settings`, init)
  return { status: response.status, body: (await response.json()) as unknown }
}

describe('settings', () => {
  test('are answered whole', async () => {
    expect(await world.control('GET', 'settings')).toEqual(start)
  })

  test('are changed by name; the others stay as they are, not as they are by default', async () => {
    const changed = { ...start, shortPages: 0.5, scimRetryAfterSeconds: 3 }
    expect(await put('{"shortPages":0.5,"scimRetryAfterSeconds":3}')).toEqual({ status: 200, body: changed })
    expect(await put('{"limits":true}')).toEqual({ status: 200, body: { ...changed, limits: true } })
    expect(await world.control('GET', 'settings')).toEqual({ ...changed, limits: true })
    expect(await world.control('GET', 'state?only=')).toMatchObject({
      settings: { ...changed, limits: true },
    })
  })

  test('an empty change changes nothing', async () => {
    expect(await put('{}')).toEqual({ status: 200, body: start })
  })

  test('of many unknown names the first five are told', async () => {
    const names = Array.from({ length: 1000 }, (_, index) => [`unknown${index}`, 1])
    const { body } = await put(JSON.stringify(Object.fromEntries(names)))
    const told = (body as { message: string }).message.match(/nothing is called "unknown\d+"/g)
    expect(told).toEqual([0, 1, 2, 3, 4].map((index) => `nothing is called "unknown${index}"`))
  })

  test('a prototype in the body changes nothing', async () => {
    expect(await put('{"__proto__":{"limits":true},"shortPages":0}')).toEqual({ status: 200, body: start })
    expect(Object.prototype).not.toHaveProperty('limits')
  })

  test.each([
    ['an unknown name', '{"limit":true}', 'body: nothing is called "limit"; did you mean limits?'],
    [
      'a name far from all',
      '{"x":1}',
      `body: nothing is called "x"; known are ${Object.keys(defaultSettings).join(', ')}`,
    ],
    ['a wrong type', '{"limits":"yes"}', 'limits: must be true or false'],
    [
      'a value out of range',
      '{"shortPages":1.5,"assignmentMs":-1}',
      'assignmentMs: must be at least 0; shortPages: must be at most 1',
    ],
    ['a rate of nothing', '{"scimMembershipRate":0}', 'scimMembershipRate: must be above 0'],
    ['another status', '{"scimExpiredStatus":400}', 'scimExpiredStatus: must be 401 or 403'],
    ['another word', '{"staleAssignments":"x"}', 'staleAssignments: must be keep or drop'],
    ['an empty text', '{"externalIdIssuer":""}', 'externalIdIssuer: must not be empty'],
    ['a value beside right ones', '{"limits":true,"assignmentMs":1.5}', /^assignmentMs: /],
    ['null where null means nothing', '{"limits":null}', /^limits: /],
    ['a list', '[]', 'body: must be an object of settings'],
    ['no JSON', '{', /^the body cannot be read: /],
  ])('refuse %s, and nothing is changed', async (_name, body, message) => {
    expect(await put(body)).toEqual({
      status: 400,
      body: {
        code: 'INVALID_INPUT',
        message: typeof message === 'string' ? message : (expect.stringMatching(message) as string),
      },
    })
    expect(await world.control('GET', 'settings')).toEqual(start)
  })

  test.each(['application/x-www-form-urlencoded', 'text/plain', 'application/jsonp', ''])(
    'a body of the type "%s" is refused, not passed over',
    async (type) => {
      expect(await put('{"limits":true}', type)).toEqual({
        status: 415,
        body: {
          code: 'UNSUPPORTED_MEDIA_TYPE',
          message: 'send the body with the header "content-type: application/json"',
        },
      })
      expect(await world.control('GET', 'settings')).toEqual(start)
    },
  )

  test.each(['Application/JSON', 'application/json; charset=utf-8'])('the type %s is JSON', async (type) => {
    expect((await put('{"limits":true}', type)).body).toMatchObject({ limits: true })
  })

  test.each([
    ['PUT', 'settings'],
    ['POST', 'faults'],
    ['POST', 'clock/advance'],
    ['POST', 'scim/tokens'],
    ['POST', 'saml/authn-request'],
    ['PUT', 'users/dev@example.com'],
  ])('%s %s says which type it wants', async (method, path) => {
    const response = await fetch(`${world.url}/_emulator/${path}`, { method, body: '{}' })
    expect([response.status, await response.text()]).toEqual([415, expect.stringContaining('content-type')])
  })

  test('a change is told, and a reset brings back those of the start', async () => {
    await put('{"shortPages":1}')
    const response = await fetch(`${world.url}/_emulator/events`, { headers: { accept: 'application/json' } })
    const { events } = (await response.json()) as { events: object[] }
    expect(events.at(-1)).toMatchObject({ type: 'settings', settings: { ...start, shortPages: 1 } })
    await world.control('POST', 'reset')
    expect(await world.control('GET', 'settings')).toEqual(start)
  })
})
