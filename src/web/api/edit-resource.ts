/** @module One field of a resource changed from a page that is not its editor: read, edit its text, write if it is still the same. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ResourceAnswer } from '../../api/contract.js'
import { apiPaths } from '../path-builder.js'
import { getJson } from './client.js'
import { forgetResources, updateResource } from './resources.js'

type Edit = (yaml: string) => string

/** Saves what `edit` makes of the newest text; nothing is written where it changes nothing. */
export function useEditResource(kind: string, name: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (edit: Edit) => {
      const { yaml, revision } = await getJson<ResourceAnswer>(apiPaths.resource(kind, name))
      const text = edit(yaml)
      if (text !== yaml) await updateResource({ kind, name, revision }, text, { dryRun: false })
    },
    onSuccess: async () => {
      await forgetResources()
      await client.invalidateQueries({ queryKey: ['awsic'] })
    },
  })
}
