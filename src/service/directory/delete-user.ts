/**
 * @module A directory deletes a user of its own: sessions, memberships and grants go with them, here and in AWS. Who owns
 * access lists cannot go before somebody else owns those: such a user is deactivated, and the directory is told.
 */
import { noRemovals } from '../../core/directory/guard.js'
import { GatewayError } from '../../core/error.js'
import type { RequestOrigin } from '../context.js'
import { countHoldings } from './count-holdings.js'
import type { Directory, DirectoryDeps } from './deps.js'
import { assertVersion, findDirectoryResource } from './find.js'
import { guardChange } from './hold.js'
import { isActive, userView } from './represent.js'
import { recordAsked, tellingFailure } from './told.js'
import { activate, deactivate, removeDocument } from './write.js'

/**
 * @throws GatewayError `NOT_FOUND`, `REVISION_MISMATCH`, `DIRECTORY_HELD`, `DIRECTORY_REFUSED`, and `STILL_IN_USE` for who
 * owns lists and was deactivated instead.
 */
export async function deleteDirectoryUser(
  deps: DirectoryDeps,
  directory: Directory,
  { id, ifMatch }: { readonly id: string; readonly ifMatch: string | undefined },
  origin: RequestOrigin,
): Promise<void> {
  const asked = { event: 'scim.delete', type: 'User', fields: { id: id.slice(0, 100) } } as const
  await tellingFailure(deps, directory, asked, origin, async () => {
    await deps.catalog.read()
    const end = (how: 'delete' | 'deactivate') => endUser(deps, directory, { id, ifMatch, how }, origin)
    try {
      await end('delete')
    } catch (error) {
      if (!(error instanceof GatewayError) || error.code !== 'STILL_IN_USE') throw error
      await end('deactivate')
      throw new GatewayError(
        'STILL_IN_USE',
        'the user owns access lists of the gateway and was deactivated instead; an administrator has to name other owners before the user can be deleted',
        {},
        { cause: error },
      )
    }
  })
}

async function endUser(
  deps: DirectoryDeps,
  directory: Directory,
  {
    id,
    ifMatch,
    how,
  }: { readonly id: string; readonly ifMatch: string | undefined; readonly how: 'delete' | 'deactivate' },
  origin: RequestOrigin,
): Promise<void> {
  const held = await deps.store.transaction(async (tx) => {
    const writing = { deps, tx, directory, origin }
    const row = await findDirectoryResource(tx, directory, 'user', id)
    const catalog = await deps.catalog.readIn(tx)
    const now = deps.clock.now()
    const wasActive = isActive(catalog, id, now)
    const about = { type: deps.scimServer.userType, publicUrl: deps.publicUrl }
    assertVersion(ifMatch, userView(about, row, wasActive).version)
    // Whoever is deactivated was counted then.
    const waits = await guardChange(
      deps,
      tx,
      directory,
      {
        identity: [how, id],
        what: `${how === 'delete' ? 'Delete' : 'Deactivate'} the user ${row.name}`,
        removes: { ...noRemovals, users: wasActive ? 1 : 0 },
        has: () => countHoldings(tx, catalog, directory, now),
      },
      origin,
    )
    if (waits !== undefined) return waits
    if (how === 'deactivate') {
      if (wasActive) await deactivate(writing, row)
      return undefined
    }
    await activate(writing, catalog, id)
    await removeDocument(writing, 'user', row.name)
    await tx.directories.forget('user', row.name)
    const fields = { id, name: row.name }
    await recordAsked(deps, tx, directory, { event: 'scim.delete', type: 'User', fields }, origin)
    return undefined
  })
  if (held !== undefined) throw held
}
