/** @module "Who can" as a table for other programs: one row for each way of each person. */
import { writeCsv } from '../../core/csv.js'
import type { Authority } from '../authority.js'
import type { InsightDeps } from './collect.js'
import { whoCan, type SubjectInput } from './who-can.js'

/** People; a table that was cut says so in its last row. */
const maxPeople = 20_000

const titles = [
  'user',
  'account',
  'permission_set',
  'by',
  'lists',
  'role',
  'request',
  'until',
  'needs',
  'locked',
]

/** @throws GatewayError as `whoCan`. */
export async function writeWhoCanCsv(
  deps: InsightDeps,
  input: SubjectInput,
  authority: Authority,
): Promise<string> {
  const { subject, items, nextCursor } = await whoCan(deps, { ...input, limit: maxPeople }, authority)
  const rows = items.flatMap(({ user, locked, signIn, access, moreAccess = 0 }) => {
    const told = access.flatMap(({ permissionSet, paths, morePaths = 0 }) => {
      const row = (by: string, cells: readonly string[]) => [
        user,
        subject.account?.id ?? '',
        permissionSet?.name ?? '',
        by,
        ...cells,
        (signIn?.needs ?? []).join(' '),
        locked === true ? 'locked' : '',
      ]
      const ways = paths.map(({ by, lists, role = '', request = '', until = '' }) =>
        row(by, [lists.map(({ name, title }) => name ?? title).join(' > '), role, request, until]),
      )
      return morePaths === 0 ? ways : [...ways, row(`and ${morePaths} more ways`, ['', '', '', ''])]
    })
    const more = [user, subject.account?.id ?? '', `and ${moreAccess} more`, '', '', '', '', '', '', '']
    return moreAccess === 0 ? told : [...told, more]
  })
  const cut = nextCursor === undefined ? [] : [[`cut after ${maxPeople.toLocaleString('en')} people`]]
  return writeCsv([titles, ...rows, ...cut])
}
