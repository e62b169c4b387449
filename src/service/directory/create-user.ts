/**
 * @module A directory pushes a user whom it does not know here yet. The name belongs to whoever made it (T7): a local user,
 * or one of another connector, is not taken over. One who signed in through the same connector before is the same person,
 * unless the connector compares ids (`core/directory/adopt.ts`).
 */
import { judgeAdoption } from '../../core/directory/adopt.js'
import { withDirectoryTraits, traitsOf } from '../../core/directory/user-traits.js'
import { normalizeResource } from '../../core/scim/normalize.js'
import { scimError } from '../../core/scim/schema.js'
import type { RequestOrigin } from '../context.js'
import type { CatalogView } from '../resources/catalog-view.js'
import type { Directory, DirectoryDeps } from './deps.js'
import { userView, type ScimView } from './represent.js'
import { recordAsked, tellingFailure } from './told.js'
import { readSentUser, type SentUser } from './user-input.js'
import { changedDocument, deactivate, writeDocument, type DirectoryWriting } from './write.js'

/** @throws GatewayError `INVALID_SCIM` (uniqueness for a name that is taken), `INVALID_RESOURCE` for what is no name. */
export async function createDirectoryUser(
  deps: DirectoryDeps,
  directory: Directory,
  sent: unknown,
  origin: RequestOrigin,
): Promise<ScimView> {
  const { userType: type } = deps.scimServer
  const asked = { event: 'scim.create', type: 'User' } as const
  return await tellingFailure(deps, directory, asked, origin, async () => {
    const user = readSentUser(type, normalizeResource(type, sent))
    await deps.catalog.read()
    return await deps.store.transaction(async (tx) => {
      const writing = { deps, tx, directory, origin }
      const catalog = await deps.catalog.readIn(tx)
      await writeUser(writing, catalog, user)
      const now = deps.clock.now()
      const row = {
        id: deps.random.uuid(),
        connector: directory.connector,
        kind: 'user',
        name: user.userName,
        externalId: user.externalId,
        attributes: user.attributes,
        createdAt: now,
        updatedAt: now,
      } as const
      await tx.directories.create(row)
      const active = user.active ?? true
      if (!active) await deactivate(writing, row)
      const fields = { id: row.id, name: row.name }
      await recordAsked(deps, tx, directory, { ...asked, fields }, origin)
      return userView({ type, publicUrl: deps.publicUrl }, row, active)
    })
  })
}

async function writeUser(
  writing: DirectoryWriting,
  catalog: CatalogView,
  { userName, attributes }: SentUser,
): Promise<void> {
  const { deps, tx, directory } = writing
  const other = catalog.lookAlike(userName)
  if (other === undefined) {
    await writeDocument(writing, 'create', {
      kind: 'user',
      version: 'v2',
      metadata: { name: userName },
      spec: {
        traits: traitsOf(attributes),
        created_by: { connector: { id: directory.connector } },
      },
    })
    return
  }
  const held = catalog.user(userName)
  const isOurs = held?.origin.kind === 'connector' && held.origin.connector === directory.connector
  const verdict = judgeAdoption({
    isOurs,
    isPushed: (await tx.directories.findByName('user', userName)) !== undefined,
    isBound: (await tx.connectors.findIdentityOf(userName)) !== undefined,
    connector: catalog.connector(directory.connector),
  })
  if (held === undefined || verdict === 'taken') {
    throw scimError(
      'uniqueness',
      `the name "${userName.slice(0, 200)}" is taken; ask an administrator of the gateway`,
    )
  }
  if (verdict === 'unproven') {
    throw scimError(
      'uniqueness',
      `somebody signed in as "${userName.slice(0, 200)}" before it was pushed, and nobody compared the externalId then; ` +
        'an administrator of the gateway has to delete that user first, if this is the person whom the name is for',
    )
  }
  const changed = changedDocument(deps, catalog, { kind: 'user', name: userName }, (spec) => ({
    ...spec,
    traits: withDirectoryTraits(held.traits, attributes),
  }))
  if (changed !== undefined) await writeDocument(writing, 'update', changed)
}
