/** @module `GET /v1/tokens`: machine users with the state of their secrets and their last use. */
import { paths, tokenListAnswer, type TokenItem } from '../../api/contract.js'
import { formatInstant } from '../../core/time.js'
import { listTokens as listViews } from '../../service/tokens/list-tokens.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const listTokens = route({
  method: 'get',
  path: paths.tokens,
  right: { resource: 'token', verb: 'list' },
  scoped: true,
  summary: 'Machine users with the state of their secrets and their last use',
  answer: { kind: 'json', schema: tokenListAnswer },
  handler: async ({ deps, actor }) => {
    const views = await listViews(deps, authorityOf(actor))
    const items = views.map(({ name, description, roles, expiresAt, state, secret }): TokenItem => ({
      name,
      ...(description !== undefined && { description }),
      roles: [...roles],
      expiresAt: formatInstant(expiresAt),
      state,
      ...(secret && { secretCreatedAt: formatInstant(secret.createdAt) }),
      ...(secret?.lastUsedAt !== undefined && { lastUsedAt: formatInstant(secret.lastUsedAt) }),
      ...(secret?.lastUsedFrom !== undefined && { lastUsedFrom: secret.lastUsedFrom }),
    }))
    return json({ items })
  },
})
