/**
 * @module Texts that were typed and not saved yet. They outlive the page that they were typed in, for a session may
 * end in the middle of a sentence; they never leave the memory of this tab, and each person finds only their own.
 */
import type { Stored } from './document.js'

export interface Draft {
  readonly text: string
  /** What the text was made from; undefined for a new resource. */
  readonly base: Stored | undefined
}

const drafts = new Map<string, Draft>()

/** Names a draft: whose it is, and of what. Without `name` it is the one of a new resource, from a beginning. */
export function draftKey(
  user: string,
  kind: string,
  name: string | undefined,
  beginning: string | undefined,
): string {
  return JSON.stringify([user, kind, name ?? null, beginning ?? null])
}

export function findDraft(key: string): Draft | undefined {
  return drafts.get(key)
}

export function keepDraft(key: string, draft: Draft): void {
  drafts.set(key, draft)
}

export function dropDraft(key: string): void {
  drafts.delete(key)
}
