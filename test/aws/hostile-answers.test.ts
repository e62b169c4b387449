import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { connectIdentityCenter } from '../../src/aws/connect.js'
import type { IdentityCenter } from '../../src/aws/identity-center.js'
import { systemClock } from '../../src/lib/clock.js'
import { systemTimers } from '../../src/lib/timers.js'
import { adminKey, demo, demoRegion } from '../emulator/aws-world.js'
import { passThroughGovernor, type RecordingGovernor } from '../support/pass-through-governor.js'
import { endpointsOf, failureOf, normal } from './aws-connection.js'
import { CannedServer, json } from './canned-server.js'

let server: CannedServer
let us: IdentityCenter
let governor: RecordingGovernor

const user = { UserId: demo.adaId, UserName: 'ada@example.com' }
const account = {
  Id: demo.management,
  Arn: `arn:aws:organizations::${demo.management}:account/o-abcdefghij/${demo.management}`,
  Name: 'management',
  Status: 'ACTIVE',
}
const pair = `${demo.sandbox}/${demo.readOnlyArn}`

beforeAll(async () => {
  server = await CannedServer.start()
})
afterAll(() => server[Symbol.asyncDispose]())
beforeEach(() => {
  server.asked.length = 0
  governor = passThroughGovernor()
  us = connectIdentityCenter({
    instanceArn: demo.instanceArn,
    region: demoRegion,
    credentials: { kind: 'ambient', chain: () => Promise.resolve(adminKey) },
    governor,
    timers: systemTimers(systemClock),
    endpoints: endpointsOf(server.url),
  })
  return () => us[Symbol.asyncDispose]()
})

/** Answers each operation with a body; the instance is a good one. */
function answering(bodies: Readonly<Record<string, unknown>>): void {
  server.answer = ({ operation }, res) =>
    json(
      res,
      operation === 'DescribeInstance' && !('DescribeInstance' in bodies) ? instance : bodies[operation],
    )
}

const instance = {
  InstanceArn: demo.instanceArn,
  IdentityStoreId: demo.identityStoreId,
  OwnerAccountId: demo.management,
  Status: 'ACTIVE',
}

describe('a row of another form fails the list and is named', () => {
  test.each([
    ['a user without id', { ...user, UserId: undefined }, 'no UserId'],
    ['a user with another id', { ...user, UserId: '../../admin' }, 'a UserId of a form'],
    ['a user without name', { ...user, UserName: '' }, 'no UserName'],
    ['a name without end', { ...user, UserName: 'a'.repeat(5000) }, 'a UserName of more than'],
  ])('%s', async (_name, row, says) => {
    answering({ ListUsers: { Users: [user, row] } })
    const error = await failureOf(us.read.listUsers(normal))
    expect(error).toMatchObject({ failure: 'invalid', operation: 'ListUsers' })
    expect(error.message).toContain(says)
  })

  test.each([
    ['an id that is none', { ...account, Id: '12' }, 'Id'],
    ['an ARN of something else', { ...account, Arn: 'arn:aws:iam::1:root' }, 'Arn'],
    ['no state', { ...account, Status: undefined }, 'Status'],
  ])('an account with %s', async (_name, row, says) => {
    answering({ ListAccounts: { Accounts: [row] } })
    const error = await failureOf(us.read.listAccounts({ ...normal, details: false }))
    expect(error).toMatchObject({ failure: 'invalid' })
    expect(error.message).toContain(says)
  })

  const other = '53c4a8e2-20b1-70f5-8d13-0a6f1e2b9cff'
  const group = { GroupId: other, DisplayName: 'team' }
  const set = demo.readOnlyArn
  test.each([
    ['two users of one name', { ListUsers: { Users: [user, { ...user, UserId: other }] } }, 'UserName'],
    ['two users of one id', { ListUsers: { Users: [user, { ...user, UserName: 'bob' }] } }, 'UserId'],
    [
      'two groups of one name',
      { ListGroups: { Groups: [group, { ...group, GroupId: demo.adaId }] } },
      'DisplayName',
    ],
    ['two groups of one id', { ListGroups: { Groups: [group, { ...group, DisplayName: 'b' }] } }, 'GroupId'],
    ['two accounts of one id', { ListAccounts: { Accounts: [account, { ...account, Name: 'b' }] } }, 'Id'],
    ['a permission set twice', { ListPermissionSets: { PermissionSets: [set, set] } }, 'PermissionSets'],
  ])('%s', async (_name, bodies, member) => {
    answering(bodies)
    const read = {
      ListUsers: () => us.read.listUsers(normal),
      ListGroups: () => us.read.listGroups(normal),
      ListAccounts: () => us.read.listAccounts({ ...normal, details: false }),
      ListPermissionSets: () => us.read.listPermissionSetArns(normal),
    }
    const [operation = ''] = Object.keys(bodies)
    const [, ask] = Object.entries(read).find(([name]) => name === operation) ?? []
    const error = await failureOf(ask?.() ?? Promise.resolve())
    expect(error).toMatchObject({ failure: 'invalid', operation })
    expect(error.message).toContain(`the same ${member} in two rows`)
  })

  test('and of a name in two pages', async () => {
    server.answer = ({ operation, body }, res) => {
      const isSecond = JSON.stringify(body).includes('second')
      const page = { Users: [{ ...user, UserId: isSecond ? other : user.UserId }] }
      json(
        res,
        operation === 'DescribeInstance' ? instance : isSecond ? page : { ...page, NextToken: 'second' },
      )
    }
    expect((await failureOf(us.read.listUsers(normal))).message).toContain('"ada@example.com"')
  })

  test('but the name of an account is shown safely and breaks no line', async () => {
    answering({ ListAccounts: { Accounts: [{ ...account, Name: 'pay\u202egnp\nroll' }] } })
    const [first] = await us.read.listAccounts({ ...normal, details: false })
    expect(first?.name).toBe('pay\u{fffd}gnp\u{fffd}roll')
  })

  test('and good ones pass', async () => {
    answering({ ListAccounts: { Accounts: [account] }, ListUsers: { Users: [user] } })
    expect(await us.read.listAccounts({ ...normal, details: false })).toHaveLength(1)
    expect(await us.read.listUsers(normal)).toHaveLength(1)
  })

  test('an assignment of another pair than the one asked for', async () => {
    const row = {
      AccountId: demo.production,
      PermissionSetArn: demo.readOnlyArn,
      PrincipalType: 'USER',
      PrincipalId: demo.adaId,
    }
    answering({ ListAccountAssignments: { AccountAssignments: [row] } })
    const error = await failureOf(us.read.listAssignmentsOfPair(pair, normal))
    expect(error.message).toContain('an assignment of another pair')
  })

  test('another instance than the one asked for', async () => {
    answering({ DescribeInstance: { ...instance, InstanceArn: demo.instanceArn.replace('6', '7') } })
    expect(await failureOf(us.read.listUsers(normal))).toMatchObject({ failure: 'invalid' })
  })

  test('a tag named __proto__ is a tag', async () => {
    answering({
      ListAccounts: { Accounts: [account] },
      ListRoots: { Roots: [] },
      ListTagsForResource: { Tags: [{ Key: '__proto__', Value: 'x' }] },
    })
    const [first] = await us.read.listAccounts({ ...normal, details: true })
    expect(Object.keys(first?.tags ?? {})).toEqual(['__proto__'])
  })
})

