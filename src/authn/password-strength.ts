/**
 * @module Which passwords are refused: by length, by a list of what is guessed first, and the user's own name.
 * No rules about kinds of characters (NIST SP 800-63B 5.1.1.2).
 */
import { GatewayError } from '../core/error.js'

const minCharacters = 12
/** Longer input is refused unread, so that nobody pays for normalising or hashing it. */
export const maxPasswordBytes = 1024

/**
 * What people write when a long password is wanted. Compared in lower case without the digits and marks around
 * it, so `Password2026!!` falls to `password`.
 */
const common = new Set(
  `password passwort passw0rd p@ssw0rd p@ssword motdepasse contraseña wachtwoord administrator admin root secret
   supersecret topsecret changeme changemenow changeit pleasechangeme default letmein letmeinnow welcome welcomehome
   iloveyou trustno test testtest testing temporary temppassword guest qwerty qwertyuiop qwertyuiopasdf qwertzuiop
   azertyuiop asdfghjkl asdfghjklzxcvbnm zxcvbnm qwertyqwerty qwertyasdfgh passwordpassword mypassword thisismypassword
   newpassword adminadmin adminpassword rootpassword abcdefghijkl abcdefghijklm abcdefghijklmnop abcdefghijklmnopqrstuvwxyz
   abcdabcdabcd abcabcabcabc football baseball basketball superman batman starwars pokemon sunshine princess dragon
   monkey shadow master michael jennifer summer winter spring autumn january february march april june july august
   september october november december monday friday correcthorsebatterystaple gatehouse gatehousegatehouse
   amazonwebservices awsawsawsaws identitycenter company companyname secretpassword nopassword ilovemyfamily
   1q2w3e4r5t6y 1qaz2wsx3edc qazwsxedcrfv q1w2e3r4t5y6`.split(/\s+/),
)

/** @throws GatewayError `WEAK_PASSWORD`; the message never repeats the password. */
export function assertStrongPassword(password: string, user: string): void {
  const problem = findWeakness(password, user)
  if (problem !== undefined) throw new GatewayError('WEAK_PASSWORD', problem)
}

function findWeakness(password: string, user: string): string | undefined {
  if (Buffer.byteLength(password) > maxPasswordBytes) {
    return `this password is longer than ${maxPasswordBytes} bytes; choose a shorter one`
  }
  const text = password.normalize('NFKC')
  const characters = [...text]
  if (characters.length < minCharacters) {
    return `this password has fewer than ${minCharacters} characters; several words in a row make a good one`
  }
  // A lone surrogate has no UTF-8 form: different passwords would become the same octets.
  if (/\p{Surrogate}/u.test(text)) return 'this password holds half a character; type it again'
  const lower = text.toLowerCase()
  if (new Set(characters).size < 5) {
    return 'this password repeats a few characters; choose one that is harder to guess'
  }
  const name = user.normalize('NFKC').toLowerCase()
  const core = trimMarks(lower)
  if (
    [lower, core].some((form) => form === name || form === trimMarks(name) || form === name.split('@')[0])
  ) {
    return 'this password is the user name; choose one that others cannot know'
  }
  if (core === '' || common.has(core) || common.has(lower) || isRun(lower)) {
    return 'this password is among the first that are guessed; choose several words that do not belong together'
  }
  return undefined
}

/** Drops digits and marks at both ends. */
function trimMarks(text: string): string {
  return text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
}

/** Whether the characters only count up or down, as `abcdefghijklm` and `zyxwvutsrqpo` do. */
function isRun(text: string): boolean {
  const points = [...text].map((character) => character.codePointAt(0) ?? 0)
  return [1, -1].some((step) => points.every((point, i) => i === 0 || point - (points[i - 1] ?? 0) === step))
}
