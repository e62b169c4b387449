/** @module Forgets what is believed about one user or access list, reads it anew and tries again at once. */
import { GatewayError } from '../../core/error.js'
import type { IdentityCenterDeps } from './deps.js'
import { findPlugin } from './find-plugin.js'
import { withAws } from './words.js'

/** @throws GatewayError `NOT_FOUND`, `AWS_REFUSED`, `AWS_UNREACHABLE`. */
export async function resync(
  deps: IdentityCenterDeps,
  name: string,
  object: { readonly kind: 'user' | 'list'; readonly name: string },
): Promise<void> {
  await findPlugin(deps, name)
  const links = await deps.store.principalLinks.list(name)
  const kind = object.kind === 'user' ? 'user' : 'group'
  const catalog = await deps.catalog.read()
  const known =
    links.some((link) => link.kind === kind && link.name === object.name) ||
    catalog.parsed(object.kind === 'user' ? 'user' : 'access_list').has(object.name)
  if (!known) {
    const what = object.kind === 'user' ? 'user' : 'access list'
    throw new GatewayError('NOT_FOUND', `there is no ${what} named "${object.name.slice(0, 200)}"`)
  }
  const sync = await deps.syncs.of(name)
  await withAws(async () => {
    await sync.resync(object)
  })
}
