/**
 * @module Items of a request as somebody sees them. Names of accounts and permission sets are for the requester, for
 * whoever a role allows to read requests, and for reviewers whose roles let them see the resource; others see ids.
 */
import type { RequestableShown } from '../../api/contract/access-requests.js'
import type { AccessRequest, Requestable, RequestItem } from '../../core/access-request/access-request.js'
import { findPair, type Pair } from '../../core/inventory/pair.js'
import { decidePair } from '../../core/role/pair-access.js'
import type { Role } from '../../core/role/role.js'
import type { RequestWorld, Reviewer } from '../../core/access-request/world.js'
import { isOwn, mayOnRequest, type RequestViewer } from './viewer.js'

type Assignment = Extract<Requestable, { kind: 'assignment' }>

/** Whether whoever looks sees the names of this item. Worked out once for a request. */
export function namesSeen(viewer: RequestViewer, request: AccessRequest): (asked: Requestable) => boolean {
  if (isOwn(viewer, request) || mayOnRequest(viewer, 'read', request)) return () => true
  return namesShownTo(viewer.reviewer, viewer.world)
}

/** What the roles of a reviewer let them see the names of. */
export function namesShownTo(
  reviewer: Reviewer | undefined,
  world: Pick<RequestWorld, 'role'>,
): (asked: Requestable) => boolean {
  const roles = reviewer === undefined ? [] : [...reviewer.roles, ...previewRoles(reviewer.roles, world.role)]
  return (asked) => asked.kind !== 'assignment' || decidePair(roles, asked).effect === 'allow'
}

function previewRoles(roles: readonly Role[], roleOf: (name: string) => Role | undefined): Role[] {
  const denied = new Set(roles.flatMap(({ deny }) => deny.reviewRequests?.previewAsRoles ?? []))
  const names = new Set(roles.flatMap(({ allow }) => allow.reviewRequests?.previewAsRoles ?? []))
  return [...names].flatMap((name) => (denied.has(name) ? [] : (roleOf(name) ?? [])))
}

export function shownItem(
  { id, asked }: Pick<RequestItem, 'id' | 'asked'>,
  { world }: Pick<RequestViewer, 'world'>,
  seesNames: boolean,
): RequestableShown {
  switch (asked.kind) {
    case 'role':
    case 'app':
      return { id, kind: asked.kind, name: asked.name }
    case 'assignment':
      return {
        id,
        kind: asked.kind,
        ...shownPair(asked, seesNames ? findPair(world.inventory, asked) : undefined),
      }
  }
}

function shownPair(
  { accountId, permissionSetArn }: Assignment,
  pair: Pair | undefined,
): Pick<RequestableShown, 'name' | 'account' | 'permissionSet'> {
  if (pair === undefined) {
    return {
      name: `${permissionSetArn} on ${accountId}`,
      account: { id: accountId },
      permissionSet: { arn: permissionSetArn },
    }
  }
  const { account, permissionSet } = pair
  return {
    name: `${permissionSet.name} on ${account.name}`,
    account: {
      id: account.id,
      name: account.name,
      ...(account.ouPath !== undefined && { ouPath: account.ouPath }),
    },
    permissionSet: { arn: permissionSet.arn, name: permissionSet.name },
  }
}
