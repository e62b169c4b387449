/** @module Collects what preview, import and the check before the hand-over start from, as of one moment. */
import type { ImportFacts, KnownUser } from '../../core/import/facts.js'
import type { ObservedPermissionSet } from '../../core/identity-center/observation.js'
import type { PluginSettings } from '../../core/identity-center/settings.js'
import type { Store } from '../../store/store.js'
import { locksOn } from '../locks/in-force.js'
import type { CatalogView } from '../resources/catalog-view.js'
import { readStored } from '../resources/present.js'
import type { IdentityCenterDeps } from './deps.js'
import { lastImport } from './started.js'
import type { CurrentPlan } from './sync-port.js'

export interface CollectedFacts {
  readonly facts: ImportFacts
  readonly current: CurrentPlan
  readonly catalog: CatalogView
}

/**
 * `settings` are those that are stored, or those that somebody tries out.
 * @throws GatewayError `NOT_FOUND` where there is no such plugin.
 */
export async function collectImportFacts(
  deps: IdentityCenterDeps,
  settings: PluginSettings,
): Promise<CollectedFacts> {
  const sync = await deps.syncs.of(settings.name)
  const current = await sync.plan()
  const catalog = await deps.catalog.read()
  const now = deps.clock.now()
  return {
    current,
    catalog,
    facts: {
      settings,
      observation: current.observation,
      accounts: current.accounts,
      permissionSets: await readPermissionSets(deps.store, settings.name),
      users: knownUsers(catalog, now),
      lists: catalog.accessLists().map(({ value }) => value),
      takenNames: [...catalog.parsed('access_list').keys()],
      members: await deps.store.members.listAll(),
      links: current.links,
      ledger: current.ledger,
      formerOwners: (await lastImport(deps.store, settings.name))?.owners ?? [],
      now,
    },
  }
}

/** The permission sets as last seen. */
export async function readPermissionSets(
  store: Pick<Store, 'observations'>,
  plugin: string,
): Promise<ObservedPermissionSet[]> {
  const seen = await store.observations.list(plugin, 'permission_set')
  return seen.flatMap(({ id, document }) => {
    const name = textOf(document, 'name')
    if (name === undefined) return []
    return [
      {
        arn: id,
        name,
        description: textOf(document, 'description'),
        sessionDuration: textOf(document, 'sessionDuration'),
      },
    ]
  })
}

function knownUsers(catalog: CatalogView, now: number): KnownUser[] {
  return catalog.users().map(({ value, stored }) => ({
    name: value.name,
    labels: labelsOf(readStored(stored)),
    origin: value.origin.kind === 'local' ? 'local' : value.origin.connector,
    traits: value.traits,
    isLocked: locksOn(catalog, { user: value }, now).length > 0,
  }))
}

function labelsOf(document: unknown): Record<string, string> {
  const labels = fieldOf(fieldOf(document, 'metadata'), 'labels')
  if (typeof labels !== 'object' || labels === null) return {}
  return Object.fromEntries(
    Object.entries(labels).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}

function textOf(document: unknown, key: string): string | undefined {
  const value = fieldOf(document, key)
  return typeof value === 'string' ? value : undefined
}

function fieldOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  const found: unknown = Object.getOwnPropertyDescriptor(value, key)?.value
  return found
}
