/** @module What service providers are told, and what they have to be told about this gateway. */
import { queryOptions } from '@tanstack/react-query'
import type { TestAssertionAnswer } from '../../api/contract.js'
import { apiPaths } from '../path-builder.js'
import { NetworkDown, sendJson } from './client.js'

/** A service provider that is stored, by name, or one that is being written, as YAML. */
export type TestedProvider = { readonly serviceProvider: string } | { readonly document: string }

/** Plays a sign-in: nobody signs in and nothing is kept. */
export function testAssertion(user: string, of: TestedProvider): Promise<TestAssertionAnswer> {
  return sendJson<TestAssertionAnswer>('POST', apiPaths.testAssertion(), { user, ...of })
}

/** Our own metadata as the other side reads it. */
export const idpMetadataQuery = queryOptions({
  queryKey: ['idp-metadata'],
  queryFn: async ({ signal }) => {
    const response = await fetch(apiPaths.idpMetadata(), { signal, credentials: 'omit' })
    if (!response.ok) throw new NetworkDown('The metadata cannot be read.')
    return await response.text()
  },
  staleTime: 60_000,
})
