/** @module Why somebody who is in a list does not count, in words for whoever sees its members. */
import type { Ineligible } from '../../core/access-list/flatten.js'
import { whyNotWords } from '../../core/access-list/judge-person.js'
import { roleNamesOf } from './people-of.js'
import type { Viewer } from './rights.js'
import { hiddenList, shownPath } from './shown-list.js'

/** "lacks the role auditor"; where another list on the path asks for it, that list too. */
export function sayIneligible(viewer: Viewer, list: string, { asks, why, path }: Ineligible): string {
  const words = whyNotWords(why, roleNamesOf(viewer.catalog))
  if (asks === list) return words
  const shown = shownPath(viewer, path)[path.indexOf(asks)] ?? hiddenList
  if (why.kind === 'frozen') return `came into a list within ${shown.title} after that was frozen`
  return `${words}, which ${shown.title} asks for`
}
