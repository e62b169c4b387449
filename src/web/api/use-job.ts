/** @module The job of a plugin as it moves; what the pages show is read anew when it ends. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { JobItem } from '../../api/contract/identity-center.js'
import { statusQuery } from './identity-center.js'

export function useJob(plugin: string): JobItem | undefined {
  const { data } = useQuery(statusQuery(plugin))
  const client = useQueryClient()
  const job = data?.job
  // A short job has ended before it was ever seen at work: what counts is that another end is told than before.
  const seen = data === undefined ? undefined : `${job?.kind} ${job?.startedAt} ${job?.state}`
  const before = useRef(seen)
  useEffect(() => {
    if (seen === undefined || before.current === seen) return
    const isNews = before.current !== undefined
    before.current = seen
    if (!isNews || job?.state === 'running') return
    void client.invalidateQueries({ queryKey: ['awsic', plugin] })
    void client.invalidateQueries({ queryKey: ['resources'] })
    void client.invalidateQueries({ queryKey: ['integrations'] })
  }, [seen, job?.state, client, plugin])
  return job
}
