/**
 * @module The written form of the master key, asked by the configuration before anything starts and by the keys when
 * they read one: 32 bytes in base64url without padding (RFC 4648 §5), 43 characters on one line.
 */

// The 43rd character carries four bits; the other two are zero, so that each key is written in one way only.
const form = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/

/** What a master key has to be, to end a message that says it is not. */
export const masterKeyForm = '32 bytes in base64url (43 characters on one line)'

/** Whether a text, with blanks around it as files and shells leave them, is a master key. */
export function isMasterKeyText(text: string): boolean {
  return form.test(text.trim())
}
