/**
 * @module Saving the text of a workbench. What the server refuses comes back as a verdict on exactly the text that
 * was sent; what it stores is read anew, for it is the stored text that people go on with.
 */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { ChangeAnswer } from '../../api/contract.js'
import { isProblem } from '../api/client.js'
import { forgetResources, resourceQuery } from '../api/resources.js'
import { toStored } from './document.js'
import type { DraftState } from './use-draft.js'
import { applyText, judgeError, type Check } from './use-check.js'

interface SaveOf {
  readonly kind: string
  readonly name: string | undefined
  readonly draft: DraftState
  /** Called with what was done; a new resource has its page then. */
  readonly onSaved: (changes: readonly ChangeAnswer[]) => void
}

export interface Save {
  readonly run: () => void
  readonly pending: boolean
  /** The verdict on the text as it stands, where saving it was refused. */
  readonly refused: Check | undefined
  /** Whether the text was saved and the page may be left. */
  readonly isSaved: () => boolean
}

export function useSave({ kind, name, draft, onSaved }: SaveOf): Save {
  const client = useQueryClient()
  const saved = useRef(false)
  const latestText = useRef(draft.text)
  useEffect(() => {
    latestText.current = draft.text
  })
  const [refusal, setRefusal] = useState<{ text: string; revision: string | undefined; check: Check }>()
  const revision = draft.base?.revision
  const save = useMutation({
    mutationFn: (text: string) => applyText({ kind, name, revision }, text, { dryRun: false }),
    onError: (error, text) => {
      // Who was asked for a second factor and went back was told nothing about the text, and may save it still.
      if (isProblem(error, 'SESSION_MFA_REQUIRED')) return
      setRefusal({ text, revision, check: judgeError(error) })
    },
    onSuccess: async (changes, text) => {
      draft.forget()
      if (name === undefined) saved.current = true
      else {
        const fresh = await client.query({ ...resourceQuery(kind, name), staleTime: 0 })
        draft.rebase(toStored(fresh), latestText.current === text ? 'theirs' : 'mine')
      }
      onSaved(changes)
      void forgetResources()
    },
  })
  const current = refusal?.text === draft.text && refusal.revision === revision
  return {
    run: () => save.mutate(draft.text),
    pending: save.isPending,
    refused: current ? refusal.check : undefined,
    isSaved: () => saved.current,
  }
}
