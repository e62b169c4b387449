import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { AwsWorld } from '../aws-world.js'

let world: AwsWorld
beforeAll(async () => {
  world = await AwsWorld.open()
})
beforeEach(() => world.control('POST', 'reset'))
afterAll(() => world[Symbol.asyncDispose]())

async function send(method: string, path: string, body?: unknown) {
  const response = await fetch(`${world.url}/_emulator/${path}`, {
    method,
    ...(body !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) }
}

const throttle = { kind: 'throttle' }
const operation = 'scim:PatchGroup'

describe('POST /_emulator/faults', () => {
  test('answers an id, by which it is listed and removed', async () => {
    const made = await send('POST', 'faults', { operation, at: 3, times: 2, fault: throttle })
    expect(made).toEqual({ status: 201, body: { id: expect.stringMatching(/^fault-\d+$/) as string } })
    const { id } = made.body as { id: string }
    const listed = { id, operation, when: { at: 3 }, times: 2, fault: throttle, calls: 0, hits: 0 }
    expect(await send('GET', 'faults')).toEqual({ status: 200, body: { faults: [listed] } })
    expect(await send('DELETE', `faults/${id}`)).toEqual({ status: 204, body: undefined })
    expect(await send('DELETE', `faults/${id}`)).toEqual({
      status: 404,
      body: { code: 'NOT_FOUND', message: `no fault has the id "${id}"` },
    })
  })

  test('is the next call, once, where the body says nothing else; a chance begins from seed 0', async () => {
    await send('POST', 'faults', { operation, fault: throttle })
    await send('POST', 'faults', { operation, probability: 0.5, times: null, fault: throttle })
    expect((await send('GET', 'faults')).body).toMatchObject({
      faults: [
        { when: { at: 1 }, times: 1 },
        { when: { probability: 0.5, seed: 0 }, times: null },
      ],
    })
    await send('DELETE', 'faults')
    expect((await send('GET', 'faults')).body).toEqual({ faults: [] })
  })

  test.each([
    ['nothing', {}, /^fault: must be an object whose kind is one of throttle, error, .*, region-down$/],
    [
      'an unknown kind',
      { operation, fault: { kind: 'explode' } },
      /^fault(\.kind)?: must be an object whose kind/,
    ],
    ['a kind as text', { operation, fault: 'throttle' }, /^fault: must be an object whose kind is one of/],
    ['no operation', { fault: throttle }, 'operation: is missing; * means every operation'],
    [
      'an operation that is misspelt',
      { operation: 'scim:PatchGroups', fault: throttle },
      /^operation: no operation is called "scim:PatchGroups"; did you mean scim:PatchGroup\b.*\?$/,
    ],
    [
      'a service that is not there',
      { operation: 'lambda:*', fault: throttle },
      /^operation: no operation is called "lambda:\*"; the services are .*scim, sso-admin/,
    ],
    [
      'an nth call and a chance',
      { operation, at: 1, probability: 0.5, fault: throttle },
      'probability: goes without at: either the nth call or a chance',
    ],
    ['a seed alone', { operation, seed: 1, fault: throttle }, 'seed: is of no use without probability'],
    ['a chance of nothing', { operation, probability: 0, fault: throttle }, /^probability: /],
    ['a chance above one', { operation, probability: 1.1, fault: throttle }, /^probability: /],
    ['call number 0', { operation, at: 0, fault: throttle }, /^at: /],
    ['no times', { operation, times: 0, fault: throttle }, /^times: /],
    ['half a seed', { operation, probability: 1, seed: 0.5, fault: throttle }, /^seed: /],
    [
      'a slow call without its delay',
      { operation, fault: { kind: 'slow' } },
      'fault.delayMs: is missing; it must be a number',
    ],
    [
      'a delay beyond ten minutes',
      { operation, fault: { kind: 'slow', delayMs: 600_001 } },
      'fault.delayMs: must be at most 600000',
    ],
    [
      'a delay that is misspelt',
      { operation, fault: { kind: 'slow', delayms: 1 } },
      'fault: nothing is called "delayms"; did you mean delayMs?; fault.delayMs: is missing; it must be a number',
    ],
    [
      'a name instead of a fault',
      { operations: 'scim:*' },
      /^body: nothing is called "operations"; did you mean operation\?; fault: must be/,
    ],
    ['a delay of a throttle', { operation, fault: { kind: 'throttle', delayMs: 1 } }, /^fault: .*delayMs/],
    ['an unknown member', { operation, fault: throttle, often: true }, /^body: .*often/],
    [
      'a Region in which nothing is',
      { fault: { kind: 'region-down', region: 'ap-south-1' } },
      'fault.region: nothing is in ap-south-1; the instance is in eu-central-1, Organizations and IAM in us-east-1',
    ],
    [
      'a Region that is down now and then',
      { operation, at: 1, fault: { kind: 'region-down', region: 'eu-central-1' } },
      'operation: region-down hits every operation in its Region: leave operation out; at: does not go with region-down, which lasts until it is removed',
    ],
  ])('refuses %s', async (_name, body, message) => {
    expect(await send('POST', 'faults', body)).toEqual({
      status: 400,
      body: {
        code: 'INVALID_INPUT',
        message: typeof message === 'string' ? message : (expect.stringMatching(message) as string),
      },
    })
    expect((await send('GET', 'faults')).body).toEqual({ faults: [] })
  })

  test('takes a hundred and no more', async () => {
    for (let n = 0; n < 100; n++) await send('POST', 'faults', { operation, fault: throttle })
    expect(await send('POST', 'faults', { operation, fault: throttle })).toEqual({
      status: 409,
      body: { code: 'TOO_MANY_FAULTS', message: '100 faults are planned; remove some first' },
    })
    await send('DELETE', 'faults')
    expect((await send('POST', 'faults', { operation, fault: throttle })).status).toBe(201)
  })
})