describe('a list that does not end is an error', () => {
  test('where the token is the same again', async () => {
    answering({ ListUsers: { Users: [user], NextToken: 'again' } })
    const error = await failureOf(us.read.listUsers(normal))
    expect(error).toMatchObject({ failure: 'invalid' })
    expect(error.message).toContain('token that came before')
    expect(governor.count('ListUsers')).toBe(2)
  })

  test('where tokens go in a circle', async () => {
    let page = 0
    server.answer = ({ operation }, res) => {
      page += operation === 'ListUsers' ? 1 : 0
      json(res, operation === 'DescribeInstance' ? instance : { Users: [], NextToken: `page-${page % 7}` })
    }
    expect(await failureOf(us.read.listUsers(normal))).toMatchObject({ failure: 'invalid' })
    expect(page).toBeLessThan(30)
  })
})

describe('answers to a change', () => {
  const change = { change: 'create', principalKind: 'user', principalId: demo.adaId, pair } as const

  test.each([
    ['nothing to follow', {}],
    [
      'a request id of another form',
      { AccountAssignmentCreationStatus: { Status: 'IN_PROGRESS', RequestId: '../x' } },
    ],
  ])('with %s leave its outcome unknown', async (_name, body) => {
    answering({ CreateAccountAssignment: body })
    expect(await failureOf(us.assignments.apply(change, normal))).toMatchObject({
      failure: 'unknown_outcome',
    })
    expect(governor.count('CreateAccountAssignment')).toBe(1)
  })

  test('that do not end keep all but ten waiting, and ten again when those end', async () => {
    let ended = false
    const RequestId = '11111111-2222-3333-4444-555555555555'
    server.answer = ({ operation }, res) => {
      const status = { RequestId, Status: ended ? 'SUCCEEDED' : 'IN_PROGRESS' }
      const begun = operation === 'CreateAccountAssignment'
      json(res, {
        AccountAssignmentCreationStatus: begun ? { ...status, Status: 'IN_PROGRESS' } : status,
      })
    }
    const accounts = Array.from({ length: 25 }, (_, at) => String(100_000_000_000 + at))
    const work = accounts.map((id) =>
      us.assignments.apply({ ...change, pair: `${id}/${demo.readOnlyArn}` }, normal),
    )
    // Each of them was looked at once more, and none of the others was begun.
    await vi.waitFor(
      () => expect(governor.count('DescribeAccountAssignmentCreationStatus')).toBeGreaterThanOrEqual(20),
      { timeout: 15_000 },
    )
    expect(governor.count('CreateAccountAssignment')).toBe(10)
    ended = true
    expect((await Promise.all(work)).map(({ status }) => status)).toEqual(accounts.map(() => 'succeeded'))
  })

  test('that fail say why, in bounded words without tokens', async () => {
    const RequestId = '11111111-2222-3333-4444-555555555555'
    const token = 'x'.repeat(500)
    const status = { Status: 'FAILED', RequestId, FailureReason: `no\n${token} ${'word '.repeat(500)}` }
    answering({ CreateAccountAssignment: { AccountAssignmentCreationStatus: status } })
    const outcome = await us.assignments.apply(change, normal)
    expect(outcome).toMatchObject({ status: 'failed', requestId: RequestId })
    expect(outcome.reason).toMatch(/^no \(left out\) word/)
    expect(outcome.reason?.length).toBeLessThanOrEqual(400)
  })
})

