/**
 * @module A directory replaces or patches a user of its own: traits follow what it says, and who is not active any more is
 * locked. What it says and how the user stands are compared in one transaction, so that two changes at once lose nothing.
 */
import { noRemovals } from '../../core/directory/guard.js'
import { withDirectoryTraits } from '../../core/directory/user-traits.js'
import { normalizeResource } from '../../core/scim/normalize.js'
import { applyPatch } from '../../core/scim/patch.js'
import { scimError, type ScimObject } from '../../core/scim/schema.js'
import { foldName } from '../../core/user/user.js'
import type { DirectoryResource } from '../../store/store.js'
import type { RequestOrigin } from '../context.js'
import { countHoldings } from './count-holdings.js'
import type { Directory, DirectoryDeps } from './deps.js'
import { assertVersion, findDirectoryResource } from './find.js'
import { guardChange } from './hold.js'
import { isActive, userView, type ScimView } from './represent.js'
import { recordAsked, tellingFailure } from './told.js'
import { readSentUser } from './user-input.js'
import { activate, changedDocument, deactivate, writeDocument } from './write.js'

export interface ChangeInput {
  readonly id: string
  readonly how: 'replace' | 'patch'
  /** The resource, or the PATCH, as it was sent. */
  readonly sent: unknown
  readonly ifMatch: string | undefined
}

/**
 * @throws GatewayError `NOT_FOUND`, `REVISION_MISMATCH`, `INVALID_SCIM`, `INVALID_RESOURCE`, and `DIRECTORY_HELD` or
 * `DIRECTORY_REFUSED` for a deactivation too many.
 */
export async function changeDirectoryUser(
  deps: DirectoryDeps,
  directory: Directory,
  { id, how, sent, ifMatch }: ChangeInput,
  origin: RequestOrigin,
): Promise<ScimView> {
  const { userType: type } = deps.scimServer
  const about = { type, publicUrl: deps.publicUrl }
  const asked = {
    event: how === 'patch' ? 'scim.patch' : 'scim.update',
    type: 'User',
    fields: { id: id.slice(0, 100) },
  } as const
  return await tellingFailure(deps, directory, asked, origin, async () => {
    await deps.catalog.read()
    const done = await deps.store.transaction(async (tx) => {
      const writing = { deps, tx, directory, origin }
      const row = await findDirectoryResource(tx, directory, 'user', id)
      const catalog = await deps.catalog.readIn(tx)
      const now = deps.clock.now()
      const wasActive = isActive(catalog, id, now)
      const before = userView(about, row, wasActive)
      assertVersion(ifMatch, before.version)
      const resource =
        how === 'patch' ? applyPatch(type, patchable(row, wasActive), sent) : normalizeResource(type, sent)
      const user = readSentUser(type, resource)
      assertSameName(row, user.userName)
      const active = user.active ?? wasActive
      if (wasActive && !active) {
        const held = await guardChange(
          deps,
          tx,
          directory,
          {
            identity: ['deactivate', id],
            what: `Deactivate the user ${row.name}`,
            removes: { ...noRemovals, users: 1 },
            has: () => countHoldings(tx, catalog, directory, now),
          },
          origin,
        )
        if (held !== undefined) return { held }
      }
      const changed = { ...row, externalId: user.externalId, attributes: user.attributes, updatedAt: now }
      const after = userView(about, changed, active)
      // What says the same again is no change, and its time stays.
      if (after.version === before.version) {
        await recordAsked(deps, tx, directory, { ...asked, fields: { id, name: row.name } }, origin)
        return { view: before }
      }
      const traits = withDirectoryTraits(catalog.user(row.name)?.traits ?? {}, user.attributes)
      const ref = { kind: 'user', name: row.name } as const
      const document = changedDocument(deps, catalog, ref, (spec) => ({ ...spec, traits }))
      if (document !== undefined) await writeDocument(writing, 'update', document)
      if (wasActive && !active) await deactivate(writing, row)
      if (!wasActive && active) await activate(writing, catalog, id)
      await tx.directories.update(changed)
      await recordAsked(deps, tx, directory, { ...asked, fields: { id, name: row.name } }, origin)
      return { view: after }
    })
    if (done.held !== undefined) throw done.held
    return done.view
  })
}

/** What a PATCH changes: without what the gateway alone writes. */
function patchable({ name, externalId, attributes }: DirectoryResource, active: boolean): ScimObject {
  return { ...attributes, userName: name, ...(externalId !== undefined && { externalId }), active }
}

/**
 * Directories write names in other cases now and then; that is the same name. Another one is refused: it is the name of
 * the user here, in lists, requests and the log, and in AWS, and none of these follows.
 */
function assertSameName({ name }: DirectoryResource, sent: string): void {
  if (foldName(sent) === foldName(name)) return
  throw scimError(
    'mutability',
    `userName cannot be changed: the user is "${name}" here and in AWS. Push a userName that stays, such as an id ` +
      'of the person, and the new name as displayName and emails; or keep this one, which costs nothing: sign-in goes ' +
      'by the account of the provider. If the name has to change, delete the user and push them anew: they lose ' +
      'memberships and requests here, and become another user in AWS',
  )
}
