/**
 * @module Takes secrets out of what is shown: the event stream and `GET /_emulator/state`. SCIM tokens are kept as
 * digests only, so credentials are the only rows that hold any.
 */
import type { Credential } from './iam.js'
import type { Change, Contents } from './tables.js'

const hidden = '(hidden)'

/** The same change without secrets. */
export function redactChange(change: Change): Change {
  if (change.table !== 'credentials' || !('put' in change)) return change
  return { table: 'credentials', put: redactCredential(change.put) }
}

/** The same rows without secrets. */
export function redactContents(contents: Contents): Contents {
  const { credentials } = contents
  return credentials === undefined
    ? contents
    : { ...contents, credentials: credentials.map(redactCredential) }
}

function redactCredential(credential: Credential): Credential {
  return {
    ...credential,
    secretAccessKey: hidden,
    ...(credential.sessionToken !== undefined && { sessionToken: hidden }),
  }
}
