/** @module When people last signed in to AWS through the gateway: what tells owners who still needs a list. */
import { parseInstant, type Instant } from '../../core/time.js'
import type { Store } from '../../store/store.js'
import type { CatalogView } from '../resources/catalog-view.js'
import { isMap } from '../resources/present.js'

/** Sign-ins of one person that are looked through, newest first; to other applications there may be many. */
const maxLooked = 20

/** Of a page of people; one question for each, of those who never did there is none. */
export async function lastAwsSignIns(
  { store }: { readonly store: Pick<Store, 'audit'> },
  catalog: Pick<CatalogView, 'plugins'>,
  users: readonly string[],
): Promise<ReadonlyMap<string, Instant>> {
  const applications = new Set(catalog.plugins().flatMap(({ value }) => value.serviceProvider ?? []))
  const found = new Map<string, Instant>()
  if (applications.size === 0) return found
  for (const user of users) {
    const events = await store.audit.list({
      limit: maxLooked,
      order: 'desc',
      types: ['saml.idp.auth'],
      user,
      success: true,
    })
    const at = events.flatMap(({ json }) => instantOf(json, applications) ?? [])[0]
    if (at !== undefined) found.set(user, at)
  }
  return found
}

function instantOf(json: string, applications: ReadonlySet<string>): Instant | undefined {
  const event: unknown = JSON.parse(json)
  if (!isMap(event)) return undefined
  const { service_provider_name: application, time } = event
  if (typeof application !== 'string' || !applications.has(application)) return undefined
  return typeof time === 'string' ? parseInstant(time) : undefined
}