describe('errors', () => {
  test.each([
    ['ThrottlingException', 400, 'throttled'],
    ['TooManyRequestsException', 400, 'throttled'],
    ['AccessDeniedException', 400, 'denied'],
    ['UnrecognizedClientException', 400, 'unauthorized'],
    ['ExpiredTokenException', 400, 'unauthorized'],
    ['InvalidSignatureException', 400, 'unauthorized'],
    ['ResourceNotFoundException', 400, 'not_found'],
    ['ConflictException', 400, 'conflict'],
    ['ServiceQuotaExceededException', 400, 'quota'],
    ['ValidationException', 400, 'invalid'],
    ['SomethingNew', 400, 'invalid'],
    ['InternalServerException', 500, 'unknown_outcome'],
    ['ServiceUnavailable', 503, 'unknown_outcome'],
  ])('%s is %s', async (__type, status, failure) => {
    server.answer = (_asked, res) =>
      json(res, { __type, Message: 'because' }, status, { 'x-amzn-requestid': 'r-1' })
    const error = await failureOf(us.read.listPermissionSetArns(normal))
    expect(error).toMatchObject({ failure, awsCode: __type, requestId: 'r-1', service: 'sso-admin' })
    expect(error.message).toContain('because')
    expect(server.asked).toHaveLength(1)
  })

  test('a conflict of a unique value is told from an overlap, and the wait that AWS names is kept', async () => {
    server.answer = ({ operation }, res) => {
      const Reason = 'UNIQUENESS_CONSTRAINT_VIOLATION'
      if (operation === 'DescribeInstance') json(res, instance)
      else json(res, { __type: 'ConflictException', Message: 'twice', Reason }, 400)
    }
    expect(await failureOf(us.read.listUsers(normal))).toMatchObject({ failure: 'already_exists' })
    server.answer = (_asked, res) =>
      json(res, { __type: 'ThrottlingException', Message: 'slow', RetryAfterSeconds: 7 }, 400)
    expect(await failureOf(us.read.listUsers(normal))).toMatchObject({
      failure: 'throttled',
      retryAfterMs: 7000,
    })
  })

  test('a page of a proxy instead of an answer leaves the outcome unknown', async () => {
    server.answer = (_asked, res) => json(res, '<html>bad gateway</html>', 502)
    expect(await failureOf(us.read.listPermissionSetArns(normal))).toMatchObject({
      failure: 'unknown_outcome',
    })
    server.answer = (_asked, res) => json(res, '<html>welcome</html>', 200)
    expect(await failureOf(us.read.listPermissionSetArns(normal))).toMatchObject({
      failure: 'unknown_outcome',
    })
  })

  test('a call whose time is over is not begun', async () => {
    const deadline = systemClock.now() - 1
    expect(await failureOf(us.read.listPermissionSetArns({ ...normal, deadline }))).toMatchObject({
      failure: 'unknown_outcome',
      awsCode: 'Deadline',
    })
    expect(server.asked).toEqual([])
  })

  test('an answer that does not come is waited for until the deadline', async () => {
    server.answer = () => undefined
    const began = systemClock.now()
    const error = await failureOf(us.read.listPermissionSetArns({ ...normal, deadline: began + 300 }))
    expect(error).toMatchObject({ failure: 'unknown_outcome', awsCode: 'TimeOver' })
    expect(systemClock.now() - began).toBeLessThan(5000)
  })

  test('a connection that cannot be made says so', async () => {
    const gone = await CannedServer.start()
    await gone[Symbol.asyncDispose]()
    await using other = connectIdentityCenter({
      instanceArn: demo.instanceArn,
      region: demoRegion,
      credentials: { kind: 'ambient', chain: () => Promise.resolve(adminKey) },
      governor,
      timers: systemTimers(systemClock),
      endpoints: endpointsOf(gone.url),
    })
    expect(await failureOf(other.read.listPermissionSetArns(normal))).toMatchObject({
      failure: 'unknown_outcome',
      awsCode: 'ECONNREFUSED',
    })
  })
})
