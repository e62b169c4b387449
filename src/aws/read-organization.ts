/**
 * @module Accounts of the organisation, and with details their units and tags. What may not be read is left out and
 * told; the accounts themselves come whole or not at all.
 */
import {
  DescribeOrganizationCommand,
  ListAccountsCommand,
  ListAccountsForParentCommand,
  ListOrganizationalUnitsForParentCommand,
  ListRootsCommand,
  ListTagsForResourceCommand,
  type Account,
} from '@aws-sdk/client-organizations'
import type { CallOptions } from '../core/governor/call.js'
import type { ObservedAccount } from '../core/identity-center/observation.js'
import { visibleText } from '../core/visible-text.js'
import type { AwsConnection } from './connection.js'
import { isDenied } from './errors.js'
import type { AccountDetail } from './identity-center.js'
import { readToEnd } from './pages.js'
import { answerOf, forms, type AnswerParser } from './parse.js'

const service = 'organizations'
/** The most that Organizations takes. */
const pageSize = 20
/** AWS nests units five deep below the root; a deeper tree is a circle. */
const deepest = 8
/** AWS allows 5,000 units in an organisation (raised quotas included). */
const mostUnits = 20_000

export interface AccountOptions extends CallOptions {
  readonly details: boolean
  readonly onLeftOut?: (detail: AccountDetail, says: string) => void
}

/** Every account whatever its status, suspended ones too. */
export async function listAccounts(
  connection: AwsConnection,
  options: AccountOptions,
): Promise<ObservedAccount[]> {
  const accounts = await readToEnd(service, 'ListAccounts', (token) =>
    accountsPage(connection, token, options),
  )
  answerOf(service, 'ListAccounts').unique(accounts, 'Id', ({ id }) => id)
  if (!options.details) return accounts
  const paths = await unlessDenied(options, 'units', () => readPaths(connection, options))
  const tags = await unlessDenied(options, 'tags', () => readTags(connection, accounts, options))
  return accounts.map((account) => ({
    ...account,
    ouPath: paths?.get(account.id),
    tags: tags?.get(account.id) ?? {},
  }))
}

/** The management account's id; undefined where neither the organisation nor its accounts may be read. */
export async function readManagementAccountId(
  connection: AwsConnection,
  options: CallOptions,
): Promise<string | undefined> {
  const answer = answerOf(service, 'DescribeOrganization')
  try {
    const { Organization } = await connection.call(
      service,
      'DescribeOrganization',
      options,
      (clients, abortSignal) =>
        clients.organizations.send(new DescribeOrganizationCommand({}), { abortSignal }),
    )
    return answer.text(Organization?.MasterAccountId, 'MasterAccountId', forms.accountId)
  } catch (error) {
    if (!isDenied(error)) throw error
  }
  // The permission is not in the base policy; every account's ARN names the management account as well.
  try {
    const { rows } = await accountsPage(connection, undefined, options)
    return rows[0] === undefined ? undefined : managementAccountOf(rows[0].arn)
  } catch (error) {
    if (!isDenied(error)) throw error
    return undefined
  }
}

async function accountsPage(connection: AwsConnection, NextToken: string | undefined, options: CallOptions) {
  const answer = answerOf(service, 'ListAccounts')
  const page = await connection.call(service, 'ListAccounts', options, (clients, abortSignal) =>
    clients.organizations.send(new ListAccountsCommand({ MaxResults: pageSize, NextToken }), { abortSignal }),
  )
  const rows = answer.list(page.Accounts, 'Accounts').map((account) => parseAccount(answer, account))
  return { rows, nextToken: page.NextToken }
}

/** Path of names from the root for each account in the tree. */
async function readPaths(connection: AwsConnection, options: CallOptions): Promise<Map<string, string>> {
  const paths = new Map<string, string>()
  let left = mostUnits
  const enter = async (id: string, path: string, depth: number): Promise<void> => {
    left -= 1
    if (depth > deepest || left < 0)
      answerOf(service, 'ListOrganizationalUnitsForParent').fail('too many units')
    for (const accountId of await accountsOf(connection, id, options)) paths.set(accountId, path)
    for (const unit of await unitsOf(connection, id, options)) {
      await enter(unit.id, `${path}/${unit.name}`, depth + 1)
    }
  }
  for (const root of await roots(connection, options)) await enter(root.id, root.name, 0)
  return paths
}

