/** @module What the use cases of upstream directories are given. */
import type { ScimServer } from '../../scim/server/schemas.js'
import type { ResourceDeps } from '../resources/deps.js'

export interface DirectoryDeps extends ResourceDeps {
  readonly scimServer: ScimServer
}

/** A directory that asks: the connector that it belongs to. */
export interface Directory {
  readonly connector: string
}
