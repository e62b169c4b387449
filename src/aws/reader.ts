/**
 * @module What is read of one Identity Center instance: the instance itself, its permission sets and assignments;
 * accounts and people stand in the neighbouring `read-` files.
 */
import {
  DescribeInstanceCommand,
  DescribePermissionSetCommand,
  ListAccountAssignmentsCommand,
  ListAccountAssignmentsForPrincipalCommand,
  ListPermissionSetsCommand,
  ListPermissionSetsProvisionedToAccountCommand,
} from '@aws-sdk/client-sso-admin'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import type { CallOptions } from '../core/governor/call.js'
import {
  pairKey,
  splitPairKey,
  type PairKey,
  type PrincipalKind,
} from '../core/identity-center/observation.js'
import type { AwsConnection } from './connection.js'
import type { AssignmentRow, IdentityCenterReader, InstanceFacts } from './identity-center.js'
import { readToEnd } from './pages.js'
import { answerOf, forms, type AnswerParser } from './parse.js'
import { listGroups, listMembers, listUsers } from './read-directory.js'
import { listAccounts, readManagementAccountId } from './read-organization.js'

const service = 'sso-admin'
const pageSize = 100

export function identityCenterReader(connection: AwsConnection): IdentityCenterReader {
  const InstanceArn = connection.instanceArn
  let storeId: string | undefined

  /** It never changes, so it is asked for once. */
  async function identityStoreId(options: CallOptions): Promise<string> {
    storeId ??= (await describeInstance(connection, options)).identityStoreId
    return storeId
  }

  return {
    async describeInstance(options) {
      const instance = await describeInstance(connection, options)
      storeId = instance.identityStoreId
      const caller = await describeCaller(connection, options)
      const managementAccountId = await readManagementAccountId(connection, options)
      return { ...instance, ...caller, managementAccountId }
    },
    listAccounts: (options) => listAccounts(connection, options),
    async listPermissionSetArns(options) {
      const answer = answerOf(service, 'ListPermissionSets')
      const arns = await readToEnd(service, 'ListPermissionSets', async (NextToken) => {
        const page = await connection.call(service, 'ListPermissionSets', options, (clients, abortSignal) => {
          const input = { InstanceArn, MaxResults: pageSize, NextToken }
          return clients.ssoAdmin.send(new ListPermissionSetsCommand(input), { abortSignal })
        })
        return { rows: parseSetArns(answer, page.PermissionSets), nextToken: page.NextToken }
      })
      answer.unique(arns, 'PermissionSets', (arn) => arn)
      return arns
    },
    async describePermissionSet(arn, options) {
      const answer = answerOf(service, 'DescribePermissionSet')
      const { PermissionSet } = await connection.call(
        service,
        'DescribePermissionSet',
        options,
        (clients, abortSignal) => {
          const input = { InstanceArn, PermissionSetArn: arn }
          return clients.ssoAdmin.send(new DescribePermissionSetCommand(input), { abortSignal })
        },
      )
      const set = answer.present(PermissionSet, 'PermissionSet')
      return {
        arn,
        name: answer.text(set.Name, 'Name', /^[\w+=,.@-]{1,32}$/),
        description: answer.optionalText(set.Description, 'Description'),
        sessionDuration: answer.optionalText(
          set.SessionDuration,
          'SessionDuration',
          /^P(?=.)(?:\d{1,5}[YMWD]){0,4}(?:T(?:\d{1,6}[HMS]){1,3})?$/,
        ),
      }
    },
    listUsers: async (options) => listUsers(connection, await identityStoreId(options), options),
    listGroups: async (options) => listGroups(connection, await identityStoreId(options), options),
    listMembers: async (groupId, options) =>
      listMembers(connection, await identityStoreId(options), groupId, options),
    listAssignmentsOfPrincipal: (kind, id, options) =>
      listAssignmentsOfPrincipal(connection, kind, id, options),
    listProvisionedSets(AccountId, options) {
      const operation = 'ListPermissionSetsProvisionedToAccount'
      const answer = answerOf(service, operation)
      return readToEnd(service, operation, async (NextToken) => {
        const page = await connection.call(service, operation, options, (clients, abortSignal) => {
          const input = { InstanceArn, AccountId, MaxResults: pageSize, NextToken }
          return clients.ssoAdmin.send(new ListPermissionSetsProvisionedToAccountCommand(input), {
            abortSignal,
          })
        })
        return { rows: parseSetArns(answer, page.PermissionSets), nextToken: page.NextToken }
      })
    },
    listAssignmentsOfPair: (pair, options) => listAssignmentsOfPair(connection, pair, options),
  }
}

