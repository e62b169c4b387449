/** @module `GET /v1/inventory/permission-sets`: the permission sets to choose from. */
import type { z } from 'zod'
import { inventoryQuery, permissionSetsAnswer } from '../../api/contract/access.js'
import { paths } from '../../api/contract.js'
import { listPermissionSets as listFromInventory } from '../../core/inventory/list-inventory.js'
import { json, route } from '../route.js'

export const listPermissionSets = route({
  method: 'get',
  path: paths.permissionSets,
  right: { resource: 'role', verb: 'list' },
  summary: 'The permission sets of the Identity Center instance',
  answer: { kind: 'json', schema: permissionSetsAnswer },
  query: inventoryQuery,
  handler: async ({ deps, query: { search, cursor, limit } }) => {
    const { inventory } = await deps.catalog.read()
    const { items, next, total } = listFromInventory(inventory, { search, after: cursor, limit })
    const answer: z.infer<typeof permissionSetsAnswer> = {
      items: items.map(({ arn, name, description }) => ({
        arn,
        name,
        ...(description !== undefined && { description }),
      })),
      ...(next !== undefined && { nextCursor: next }),
      total,
    }
    return json(answer)
  },
})
