/** @module What a person or a role reaches, in the form of the interface. */
import type { AccessAnswer, ApplicationAccess } from '../api/contract/access.js'
import type { ReachPage } from '../core/role/reach.js'
import type { ApplicationView } from '../service/access/applications.js'

export function toAccessAnswer({ items, next, total }: ReachPage): AccessAnswer {
  return {
    items: items.map(({ account: { id, name, ouPath }, permissionSets }) => ({
      account: { id, name, ...(ouPath !== undefined && { ouPath }) },
      permissionSets: permissionSets.map(({ permissionSet, roles, moreRoles }) => ({
        arn: permissionSet.arn,
        name: permissionSet.name,
        roles: [...roles],
        ...(moreRoles > 0 && { moreRoles }),
      })),
    })),
    ...(next !== undefined && { nextCursor: next }),
    total: { ...total },
  }
}

export function toApplicationAccess({ serviceProvider, effect, says }: ApplicationView): ApplicationAccess {
  return { name: serviceProvider.name, entityId: serviceProvider.entityId, effect, says }
}
