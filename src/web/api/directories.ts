/** @module The directory of a connector as the pages read and change it: SCIM tokens, what was pushed, and what waits. */
import { queryOptions } from '@tanstack/react-query'
import type {
  AddDirectoryTokenAnswer,
  DirectoryTokensAnswer,
  HeldChangeItem,
  HeldChangesAnswer,
} from '../../api/contract.js'
import { apiPaths } from '../path-builder.js'
import { getJson, sendJson } from './client.js'

/** Kinds of connectors that a directory can belong to as far as these routes give the right to look after it. */
export const directoryKinds: readonly string[] = ['oidc', 'saml']

export const directoryTokensQuery = (connector: string) =>
  queryOptions({
    queryKey: ['directory', connector, 'tokens'],
    queryFn: ({ signal }) => getJson<DirectoryTokensAnswer>(apiPaths.connectorScimTokens(connector), signal),
  })

export const heldChangesQuery = (connector: string) =>
  queryOptions({
    queryKey: ['directory', connector, 'held'],
    queryFn: async ({ signal }) =>
      (await getJson<HeldChangesAnswer>(apiPaths.connectorHeld(connector), signal)).items,
  })

export function addDirectoryToken(
  connector: string,
  { label, days }: { readonly label: string; readonly days: number },
): Promise<AddDirectoryTokenAnswer> {
  const expiresAt = new Date(Date.now() + days * 86_400_000).toISOString()
  return sendJson('POST', apiPaths.connectorScimTokens(connector), { label, expiresAt })
}

export function deleteDirectoryToken(connector: string, id: string): Promise<void> {
  return sendJson('DELETE', apiPaths.connectorScimToken(connector, id))
}

export type HeldDecision = 'release' | 'refuse'

export async function decideHeld(
  connector: string,
  decision: HeldDecision,
  keys: readonly string[],
): Promise<HeldChangeItem[]> {
  const { items } = await sendJson<HeldChangesAnswer>('POST', apiPaths.connectorHeld(connector), {
    decision,
    keys,
  })
  return items
}
