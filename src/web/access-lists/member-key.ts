/** @module What tells a member of a list from the others: a person and a list may have the same name. */

export function keyOfMember({ kind, name }: { readonly kind: string; readonly name: string }): string {
  return `${kind} ${name}`
}
