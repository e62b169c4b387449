/**
 * @module Users, groups and memberships of the identity store. Reads only: SCIM is the writer.
 */
import {
  ListGroupMembershipsCommand,
  ListGroupsCommand,
  ListUsersCommand,
  type Group,
  type User,
} from '@aws-sdk/client-identitystore'
import type { CallOptions } from '../core/governor/call.js'
import type { ObservedGroup, ObservedUser } from '../core/identity-center/observation.js'
import type { AwsConnection } from './connection.js'
import { readToEnd } from './pages.js'
import { answerOf, forms, type AnswerParser } from './parse.js'

const service = 'identitystore'
const pageSize = 100

export async function listUsers(
  connection: AwsConnection,
  identityStoreId: string,
  options: CallOptions,
): Promise<ObservedUser[]> {
  const answer = answerOf(service, 'ListUsers')
  const users = await readToEnd(service, 'ListUsers', async (NextToken) => {
    const page = await connection.call(service, 'ListUsers', options, (clients, abortSignal) => {
      const input = { IdentityStoreId: identityStoreId, MaxResults: pageSize, NextToken }
      return clients.identitystore.send(new ListUsersCommand(input), { abortSignal })
    })
    const rows = answer.list(page.Users, 'Users').map((user) => parseUser(answer, user))
    return { rows, nextToken: page.NextToken }
  })
  answer.unique(users, 'UserId', ({ id }) => id)
  // Users are told apart by their names: of two that have one, the wrong one could be taken for ours.
  answer.unique(users, 'UserName', ({ userName }) => userName)
  return users
}

export async function listGroups(
  connection: AwsConnection,
  identityStoreId: string,
  options: CallOptions,
): Promise<ObservedGroup[]> {
  const answer = answerOf(service, 'ListGroups')
  const groups = await readToEnd(service, 'ListGroups', async (NextToken) => {
    const page = await connection.call(service, 'ListGroups', options, (clients, abortSignal) => {
      const input = { IdentityStoreId: identityStoreId, MaxResults: pageSize, NextToken }
      return clients.identitystore.send(new ListGroupsCommand(input), { abortSignal })
    })
    const rows = answer.list(page.Groups, 'Groups').map((group) => parseGroup(answer, group))
    return { rows, nextToken: page.NextToken }
  })
  answer.unique(groups, 'GroupId', ({ id }) => id)
  answer.unique(groups, 'DisplayName', ({ displayName }) => displayName)
  return groups
}

/** @throws AwsCallError `not_found` where the group is gone */
export async function listMembers(
  connection: AwsConnection,
  identityStoreId: string,
  groupId: string,
  options: CallOptions,
): Promise<string[]> {
  const answer = answerOf(service, 'ListGroupMemberships')
  return readToEnd(service, 'ListGroupMemberships', async (NextToken) => {
    const page = await connection.call(service, 'ListGroupMemberships', options, (clients, abortSignal) => {
      const input = { IdentityStoreId: identityStoreId, GroupId: groupId, MaxResults: pageSize, NextToken }
      return clients.identitystore.send(new ListGroupMembershipsCommand(input), { abortSignal })
    })
    const rows = answer
      .list(page.GroupMemberships, 'GroupMemberships')
      .map(({ MemberId }) => answer.text(MemberId?.UserId, 'MemberId', forms.principalId))
    return { rows, nextToken: page.NextToken }
  })
}

function parseUser(answer: AnswerParser, user: User): ObservedUser {
  const emails = answer.list(user.Emails, 'Emails')
  const email = emails.find(({ Primary }) => Primary === true) ?? emails[0]
  const status: string | undefined = user.UserStatus
  return {
    id: answer.text(user.UserId, 'UserId', forms.principalId),
    userName: answer.text(user.UserName, 'UserName'),
    displayName: answer.optionalText(user.DisplayName, 'DisplayName'),
    givenName: answer.optionalText(user.Name?.GivenName, 'GivenName'),
    familyName: answer.optionalText(user.Name?.FamilyName, 'FamilyName'),
    email: answer.optionalText(email?.Value, 'Emails'),
    active: status === 'ENABLED' ? true : status === 'DISABLED' ? false : undefined,
    externalId: parseExternalId(answer, user.ExternalIds),
  }
}

function parseGroup(answer: AnswerParser, group: Group): ObservedGroup {
  return {
    id: answer.text(group.GroupId, 'GroupId', forms.principalId),
    displayName: answer.text(group.DisplayName, 'DisplayName'),
    externalId: parseExternalId(answer, group.ExternalIds),
  }
}

/** The issuer of what SCIM provisioned is documented nowhere, so the first id is taken whoever issued it. */
function parseExternalId(answer: AnswerParser, ids: User['ExternalIds']): string | undefined {
  return answer.optionalText(answer.list(ids, 'ExternalIds')[0]?.Id, 'ExternalIds')
}
