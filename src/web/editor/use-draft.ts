/**
 * @module The text that a person edits, and what it was made from. A newer stored text takes the place of an
 * unchanged one; typed text stays whatever happens, until it is saved or given up.
 */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { sessionQuery } from '../api/queries.js'
import type { Stored } from './document.js'
import { draftKey, dropDraft, findDraft, keepDraft, type Draft } from './drafts.js'

export interface DraftState {
  readonly text: string
  readonly base: Stored | undefined
  /** Whether something was typed that is not stored. */
  readonly dirty: boolean
  /** The text was found again, from before the page was left. */
  readonly restored: boolean
  readonly setText: (text: string) => void
  /** Goes on from another stored text: with the typed one on top of it, or with the stored one itself. */
  readonly rebase: (base: Stored, keep: 'mine' | 'theirs') => void
  /** Gives the typed text up. */
  readonly discard: () => void
  /** Forgets the draft, because it was saved. */
  readonly forget: () => void
}

interface DraftOf {
  readonly kind: string
  /** Undefined for a new one. */
  readonly name: string | undefined
  /** Which of several beginnings a new one has. */
  readonly beginning?: string | undefined
  readonly stored: Stored | undefined
  /** What a new one starts from. */
  readonly initial: string
}

interface Kept extends Draft {
  readonly restored: boolean
  /** Of the stored text that was read last: the base may be newer, when a conflict told of it. */
  readonly seen: string | undefined
}

/** Give the component that uses it a `key` of kind and name: a draft belongs to one resource. */
export function useDraft({ kind, name, beginning, stored, initial }: DraftOf): DraftState {
  const { data: session } = useQuery(sessionQuery)
  const key = draftKey(session?.user?.name ?? '', kind, name, beginning)
  const [state, setState] = useState<Kept>(() => {
    const kept = findDraft(key)
    const draft = kept ?? { text: stored?.text ?? initial, base: stored }
    return { ...draft, restored: kept !== undefined, seen: stored?.revision }
  })
  const origin = state.base?.text ?? initial
  const dirty = state.text !== origin
  if (!dirty && stored !== undefined && stored.revision !== state.seen) {
    setState({ text: stored.text, base: stored, restored: false, seen: stored.revision })
  }
  function change(draft: Draft): void {
    setState({ ...draft, restored: false, seen: stored?.revision })
    if (draft.text === (draft.base?.text ?? initial)) dropDraft(key)
    else keepDraft(key, draft)
  }
  return {
    text: state.text,
    base: state.base,
    dirty,
    restored: state.restored && dirty,
    setText: (text) => change({ text, base: state.base }),
    rebase: (base, keep) => change({ text: keep === 'mine' ? state.text : base.text, base }),
    discard: () => change({ text: stored?.text ?? initial, base: stored }),
    forget: () => dropDraft(key),
  }
}
