/**
 * Requests that no client would send, to both protocols: who is refused, in which form, and with which error first.
 */
import { request as httpRequest } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AwsWorld, adminKey, demo, sendJson, sendQuery } from '../aws-world.js'

let world: AwsWorld
beforeAll(async () => {
  world = await AwsWorld.open()
})
afterAll(() => world[Symbol.asyncDispose]())

const target = 'SWBExternalService.ListPermissionSets'
const authorization = (scope: string): string =>
  `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`
const signed = {
  'content-type': 'application/x-amz-json-1.1',
  'x-amz-date': '20261122T120000Z',
  'x-amz-target': target,
  authorization: authorization(`${adminKey.accessKeyId}/20261122/eu-central-1/sso/aws4_request`),
}

interface Answered {
  readonly status: number
  readonly type: string | undefined
  readonly requestId: string | string[] | undefined
  readonly body: string
}

/** `fetch` adds headers of its own; this does not. */
function post(headers: Readonly<Record<string, string>>, body: string | Buffer = ''): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(world.url)
    const bytes = Buffer.from(body)
    const sent = { 'content-length': String(bytes.length), ...headers }
    const request = httpRequest({ hostname, port, method: 'POST', path: '/', headers: sent }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => {
        const type = response.headers['content-type']
        const requestId = response.headers['x-amzn-requestid']
        const text = Buffer.concat(parts).toString('utf8')
        resolve({ status: response.statusCode ?? 0, type, requestId, body: text })
      })
    })
    request.on('error', reject).end(bytes)
  })
}

const json = async (headers: Readonly<Record<string, string>>, body: string | Buffer = '{}') => {
  const answered = await post(headers, body)
  expect(answered.type).toBe('application/x-amz-json-1.1')
  expect(answered.requestId).toMatch(/^[0-9a-f-]{36}$/)
  return { status: answered.status, body: JSON.parse(answered.body) as unknown }
}
const without = (name: keyof typeof signed): Record<string, string> =>
  Object.fromEntries(Object.entries(signed).filter(([key]) => key !== name))

const input = JSON.stringify({ InstanceArn: demo.instanceArn })

describe('JSON: which operation', () => {
  test('a right request is answered', async () => {
    expect((await json(signed, input)).status).toBe(200)
    const charset = { ...signed, 'content-type': 'application/x-amz-json-1.1; charset=utf-8' }
    expect((await json(charset, input)).status).toBe(200)
  })

  test.each([
    'application/json',
    'text/plain',
    'application/x-amz-json-1.10',
    'application/x-amz-json-1.0',
    '',
  ])('not as %j', async (type) => {
    expect(await json({ ...signed, 'content-type': type }, input)).toEqual({
      status: 404,
      body: {
        __type: 'UnknownOperationException',
        message: 'the Content-Type of this protocol is application/x-amz-json-1.1',
      },
    })
  })

  test.each(['', 'ListPermissionSets', 'a.b.c', '.', `${target}.x`, 'SWBExternalService/ListPermissionSets'])(
    'not by the target %j',
    async (name) => {
      expect(await json({ ...signed, 'x-amz-target': name }, input)).toEqual({
        status: 400,
        body: { __type: 'UnknownOperationException', message: 'X-Amz-Target does not name an operation' },
      })
    },
  )

  test('not without a target', async () => {
    expect(await json(without('x-amz-target'), input)).toMatchObject({
      status: 400,
      body: { __type: 'UnknownOperationException' },
    })
  })

  test.each([
    'SWBExternalService.CreateApplication',
    'AWSIdentityStore.ListPermissionSets',
    'swbexternalservice.ListPermissionSets',
    'DynamoDB_20120810.ListTables',
    '__proto__.constructor',
    '2010-05-08.ListRoles'.replaceAll('-', '_'),
  ])('%s is not built, and says so', async (name) => {
    expect(await json({ ...signed, 'x-amz-target': name }, input)).toEqual({
      status: 501,
      body: { __type: 'NotEmulated', Message: `the operation ${name} is not built in this emulator` },
    })
  })

  test('what is not built is counted, strangers under one name', async () => {
    await world.control('POST', 'reset')
    await json({ ...signed, 'x-amz-target': 'SWBExternalService.CreateApplication' })
    for (const name of ['x', 'y']) await json({ ...signed, 'x-amz-target': `Stranger.${name}` })
    expect(await world.control('GET', 'calls')).toMatchObject({
      calls: { 'not-emulated:sso-admin:CreateApplication': 1, 'not-emulated': 2 },
    })
  })
})

