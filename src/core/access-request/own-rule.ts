/**
 * @module Nobody is approved by what they wrote themselves: whoever wrote a rule last, or the list of who is on call that it
 * asks, is not approved by it. A rule that denies holds for them all the same, or writing it once more would be a way around.
 */
import type { Instant } from '../time.js'
import { foldName } from '../user/user.js'
import type { OnCallList } from './on-call.js'

/** Who wrote something last, and when: the name alone may be another person's by now (T7). */
export interface Writer {
  /** As audit events name them. */
  readonly by: string
  readonly at: Instant
}

interface OwnFacts {
  readonly requester: { readonly user: { readonly name: string } }
  /** Since when the requester has their name. */
  readonly since: Instant
  readonly onCall: ReadonlyMap<string, OnCallList>
}

/** What of the rule the requester wrote last, as a sentence; undefined: nothing that is known. */
export function findOwnPart(
  { name, onCall }: { readonly name: string; readonly onCall: string | undefined },
  writers: ReadonlyMap<string, Writer>,
  { requester, since, onCall: lists }: OwnFacts,
): string | undefined {
  const own = foldName(requester.user.name)
  const wrote = (writer: Writer | undefined): boolean =>
    writer !== undefined && foldName(writer.by) === own && writer.at >= since
  if (wrote(writers.get(name))) return `The rule ${name} approves nothing here: the requester wrote it last.`
  const list = onCall === undefined ? undefined : lists.get(onCall)
  if (list === undefined || !wrote({ by: list.updatedBy, at: list.updatedAt })) return undefined
  return `The rule ${name} approves nothing here: the requester wrote the list ${list.name} of who is on call last.`
}
