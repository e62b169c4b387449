/**
 * @module The kind `access_list_member`: who is in which list, as documents, for lists that are managed as code. Members
 * are rows of a table of their own, as `storage` says; pages and commands for people change them otherwise, and by the
 * same checks.
 */
import { createHash } from 'node:crypto'
import type { AccessListMember } from '../../core/access-list/access-list.js'
import { GatewayError } from '../../core/error.js'
import { formatInstant } from '../../core/time.js'
import type { Clock } from '../../lib/clock.js'
import { keyOf, placeMember } from '../../service/access-lists/edit-members.js'
import { assertChangedBy, findFreeze } from '../../service/access-lists/managed.js'
import { loadViewer, readableList, rightsOn } from '../../service/access-lists/rights.js'
import type { Kind, KindChange, KindStorage, ResourceDocument } from '../../service/resources/kind.js'
import type { StoreTransaction } from '../../store/store.js'
import { accessListKind } from '../access_list/kind.js'
import { userKind } from '../user/kind.js'
import {
  memberDocument,
  memberForm,
  parseMemberDocument,
  readMemberName,
  type WrittenMember,
} from './form.js'

const example = `kind: access_list_member
version: v1
metadata:
  name: platform-team/alice@example.com
spec:
  access_list: platform-team
  name: alice@example.com
  expires: 2099-12-31T00:00:00Z
  reason: On call for the shared accounts.
`

export const accessListMemberKind: Kind<WrittenMember> = {
  name: 'access_list_member',
  plural: 'access_list_members',
  title: 'access list member',
  aliases: ['acl_member'],
  description: 'Who is in an access list, as a document: for lists that are managed as code.',
  versions: ['v1'],
  example,
  schema: memberForm,
  parse: parseMemberDocument,
  audit: {
    create: 'access_list.member.create',
    update: 'access_list.member.update',
    delete: 'access_list.member.delete',
  },
  auditFields: ({ list, kind, name, expiresAt, reason }, catalog) => {
    const title = catalog.accessList(list)?.title
    const expires = expiresAt === undefined ? {} : { expires: formatInstant(expiresAt) }
    return {
      name: list,
      access_list_name: list,
      ...(title !== undefined && { access_list_title: title }),
      member: name,
      member_kind: kind,
      ...expires,
      ...(reason !== '' && { reason }),
      members: [{ member_name: name, membership_kind: kind, reason, ...expires }],
    }
  },
  columns: [
    { key: 'access_list', title: 'Access list', of: ({ list }) => list },
    { key: 'member', title: 'Member', of: ({ name }) => name },
    { key: 'kind', title: 'Kind', of: ({ kind }) => kind },
    {
      key: 'expires',
      title: 'Ends',
      of: ({ expiresAt }) => (expiresAt === undefined ? '' : formatInstant(expiresAt)),
    },
    { key: 'reason', title: 'Reason', of: ({ reason }) => reason },
  ],
  prepare: async (document, change, tx, { clock }) => {
    const { value } = parseMemberDocument(document)
    return memberDocument(await judge(value, change, tx, clock))
  },
  warn: ({ kind, name }, catalog) =>
    kind === 'list' || catalog.parsed('user').has(name)
      ? []
      : [`There is no user "${name}" yet; whoever is given that name will be a member.`],
  effects: ({ action, before, catalog }) => {
    if (action === 'delete' && before !== undefined)
      assertChangedBy('documents', catalog, readableList(catalog, before.list))
    return Promise.resolve({})
  },
  storage: {
    find: async ({ members }, name) => {
      const key = readMemberName(name)
      const rows = key === undefined ? [] : await members.list(key.list)
      const row = rows.find((one) => one.kind === key?.kind && one.name === key.name)
      return row && storedOf(row)
    },
    list: async ({ members }) => (await members.listAll()).map(storedOf),
    put: async ({ members }, document) => {
      const { value } = parseMemberDocument(document)
      const { spec } = document as ReturnType<typeof memberDocument> // `prepare` of this kind made it
      const before = (await members.list(value.list)).find((one) => keyOf(one) === keyOf(value))
      const row: AccessListMember = {
        ...value,
        awsUserId: before?.awsUserId,
        joinedAt: Date.parse(spec.joined ?? ''),
        addedBy: spec.added_by ?? '',
      }
      await members.put([row])
      return storedOf(row)
    },
    delete: async ({ members }, name, now) => {
      const key = readMemberName(name)
      if (key !== undefined) await members.delete(key.list, key.kind, key.name, now)
    },
  } satisfies KindStorage,
}

/**
 * The row that a document makes, by the checks that everyone who adds a member meets.
 * @throws GatewayError as `placeMember` does, `INVALID_RESOURCE` without the list, `MANAGED_ELSEWHERE`.
 */
async function judge(
  wish: WrittenMember,
  { authority, catalog }: Pick<KindChange<WrittenMember>, 'authority' | 'catalog'>,
  tx: StoreTransaction,
  clock: Clock,
): Promise<AccessListMember> {
  const now = clock.now()
  if (!catalog.parsed('access_list').has(wish.list)) {
    const message = `there is no access list named "${wish.list}"; it may stand in the same file`
    throw new GatewayError('INVALID_RESOURCE', message, { problems: [{ path: 'spec.access_list', message }] })
  }
  const list = readableList(catalog, wish.list)
  assertChangedBy('documents', catalog, list)
  const members = await tx.members.list(wish.list)
  const sights = { kinds: { known: { access_list: accessListKind } }, clock }
  // Whoever nests a list has to see its people, as on every other way.
  const viewer = wish.kind === 'list' ? await loadViewer(sights, tx, catalog, authority) : undefined
  const { member } = await placeMember(
    {
      tx,
      catalog,
      parseUser: userKind.parse,
      list,
      actor: authority.name,
      now,
      sightOf: (name) => (viewer === undefined ? 'none' : rightsOn(viewer, name).sight),
      members: new Map(members.map((member) => [keyOf(member), member])),
      done: { create: [], update: [], delete: [] },
      refused: [],
      frozen: await findFreeze(tx, catalog, list, now),
      hierarchy: undefined,
    },
    wish,
  )
  return member
}

function storedOf(row: AccessListMember) {
  const document: ResourceDocument = memberDocument(row)
  return {
    kind: 'access_list_member',
    name: document.metadata.name,
    revision: createHash('sha256').update(JSON.stringify(document)).digest('hex').slice(0, 16),
    document,
    createdAt: row.joinedAt,
    updatedAt: row.joinedAt,
  }
}
