/** @module `GET /v1/inventory/accounts`: the AWS accounts to choose from. */
import type { z } from 'zod'
import { accountsAnswer, inventoryQuery } from '../../api/contract/access.js'
import { paths } from '../../api/contract.js'
import { listAccounts as listFromInventory } from '../../core/inventory/list-inventory.js'
import { json, route } from '../route.js'

export const listAccounts = route({
  method: 'get',
  path: paths.accounts,
  right: { resource: 'role', verb: 'list' },
  summary: 'The AWS accounts of the organisation',
  answer: { kind: 'json', schema: accountsAnswer },
  query: inventoryQuery,
  handler: async ({ deps, query: { search, cursor, limit } }) => {
    const { inventory } = await deps.catalog.read()
    const { items, next, total } = listFromInventory(inventory, { search, after: cursor, limit })
    const answer: z.infer<typeof accountsAnswer> = {
      items: items.map(({ id, name, email, ouPath, tags }) => ({
        id,
        name,
        ...(email !== undefined && { email }),
        ...(ouPath !== undefined && { ouPath }),
        tags: { ...tags },
      })),
      ...(next !== undefined && { nextCursor: next }),
      total,
    }
    return json(answer)
  },
})
