import { ListPermissionSetProvisioningStatusCommand } from '@aws-sdk/client-sso-admin'
import { describe, expect, test } from 'vitest'
import { demo } from '../aws-world.js'
import { begin, statusOf } from './provision.js'
import {
  absent,
  badInstance,
  badRequestId,
  collect,
  describeInputs,
  memberKey,
  noString,
  openWorld,
  otherInstance,
  paging,
  refusal,
  unknownRequest,
} from './support.js'

const { instanceArn: InstanceArn } = demo

describe('DescribePermissionSetProvisioningStatus', () => {
  const member = 'ProvisionPermissionSetRequestId'
  describeInputs({
    operation: 'DescribePermissionSetProvisioningStatus',
    good: { InstanceArn, [member]: unknownRequest },
    serialisation: [noString('InstanceArn'), noString(member)],
    validation: [absent('InstanceArn'), badInstance, absent(member), badRequestId(member)],
  })

  describe('function', () => {
    test('tells a request; an unknown one is not found', async () => {
      await using world = await openWorld()
      const { ssoAdmin } = world.clients
      const id = await begin(ssoAdmin)
      expect(await statusOf(ssoAdmin, id)).toMatchObject({ RequestId: id, Status: 'IN_PROGRESS' })
      expect(await refusal(statusOf(ssoAdmin, unknownRequest))).toEqual({
        code: 'ResourceNotFoundException',
        message: `The request ${unknownRequest} was not found`,
      })
      expect((await refusal(statusOf(world.clientsOf(memberKey).ssoAdmin, id))).code).toBe(
        'AccessDeniedException',
      )
    })
  })
})

describe('ListPermissionSetProvisioningStatus', () => {
  describeInputs({
    operation: 'ListPermissionSetProvisioningStatus',
    good: { InstanceArn, Filter: { Status: 'SUCCEEDED' } },
    serialisation: [
      noString('InstanceArn'),
      [{ Filter: 'x' }, 'STRING_VALUE at Filter cannot be converted to a structure'],
      ...paging.serialisation,
    ],
    validation: [
      absent('InstanceArn'),
      badInstance,
      [
        { Filter: { Status: 'DONE' } },
        "Value 'DONE' at 'filter.status' failed to satisfy constraint: " +
          'Member must satisfy enum value set: [IN_PROGRESS, FAILED, SUCCEEDED]',
      ],
      ...paging.validation,
    ],
  })

  describe('function', () => {
    test('tells status, id and time, page by page and by status', async () => {
      await using world = await openWorld()
      const { ssoAdmin } = world.clients
      const CreatedDate = new Date(world.clock.now())
      const first = { RequestId: await begin(ssoAdmin), Status: 'SUCCEEDED', CreatedDate }
      await world.advance(500)
      const second = {
        RequestId: await begin(ssoAdmin),
        Status: 'IN_PROGRESS',
        CreatedDate: new Date(world.clock.now()),
      }
      const pages = await collect((NextToken) =>
        ssoAdmin.send(
          new ListPermissionSetProvisioningStatusCommand({ InstanceArn, NextToken, MaxResults: 1 }),
        ),
      )
      expect(pages.map((page) => page.PermissionSetsProvisioningStatus)).toEqual([[first], [second]])
      const { PermissionSetsProvisioningStatus: done } = await ssoAdmin.send(
        new ListPermissionSetProvisioningStatusCommand({ InstanceArn, Filter: { Status: 'SUCCEEDED' } }),
      )
      expect(done).toEqual([first])
    })

    test('another instance is not found', async () => {
      await using world = await openWorld()
      const call = world.clients.ssoAdmin.send(
        new ListPermissionSetProvisioningStatusCommand({ InstanceArn: otherInstance }),
      )
      expect((await refusal(call)).code).toBe('ResourceNotFoundException')
    })
  })
})
