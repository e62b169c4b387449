/**
 * @module Identity Center's directory written by SCIM (RFC 7644 in AWS's dialect). PUT is never used, members are never
 * replaced, lists are read by cursor. What has to be written, and whether, is decided elsewhere.
 */
import { AwsCallError, type CallGovernor, type CallOptions } from '../../core/governor/call.js'
import { parseScimBaseUrl } from '../../core/identity-center/scim-base-url.js'
import { readToEnd } from '../../lib/pages.js'
import type { Timers } from '../../lib/timers.js'
import { invalid, unauthorized, unknownOutcome } from './errors.js'
import {
  filterOf,
  groupSchema,
  isId,
  membersOf,
  parseGroup,
  parseId,
  parseList,
  parseUser,
  patch,
  userBody,
  userPatch,
} from './resources.js'
import type { ScimClient } from './scim-client.js'
import { scimTransport, type Fetch, type SendScim } from './transport.js'

export interface ScimClientOptions {
  /** With its slash at the end or without. */
  readonly baseUrl: string
  /** Asked for at each request, so that a rotated token is used at once. */
  readonly token: () => Promise<string>
  readonly governor: CallGovernor
  readonly timers: Timers
  /** A person allowed a host that is not AWS's own, http to this machine included (T15). */
  readonly allowOtherHost: boolean
  /** Instead of Node's own. */
  readonly fetch?: Fetch | undefined
}

/** Membership changes that AWS takes in one request. */
export const mostMembers = 100

/** @throws AwsCallError `unauthorized` for a base URL to which no token is sent */
export function createScimClient(options: ScimClientOptions): ScimClient {
  const parsed = parseScimBaseUrl(options.baseUrl, options)
  if (!parsed.ok) throw unauthorized('ServiceProviderConfig', parsed.says)
  const { token, governor, timers } = options
  const fetch = options.fetch ?? ((url, init) => globalThis.fetch(url, init))
  const send = scimTransport({ baseUrl: parsed.url, token, governor, timers, fetch })
  return { ...userCalls(send), ...groupCalls(send) }
}

type UserCalls = Pick<ScimClient, 'createUser' | 'updateUser' | 'setActive' | 'deleteUser' | 'findUser'>

function userCalls(send: SendScim): UserCalls {
  const operation = 'PatchUser'
  return {
    async createUser(user, options) {
      const request = {
        operation: 'CreateUser',
        method: 'POST',
        path: 'Users',
        body: userBody(user),
      } as const
      return written(
        'CreateUser',
        await send({ ...request, duplicate: 'already_exists' }, options),
        parseUser,
      )
    },
    async updateUser(id, changes, options) {
      const operations = userPatch(changes)
      if (operations.length === 0) return
      const path = pathOf('Users', id, operation)
      const body = patch(...operations)
      await send({ operation, method: 'PATCH', path, body, duplicate: 'already_exists' }, options)
    },
    async setActive(id, active, options) {
      const path = pathOf('Users', id, operation)
      const body = patch({ op: 'replace', path: 'active', value: active })
      await send({ operation, method: 'PATCH', path, body }, options)
    },
    deleteUser: async (id, options) => remove(send, 'DeleteUser', pathOf('Users', id, 'DeleteUser'), options),
    async findUser(userName, options) {
      const path = `Users?${filterOf('userName', userName)}`
      const users = await readList(send, { operation: 'ListUsers', path }, parseUser, options)
      // By exact name: whether AWS's filter minds upper and lower case is documented nowhere.
      const named = users.filter((user) => user.userName === userName)
      return onlyOne('ListUsers', 'userName', named)
    },
  }
}

type GroupCalls = Omit<ScimClient, keyof UserCalls>

