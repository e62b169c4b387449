/**
 * @module A list as it may be named to somebody. Ways lead from a list that they see through lists that do not exist for
 * them; that there is one is told, and nothing else of it.
 */
import { rightsOn, type Viewer } from './rights.js'

export interface ShownList {
  /** Null for a list that does not exist for the viewer. */
  readonly name: string | null
  /** What people read. */
  readonly title: string
}

export const hiddenList: ShownList = { name: null, title: 'a list you may not see' }

/** The way to a person, from a list whose members the viewer sees: those lists that are members of it are named there. */
export function shownPath(viewer: Viewer, path: readonly string[]): ShownList[] {
  return path.map((name, at) => {
    const shown = shownList(viewer, name)
    return shown.name === null && at === 1 ? { name, title: name } : shown
  })
}

export function shownList(viewer: Viewer, name: string): ShownList {
  if (rightsOn(viewer, name).sight === 'none') return hiddenList
  return { name, title: viewer.catalog.accessList(name)?.title ?? name }
}
