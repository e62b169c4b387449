/** @module What all parts of one cycle share: the books, the connections and how a change becomes durable. */
import type { IdentityCenter } from '../aws/identity-center.js'
import { buildEvent, type AuditFacts } from '../core/audit/event.js'
import type { Outages } from '../core/governor/outages.js'
import type { PrincipalKey } from '../core/identity-center/observation.js'
import type { PluginSettings } from '../core/identity-center/settings.js'
import type { Instant } from '../core/time.js'
import type { ScimClient } from '../scim/client/scim-client.js'
import type { StoreTransaction } from '../store/store.js'
import type { SyncDeps } from './deps.js'
import { writeEffect, type Effect, type LedgerBook, type LinkBook } from './effect.js'
import type { LeaseKeeper } from './lease.js'
import type { Reading } from './notes.js'
import type { Reread } from './reread.js'
import type { Seen } from './seen.js'

export interface Cycle {
  readonly deps: SyncDeps
  readonly settings: PluginSettings
  /** Of the plugin resource that the settings are from. */
  readonly revision: string
  /** Of that resource: a later one of the same name is another plugin. */
  readonly pluginCreatedAt: Instant
  readonly center: IdentityCenter
  readonly scim: ScimClient
  readonly lease: LeaseKeeper
  /** Of the lease, when the cycle began: what is in memory is true within it. */
  readonly term: number
  readonly seen: Seen
  readonly reading: Reading
  readonly links: LinkBook
  readonly ledger: LedgerBook
  /** Keys of the principals that have a link. */
  readonly owned: ReadonlySet<PrincipalKey>
  /** What has to be read anew before it is planned for again. */
  readonly reread: Reread
  /** Which services do not answer. */
  readonly outages: Outages
}

/** Thrown where somebody has written the plugin since the cycle began: whatever has not begun is planned anew. */
export class SettingsChanged extends Error {
  override readonly name = 'SettingsChanged'
}

/**
 * Within the transaction that begins something. A pause holds from the moment at which it is stored: nothing begins
 * after it, on any replica, and whoever paused may rely on that.
 * @throws SettingsChanged, and LeaseLost where the lease is another's.
 */
export async function assertMayBegin(
  tx: Pick<StoreTransaction, 'leases' | 'resources'>,
  { settings, revision, lease, term }: Pick<Cycle, 'settings' | 'revision' | 'lease' | 'term'>,
): Promise<void> {
  await lease.assertIn(tx, term)
  if ((await tx.resources.find('plugin', settings.name))?.revision !== revision) {
    throw new SettingsChanged('the plugin was changed meanwhile')
  }
}

/** Awaits one step of a change, with the points before and after it at which the simulation may end the process. */
export async function step<T>({ onStep }: SyncDeps, name: string, work: () => Promise<T>): Promise<T> {
  if (onStep === undefined) return await work()
  await onStep(`before ${name}`)
  const result = await work()
  await onStep(`after ${name}`)
  return result
}

export function appendEvents(
  { clusterName, random, timers }: SyncDeps,
  tx: Pick<StoreTransaction, 'audit'>,
  events: readonly (AuditFacts | undefined)[],
): Promise<void> {
  return events.reduce<Promise<void>>(async (before, facts) => {
    await before
    if (facts === undefined) return
    await tx.audit.append(buildEvent(facts, { clusterName, uid: random.uuid(), now: timers.now() }))
  }, Promise.resolve())
}

/**
 * One transaction of the holder, and after it the same in memory. `source`: whether we read it or changed AWS so. What
 * was begun may end in it after a pause, too.
 * @throws LeaseLost where the lease is another's, and SettingsChanged where the plugin is gone: nothing is kept for it.
 */
export async function commit(
  cycle: Pick<
    Cycle,
    'deps' | 'settings' | 'pluginCreatedAt' | 'lease' | 'term' | 'seen' | 'links' | 'ledger'
  >,
  effect: Effect,
  more: (tx: StoreTransaction) => Promise<void> = () => Promise.resolve(),
  source: 'read' | 'change' = 'read',
): Promise<void> {
  const { deps, settings, pluginCreatedAt, lease, term, seen, links, ledger } = cycle
  await deps.store.transaction(async (tx) => {
    await lease.assertIn(tx, term)
    if ((await tx.resources.find('plugin', settings.name))?.createdAt !== pluginCreatedAt) {
      throw new SettingsChanged('the plugin was removed meanwhile')
    }
    await more(tx)
    await writeEffect(tx, settings.name, effect, deps.timers.now())
  })
  seen.apply(effect.seen ?? [], source === 'change' ? deps.timers.now() : undefined)
  links.apply(effect)
  ledger.apply(effect)
}
