/**
 * @module Names that an upstream directory has here: under which one it acts in the audit log, what its locks and the
 * lists of its groups are called. A directory pushes users and groups by SCIM and belongs to a connector.
 */

const prefix = 'scim/'

/** The name under which the directory of a connector acts: no person's name holds a slash. */
export function directoryName(connector: string): string {
  return `${prefix}${connector}`
}

export function isDirectoryName(name: string): boolean {
  return name.startsWith(prefix)
}

/** The lock by which a directory deactivates the user whom it knows by this id. */
export function directoryLockName(id: string): string {
  return `directory-${id}`
}

/** Stable name of the access list of a group: words of its title as it was first, and the beginning of its id. */
export function directoryListName(displayName: string, id: string): string {
  const words = displayName
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replace(/^-+|-+$/g, '')
  return [words === '' ? 'group' : words, id.slice(0, 8)].join('-')
}
