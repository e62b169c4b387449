/**
 * What every operation of the service refuses, and the tables of what each refuses on its own.
 */
import { describe, expect, test } from 'vitest'
import { memberKey, storeId, type StoreWorld } from './store-world.js'

/** An input that is refused for one member, by a name, and the message. */
export type Refusal = readonly [name: string, input: Readonly<Record<string, unknown>>, message: string]

export interface Refusals {
  /** Input that is not refused, besides the store; the cases are laid over it. */
  readonly valid: Readonly<Record<string, unknown>>
  readonly serialisation: readonly Refusal[]
  readonly validation: readonly Refusal[]
}

export const textPattern = '[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\t\\n\\r \u00a0\u3000]+'
export const idPattern =
  '([0-9a-f]{10}-|)[A-Fa-f0-9]{8}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{12}'
export const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The message of one constraint that does not hold; without a value where it is sensitive. */
export function violation(value: string | undefined, at: string, must: string): string {
  const shown = value === undefined ? '' : `${value} `
  return `1 validation error detected: Value ${shown}at '${at}' failed to satisfy constraint: Member must ${must}`
}

/** The cases of a required id, by the member that holds it. */
export function idRefusals(
  member: string,
  at: string,
  wrap = (id: unknown): unknown => id,
): readonly Refusal[] {
  return [
    [
      `a ${at} of another form`,
      { [member]: wrap('abc') },
      violation("'abc'", at, `satisfy regular expression pattern: ${idPattern}`),
    ],
    [
      `a ${at} with something after it`,
      { [member]: wrap('53c4a8e2-20b1-70f5-8d13-0a6f1e2b9c01/') },
      violation(
        "'53c4a8e2-20b1-70f5-8d13-0a6f1e2b9c01/'",
        at,
        `satisfy regular expression pattern: ${idPattern}`,
      ),
    ],
  ]
}

export const pageRefusals: readonly Refusal[] = [
  [
    'no results at all',
    { MaxResults: 0 },
    violation("'0'", 'maxResults', 'have value greater than or equal to 1'),
  ],
  [
    '101 results',
    { MaxResults: 101 },
    violation("'101'", 'maxResults', 'have value less than or equal to 100'),
  ],
  [
    'an empty token',
    { NextToken: '' },
    violation("''", 'nextToken', 'have length greater than or equal to 1'),
  ],
  [
    'a token of other characters',
    { NextToken: 'a b' },
    violation("'a b'", 'nextToken', 'satisfy regular expression pattern: [-a-zA-Z0-9+=/:_]*'),
  ],
  ['a token that was never given', { NextToken: 'abcd' }, 'NextToken is not valid'],
]

/** The groups `serialisation` and `validation` of an operation, and that it is closed to other accounts and stores. */
export function describeRefusals(open: () => StoreWorld, operation: string, refusals: Refusals): void {
  const valid = { IdentityStoreId: storeId, ...refusals.valid }
  const store = '[d-[0-9a-f]{10}]'
  describe('serialisation', () => {
    test.each<Refusal>([
      [
        'a store that is a number',
        { IdentityStoreId: 1 },
        'NUMBER_VALUE at IdentityStoreId cannot be converted to a String',
      ],
      ...refusals.serialisation,
    ])('refuses %s', async (_name, input, message) => {
      const answer = await open().send(operation, { ...valid, ...input })
      expect(answer).toEqual({ status: 400, body: { __type: 'SerializationException', message } })
    })
  })
  describe('validation', () => {
    test.each<Refusal>([
      [
        'a missing store',
        { IdentityStoreId: undefined },
        violation('null', 'identityStoreId', 'not be null'),
      ],
      [
        `a store that is not of the form ${store}`,
        { IdentityStoreId: 'd-12345' },
        violation(
          "'d-12345'",
          'identityStoreId',
          'satisfy regular expression pattern: d-[0-9a-f]{10}$|^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}',
        ),
      ],
      ...refusals.validation,
    ])('refuses %s', async (_name, input, message) => {
      const answer = await open().send(operation, { ...valid, ...input })
      expect(answer).toEqual({
        status: 400,
        body: {
          __type: 'ValidationException',
          Message: message,
          RequestId: expect.stringMatching(uuid) as unknown,
        },
      })
    })
  })
  describe('access', () => {
    test('does not find another identity store', async () => {
      const answer = await open().send(operation, { ...valid, IdentityStoreId: 'd-0000000000' })
      expect(answer).toEqual({
        status: 400,
        body: {
          __type: 'ResourceNotFoundException',
          Message: 'IDENTITY_STORE not found.',
          ResourceType: 'IDENTITY_STORE',
          ResourceId: 'd-0000000000',
          RequestId: expect.stringMatching(uuid) as unknown,
        },
      })
    })

    test('is closed to a member account, whatever its policies allow', async () => {
      const answer = await open().send(operation, valid, memberKey)
      expect(answer).toEqual({
        status: 400,
        body: {
          __type: 'AccessDeniedException',
          Message:
            'arn:aws:iam::333333333333:user/member is neither of the management account nor of the delegated administrator account',
          RequestId: expect.stringMatching(uuid) as unknown,
        },
      })
    })
  })
}
