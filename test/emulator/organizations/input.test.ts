import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sendJson, type AwsWorld } from '../aws-world.js'
import { keys, openTree } from './tree-world.js'

let world: AwsWorld
beforeAll(async () => {
  world = await openTree()
})
afterAll(() => world[Symbol.asyncDispose]())

const call = async (operation: string, input: unknown) => {
  const authorization =
    `AWS4-HMAC-SHA256 Credential=${keys.management.accessKeyId}/20261122/us-east-1/organizations/aws4_request, ` +
    `SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`
  const { status, body } = await sendJson(
    world.url,
    `AWSOrganizationsV20161128.${operation}`,
    typeof input === 'string' ? input : JSON.stringify(input),
    { headers: { authorization } },
  )
  return { status, body }
}

const paged = [
  ['ListAccounts', {}],
  ['ListRoots', {}],
  ['ListDelegatedAdministrators', {}],
  ['ListAccountsForParent', { ParentId: 'r-ab12' }],
  ['ListOrganizationalUnitsForParent', { ParentId: 'r-ab12' }],
  ['ListChildren', { ParentId: 'r-ab12', ChildType: 'ACCOUNT' }],
  ['ListParents', { ChildId: '111111111111' }],
] as const

describe('serialisation', () => {
  const refused = (text: string) => ({
    status: 400,
    body: { __type: 'SerializationException', message: text },
  })

  test.each([...paged, ['ListTagsForResource', { ResourceId: 'r-ab12' }] as const])(
    '%s: a token that is no text',
    async (operation, input) => {
      expect(await call(operation, { ...input, NextToken: 1 })).toEqual(
        refused('NUMBER_VALUE at NextToken cannot be converted to a String'),
      )
    },
  )

  test.each(paged)('%s: a size that is no integer', async (operation, input) => {
    expect(await call(operation, { ...input, MaxResults: '5' })).toEqual(
      refused('STRING_VALUE at MaxResults cannot be converted to an Integer'),
    )
    expect(await call(operation, { ...input, MaxResults: 1.5 })).toEqual(
      refused('NUMBER_VALUE at MaxResults cannot be converted to an Integer'),
    )
  })

  test.each([
    ['ListAccountsForParent', 'ParentId'],
    ['ListOrganizationalUnitsForParent', 'ParentId'],
    ['ListChildren', 'ParentId'],
    ['ListChildren', 'ChildType'],
    ['ListParents', 'ChildId'],
    ['ListTagsForResource', 'ResourceId'],
    ['DescribeAccount', 'AccountId'],
    ['DescribeOrganizationalUnit', 'OrganizationalUnitId'],
    ['ListDelegatedAdministrators', 'ServicePrincipal'],
  ])('%s: %s that is no text', async (operation, member) => {
    expect(await call(operation, { [member]: ['x'] })).toEqual(
      refused(`LIST_VALUE at ${member} cannot be converted to a String`),
    )
  })

  test.each(['DescribeOrganization', 'ListAccounts'])(
    '%s: a body that is no structure',
    async (operation) => {
      expect(await call(operation, '[]')).toEqual(
        refused('LIST_VALUE at the body cannot be converted to a structure'),
      )
      expect(await call(operation, '{')).toEqual(refused('the body is not JSON in UTF-8'))
    },
  )
})

describe('validation', () => {
  const texts = {
    INPUT_REQUIRED: 'You must provide a value for each required parameter.',
    INVALID_ENUM: 'You specified a value that is not one of those allowed.',
    INVALID_PATTERN: 'You provided a value that does not match the required pattern.',
    MAX_LENGTH_EXCEEDED: 'You provided a value that is too long.',
    MAX_VALUE_EXCEEDED: 'You provided a number that is too large.',
    MIN_LENGTH_EXCEEDED: 'You provided a value that is too short.',
    MIN_VALUE_EXCEEDED: 'You provided a number that is too small.',
    UNRECOGNIZED_SERVICE_PRINCIPAL: 'You specified an unrecognized service principal.',
  }
  const refused = (Reason: keyof typeof texts) => ({
    status: 400,
    body: { __type: 'InvalidInputException', Message: texts[Reason], Reason },
  })

  test.each(paged)('%s: sizes beyond 1 to 20', async (operation, input) => {
    expect(await call(operation, { ...input, MaxResults: 0 })).toEqual(refused('MIN_VALUE_EXCEEDED'))
    expect(await call(operation, { ...input, MaxResults: 21 })).toEqual(refused('MAX_VALUE_EXCEEDED'))
    expect((await call(operation, { ...input, MaxResults: 20 })).status).toBe(200)
  })

  test.each([...paged, ['ListTagsForResource', { ResourceId: 'r-ab12' }] as const])(
    '%s: a token that is too long',
    async (operation, input) => {
      expect(await call(operation, { ...input, NextToken: 'x'.repeat(100_001) })).toEqual(
        refused('MAX_LENGTH_EXCEEDED'),
      )
    },
  )

  test.each<[string, Record<string, string>, keyof typeof texts]>([
    ['ListAccountsForParent', {}, 'INPUT_REQUIRED'],
    ['ListAccountsForParent', { ParentId: '111111111111' }, 'INVALID_PATTERN'],
    ['ListAccountsForParent', { ParentId: 'r-ab12\n' }, 'INVALID_PATTERN'],
    ['ListAccountsForParent', { ParentId: `ou-ab12-${'x'.repeat(100)}` }, 'MAX_LENGTH_EXCEEDED'],
    ['ListOrganizationalUnitsForParent', {}, 'INPUT_REQUIRED'],
    ['ListOrganizationalUnitsForParent', { ParentId: 'R-AB12' }, 'INVALID_PATTERN'],
    ['ListChildren', { ChildType: 'ACCOUNT' }, 'INPUT_REQUIRED'],
    ['ListChildren', { ParentId: 'r-ab12' }, 'INPUT_REQUIRED'],
    ['ListChildren', { ParentId: 'r-ab12', ChildType: 'account' }, 'INVALID_ENUM'],
    ['ListParents', {}, 'INPUT_REQUIRED'],
    ['ListParents', { ChildId: 'r-ab12' }, 'INVALID_PATTERN'],
    ['ListTagsForResource', {}, 'INPUT_REQUIRED'],
    ['ListTagsForResource', { ResourceId: 'x' }, 'INVALID_PATTERN'],
    ['DescribeAccount', {}, 'INPUT_REQUIRED'],
    ['DescribeAccount', { AccountId: '11111111111' }, 'INVALID_PATTERN'],
    ['DescribeAccount', { AccountId: '1111111111111' }, 'MAX_LENGTH_EXCEEDED'],
    ['DescribeOrganizationalUnit', {}, 'INPUT_REQUIRED'],
    ['DescribeOrganizationalUnit', { OrganizationalUnitId: 'ou-ab12' }, 'INVALID_PATTERN'],
    ['ListDelegatedAdministrators', { ServicePrincipal: '' }, 'MIN_LENGTH_EXCEEDED'],
    ['ListDelegatedAdministrators', { ServicePrincipal: 'a b' }, 'INVALID_PATTERN'],
    ['ListDelegatedAdministrators', { ServicePrincipal: 'sso' }, 'UNRECOGNIZED_SERVICE_PRINCIPAL'],
  ])('%s with %j: %s', async (operation, input, reason) => {
    expect(await call(operation, input)).toEqual(refused(reason))
  })

  test('DescribeOrganization has no input; what is sent is not looked at', async () => {
    expect((await call('DescribeOrganization', { Unknown: 1 })).status).toBe(200)
    expect((await call('DescribeOrganization', '')).status).toBe(200)
  })
})
