/**
 * @module What the server says to a text while it is typed: the very call that would save it, as a dry run, a moment
 * after the last key. So what is shown is what saving would do, and no rule is written twice.
 */
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import type { ChangeAnswer, CurrentResource, DocumentProblem } from '../../api/contract.js'
import { createResources, currentOf, problemsOf, updateResource } from '../api/resources.js'

const pauseMs = 350

export type Check =
  | { readonly state: 'idle' }
  | { readonly state: 'checking' }
  | { readonly state: 'right'; readonly changes: readonly ChangeAnswer[] }
  | { readonly state: 'wrong'; readonly problems: readonly DocumentProblem[]; readonly error: unknown }
  | { readonly state: 'stale'; readonly current: CurrentResource }

export interface CheckOf {
  readonly kind: string
  readonly name: string | undefined
  readonly revision: string | undefined
  readonly text: string
  readonly enabled: boolean
}

export function useCheck({ kind, name, revision, text, enabled }: CheckOf): Check {
  const [settled] = useDebouncedValue(text, pauseMs)
  const check = useQuery({
    queryKey: ['check', kind, name, revision, settled],
    queryFn: ({ signal }) => applyText({ kind, name, revision }, settled, { dryRun: true, signal }),
    enabled: enabled && settled === text,
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  })
  if (!enabled) return { state: 'idle' }
  if (settled !== text || check.isPending) return { state: 'checking' }
  if (check.data) return { state: 'right', changes: check.data }
  return judgeError(check.error)
}

/** Sorts a refusal: somebody else was first, the document is wrong, or something else is the matter. */
export function judgeError(error: unknown): Check {
  const current = currentOf(error)
  if (current) return { state: 'stale', current }
  return { state: 'wrong', problems: problemsOf(error) ?? [], error }
}

/** Saves a text, or tells what saving would do: a new resource by creating, one that exists by changing it. */
export async function applyText(
  { kind, name, revision }: Pick<CheckOf, 'kind' | 'name' | 'revision'>,
  text: string,
  options: { dryRun: boolean; signal?: AbortSignal },
): Promise<readonly ChangeAnswer[]> {
  if (name === undefined || revision === undefined) return (await createResources(text, options)).changes
  return [await updateResource({ kind, name, revision }, text, options)]
}
