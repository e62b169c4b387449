/**
 * @module The words that AWS shows to a person whose sign-in fails. They tell little on purpose; the cause is in
 * the record of the sign-in.
 */

export type MessageId = 'code-not-right' | 'unexpected' | 'not-you'

export interface Message {
  readonly title: string
  readonly text: string
}

export const messages: Readonly<Record<MessageId, Message>> = {
  /** NameID and userName differ, or the user is not there or not active. */
  'code-not-right': {
    title: 'Something went wrong',
    text: "Looks like this code isn't right. Please try again.",
  },
  /** The assertion breaks a rule: count, encryption, addresses, attributes. */
  unexpected: { title: 'An unexpected error has occurred', text: 'Please try again.' },
  /** Certificate, metadata or clocks do not fit. */
  'not-you': {
    title: "It's not you, it is us",
    text: "We couldn't complete your request right now. Please try again later.",
  },
}