async function roots(connection: AwsConnection, options: CallOptions) {
  const answer = answerOf(service, 'ListRoots')
  return readToEnd(service, 'ListRoots', async (NextToken) => {
    const page = await connection.call(service, 'ListRoots', options, (clients, abortSignal) =>
      clients.organizations.send(new ListRootsCommand({ MaxResults: pageSize, NextToken }), { abortSignal }),
    )
    const rows = answer.list(page.Roots, 'Roots').map(({ Id, Name }) => parseUnit(answer, Id, Name))
    return { rows, nextToken: page.NextToken }
  })
}

async function unitsOf(connection: AwsConnection, ParentId: string, options: CallOptions) {
  const operation = 'ListOrganizationalUnitsForParent'
  const answer = answerOf(service, operation)
  return readToEnd(service, operation, async (NextToken) => {
    const page = await connection.call(service, operation, options, (clients, abortSignal) => {
      const input = { ParentId, MaxResults: pageSize, NextToken }
      return clients.organizations.send(new ListOrganizationalUnitsForParentCommand(input), { abortSignal })
    })
    const units = answer.list(page.OrganizationalUnits, 'OrganizationalUnits')
    return { rows: units.map(({ Id, Name }) => parseUnit(answer, Id, Name)), nextToken: page.NextToken }
  })
}

async function accountsOf(
  connection: AwsConnection,
  ParentId: string,
  options: CallOptions,
): Promise<string[]> {
  const operation = 'ListAccountsForParent'
  const answer = answerOf(service, operation)
  return readToEnd(service, operation, async (NextToken) => {
    const page = await connection.call(service, operation, options, (clients, abortSignal) => {
      const input = { ParentId, MaxResults: pageSize, NextToken }
      return clients.organizations.send(new ListAccountsForParentCommand(input), { abortSignal })
    })
    const rows = answer
      .list(page.Accounts, 'Accounts')
      .map(({ Id }) => answer.text(Id, 'Id', forms.accountId))
    return { rows, nextToken: page.NextToken }
  })
}

async function readTags(
  connection: AwsConnection,
  accounts: readonly ObservedAccount[],
  options: CallOptions,
): Promise<Map<string, Readonly<Record<string, string>>>> {
  const tags = new Map<string, Readonly<Record<string, string>>>()
  for (const { id } of accounts) tags.set(id, await tagsOf(connection, id, options))
  return tags
}

async function tagsOf(connection: AwsConnection, ResourceId: string, options: CallOptions) {
  const operation = 'ListTagsForResource'
  const answer = answerOf(service, operation)
  const pairs = await readToEnd(service, operation, async (NextToken) => {
    const page = await connection.call(service, operation, options, (clients, abortSignal) =>
      clients.organizations.send(new ListTagsForResourceCommand({ ResourceId, NextToken }), { abortSignal }),
    )
    const rows = answer
      .list(page.Tags, 'Tags')
      .map(({ Key, Value }) => [answer.text(Key, 'Key'), answer.optionalText(Value, 'Value') ?? ''] as const)
    return { rows, nextToken: page.NextToken }
  })
  // Made by entries, so that a tag named `__proto__` is a tag like others.
  return Object.fromEntries(pairs)
}

function parseAccount(answer: AnswerParser, account: Account): ObservedAccount {
  const id = answer.text(account.Id, 'Id', forms.accountId)
  const arn = answer.text(account.Arn, 'Arn', forms.accountArn)
  return {
    id,
    arn,
    // An account that was never named is shown by its id.
    name: visibleText(answer.optionalText(account.Name, 'Name') ?? id),
    email: answer.optionalText(account.Email, 'Email'),
    // `Status` is being replaced by `State`, whose words differ only for accounts that come or go.
    status: answer.text(account.State ?? account.Status, 'Status', forms.word),
    ouPath: undefined,
    tags: {},
    isManagement: managementAccountOf(arn) === id,
  }
}

function parseUnit(answer: AnswerParser, id: unknown, name: unknown) {
  return { id: answer.text(id, 'Id', forms.unitId), name: visibleText(answer.text(name, 'Name')) }
}

function managementAccountOf(accountArn: string): string | undefined {
  return accountArn.split(':')[4]
}

async function unlessDenied<T>(
  options: AccountOptions,
  detail: AccountDetail,
  read: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    if (!isDenied(error)) throw error
    options.onLeftOut?.(detail, error.message)
    return undefined
  }
}
