/**
 * What the tests of sso-admin share: an organisation with callers of several accounts, inputs that do not fit their
 * shapes, and refusals as values.
 */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseOrganisation, type Organisation } from '../../../src/emulator/state/organisation.js'
import { adminKey, AwsWorld, demo, sendJson, type Credentials, type WorldOptions } from '../aws-world.js'
import { demoFile } from '../portal.js'

const demoText = readFileSync(demoFile, 'utf8')

export const sets = {
  administrator: 'arn:aws:sso:::permissionSet/ssoins-6987b2c41e0fa35d/ps-1a2b3c4d5e6f7081',
  powerUser: 'arn:aws:sso:::permissionSet/ssoins-6987b2c41e0fa35d/ps-2b3c4d5e6f708192',
  readOnly: demo.readOnlyArn,
  audit: 'arn:aws:sso:::permissionSet/ssoins-6987b2c41e0fa35d/ps-4d5e6f708192a3b4',
  billing: demo.billingArn,
  unknown: 'arn:aws:sso:::permissionSet/ssoins-6987b2c41e0fa35d/ps-ffffffffffffffff',
} as const

export const groups = {
  admins: '73e4f8c2-70d1-7021-4f2b-5b1c3d9e0a01',
  developers: '73e4f8c2-70d1-7021-4f2b-5b1c3d9e0a02',
  finance: '73e4f8c2-70d1-7021-4f2b-5b1c3d9e0a04',
} as const

export const otherInstance = 'arn:aws:sso:::instance/ssoins-0000000000000000'
export const strangerId = '53c4a8e2-20b1-70f5-8d13-ffffffffffff'
export const unknownRequest = '00000000-0000-4000-8000-000000000000'

/** Of the delegated administrator's account. */
export const delegateKey = {
  accessKeyId: 'AKIADELEGATE00000001',
  secretAccessKey: 'delegate-secret-0001',
}
/** Of an account that administers nothing. */
export const memberKey = { accessKeyId: 'AKIAMEMBER0000000001', secretAccessKey: 'member-secret-000001' }
/** Of the management account, with policies of a test. */
export const limitedKey = { accessKeyId: 'AKIALIMITED000000001', secretAccessKey: 'limited-secret-00001' }

export interface Rights {
  readonly actions: readonly string[]
  readonly resources?: readonly string[]
}

/** The demo organisation with a delegated administrator, a stranger, and a caller with these rights and no others. */
export function organisationOf({ actions, resources = ['*'] }: Rights = { actions: ['*'] }): Organisation {
  const statement = { Effect: 'Allow', Action: actions, Resource: resources }
  const callers = {
    delegatedAdministrator: 'shared-services',
    credentials: [
      { ...pair(adminKey), userName: 'admin' },
      { ...pair(delegateKey), userName: 'delegate', account: 'shared-services' },
      { ...pair(memberKey), userName: 'member', account: 'sandbox' },
      {
        ...pair(limitedKey),
        userName: 'limited',
        policies: [{ Version: '2012-10-17', Statement: [statement] }],
      },
    ],
  }
  const yaml = Object.entries(callers).map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
  return parseOrganisation(`${demoText}\n${yaml.join('')}`, 'demo.yaml with callers')
}

/** The clients leave marks on the objects that they are given. */
function pair({ accessKeyId, secretAccessKey }: Credentials): Credentials {
  return { accessKeyId, secretAccessKey }
}

/** An organisation is never changed, so that one serves all. */
const usual = organisationOf()

/** An emulator with {@link organisationOf}, unless the options name another. */
export function openWorld(options: WorldOptions = {}): Promise<AwsWorld> {
  return AwsWorld.open({ organisation: usual, ...options })
}

export interface Refusal {
  readonly code: string
  readonly message: string
}

/** Code and message of what an SDK call was refused with; fails where it was not refused. */
export async function refusal(call: Promise<unknown>): Promise<Refusal> {
  let answer: unknown
  try {
    answer = await call
  } catch (error) {
    if (error instanceof Error) return { code: error.name, message: error.message }
    throw error
  }
  throw new Error(`was not refused but answered ${JSON.stringify(answer)}`)
}

export type Change = Readonly<Record<string, unknown>>

/** A change of a good input, and what is said of it. */
export type BadInput = readonly [change: Change, message: string]

export interface InputCases {
  readonly operation: string
  readonly good: Readonly<Record<string, unknown>>
  readonly serialisation: readonly BadInput[]
  /** Clauses after `1 validation error detected: `. */
  readonly validation: readonly BadInput[]
}

/**
 * The groups `serialisation` and `validation` of an operation; the untouched input passes both. One emulator serves
 * all, as what is refused changes nothing.
 */