describe('JSON: who calls comes before what is asked', () => {
  const refused = (type: string, message: string) => ({ status: 400, body: { __type: type, message } })

  test('nobody', async () => {
    expect(await json(without('authorization'), '{')).toEqual(
      refused('MissingAuthenticationTokenException', 'Missing Authentication Token'),
    )
  })

  test('without a date', async () => {
    expect(await json(without('x-amz-date'), '{')).toEqual(
      refused(
        'IncompleteSignatureException',
        `Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.`,
      ),
    )
  })

  test('with two Authorization headers in one', async () => {
    const twice = `${signed.authorization}, ${signed.authorization}`
    expect((await json({ ...signed, authorization: twice.replace('AWS4', 'Basic') })).body).toMatchObject({
      __type: 'IncompleteSignatureException',
    })
  })

  test.each([
    [
      'an unknown key',
      'AKIAUNKNOWN/20261122/eu-central-1/sso/aws4_request',
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    ],
    [
      'another service',
      `${adminKey.accessKeyId}/20261122/eu-central-1/iam/aws4_request`,
      'InvalidSignatureException',
      "Credential should be scoped to correct service: 'sso'.",
    ],
    [
      'a name of Object.prototype',
      '__proto__/20261122/eu-central-1/sso/aws4_request',
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    ],
  ])('%s', async (_name, scope, type, message) => {
    expect(await json({ ...signed, authorization: authorization(scope) }, '{')).toEqual(
      refused(type, message),
    )
  })

  test('another Region', async () => {
    const scope = `${adminKey.accessKeyId}/20261122/us-east-1/sso/aws4_request`
    expect(await json({ ...signed, authorization: authorization(scope) }, input)).toEqual({
      status: 400,
      body: {
        __type: 'AccessDeniedException',
        Message: 'There is no IAM Identity Center instance in us-east-1.',
      },
    })
  })
})

describe('JSON: what is asked', () => {
  const refused = (message: string) => ({
    status: 400,
    body: { __type: 'SerializationException', message },
  })
  const notJson = refused('the body is not JSON in UTF-8')
  const tooDeep = refused('the body is nested more than 64 levels deep')

  test.each([
    ['half of it', '{"InstanceArn":', notJson],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), notJson],
    ['nothing but space', ' ', notJson],
    ['two values', '{}{}', notJson],
    ['a list', '[]', refused('LIST_VALUE at the body cannot be converted to a structure')],
    ['null', 'null', refused('NULL_VALUE at the body cannot be converted to a structure')],
    ['a bomb of lists', '['.repeat(500_000), tooDeep],
    ['a bomb of objects', `${'{"a":'.repeat(150_000)}1${'}'.repeat(150_000)}`, tooDeep],
    ['65 levels', `{"X":${'['.repeat(64)}${']'.repeat(64)}}`, tooDeep],
    ['unclosed text', `"${'\\"'.repeat(400_000)}`, notJson],
  ])('%s', async (_name, body, expected) => {
    expect(await json(signed, body)).toEqual(expected)
  })

  test('64 levels, brackets in text, unknown members and __proto__ do no harm', async () => {
    const members = `"InstanceArn":"${demo.instanceArn}"`
    for (const more of [
      `"X":${'['.repeat(63)}${']'.repeat(63)}`,
      `"X":"${'['.repeat(100)}"`,
      `"X":"\\"${'['.repeat(100)}"`,
      '"__proto__":{"MaxResults":0}',
      '"constructor":{"prototype":{}}',
    ]) {
      expect((await json(signed, `{${members},${more}}`)).status).toBe(200)
    }
    expect((await json(signed, `{"__proto__":{${members}}}`)).body).toMatchObject({
      __type: 'ValidationException',
    })
  })

  test('null is absent', async () => {
    const body = JSON.stringify({ InstanceArn: demo.instanceArn, MaxResults: null, NextToken: null })
    expect((await json(signed, body)).status).toBe(200)
  })

  test('an answer to a body full of mistakes stays small and quick', async () => {
    const GroupIds = Array.from({ length: 200_000 }, () => '')
    const began = process.cpuUsage()
    const { status, body } = await sendJson(
      world.url,
      'AWSIdentityStore.IsMemberInGroups',
      JSON.stringify({ IdentityStoreId: demo.identityStoreId, MemberId: { UserId: demo.adaId }, GroupIds }),
      { signingName: 'identitystore' },
    )
    expect(status).toBe(400)
    expect(JSON.stringify(body).length).toBeLessThan(10_000)
    expect(body).toMatchObject({
      Message: expect.stringMatching(/^10 validation errors detected: /) as string,
    })
    expect(process.cpuUsage(began).user / 1000).toBeLessThan(2000)
  })

  test('a megabyte is taken and no more', async () => {
    const padded = (length: number): string => input.replace('}', `,"X":"${'x'.repeat(length)}"}`)
    expect((await json(signed, padded(1_000_000))).status).toBe(200)
    expect(await json(signed, padded(1_100_000))).toEqual({
      status: 413,
      body: { __type: 'RequestEntityTooLargeException', Message: 'the body is larger than 1 MB' },
    })
  })

  test('nothing is unpacked', async () => {
    expect(await json({ ...signed, 'content-encoding': 'gzip' }, input)).toEqual({
      status: 415,
      body: {
        __type: 'UnsupportedMediaTypeException',
        Message: 'bodies with a Content-Encoding are not taken',
      },
    })
  })
})

