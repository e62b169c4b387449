/** @module A user or a group of one directory; those of another one, and what is gone, are not there for it. */
import { GatewayError } from '../../core/error.js'
import type { DirectoryResource, StoreTransaction } from '../../store/store.js'
import type { Directory } from './deps.js'

/** @throws GatewayError `NOT_FOUND`. */
export async function findDirectoryResource(
  tx: Pick<StoreTransaction, 'directories'>,
  { connector }: Directory,
  kind: DirectoryResource['kind'],
  id: string,
): Promise<DirectoryResource> {
  const found = id.length > 100 ? undefined : await tx.directories.find(connector, kind, id)
  if (found !== undefined) return found
  throw new GatewayError('NOT_FOUND', `there is no ${kind} with the id "${id.slice(0, 100)}"`)
}

/** @throws GatewayError `REVISION_MISMATCH` where the resource is another one than the caller has seen. */
export function assertVersion(ifMatch: string | undefined, version: string): void {
  if (ifMatch === undefined || hasVersion(ifMatch, version)) return
  throw new GatewayError(
    'REVISION_MISMATCH',
    `the resource was changed meanwhile: its version is ${version} now; read it again`,
  )
}

/** Whether a list of entity tags, as in If-Match, has the version; weak comparison, since all of ours are weak. */
export function hasVersion(header: string, version: string): boolean {
  if (header.trim() === '*') return true
  const opaque = (tag: string) => tag.replace(/^W\//, '')
  const tags = header.slice(0, 4000).match(/(?:W\/)?"[\x21\x23-\x7e]*"/g) ?? []
  return tags.some((tag) => opaque(tag) === opaque(version))
}
