/** @module Where a browser goes on after a detour through an upstream: a place of ours, and nowhere else. */

const maxLength = 2000

/** The path with its query, where it is one of this gateway; undefined for anything else (open redirect). */
export function parseNextPath(text: string | undefined): string | undefined {
  if (text === undefined || text.length > maxLength) return undefined
  // Browsers read "\" as "/", skip tabs and line breaks, and take "//host" for another host.
  if (!/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(text)) return undefined
  return text
}
