/**
 * @module Entity tags and preconditions (RFC 9110 8.8.3, 13.1). The revision of a resource is its tag. A change needs
 * If-Match, so that nobody overwrites what they have not seen.
 */
import { GatewayError } from '../core/error.js'

/** A revision as a strong entity tag. */
export function toEtag(revision: string): string {
  return `"${revision}"`
}

/** Whether the client has this version already (If-None-Match, weak comparison: RFC 9110 13.1.2). */
export function isNotModified(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false
  if (ifNoneMatch.trim() === '*') return true
  return listTags(ifNoneMatch).some((tag) => tag.replace(/^W\//, '') === etag)
}

/**
 * The revision that If-Match asks for; undefined without the header, and for `*`, which any version fulfils.
 * @throws GatewayError `INVALID_INPUT` for a weak tag, which never matches here, for a list, and for no tag at all.
 */
export function readIfMatch(ifMatch: string | undefined): string | undefined {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined
  const revision = /^\s*"([\x21\x23-\x7e]{1,200})"\s*$/.exec(ifMatch)?.[1]
  if (revision !== undefined) return revision
  throw new GatewayError(
    'INVALID_INPUT',
    'If-Match has to be one strong entity tag, such as "revision" with its quotes: the ETag of the resource as you read it',
  )
}

/** As {@link readIfMatch}, for a change that may not go without. @throws GatewayError `REVISION_REQUIRED`. */
export function requireIfMatch(ifMatch: string | undefined): string | undefined {
  if (ifMatch !== undefined) return readIfMatch(ifMatch)
  throw new GatewayError(
    'REVISION_REQUIRED',
    'say which version this change starts from: send If-Match with the ETag of the resource as you read it',
  )
}

/** Entity tags of a list; one that is malformed matches nothing. */
function listTags(header: string): string[] {
  return header.match(/(?:W\/)?"[\x21\x23-\x7e]*"/g) ?? []
}
