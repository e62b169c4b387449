import {
  DescribeAccountAssignmentCreationStatusCommand,
  DescribeAccountAssignmentDeletionStatusCommand,
  ListAccountAssignmentCreationStatusCommand,
  ListAccountAssignmentDeletionStatusCommand,
  type SSOAdminClient,
  type StatusValues,
} from '@aws-sdk/client-sso-admin'
import { describe, expect, test } from 'vitest'
import type { AssignmentRequest } from '../../../src/emulator/state/assignment.js'
import { demo, type AwsWorld } from '../aws-world.js'
import { assign, assigned, statusOf, unassign, unassigned } from './assign.js'
import {
  absent,
  badInstance,
  badRequestId,
  collect,
  describeInputs,
  groups,
  memberKey,
  noString,
  openWorld,
  organisationOf,
  otherInstance,
  paging,
  refusal,
  sets,
  strangerId,
  unknownRequest,
  type BadInput,
} from './support.js'

const { instanceArn: InstanceArn } = demo

interface ListQuery {
  readonly NextToken?: string | undefined
  readonly MaxResults?: number
  readonly Status?: StatusValues
  readonly instance?: string
}

/** The operations of one kind, alike but for their names. */
interface Kind {
  readonly kind: 'create' | 'delete'
  readonly noun: 'Creation' | 'Deletion'
  describe(client: SSOAdminClient, requestId: string, instance?: string): Promise<unknown>
  list(
    client: SSOAdminClient,
    query: ListQuery,
  ): Promise<{ readonly rows: readonly object[]; readonly NextToken: string | undefined }>
  /** A request that ends well. */
  succeed(world: AwsWorld): Promise<{ readonly RequestId?: string | undefined }>
  fail(world: AwsWorld): Promise<{ readonly RequestId?: string | undefined }>
  /** A request that is under way. */
  begin(client: SSOAdminClient): Promise<string | undefined>
}

const listInput = ({ Status, instance, ...query }: ListQuery) => ({
  InstanceArn: instance ?? InstanceArn,
  ...query,
  ...(Status !== undefined && { Filter: { Status } }),
})

const existing = { PermissionSetArn: sets.readOnly, PrincipalId: groups.developers } as const
const byStranger = { PrincipalType: 'USER', PrincipalId: strangerId } as const

const kinds: readonly Kind[] = [
  {
    kind: 'create',
    noun: 'Creation',
    describe: (client, id, instance = InstanceArn) =>
      client.send(
        new DescribeAccountAssignmentCreationStatusCommand({
          InstanceArn: instance,
          AccountAssignmentCreationRequestId: id,
        }),
      ),
    list: async (client, query) => {
      const page = await client.send(new ListAccountAssignmentCreationStatusCommand(listInput(query)))
      return { rows: page.AccountAssignmentsCreationStatus ?? [], NextToken: page.NextToken }
    },
    succeed: (world) => assigned(world),
    fail: (world) => assigned(world, byStranger),
    begin: async (client) =>
      (await client.send(assign({ TargetId: demo.production }))).AccountAssignmentCreationStatus?.RequestId,
  },
  {
    kind: 'delete',
    noun: 'Deletion',
    describe: (client, id, instance = InstanceArn) =>
      client.send(
        new DescribeAccountAssignmentDeletionStatusCommand({
          InstanceArn: instance,
          AccountAssignmentDeletionRequestId: id,
        }),
      ),
    list: async (client, query) => {
      const page = await client.send(new ListAccountAssignmentDeletionStatusCommand(listInput(query)))
      return { rows: page.AccountAssignmentsDeletionStatus ?? [], NextToken: page.NextToken }
    },
    succeed: (world) => unassigned(world, existing),
    fail: (world) => unassigned(world, byStranger),
    begin: async (client) =>
      (await client.send(unassign({ ...existing, TargetId: demo.production })))
        .AccountAssignmentDeletionStatus?.RequestId,
  },
]

const filter: { readonly serialisation: readonly BadInput[]; readonly validation: readonly BadInput[] } = {
  serialisation: [
    [{ Filter: [] }, 'LIST_VALUE at Filter cannot be converted to a structure'],
    [{ Filter: { Status: 1 } }, 'NUMBER_VALUE at Filter.Status cannot be converted to a String'],
  ],
  validation: [
    [
      { Filter: { Status: 'DONE' } },
      "Value 'DONE' at 'filter.status' failed to satisfy constraint: " +
        'Member must satisfy enum value set: [IN_PROGRESS, FAILED, SUCCEEDED]',
    ],
  ],
}