export function describeInputs({ operation, good, serialisation, validation }: InputCases): void {
  let world: AwsWorld
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world[Symbol.asyncDispose]())
  const send = (change: Change) =>
    sendJson(world.url, `SWBExternalService.${operation}`, JSON.stringify({ ...good, ...change }))
  const title = ([change]: BadInput): string => {
    const text = JSON.stringify(change, (_key, value: unknown) => value ?? '(absent)')
    return text.length > 100 ? `${text.slice(0, 100)}...` : text
  }
  describe('serialisation', () => {
    test('an input of the right types is read', async () => {
      expect((await send({})).body).not.toHaveProperty('__type', 'SerializationException')
    })
    test.each(serialisation.map((one) => [title(one), ...one] as const))(
      '%s',
      async (_title, change, message) => {
        const { status, body } = await send(change)
        expect({ status, body }).toEqual({ status: 400, body: { __type: 'SerializationException', message } })
      },
    )
  })
  describe('validation', () => {
    test('an input within the constraints passes', async () => {
      expect((await send({})).body).not.toHaveProperty('__type', 'ValidationException')
    })
    test.each(validation.map((one) => [title(one), ...one] as const))(
      '%s',
      async (_title, change, clause) => {
        const { status, body } = await send(change)
        const Message = `1 validation error detected: ${clause}`
        expect({ status, body }).toEqual({ status: 400, body: { __type: 'ValidationException', Message } })
      },
    )
  })
}

const camel = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1)

/** A member of the wrong type. */
export function noString(member: string): BadInput {
  return [{ [member]: 7 }, `NUMBER_VALUE at ${member} cannot be converted to a String`]
}

/** A required member that is not there. */
export function absent(member: string): BadInput {
  return [
    { [member]: undefined },
    `Value null at '${camel(member)}' failed to satisfy constraint: Member must not be null`,
  ]
}

/** A member whose value breaks its pattern and nothing else. */
export function unmatched(member: string, value: string, pattern: string): BadInput {
  return [
    { [member]: value },
    `Value '${value}' at '${camel(member)}' failed to satisfy constraint: ` +
      `Member must satisfy regular expression pattern: ${pattern}`,
  ]
}

/** A member whose value is none of the values that there are. */
export function noneOf(member: string, values: string): BadInput {
  return [
    { [member]: 'NONE' },
    `Value 'NONE' at '${camel(member)}' failed to satisfy constraint: Member must satisfy enum value set: [${values}]`,
  ]
}

export const badInstance = unmatched(
  'InstanceArn',
  'arn:aws:sso:::instance/six',
  'arn:aws(-[a-z]{1,5}){0,3}:sso:::instance/(sso)?ins-[a-zA-Z0-9-.]{16}',
)
export const badPermissionSet = unmatched(
  'PermissionSetArn',
  'arn:aws:sso:::permissionSet/six',
  'arn:aws(-[a-z]{1,5}){0,3}:sso:::permissionSet/(sso)?ins-[a-zA-Z0-9-.]{16}/ps-[a-zA-Z0-9-./]{16}',
)
export const badPrincipal = unmatched(
  'PrincipalId',
  'ada@example.com',
  '([0-9a-f]{10}-|)[A-Fa-f0-9]{8}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{12}',
)
export const badAccount = (member: string): BadInput => unmatched(member, '12345678901x', '\\d{12}')
export const badRequestId = (member: string): BadInput =>
  unmatched(
    member,
    unknownRequest.replaceAll('0', 'A'),
    '\\b[0-9a-f]{8}\\b-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-\\b[0-9a-f]{12}\\b',
  )

/** The paging members of a list with values that do not fit. */
export const paging: {
  readonly serialisation: readonly BadInput[]
  readonly validation: readonly BadInput[]
} = {
  serialisation: [
    noString('NextToken'),
    [{ MaxResults: '5' }, 'STRING_VALUE at MaxResults cannot be converted to an Integer'],
    [{ MaxResults: 1.5 }, 'NUMBER_VALUE at MaxResults cannot be converted to an Integer'],
  ],
  validation: [
    [
      { MaxResults: 0 },
      "Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ],
    [
      { MaxResults: 101 },
      "Value '101' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 100",
    ],
    unmatched('NextToken', 'not a token', '[-a-zA-Z0-9+=/_]*'),
    [
      { NextToken: 'a'.repeat(2049) },
      `Value '${'a'.repeat(256)}...' at 'nextToken' failed to satisfy constraint: ` +
        'Member must have length less than or equal to 2048',
    ],
  ],
}

/** Pages until there is no token. */
export async function collect<Page extends { readonly NextToken?: string | undefined }>(
  send: (token: string | undefined) => Promise<Page>,
): Promise<readonly Page[]> {
  const pages: Page[] = []
  let token: string | undefined
  do {
    const page = await send(token)
    pages.push(page)
    token = page.NextToken
  } while (token !== undefined)
  return pages
}
