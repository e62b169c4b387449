/**
 * @module Text of a requester as messages repeat it. Anyone can send a request, and the message stands on a page of
 * ours and in logs: it gets room for what helps to find a fault, and none for words to the reader.
 */

/** Longest text of a requester in a message, in UTF-16 units. */
export const maxQuotedLength = 120

/** The text, cut to {@link maxQuotedLength} with an ellipsis. */
export function shorten(text: string): string {
  if (text.length <= maxQuotedLength) return text
  // No half of a surrogate pair may be left at the end.
  return `${text.slice(0, maxQuotedLength - 1).replace(/\p{Surrogate}$/u, '')}…`
}

/** An entity ID in quotes where it has the shape of a URI (RFC 3986 §3), and else words that do not repeat it. */
export function quoteEntityId(entityId: string): string {
  const isUri = entityId.length <= 1024 && /^[A-Za-z][A-Za-z0-9+.-]*:[\x21-\x7e]+$/.test(entityId)
  return isUri ? `"${shorten(entityId)}"` : '(not a URI, so not repeated here)'
}
