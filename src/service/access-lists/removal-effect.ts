/**
 * @module What taking members out of a list takes from people: who is in it no more, and what of it nothing else gives
 * them, and who stays in by another way. From rows before they are written, in the transaction of the change.
 */
import type { RemovalEffect, RemovalLoss } from '../../api/contract/access-lists.js'
import { flattenLists } from '../../core/access-list/flatten.js'
import { listTrait } from '../../core/trait.js'
import { effectiveUser, type MemberRows } from '../access/effective.js'
import { keyOf, type MemberEdit } from './edit-members.js'
import { lookUpPerson } from './people-of.js'
import { readMembersBelow } from './read-below.js'
import { momentOf } from './review-summary.js'

const maxNamed = 200

/** Of an edit that has taken out whom it takes out. People who counted before; the names told are bounded. */
export async function findRemovalEffect(edit: MemberEdit): Promise<RemovalEffect> {
  const { tx, catalog, list, members, now, done, sightOf } = edit
  const rows = await readMembersBelow(tx, list.name)
  const names = new Set([list.name, ...rows.map((row) => row.list)])
  const lists = [...names]
    .filter((name) => catalog.parsed('access_list').has(name))
    .map((name) => catalog.accessList(name) ?? { name })
  const people = lookUpPerson(catalog)
  const before = flattenLists(lists, rows, people, momentOf(catalog, now)).lists
  const left = rows.filter((row) => row.list !== list.name || members.has(keyOf(row)))
  const then = flattenLists(lists, left, people, momentOf(catalog, now)).lists.get(list.name)?.users
  const was = before.get(list.name)?.users ?? new Map<string, unknown>()
  // Whoever was in by what goes, by name or as one of the people of a list.
  const concerned = new Set(
    done.delete.flatMap(({ kind, name }) =>
      kind === 'user' ? [name] : [...(before.get(name)?.users.keys() ?? [])],
    ),
  )
  const leave = [...was.keys()].filter((name) => then?.has(name) !== true)
  const stay = [...concerned].sort().flatMap((name) => {
    const path = then?.get(name)?.path
    return path === undefined || !was.has(name) ? [] : [{ name, path }]
  })
  return {
    leave: leave.slice(0, maxNamed),
    leaveCount: leave.length,
    ...(leave.length <= maxNamed && { losses: await findLosses(edit, leave) }),
    stay: stay.slice(0, maxNamed).map(({ name, path }) => ({
      name,
      path: path.map((one) =>
        sightOf(one) === 'none'
          ? { name: null, title: 'a list that you do not see' }
          : { name: one, title: catalog.accessList(one)?.title ?? one },
      ),
    })),
    stayCount: stay.length,
  }
}

/** Of each what they hold before and not after, as far as lists gave it that the reader may see. */
async function findLosses(edit: MemberEdit, leave: readonly string[]): Promise<RemovalLoss[]> {
  const { tx, catalog, now, sightOf } = edit
  const rowsLeft = withoutRemoved(edit)
  const losses: RemovalLoss[] = []
  for (const name of leave) {
    const before = await effectiveUser(tx.members, catalog, name, now)
    const after = await effectiveUser(rowsLeft, catalog, name, now)
    const roles = new Set(after?.user.roles)
    const keeps = (trait: string, value: string) =>
      after !== undefined && listTrait(after.user.traits, trait).includes(value)
    const lost = (before?.given ?? []).flatMap(({ list, grants }) => {
      if (sightOf(list) === 'none') return []
      const gone = {
        list,
        roles: grants.roles.filter((role) => !roles.has(role)),
        traits: Object.entries(grants.traits).flatMap(([trait, values]) =>
          values.every((value) => keeps(trait, value)) ? [] : [trait],
        ),
      }
      return gone.roles.length + gone.traits.length > 0 ? [gone] : []
    })
    losses.push({
      name,
      held: before?.given.some((one) => one.list === edit.list.name && one.side === 'member') === true,
      roles: new Set(lost.flatMap((one) => one.roles)).size,
      traits: new Set(lost.flatMap((one) => one.traits)).size,
      lists: [...new Set(lost.map(({ list }) => catalog.accessList(list)?.title ?? list))].sort(),
    })
  }
  return losses
}

/** The rows as the edit leaves them. */
function withoutRemoved({ tx, list, members }: MemberEdit): MemberRows {
  return {
    edgesAbove: async (kind, name) =>
      (await tx.members.edgesAbove(kind, name)).filter(
        (row) => row.list !== list.name || members.has(keyOf(row)),
      ),
    countOf: (lists, now) => tx.members.countOf(lists, now),
    lastLeft: (lists, now) => tx.members.lastLeft(lists, now),
  }
}
