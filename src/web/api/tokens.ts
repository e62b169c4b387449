/** @module API tokens as the page reads and makes them; a token is a resource, its secret is not part of it. */
import { queryOptions } from '@tanstack/react-query'
import type { ApplyAnswer, Page, TokenItem, TokenRotateAnswer } from '../../api/contract.js'
import { apiPaths } from '../path-builder.js'
import { getJson, sendJson } from './client.js'
import { createResources } from './resources.js'

export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: async ({ signal }) => (await getJson<Page<TokenItem>>(apiPaths.tokens(), signal)).items,
})

export interface NewToken {
  readonly name: string
  readonly description: string
  readonly roles: readonly string[]
  readonly days: number
}

/** The answer to what is not a dry run holds the secret, this once. */
export function createToken(
  { name, description, roles, days }: NewToken,
  options: { dryRun: boolean; signal?: AbortSignal },
): Promise<ApplyAnswer> {
  const metadata = { name, ...(description && { description }) }
  const spec = { roles, ttl: `${days * 24}h` }
  // JSON is YAML.
  return createResources(JSON.stringify({ kind: 'token', version: 'v1', metadata, spec }), options)
}

export function rotateToken(name: string): Promise<TokenRotateAnswer> {
  return sendJson<TokenRotateAnswer>('POST', apiPaths.tokenRotate(name))
}
