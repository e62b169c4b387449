/** @module Where each role of a person comes from: held by themselves, given by access lists, or for a time by a request. */
import type { z } from 'zod'
import type { roleSource } from '../../api/contract/me.js'
import type { Instant } from '../../core/time.js'
import { effectiveUser, type MemberRows } from '../access/effective.js'
import type { CatalogView } from '../resources/catalog-view.js'
import { shownRoleNames } from '../resources/role-refs.js'

/** Of roles as they count now, by the names that people know. Lists that give somebody something exist for them. */
export async function findRoleSources(
  members: MemberRows,
  catalog: CatalogView,
  { name, roles }: { readonly name: string; readonly roles: readonly string[] },
  now: Instant,
): Promise<z.infer<typeof roleSource>[]> {
  const person = await effectiveUser(members, catalog, name, now)
  const shown = (stored: readonly string[]) => new Set(shownRoleNames(stored, catalog.inventory))
  const own = shown(person?.own.roles ?? [])
  const given = (person?.given ?? []).map(({ list, side, grants }) => ({
    list: { name: list, title: catalog.accessList(list)?.title ?? list, side },
    roles: shown(grants.roles),
  }))
  return roles.map((role) => {
    const lists = given.flatMap((one) => (one.roles.has(role) ? [one.list] : []))
    return { role, isOwn: own.has(role), lists, byRequest: !own.has(role) && lists.length === 0 }
  })
}
