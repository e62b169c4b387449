/** @module What no name of whoever acts may look like, since lists and the audit log tell people and machines by name. */

/** Characters that look like the slash of `token/NAME`: fraction, division, box drawing, big and full width slash. */
const slashes = /[\u2044\u2215\u2571\u29f8\uff0f]/u

/** Why a name could be taken for another kind of name, if it could. */
export function findSlashProblem(name: string): string | undefined {
  return slashes.test(name) ? 'must not contain characters that look like a slash' : undefined
}
