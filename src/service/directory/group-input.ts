/** @module What a directory sent of a group, read; and that no two of its groups have one name. */
import { assertComplete } from '../../core/scim/normalize.js'
import { scimError, type ScimObject, type ScimType } from '../../core/scim/schema.js'
import { foldName } from '../../core/user/user.js'
import type { CatalogView } from '../resources/catalog-view.js'
import { readExternalId } from './user-input.js'

export interface SentGroup {
  readonly displayName: string
  readonly externalId: string | undefined
  /** As they were sent. */
  readonly members: unknown
  readonly attributes: ScimObject
}

/** `resource` is normalised. @throws GatewayError `INVALID_SCIM`. */
export function readSentGroup(type: ScimType, resource: ScimObject): SentGroup {
  assertComplete(type, resource)
  const { displayName, externalId, members, ...attributes } = resource
  return {
    displayName: displayName as string, // normalised: text
    externalId: readExternalId(externalId),
    members,
    attributes,
  }
}

/** @throws GatewayError `INVALID_SCIM` (uniqueness). `lists` are those of the directory, `but` is the group itself. */
export function assertFreeTitle(
  catalog: CatalogView,
  lists: Iterable<string>,
  { displayName, but }: { readonly displayName: string; readonly but: string | undefined },
): void {
  for (const name of lists) {
    if (name === but || foldName(catalog.accessList(name)?.title ?? '') !== foldName(displayName)) continue
    throw scimError('uniqueness', `there is a group "${displayName.slice(0, 200)}" already`)
  }
}