describe.each(kinds)('DescribeAccountAssignment$nounStatus', (of) => {
  const member = `AccountAssignment${of.noun}RequestId`
  describeInputs({
    operation: `DescribeAccountAssignment${of.noun}Status`,
    good: { InstanceArn, [member]: unknownRequest },
    serialisation: [noString('InstanceArn'), noString(member)],
    validation: [absent('InstanceArn'), badInstance, absent(member), badRequestId(member)],
  })

  describe('function', () => {
    test('tells all of a request, and the reason of a failure', async () => {
      await using world = await openWorld()
      const good = await of.succeed(world)
      expect(good).toMatchObject({ Status: 'SUCCEEDED', TargetType: 'AWS_ACCOUNT' })
      expect(good).not.toHaveProperty('FailureReason')
      const bad = await of.fail(world)
      expect(bad).toMatchObject({ Status: 'FAILED', PrincipalId: strangerId })
      expect(bad).toHaveProperty('FailureReason')
    })

    test('a request of the other kind, an unknown one and another instance are not found', async () => {
      await using world = await openWorld()
      const { ssoAdmin } = world.clients
      const other = kinds.find(({ kind }) => kind !== of.kind)
      const { RequestId: foreign = '' } = (await other?.succeed(world)) ?? {}
      for (const id of [foreign, unknownRequest]) {
        expect(await refusal(of.describe(ssoAdmin, id))).toEqual({
          code: 'ResourceNotFoundException',
          message: `The request ${id} was not found`,
        })
      }
      const { RequestId: own = '' } = await of.succeed(world)
      await of.describe(ssoAdmin, own)
      expect((await refusal(of.describe(ssoAdmin, own, otherInstance))).message).toBe(
        `The instance ${otherInstance} was not found`,
      )
      expect((await refusal(of.describe(world.clientsOf(memberKey).ssoAdmin, own))).code).toBe(
        'AccessDeniedException',
      )
    })

    test('a status does not lag behind', async () => {
      await using world = await openWorld({ settings: { readLagMs: 5000 } })
      expect(await of.succeed(world)).toMatchObject({ Status: 'SUCCEEDED' })
    })
  })
})

describe.each(kinds)('ListAccountAssignment$nounStatus', (of) => {
  describeInputs({
    operation: `ListAccountAssignment${of.noun}Status`,
    good: { InstanceArn, Filter: { Status: 'FAILED' } },
    serialisation: [noString('InstanceArn'), ...filter.serialisation, ...paging.serialisation],
    validation: [absent('InstanceArn'), badInstance, ...filter.validation, ...paging.validation],
  })

  describe('function', () => {
    test('tells status, id and time of each, and of those with one status', async () => {
      await using world = await openWorld()
      const { ssoAdmin } = world.clients
      const CreatedDate = new Date(world.clock.now())
      const good = { RequestId: (await of.succeed(world)).RequestId, Status: 'SUCCEEDED', CreatedDate }
      const second = new Date(world.clock.now())
      const bad = { RequestId: (await of.fail(world)).RequestId, Status: 'FAILED', CreatedDate: second }
      const third = new Date(world.clock.now())
      const begun = { RequestId: await of.begin(ssoAdmin), Status: 'IN_PROGRESS', CreatedDate: third }
      expect((await of.list(ssoAdmin, {})).rows).toEqual([good, bad, begun])
      for (const row of [good, bad, begun]) {
        const Status = row.Status as StatusValues
        expect((await of.list(ssoAdmin, { Status })).rows).toEqual([row])
      }
    })

    test('comes in pages; a token is good for its own filter only', async () => {
      await using world = await openWorld({ settings: { shortPages: 0.5 } })
      const { ssoAdmin } = world.clients
      for (const ending of [of.fail, of.fail, of.succeed, of.fail]) await ending(world)
      const pages = await collect((NextToken) =>
        of.list(ssoAdmin, { NextToken, MaxResults: 2, Status: 'FAILED' }),
      )
      expect(pages.flatMap((page) => page.rows)).toHaveLength(3)
      const { NextToken } = await of.list(ssoAdmin, { MaxResults: 1 })
      await of.list(ssoAdmin, { NextToken })
      expect(await refusal(of.list(ssoAdmin, { NextToken, Status: 'FAILED' }))).toEqual({
        code: 'ValidationException',
        message: 'NextToken is not valid',
      })
    })

    test('another instance is not found, and a member account is refused', async () => {
      await using world = await openWorld()
      expect((await refusal(of.list(world.clients.ssoAdmin, { instance: otherInstance }))).code).toBe(
        'ResourceNotFoundException',
      )
      expect((await refusal(of.list(world.clientsOf(memberKey).ssoAdmin, {}))).code).toBe(
        'AccessDeniedException',
      )
    })
  })
})

describe('requests that have ended', () => {
  const requestOf = (index: number, status: AssignmentRequest['status']): AssignmentRequest => ({
    requestId: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    kind: 'create',
    status,
    principalType: 'GROUP',
    principalId: groups.finance,
    accountId: demo.production,
    permissionSetArn: sets.billing,
    createdAt: 0,
  })

  test('are forgotten, oldest first, once there are more than ten thousand; those under way are not', async () => {
    const organisation = organisationOf()
    const assignmentRequests = Array.from({ length: 10_000 }, (_, index) =>
      requestOf(index, index === 1 ? 'IN_PROGRESS' : 'SUCCEEDED'),
    )
    await using world = await openWorld({
      organisation: { ...organisation, contents: { ...organisation.contents, assignmentRequests } },
    })
    const { ssoAdmin } = world.clients
    const idOf = (index: number) => requestOf(index, 'SUCCEEDED').requestId
    expect((await statusOf(ssoAdmin, 'create', idOf(0))).Status).toBe('SUCCEEDED')
    await assigned(world)
    expect((await refusal(statusOf(ssoAdmin, 'create', idOf(0)))).code).toBe('ResourceNotFoundException')
    expect((await refusal(statusOf(ssoAdmin, 'create', idOf(500)))).code).toBe('ResourceNotFoundException')
    expect((await statusOf(ssoAdmin, 'create', idOf(501))).Status).toBe('SUCCEEDED')
    expect((await statusOf(ssoAdmin, 'create', idOf(1))).Status).toBe('IN_PROGRESS')
  })
})
