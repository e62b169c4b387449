/**
 * @module Which parts of a list that a directory pushes are the directory's to say: what the list is called and is for,
 * who is in it and what that takes. What it grants, who owns and who reviews it are said here.
 */
import type { AccessList } from './access-list.js'
import { meetsRequirements } from './requirements.js'

type Said = Pick<AccessList, 'title' | 'description' | 'membershipRequires'>

/** A part as people name it, with its place in the document. */
export interface DirectoryPart {
  readonly path: string
  readonly words: string
}

/** Those that differ, in the order of the document. */
export function changedByDirectory(before: Said, after: Said): DirectoryPart[] {
  const asks =
    meetsRequirements(before.membershipRequires, after.membershipRequires) &&
    meetsRequirements(after.membershipRequires, before.membershipRequires)
  return [
    ...(before.title === after.title ? [] : [{ path: 'spec.title', words: 'title' }]),
    ...(before.description === after.description ? [] : [{ path: 'spec.description', words: 'description' }]),
    ...(asks ? [] : [{ path: 'spec.membership_requires', words: 'requirements of members' }]),
  ]
}
