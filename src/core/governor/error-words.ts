/**
 * @module Words of the other side made fit for our errors, logs and pages: one line, short, without anything that
 * could be a token. What AWS writes is never trusted to be harmless.
 */

const longest = 400

/** A sentence for an `AwsCallError`, or `otherwise` where the other side said nothing. */
export function wordsOfRefusal(text: unknown, otherwise: string): string {
  if (typeof text !== 'string') return otherwise
  const words = text
    .slice(0, 4 * longest)
    // Tokens and keys are long runs of base64 letters; ARNs and ids are broken by colons and hyphens before that.
    .replace(/[A-Za-z0-9+/=_.~-]{80,}/g, '(left out)')
    .replace(/\bBearer\s+\S+/gi, 'Bearer (left out)')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
  if (words === '') return otherwise
  return words.length <= longest ? words : `${words.slice(0, longest - 1)}…`
}
