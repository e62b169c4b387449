/** @module What the audit page hears as it happens: a stream of the server's, and the state of sinks. */
import { queryOptions, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { AuditSinksAnswer } from '../../api/contract.js'
import { apiPaths, type AuditView } from '../path-builder.js'
import { getJson } from './client.js'

export const auditSinksQuery = queryOptions({
  queryKey: ['audit-sinks'],
  queryFn: ({ signal }) => getJson<AuditSinksAnswer>(apiPaths.auditSinks(), signal),
  refetchInterval: 10_000,
})

/** Events come in bursts, and one look at the newest page tells of all of them. */
const gatherMs = 300

/**
 * Looks at the newest events of this view as soon as the server tells of one, for as long as the page is seen. Where the
 * stream fails, the interval of that query goes on.
 */
export function useAuditNews(view: AuditView, enabled: boolean): void {
  const client = useQueryClient()
  const path = apiPaths.auditEvents(view)
  useEffect(() => {
    if (!enabled) return undefined
    let source: EventSource | undefined
    let gather: ReturnType<typeof setTimeout> | undefined
    const look = () => {
      gather ??= setTimeout(() => {
        gather = undefined
        void client.invalidateQueries({ queryKey: ['audit-newest'] })
        void client.invalidateQueries({ queryKey: ['audit-sinks'] })
      }, gatherMs)
    }
    // A browser keeps few connections to one server, so a page that nobody sees gives its own back.
    const follow = () => {
      if (document.hidden) {
        source?.close()
        source = undefined
      } else if (source === undefined) {
        source = new EventSource(path)
        source.onmessage = look
      }
    }
    follow()
    document.addEventListener('visibilitychange', follow)
    return () => {
      document.removeEventListener('visibilitychange', follow)
      source?.close()
      clearTimeout(gather)
    }
  }, [client, path, enabled])
}
