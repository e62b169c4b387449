/**
 * @module The access lists of the demo: one that is a group in AWS, owned by somebody who is no administrator, with a
 * review that is due, and one to put into it.
 */
import { paths } from '../api/contract.js'
import { day, formatInstant } from '../core/time.js'
import { systemClock } from '../lib/clock.js'
import { putResource, type Connection } from './connect.js'

/** Owns both, and has no role that says anything about lists. */
export const listOwner = 'dev@example.com'
export const outerList = 'payments-readers'
export const innerList = 'payments-on-call'

export async function makeLists(connection: Connection): Promise<void> {
  const due = formatInstant(systemClock.now() + 3 * day).slice(0, 10)
  const list = (name: string, spec: object) =>
    putResource(connection, {
      kind: 'access_list',
      version: 'v1',
      metadata: { name },
      spec: { title: name, owners: [{ name: listOwner }], audit: { next_audit_date: due }, ...spec },
    })
  await list(outerList, {
    description: 'Reads production while payments are looked into',
    grants: { roles: ['ReadOnlyAccess-on-production-555555555555'] },
  })
  await list(innerList, { description: 'Whoever carries the pager' })
}

/** Who is in them when somebody looks around; without members no review is due. */
export async function fillLists({ world, admin }: Connection): Promise<void> {
  const add = async (list: string, kind: 'user' | 'list', name: string, reason: string) => {
    const path = paths.listMembers.replace(':name', list)
    await admin.api(world.gatewayUrl, 'POST', path, { kind, name, reason })
  }
  await add(outerList, 'user', 'nolabels@example.com', 'looked into the outage of October')
  await add(innerList, 'user', 'mfa@example.com', '')
  await add(outerList, 'list', innerList, 'whoever is on call looks first')
}
