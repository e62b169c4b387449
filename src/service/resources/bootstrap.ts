/**
 * @module Creates resources that are not there yet: the preset roles, and those of the bootstrap file. What
 * exists is never changed, so a restart is harmless and an administrator's edit stays; what differs is told, for
 * an edit of the file that has no effect must not go unnoticed. All in one transaction.
 */
import { isDeepStrictEqual } from 'node:util'
import { buildEvent, type AuditEventName, type AuditFacts } from '../../core/audit/event.js'
import type { ResourceKind } from '../../store/store.js'
import type { ServiceContext } from '../context.js'
import { forgetUser } from '../people/forget-user.js'
import { claimName, readNamesInUse, type NamesInUse } from '../people/look-alike.js'

/** A parsed document that may be stored. */
export interface BootstrapResource {
  readonly kind: ResourceKind
  readonly name: string
  readonly document: unknown
  /** Entity ID of a service provider, unique over all of them. */
  readonly uniqueKey?: string
}

const created: Readonly<Record<ResourceKind, AuditEventName>> = {
  role: 'role.created',
  user: 'user.create',
  saml_idp_service_provider: 'saml.idp.service.provider.create',
  cluster_auth_preference: 'auth_preference.update',
}

/** What a start did with the resources it was given. */
export interface BootstrapOutcome<R extends BootstrapResource = BootstrapResource> {
  /** `kind/name` of each that was created. */
  readonly created: readonly string[]
  /** Those that are stored already and differ from what is stored, which was left alone. */
  readonly differing: readonly R[]
}

/**
 * Creates what is not there yet.
 * @throws GatewayError `ALREADY_EXISTS` for a taken entity ID, or the name of a user that looks like another's.
 */
export async function bootstrapResources<R extends BootstrapResource>(
  context: ServiceContext,
  resources: readonly R[],
): Promise<BootstrapOutcome<R>> {
  const now = context.clock.now()
  return await context.store.transaction(async (tx) => {
    const names: string[] = []
    const differing: R[] = []
    let inUse: NamesInUse | undefined
    for (const resource of resources) {
      const stored = await tx.resources.find(resource.kind, resource.name)
      if (stored !== undefined) {
        if (!isDeepStrictEqual(stored.document, resource.document)) differing.push(resource)
        continue
      }
      if (resource.kind === 'user') claimName((inUse ??= await readNamesInUse(tx)), resource.name)
      await tx.resources.create({ ...resource, now })
      // A recycled name inherits nothing from whoever had it before.
      if (resource.kind === 'user') await forgetUser(tx, resource.name)
      const facts: AuditFacts = {
        event: created[resource.kind],
        success: true,
        user: 'system',
        fields: {
          name: resource.name,
          updated_by: 'system',
          ...(resource.uniqueKey !== undefined && { service_provider_entity_id: resource.uniqueKey }),
        },
      }
      await tx.audit.append(
        buildEvent(facts, { clusterName: context.clusterName, uid: context.random.uuid(), now }),
      )
      names.push(`${resource.kind}/${resource.name}`)
    }
    return { created: names, differing }
  })
}
