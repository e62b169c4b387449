/**
 * @module Recovery codes: ten words of 80 bits each that sign somebody in once, after the password, who has lost every
 * second factor. In base32 (RFC 4648 §6), which has no digits that look like its letters, in groups for reading.
 */
import { mailLine, escapeHtml } from '../mail-text.js'
import { minute, type DurationMs } from '../time.js'

export const recoveryCodeCount = 10
/** Bytes of randomness in a code. */
export const recoveryCodeBytes = 10
/** For how long after such a sign-in the password is enough to add a new factor. */
export const recoveringMs: DurationMs = 15 * minute

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'

/** The code that ten random bytes are, as people read it: `abcd-efgh-ijkl-mnop`. */
export function formatRecoveryCode(bytes: Uint8Array): string {
  let bits = 0n
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte)
  const letters = Array.from({ length: (bytes.length * 8) / 5 }, (_, at) =>
    alphabet.charAt(Number((bits >> BigInt(bytes.length * 8 - 5 * (at + 1))) & 31n)),
  )
  return (letters.join('').match(/.{4}/g) ?? []).join('-')
}

/** As it is compared, however it was typed; undefined: it is no code. */
export function normaliseRecoveryCode(text: string): string | undefined {
  const letters = text.toLowerCase().replaceAll(/[\s-]/g, '')
  return /^[a-z2-7]{16}$/.test(letters) ? letters : undefined
}

/** Told to the person whose code was used: it may have been somebody else. */
export function writeRecoveryMail(facts: {
  readonly user: string
  readonly left: number
  readonly address: string
  readonly clusterName: string
  readonly publicUrl: string
}): { readonly subject: string; readonly text: string; readonly html: string } {
  const { left, publicUrl } = facts
  const cluster = mailLine(facts.clusterName)
  const lines = [
    `Somebody signed in as ${mailLine(facts.user)} with your password and a recovery code, from ${mailLine(facts.address)}.`,
    left === 0
      ? 'No recovery code is left. Make new ones when you have a second factor again.'
      : `${left} ${left === 1 ? 'recovery code is' : 'recovery codes are'} left.`,
    `If it was you, add a new second factor: ${publicUrl}/settings`,
    'If it was not, tell an administrator at once, who can end your sessions and reset your password.',
  ]
  return {
    subject: `A recovery code signed in as you (${cluster})`,
    text: `${lines.join('\n\n')}\n`,
    html: lines.map((line) => `<p>${escapeHtml(line)}</p>`).join('\n'),
  }
}
