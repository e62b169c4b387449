/** @module Connectors as the pages read and test them; their documents are resources. */
import { queryOptions } from '@tanstack/react-query'
import type { ConnectorTestAnswer, ConnectorTestStarted, ResourceListAnswer } from '../../api/contract.js'
import { apiPaths } from '../path-builder.js'
import { ApiProblem, getAll, getJson, sendJson } from './client.js'

export const connectorKinds = ['oidc', 'github', 'saml'] as const

/** Of all kinds that this gateway has and that the person may list, by name. */
export const connectorsQuery = queryOptions({
  queryKey: ['resources', 'connectors'],
  queryFn: async ({ signal }) => {
    const lists = await Promise.all(connectorKinds.map(async (kind) => await listKind(kind, signal)))
    return lists.flat().sort((a, b) => (a.name < b.name ? -1 : 1))
  },
})

type Item = ResourceListAnswer['items'][number]

async function listKind(kind: string, signal: AbortSignal): Promise<Item[]> {
  try {
    return await getAll<Item>((cursor) => apiPaths.resourceList(kind, { cursor, limit: 100 }), signal)
  } catch (error) {
    if (error instanceof ApiProblem && ['FORBIDDEN', 'NOT_FOUND'].includes(error.code)) return []
    throw error
  }
}

/** Begins a test; the browser then goes to its URL. */
export async function startConnectorTest(name: string): Promise<ConnectorTestStarted> {
  return await sendJson<ConnectorTestStarted>('POST', apiPaths.connectorTest(name))
}

export const connectorTestQuery = (name: string, id: string) =>
  queryOptions({
    queryKey: ['connector-test', name, id],
    queryFn: ({ signal }) => getJson<ConnectorTestAnswer>(apiPaths.connectorTestResult(name, id), signal),
    retry: false,
  })