function groupCalls(send: SendScim): GroupCalls {
  const operation = 'PatchGroup'
  return {
    async createGroup({ displayName, memberIds, externalId }, options) {
      refuseTooMany('CreateGroup', memberIds)
      const body = {
        schemas: [groupSchema],
        displayName,
        ...(externalId !== '' && { externalId }),
        ...(memberIds.length > 0 && { members: membersOf(memberIds) }),
      }
      const request = { operation: 'CreateGroup', method: 'POST', path: 'Groups', body } as const
      const memberships = memberIds.length
      const answer = await send({ ...request, memberships, duplicate: 'already_exists' }, options)
      return written('CreateGroup', answer, parseGroup)
    },
    async renameGroup(id, displayName, options) {
      const path = pathOf('Groups', id, operation)
      const body = patch({ op: 'replace', path: 'displayName', value: displayName })
      await send({ operation, method: 'PATCH', path, body, duplicate: 'already_exists' }, options)
    },
    deleteGroup: async (id, options) =>
      remove(send, 'DeleteGroup', pathOf('Groups', id, 'DeleteGroup'), options),
    async findGroup(displayName, options) {
      const path = `Groups?${filterOf('displayName', displayName)}`
      const groups = await readList(send, { operation: 'ListGroups', path }, parseGroup, options)
      const named = groups.filter((group) => group.displayName === displayName)
      return onlyOne('ListGroups', 'displayName', named)
    },
    async changeMembers(groupId, { op, memberIds }, options) {
      refuseTooMany(operation, memberIds)
      // An empty list is refused by AWS today, and once meant everybody.
      if (memberIds.length === 0) return
      const path = pathOf('Groups', groupId, operation)
      const body = patch({ op, path: 'members', value: membersOf(memberIds) })
      await send({ operation, method: 'PATCH', path, body, memberships: memberIds.length }, options)
    },
    async listMembers(groupId, options) {
      const path = `Users?${filterOf('groups.value', groupId)}`
      return readList(send, { operation: 'ListUsers', path }, parseId, options)
    },
  }
}

/** Names are unique in AWS: of two that have one, the wrong one could be taken for ours. */
function onlyOne<Row>(operation: string, member: string, rows: readonly Row[]): Row | undefined {
  if (rows.length > 1) throw invalid(operation, `the answer has the same ${member} in two rows`)
  return rows[0]
}

/** The whole list by cursor: without one AWS ends at 100 and says nothing (RFC 9865). */
async function readList<Row>(
  send: SendScim,
  { operation, path }: { readonly operation: string; readonly path: string },
  parse: (value: unknown) => Row,
  options: CallOptions,
): Promise<Row[]> {
  return readToEnd(
    (what) => invalid(operation, `the answer has ${what}`),
    async (cursor) => {
      const query = `${path}&count=100&cursor=${encodeURIComponent(cursor ?? '')}`
      const answer = await send({ operation, method: 'GET', path: query }, options)
      return read(operation, answer, (value) => {
        const { resources, nextCursor } = parseList(value)
        return { rows: resources.map(parse), nextToken: nextCursor }
      })
    },
  )
}

async function remove(send: SendScim, operation: string, path: string, options: CallOptions): Promise<void> {
  try {
    await send({ operation, method: 'DELETE', path }, options)
  } catch (error) {
    if (!(error instanceof AwsCallError) || error.failure !== 'not_found') throw error
  }
}

/** What a write answered. It has happened, so that an answer of another form leaves its outcome unknown. */
function written<T>(operation: string, answer: unknown, parse: (value: unknown) => T): T {
  try {
    return parse(answer)
  } catch (error) {
    throw unknownOutcome(operation, 'InvalidAnswer', `the answer has ${messageOf(error)}`)
  }
}

function read<T>(operation: string, answer: unknown, parse: (value: unknown) => T): T {
  try {
    return parse(answer)
  } catch (error) {
    throw invalid(operation, `the answer has ${messageOf(error)}`)
  }
}

/** Ids come from AWS; one of another form must not become part of an address. */
function pathOf(collection: 'Users' | 'Groups', id: string, operation: string): string {
  if (!isId(id)) throw invalid(operation, 'the id has a form that AWS does not document')
  return `${collection}/${id}`
}

function refuseTooMany(operation: string, ids: readonly string[]): void {
  if (ids.length > mostMembers) throw invalid(operation, `more than ${mostMembers} members in one request`)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'an unknown form'
}