async function describeInstance(
  { call, instanceArn }: AwsConnection,
  options: CallOptions,
): Promise<Omit<InstanceFacts, 'callerArn' | 'callerAccountId' | 'managementAccountId'>> {
  const answer = answerOf(service, 'DescribeInstance')
  const facts = await call(service, 'DescribeInstance', options, (clients, abortSignal) =>
    clients.ssoAdmin.send(new DescribeInstanceCommand({ InstanceArn: instanceArn }), { abortSignal }),
  )
  if (facts.InstanceArn !== instanceArn) answer.fail('another InstanceArn than the one that was asked for')
  return {
    instanceArn,
    identityStoreId: answer.text(facts.IdentityStoreId, 'IdentityStoreId', forms.identityStoreId),
    ownerAccountId: answer.text(facts.OwnerAccountId, 'OwnerAccountId', forms.accountId),
    name: answer.optionalText(facts.Name, 'Name'),
    status: answer.text(facts.Status, 'Status', forms.word),
  }
}

async function describeCaller(
  { call }: AwsConnection,
  options: CallOptions,
): Promise<Pick<InstanceFacts, 'callerArn' | 'callerAccountId'>> {
  const answer = answerOf('sts', 'GetCallerIdentity')
  const caller = await call('sts', 'GetCallerIdentity', options, (clients, abortSignal) =>
    clients.sts.send(new GetCallerIdentityCommand({}), { abortSignal }),
  )
  return {
    callerArn: answer.text(caller.Arn, 'Arn', forms.arn),
    callerAccountId: answer.text(caller.Account, 'Account', forms.accountId),
  }
}

/** What users hold through their groups is listed as well, in the group's name; those rows are dropped. */
async function listAssignmentsOfPrincipal(
  { call, instanceArn }: AwsConnection,
  kind: PrincipalKind,
  id: string,
  options: CallOptions,
): Promise<PairKey[]> {
  const operation = 'ListAccountAssignmentsForPrincipal'
  const answer = answerOf(service, operation)
  const rows = await readToEnd(service, operation, async (NextToken) => {
    const page = await call(service, operation, options, (clients, abortSignal) => {
      const input = {
        InstanceArn: instanceArn,
        PrincipalId: id,
        PrincipalType: principalTypes[kind],
        MaxResults: pageSize,
        NextToken,
      }
      return clients.ssoAdmin.send(new ListAccountAssignmentsForPrincipalCommand(input), { abortSignal })
    })
    const parsed = answer
      .list(page.AccountAssignments, 'AccountAssignments')
      .map((row) => parseAssignment(answer, row))
    return { rows: parsed, nextToken: page.NextToken }
  })
  return rows.filter((row) => row.principalId === id && row.principalKind === kind).map(({ pair }) => pair)
}

async function listAssignmentsOfPair(
  { call, instanceArn }: AwsConnection,
  pair: PairKey,
  options: CallOptions,
): Promise<AssignmentRow[]> {
  const operation = 'ListAccountAssignments'
  const answer = answerOf(service, operation)
  const { accountId, permissionSetArn } = splitPairKey(pair)
  return readToEnd(service, operation, async (NextToken) => {
    const page = await call(service, operation, options, (clients, abortSignal) => {
      const input = {
        InstanceArn: instanceArn,
        AccountId: accountId,
        PermissionSetArn: permissionSetArn,
        MaxResults: pageSize,
        NextToken,
      }
      return clients.ssoAdmin.send(new ListAccountAssignmentsCommand(input), { abortSignal })
    })
    const rows = answer.list(page.AccountAssignments, 'AccountAssignments').map((row) => {
      const parsed = parseAssignment(answer, row)
      return parsed.pair === pair ? parsed : answer.fail('an assignment of another pair')
    })
    return { rows, nextToken: page.NextToken }
  })
}

/** How AWS calls the kinds of principals. */
export const principalTypes = { user: 'USER', group: 'GROUP' } as const

function parseAssignment(
  answer: AnswerParser,
  row: {
    readonly AccountId?: string | undefined
    readonly PermissionSetArn?: string | undefined
    readonly PrincipalId?: string | undefined
    readonly PrincipalType?: string | undefined
  },
): AssignmentRow {
  const accountId = answer.text(row.AccountId, 'AccountId', forms.accountId)
  const arn = answer.text(row.PermissionSetArn, 'PermissionSetArn', forms.permissionSetArn)
  const type = answer.text(row.PrincipalType, 'PrincipalType', /^(?:USER|GROUP)$/)
  return {
    principalKind: type === 'USER' ? 'user' : 'group',
    principalId: answer.text(row.PrincipalId, 'PrincipalId', forms.principalId),
    pair: pairKey(accountId, arn),
  }
}

function parseSetArns(answer: AnswerParser, arns: readonly string[] | undefined): string[] {
  return answer
    .list(arns, 'PermissionSets')
    .map((arn) => answer.text(arn, 'PermissionSets', forms.permissionSetArn))
}