describe('Query', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const error = async (headers: Readonly<Record<string, string>>, body: string | Buffer) => {
    const answered = await post({ ...form, ...headers }, body)
    expect(answered.type).toMatch(/^text\/xml/)
    const [, type, code, message] =
      /<Type>(.*?)<\/Type><Code>(.*?)<\/Code><Message>(.*?)<\/Message>/.exec(answered.body) ?? []
    return { status: answered.status, type, code, message }
  }
  const iam = (action: string): string => `Action=${action}&Version=2010-05-08`
  const key = authorization(`${adminKey.accessKeyId}/20261122/us-east-1/iam/aws4_request`)
  const dated = { 'x-amz-date': '20261122T120000Z' }

  test('a right request is answered', async () => {
    expect((await sendQuery(world.url, { Action: 'ListRoles', Version: '2010-05-08' }, 'iam')).status).toBe(
      200,
    )
  })

  test.each([
    ['', 400, 'MissingAction', 'The request is missing an action or a required parameter.'],
    ['Version=2010-05-08', 400, 'MissingAction', 'The request is missing an action or a required parameter.'],
    [
      'Action=ListRoles',
      400,
      'InvalidAction',
      'Could not find operation ListRoles for version NO_VERSION_SPECIFIED',
    ],
    [
      iam('ListUsers'),
      501,
      'NotEmulated',
      'the action ListUsers of version 2010-05-08 is not built in this emulator',
    ],
    [
      'Action=ListRoles&Version=2011-06-15',
      501,
      'NotEmulated',
      'the action ListRoles of version 2011-06-15 is not built in this emulator',
    ],
    [
      'Action=<x>&Version=1',
      501,
      'NotEmulated',
      'the action &lt;x&gt; of version 1 is not built in this emulator',
    ],
  ])('%j', async (body, status, code, message) => {
    expect(await error({ ...dated, authorization: key }, body)).toEqual({
      status,
      type: status === 501 ? 'Receiver' : 'Sender',
      code,
      message,
    })
  })

  test('bytes that are not UTF-8', async () => {
    expect(await error({ ...dated, authorization: key }, Buffer.from([0x41, 0xff]))).toMatchObject({
      status: 400,
      code: 'MalformedInput',
      message: 'the body is not UTF-8',
    })
  })

  test('a name that is there twice', async () => {
    expect(
      await error({ ...dated, authorization: key }, `${iam('ListRoles')}&MaxItems=1&MaxItems=2`),
    ).toMatchObject({
      status: 400,
      code: 'MalformedInput',
      message: 'MaxItems is there twice',
    })
  })

  test.each<[string, Record<string, string>, number, string, string]>([
    ['nobody', {}, 403, 'MissingAuthenticationToken', 'Missing Authentication Token'],
    [
      'another scheme',
      { ...dated, authorization: 'Basic x' },
      400,
      'IncompleteSignature',
      `Unsupported AWS 'algorithm': 'Basic'.`,
    ],
    [
      'an unknown key',
      { ...dated, authorization: authorization('AKIAUNKNOWN/20261122/us-east-1/iam/aws4_request') },
      403,
      'InvalidClientTokenId',
      'The security token included in the request is invalid.',
    ],
    [
      'another service',
      {
        ...dated,
        authorization: authorization(`${adminKey.accessKeyId}/20261122/us-east-1/sts/aws4_request`),
      },
      403,
      'SignatureDoesNotMatch',
      `Credential should be scoped to correct service: 'iam'.`,
    ],
  ])('%s', async (_name, headers, status, code, message) => {
    expect(await error(headers, iam('ListRoles'))).toEqual({ status, type: 'Sender', code, message })
  })

  test('GetCallerIdentity needs a signature, although no permission', async () => {
    expect(await error({}, 'Action=GetCallerIdentity&Version=2011-06-15')).toMatchObject({
      status: 403,
      code: 'MissingAuthenticationToken',
    })
  })

  test('too much of it', async () => {
    expect(await error({ ...dated, authorization: key }, 'x'.repeat(1_100_000))).toMatchObject({
      status: 413,
      code: 'RequestEntityTooLargeException',
    })
  })
})
