/**
 * @module Whether AWS lets us in by what the settings say now: told by the last test of the connection and the last look,
 * whichever is newer. A result counts only for the very settings that it was had with, so that nothing is called healthy
 * that was never tried. It never asks AWS.
 */
import type { z } from 'zod'
import type { connectionTestAnswer } from '../../api/contract/identity-center.js'
import { connectionKey, trustKey } from '../../core/identity-center/connection-key.js'
import type { Integration } from '../../core/identity-center/integration.js'
import { noteNames } from '../../core/identity-center/note-names.js'
import type { PluginSettings } from '../../core/identity-center/settings.js'
import type { StoreTransaction } from '../../store/store.js'
import type { CatalogView } from '../resources/catalog-view.js'
import { isMap } from '../resources/present.js'
import type { IdentityCenterDeps } from './deps.js'

export interface Trust {
  /** `untested`: neither good nor bad is known of what the settings say now. */
  readonly state: 'untested' | 'accepted' | 'refused'
  readonly says: string
}

type Tested = Pick<z.infer<typeof connectionTestAnswer>, 'ok' | 'says'> & {
  /** AWS let us take on the role, whatever it allows then. */
  readonly letIn: boolean
  /** Blocks of the set-up script of which AWS refused an action; undefined where that could not be asked. */
  readonly denied?: readonly string[]
  readonly identityStoreId?: string | undefined
}

const untested: Trust = { state: 'untested', says: 'The connection was not tested yet.' }
const accepted = 'AWS accepts our credentials.'

/** Keeps the outcome of a test for as long as there is the plugin. */
export async function keepTested(
  deps: Pick<IdentityCenterDeps, 'catalog' | 'clock' | 'store'>,
  settings: PluginSettings,
  tested: Tested,
): Promise<void> {
  const of = connectionKey(settings, integrationOf(await deps.catalog.read(), settings))
  const { ok, says, letIn, denied, identityStoreId: id } = tested
  await deps.store.transaction(async (tx) => {
    if ((await tx.resources.find('plugin', settings.name)) === undefined) return
    const name = noteNames.tested(settings.name)
    const before = await tx.notes.find(name)
    const trusts = letIn ? of.trust : isMap(before) ? before['trusts'] : undefined
    // What a test could not ask stays as the one before it found it.
    const known = isMap(before) && before['of'] === of.whole ? before : {}
    const { instanceArn } = settings
    const kept = {
      ...{ at: deps.clock.now(), ok, says: says.slice(0, 1000), of: of.whole },
      denied: denied ?? known['denied'] ?? [],
      identityStore: id === undefined ? known['identityStore'] : { instanceArn, id },
    }
    await tx.notes.put(name, typeof trusts === 'string' ? { ...kept, trusts } : kept)
  })
}

/** How it stands as of now. */
export async function readTrust(deps: IdentityCenterDeps, settings: PluginSettings): Promise<Trust> {
  const sync = await deps.syncs.of(settings.name)
  const { credentials, scanFailure } = await sync.state()
  const { readAt } = await sync.plan()
  const { whole } = connectionKey(settings, integrationOf(await deps.catalog.read(), settings))
  const note = await deps.store.notes.find(noteNames.tested(settings.name))
  const test =
    isMap(note) && note['of'] === whole && typeof note['at'] === 'number'
      ? { at: note['at'], ok: note['ok'] === true, says: String(note['says']) }
      : undefined
  const look =
    credentials.ok === false
      ? { at: scanFailure?.at ?? deps.clock.now(), ok: false, says: credentials.says }
      : readAt === undefined
        ? undefined
        : { at: readAt, ok: true, says: accepted }
  const newest = test === undefined || (look !== undefined && look.at >= test.at) ? look : test
  if (newest === undefined) return untested
  return newest.ok ? { state: 'accepted', says: accepted } : { state: 'refused', says: newest.says }
}

/**
 * Whether AWS ever let a plugin in by this integration as it stands, so that a trust policy at AWS says the same: by a
 * test, or by a look that came to its end.
 */
export async function wasLetIn(
  tx: Pick<StoreTransaction, 'notes'>,
  integration: Integration,
  plugin: string,
): Promise<boolean> {
  const tested = await tx.notes.find(noteNames.tested(plugin))
  if (isMap(tested) && tested['trusts'] === trustKey(integration)) return true
  const reading = await tx.notes.find(noteNames.reading(plugin))
  return isMap(reading) && isMap(reading['lastScan'])
}

function integrationOf(catalog: CatalogView, { credentials }: PluginSettings): Integration | undefined {
  return credentials.kind === 'oidc' ? catalog.integration(credentials.integration) : undefined
}
