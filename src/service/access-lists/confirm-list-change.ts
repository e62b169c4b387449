/**
 * @module The second factor that a change of a list by somebody takes: of its members, of what it asks of them, or by a
 * review. Owners have no right by a role; what they do is judged as "update" on access_list all the same, so that the
 * cluster asks them too, and a role of theirs where it allows that.
 */
import type { MfaMethod } from '../../core/mfa/proof.js'
import type { ServiceContext } from '../context.js'
import type { StoreTransaction } from '../../store/store.js'
import type { Authority } from '../authority.js'
import { confirmChange } from '../people/confirm-change.js'
import type { CatalogView } from '../resources/catalog-view.js'

/**
 * In the transaction of the change, once it would stand. `proved`: what it was proved by already, as a decision on a
 * request. @throws GatewayError as `confirmChange`.
 */
export async function confirmListChange(
  { clock }: Pick<ServiceContext, 'clock'>,
  { tx, catalog }: { readonly tx: StoreTransaction; readonly catalog: CatalogView },
  authority: Authority,
  proved?: MfaMethod,
): Promise<void> {
  const acts = [{ resource: 'access_list', verb: 'update' }]
  const preference = catalog.preference()
  await confirmChange(tx, authority, { acts, preference, now: clock.now(), proved })
}
