/** @module Whatever roles people hold, what they are to have in AWS is what the decision on each pair says. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Desired } from '../../../src/core/entitlement/desired.js'
import { splitPairKey } from '../../../src/core/identity-center/observation.js'
import { decidePair } from '../../../src/core/role/pair-access.js'
import { Organisation } from '../plan/organisation.js'

const people = ['ann', 'bob', 'cat']
const lists = ['la', 'lb', 'lc']
const names = ['r0', 'r1', 'r2', 'r3']
const place = fc.option(fc.nat(2), { nil: undefined })
const entries = fc.array(fc.record({ account: place, set: place }), { maxLength: 2 })
const role = fc.record({ allow: entries, deny: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, entries) })
const some = fc.uniqueArray(fc.constantFrom(...names), { maxLength: 2 })

type Entry = { readonly account: number | undefined; readonly set: number | undefined }

function patterns(ours: Organisation, of: readonly Entry[]): { account: string; permissionSet: string }[] {
  return of.map(({ account, set }) => ({
    account: account === undefined ? '*' : ours.entry(account, 0).account,
    permissionSet: set === undefined ? '*' : ours.entry(0, set).permissionSet,
  }))
}

/** What the person has in the end: directly and as a member of groups. */
function accessOf(desired: Desired, user: string): string[] {
  const groups = [...desired.groups.values()].filter(({ members }) =>
    members.some(({ name }) => name === user),
  )
  const pairs = [
    ...(desired.userPairs.get(user)?.keys() ?? []),
    ...groups.flatMap((group) => [...group.pairs.keys()]),
  ]
  return [...new Set(pairs)].sort()
}

test(
  'access is what roles of the person and of lists allow and none of them denies',
  { timeout: 60_000 },
  () => {
    fc.assert(
      fc.property(
        fc.array(role, { minLength: 4, maxLength: 4 }),
        fc.array(some, { minLength: 6, maxLength: 6 }),
        fc.array(fc.tuple(fc.constantFrom(...lists), fc.constantFrom(...people, ...lists)), { maxLength: 8 }),
        (roles, held, members) => {
          const ours = new Organisation()
          roles.forEach(({ allow, deny }, at) => {
            ours.role(`r${at}`, {
              allowAssignments: patterns(ours, allow),
              denyAssignments: patterns(ours, deny),
            })
          })
          people.forEach((name, at) => {
            ours.user(name, held[at])
          })
          lists.forEach((name, at) => {
            ours.list(name, held[at + 3] ?? [])
          })
          for (const [list, name] of members) {
            ours.member(list, name, { kind: lists.includes(name) ? 'list' : 'user' })
          }
          const desired = ours.desired()
          for (const [at, name] of people.entries()) {
            const reached = new Set<string>()
            const visit = (of: string): void => {
              for (const [list, member] of members) {
                if (member === of && !reached.has(list)) {
                  reached.add(list)
                  visit(list)
                }
              }
            }
            visit(name)
            const all = [
              ...(held[at] ?? []),
              ...[...reached].flatMap((list) => held[lists.indexOf(list) + 3] ?? []),
            ]
            // A list gives nothing that its own roles deny, to anybody; the person's denials come on top.
            const { roles: known } = ours.rolesOf([...new Set(all)])
            const wanted: string[] = []
            for (let account = 0; account < 3; account++) {
              for (let set = 0; set < 3; set++) {
                const pair = ours.pair(account, set)
                if (decidePair(known, splitPairKey(pair)).effect === 'allow') wanted.push(pair)
              }
            }
            expect(accessOf(desired, name), name).toEqual(wanted.sort())
          }
        },
      ),
      { numRuns: 400 },
    )
  },
)
