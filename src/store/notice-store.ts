/**
 * @module What replicas of one database tell each other: that something was committed, so that nobody waits for the
 * next look at the store. Notices may be lost, and come twice; whatever matters is in the store, and everybody looks
 * there by itself now and then.
 */

/** `commit`: something was written; `mail` and `webhook`: something waits in this channel of the outbox. */
export type NoticeTopic = 'commit' | 'mail' | 'webhook'

export const noticeTopics: readonly NoticeTopic[] = ['commit', 'mail', 'webhook']

export interface Notices extends AsyncDisposable {
  /** Tells the others, soon. Returns at once; never throws. */
  tell(topic: NoticeTopic): void
}
