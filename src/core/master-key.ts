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

/** What the system says of a file: its permission bits, and the numbers of its owner and of who reads it. */
export interface KeyFileAccess {
  readonly mode: number
  readonly owner: number
  readonly reader: number | undefined
}

/**
 * Whether others than the reader can get at a key file. A file that root gave to an unprivileged service may be readable
 * by its group: that is how systemd's credentials (an access list shows as group bits) and the secrets of Kubernetes
 * (`fsGroup`) arrive, and neither can be changed by the service.
 */
export function isKeyFileOpen({ mode, owner, reader }: KeyFileAccess): boolean {
  const givenByRoot = owner === 0 && reader !== undefined && reader !== 0
  return (mode & (givenByRoot ? 0o037 : 0o077)) !== 0
}
