/**
 * @module Users by name, for whoever may put them into a list: owners add colleagues without a right on users. It tells
 * names that are like what was typed, a few at a time and so many in a quarter of an hour, and nothing else of anybody.
 */
import type { CandidatesAnswer } from '../../api/contract/access-lists.js'
import { foldName } from '../../core/user/user.js'
import type { Authority } from '../authority.js'
import { limitPerson } from '../people/limits.js'
import type { ResourceDeps } from '../resources/deps.js'
import { assertManagesMembers, loadViewer, seesUsers } from './rights.js'

const maxCandidates = 10

/**
 * Those that begin with it first, then those that hold it, each by name; names alone are looked at, and no trait.
 * @throws GatewayError `FORBIDDEN`, `NOT_FOUND`, `TOO_MANY_ATTEMPTS` for who does not see users anyway.
 */
export async function findCandidates(
  deps: Pick<ResourceDeps, 'store' | 'catalog' | 'kinds' | 'clock'>,
  list: string,
  search: string,
  authority: Authority,
): Promise<CandidatesAnswer> {
  const catalog = await deps.catalog.read()
  assertManagesMembers(await loadViewer(deps, deps.store, catalog, authority), list)
  if (!seesUsers(authority)) await limitPerson(deps, 'candidates', authority.name)
  const wanted = foldName(search.trim())
  if (wanted.length < 2) return { items: [] }
  const begin: string[] = []
  const hold: string[] = []
  for (const name of catalog.parsed('user').keys()) {
    const at = foldName(name).indexOf(wanted)
    if (at === 0) begin.push(name)
    else if (at > 0) hold.push(name)
  }
  return {
    items: [...begin.sort(), ...hold.sort()].slice(0, maxCandidates).map((name) => ({ name })),
  }
}
