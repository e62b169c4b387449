/**
 * @module Creates resources that are not there yet: the preset roles, and those of the bootstrap file. What
 * exists is never changed, so a restart is harmless and an administrator's edit stays; what differs is told, for
 * an edit of the file that has no effect must not go unnoticed. All in one transaction.
 */
import { isDeepStrictEqual } from 'node:util'
import { systemAuthority } from '../authority.js'
import { applyWithin } from './apply.js'
import type { ResourceDeps } from './deps.js'
import type { ParsedResource } from './parse-documents.js'
import { presentDocument, shownDocument } from './present.js'

/** What a start did with the resources it was given. */
export interface BootstrapOutcome {
  /** `kind/name` of each that was created. */
  readonly created: readonly string[]
  /** Those that are stored already and differ from what is stored, which was left alone. */
  readonly differing: readonly ParsedResource[]
}

/**
 * Creates what is not there yet; where one name stands twice, the first counts.
 * @throws GatewayError as `applyResources` for what cannot be created.
 */
export async function bootstrapResources(
  deps: ResourceDeps,
  resources: readonly ParsedResource[],
): Promise<BootstrapOutcome> {
  await deps.catalog.read()
  return await deps.store.transaction(async (tx) => {
    const catalog = await deps.catalog.readIn(tx)
    const missing: ParsedResource[] = []
    const differing: ParsedResource[] = []
    for (const resource of resources) {
      const { kind, name } = resource
      const stored = catalog.parsed(kind.name).get(name)
      const first = missing.find((one) => one.kind === kind && one.name === name)
      if (stored === undefined && first === undefined) {
        missing.push(resource)
        continue
      }
      const other = stored === undefined ? first?.document : shownDocument(kind, stored, catalog)
      if (!isDeepStrictEqual(other, presentDocument(kind, resource.document, catalog)))
        differing.push(resource)
    }
    const input = { documents: missing, mode: 'create', dryRun: false } as const
    const changes = await applyWithin(deps, tx, input, systemAuthority, undefined)
    return { created: changes.map(({ kind, name }) => `${kind}/${name}`), differing }
  })
}
