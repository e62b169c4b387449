/** @module One user or list that a person wants looked at anew. */
import type { SyncDeps } from './deps.js'
import type { Holder } from './holder.js'

/** What is known of it is read anew before the next plan, and its failures wait no longer. */
export async function doubtObject(
  holder: Holder,
  { store, timers }: Pick<SyncDeps, 'store' | 'timers'>,
  kind: 'user' | 'list',
  name: string,
): Promise<void> {
  const of = kind === 'user' ? 'user' : 'group'
  const { reread } = holder
  const link = await store.principalLinks.find(holder.plugin, of, name)
  const { failures, seen } = await holder.memory()
  failures.forgetObject(name)
  holder.outages.askSoonAll(timers.now())
  const id = link?.awsId ?? ''
  if (kind === 'user') reread.add({ what: 'user', name: seen.users.get(id)?.userName ?? name })
  const displayName = kind === 'list' ? seen.groups.get(id)?.displayName : undefined
  if (displayName !== undefined) reread.add({ what: 'group', name: displayName })
  if (link === undefined) return
  if (kind === 'list') reread.add({ what: 'members', id: link.awsId })
  reread.add({ what: 'assignments', kind: of, id: link.awsId })
}
