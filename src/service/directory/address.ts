/** @module Where the SCIM endpoint and its resources are, for answers and for people. */
import type { DirectoryResource } from '../../store/store.js'

export function scimBase(publicUrl: string): string {
  return `${publicUrl}/scim/v2`
}

export function resourceUrl(publicUrl: string, { kind, id }: Pick<DirectoryResource, 'kind' | 'id'>): string {
  return `${scimBase(publicUrl)}/${kind === 'user' ? 'Users' : 'Groups'}/${id}`
}
