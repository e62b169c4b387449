/**
 * Nothing that a caller sends vanishes without a word: parts of lists and structures, keys of policies, and requests of a
 * form that is not built.
 */
import { GetOpenIDConnectProviderCommand } from '@aws-sdk/client-iam'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parsePolicy } from '../../../src/emulator/access/parse-policy.js'
import { adminKey, AwsWorld, sendQuery } from '../aws-world.js'

let world: AwsWorld
beforeAll(async () => {
  world = await AwsWorld.open()
})
afterAll(() => world?.[Symbol.asyncDispose]())

describe('a Query list', () => {
  const create = {
    Action: 'CreateOpenIDConnectProvider',
    Version: '2010-05-08',
    'ThumbprintList.member.1': '0'.repeat(40),
  }

  test.each([
    ['that begins with its second member', { 'ClientIDList.member.2': 'abc' }, 'ClientIDList.member.2'],
    [
      'with a gap',
      { 'ClientIDList.member.1': 'abc', 'ClientIDList.member.3': 'def' },
      'ClientIDList.member.3',
    ],
    ['that counts from nought', { 'ClientIDList.member.0': 'abc' }, 'ClientIDList.member.0'],
    ['with a misspelt element', { 'ClientIDList.members.1': 'abc' }, 'ClientIDList.members.1'],
    ['of structures that are given as text', { 'Tags.member.1': 'a=b' }, 'Tags.member.1'],
  ])('%s is refused by its name', async (_name, members, named) => {
    const form = { ...create, Url: 'https://refused.example.com', ...members }
    const { status, body } = await sendQuery(world.url, form, 'iam')
    expect([status, body]).toEqual([400, expect.stringContaining(`<Message>${named} is no part of `)])
    expect(body).toContain('<Code>MalformedInput</Code>')
  })

  test('that is whole is kept whole, and a member that AWS does not know is passed over', async () => {
    const members = {
      'ClientIDList.member.1': 'abc',
      'ClientIDList.member.2': 'def',
      'Colour.member.2': 'red',
    }
    const form = { ...create, Url: 'https://kept.example.com', ...members }
    expect((await sendQuery(world.url, form, 'iam')).status).toBe(200)
    const arn = 'arn:aws:iam::111111111111:oidc-provider/kept.example.com'
    const read = await world.clients.iam.send(
      new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn }),
    )
    expect(read.ClientIDList).toEqual(['abc', 'def'])
  })
})

describe('a policy', () => {
  const statement = '"Action":"*","Resource":"*"'
  const parse = (text: string) => () => parsePolicy(text, 'identity')

  test.each([
    [
      'one effect after another',
      `{"Version":"2012-10-17","Statement":[{"Effect":"Deny",${statement},"Effect":"Allow"}]}`,
      'Effect',
    ],
    [
      'a key once as it is and once with an escape',
      `{"Version":"2012-10-17","Statement":[{"Effect":"Deny",${statement},"Eff\\u0065ct":"Allow"}]}`,
      'Effect',
    ],
    [
      'two lists of statements',
      `{"Version":"2012-10-17","Statement":[{"Effect":"Deny",${statement}}],"Statement":[]}`,
      'Statement',
    ],
  ])('with %s is refused', (_name, text, key) => {
    expect(parse(text)).toThrow(`Syntax errors in policy: ${key} is there twice.`)
  })

  test('with the same keys in two statements, and in text that only looks like keys, is taken', () => {
    const sids = ['"Sid":"A1"', '"Sid":"B2"']
    const text = `{"Version":"2012-10-17","Statement":[${sids.map((sid) => `{${sid},"Effect":"Allow",${statement}}`).join(',')}]}`
    expect(parse(text)().statements).toHaveLength(2)
  })
})

describe('a request of AWS in a form that is not built', () => {
  const authorization =
    `AWS4-HMAC-SHA256 Credential=${adminKey.accessKeyId}/20261122/us-east-1/s3/aws4_request, ` +
    `SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`

  test.each([
    ['Query by GET', '/?Action=GetCallerIdentity&Version=2011-06-15', {}],
    ['a presigned request', `/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=${'0'.repeat(64)}`, {}],
    ['a signed GET', '/', { authorization }],
    ['a signed GET of a bucket', '/bucket?list-type=2', { authorization }],
  ])('%s answers 501, never the page', async (_name, path, headers) => {
    const response = await fetch(world.url + path, { headers })
    expect([response.status, response.headers.get('content-type')]).toEqual([501, 'text/xml'])
    expect(await response.text()).toContain('<Code>NotEmulated</Code>')
  })

  test('while a person gets the page', async () => {
    const response = await fetch(`${world.url}/?q=sandbox`)
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
  })
})
