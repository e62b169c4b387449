/**
 * @module Changes of one act of a person that are made one after the other: a second factor is asked for once, and the
 * proof is bound to each of them and spent once for each. Only what is sent without a body is told ahead.
 */
import { maxProofSubjects } from '../../core/mfa/proof.js'
import { describeRequest } from '../../core/mfa/request-subject.js'

export interface LaterChange {
  readonly method: 'POST' | 'DELETE'
  readonly url: string
}

/** Those that are still to come, and the proof for them where one was given. */
const later = new Map<string, { readonly change: LaterChange; proof: string | undefined }>()

const keyOf = ({ method, url }: { readonly method: string; readonly url: string }) => `${method} ${url}`

/** Does `work`, which makes these changes after another one. */
export async function together<T>(changes: readonly LaterChange[], work: () => Promise<T>): Promise<T> {
  for (const change of changes) later.set(keyOf(change), { change, proof: undefined })
  try {
    return await work()
  } finally {
    for (const change of changes) later.delete(keyOf(change))
  }
}

/** The proof for this change, given with an earlier one; it is handed out once. */
export function takeProof(change: { readonly method: string; readonly url: string }): string | undefined {
  const proof = later.get(keyOf(change))?.proof
  later.delete(keyOf(change))
  return proof
}

/** What is asked for beside `subjects`. */
export async function subjectsWithLater(subjects: readonly string[]): Promise<readonly string[]> {
  const more = await Promise.all([...later.values()].map(({ change }) => hash(describeRequest(change))))
  return [...subjects, ...more].slice(0, maxProofSubjects)
}

export function keepForLater(proof: string): void {
  for (const one of later.values()) one.proof = proof
}

async function hash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
