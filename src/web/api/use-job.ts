/** @module The job of a plugin as it moves; what the pages show is read anew when it ends. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { JobItem } from '../../api/contract/identity-center.js'
import { statusQuery } from './identity-center.js'

export function useJob(plugin: string): JobItem | undefined {
  const { data } = useQuery(statusQuery(plugin))
  const client = useQueryClient()
  const job = data?.job
  const running = job?.state === 'running'
  const ran = useRef(running)
  useEffect(() => {
    if (ran.current && !running) {
      void client.invalidateQueries({ queryKey: ['awsic', plugin] })
      void client.invalidateQueries({ queryKey: ['resources'] })
    }
    ran.current = running
  }, [running, client, plugin])
  return job
}
