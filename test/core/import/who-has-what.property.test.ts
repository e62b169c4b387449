/** The import of any directory leaves everybody exactly what they had: person by person, pair by pair. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { buildDesired } from '../../../src/core/entitlement/build-desired.js'
import { buildImport, type ImportResult } from '../../../src/core/import/build-import.js'
import type { ImportFacts } from '../../../src/core/import/facts.js'
import type { Observation } from '../../../src/core/identity-center/observation.js'
import { buildAssignmentRole, resolveAssignmentRole } from '../../../src/core/inventory/assignment-role.js'
import type { Inventory } from '../../../src/core/inventory/inventory.js'
import { makePlan } from '../../../src/core/plan/make-plan.js'
import { accountId, factsOf, now, pair, setArn, settings, type Brief } from './facts.js'

const people = 6
const idOf = (n: number) => `u-${n}`
const nameOf = (n: number) => `person${n}@example.com`
const person = fc.integer({ min: 0, max: people - 1 })
const somePair = fc
  .record({ account: fc.integer({ min: 1, max: 3 }), set: fc.integer({ min: 1, max: 3 }) })
  .map(({ account, set }) => pair(account, set))

const directory: fc.Arbitrary<Brief> = fc
  .record({
    here: fc.uniqueArray(person),
    groups: fc.array(
      fc.record({
        name: fc.constantFrom('dev', 'Dev', 'ops', 'Ops!', '日本', 'finance'),
        members: fc.uniqueArray(person),
        pairs: fc.uniqueArray(somePair),
      }),
      { maxLength: 5 },
    ),
    direct: fc.array(fc.record({ user: person, pairs: fc.uniqueArray(somePair) }), { maxLength: 4 }),
    excluded: fc.boolean(),
    filtered: fc.boolean(),
  })
  .map(({ here, groups, direct, excluded, filtered }) => ({
    awsUsers: Object.fromEntries(Array.from({ length: people }, (_, n) => [idOf(n), nameOf(n)])),
    users: here.map(nameOf),
    groups: Object.fromEntries(
      groups.map((group, index) => [`g-${index}`, { ...group, members: group.members.map(idOf) }]),
    ),
    direct: Object.fromEntries(direct.map(({ user, pairs }) => [idOf(user), pairs])),
    facts: {
      settings: {
        ...settings,
        accountFilters: excluded ? [{ by: 'excludeId', id: accountId(3) }] : [],
        groupFilters: filtered ? [{ by: 'excludeName', pattern: 'ops' }] : [],
      },
    },
  }))

/** `person pair`, for everybody, by themselves or through groups. */
function whoHasWhat({ assignments, members }: Observation): string[] {
  const held = new Set<string>()
  for (const [principal, pairs] of assignments) {
    const id = principal.slice(principal.indexOf('/') + 1)
    const holders = principal.startsWith('user/') ? [id] : [...(members.get(id) ?? [])]
    for (const one of holders) for (const target of pairs) held.add(`${one} ${target}`)
  }
  return [...held].sort()
}

function inventoryOf({ accounts, permissionSets, settings: { accountFilters } }: ImportFacts): Inventory {
  const left = accountFilters.length > 0 ? accountId(3) : undefined
  return {
    revision: '1',
    accounts: accounts
      .filter(({ id }) => id !== left)
      .map(({ id, name }) => ({ id, name, formerNames: [], tags: {} })),
    permissionSets: permissionSets.map(({ arn, name }) => ({ arn, name })),
  }
}

function desiredAfter(facts: ImportFacts, result: ImportResult) {
  const inventory = inventoryOf(facts)
  return buildDesired({
    users: facts.users.map(({ name, labels, traits }) => ({
      name,
      lock: undefined,
      roles: [],
      traits,
      origin: { kind: 'local' },
      labels,
    })),
    lists: result.lists.map(({ list }) => list),
    members: result.lists.flatMap(({ members }) => members),
    rolesOf: (names) => {
      const found = names.map((name) => resolveAssignmentRole(inventory, name))
      return {
        roles: found.flatMap((one) => (one === undefined ? [] : [buildAssignmentRole(one)])),
        missing: names.filter((_, index) => found[index] === undefined),
        unreadable: [],
      }
    },
    inventory,
    settings: facts.settings,
    grants: [],
    now,
  })
}

test('who has what before the import is who shall have what after it, person by person', () => {
  fc.assert(
    fc.property(directory, (brief) => {
      const facts = factsOf(brief)
      const result = buildImport(facts, 'ada@example.com')
      const desired = desiredAfter(facts, result)
      const idByName = new Map(
        [...(facts.observation.users?.values() ?? [])].map(({ id, userName }) => [userName, id]),
      )
      // What is ours as desired, with what is kept as found; what is not ours stays as it was.
      const after = new Map(facts.observation.assignments)
      const members = new Map(facts.observation.members)
      for (const { list, groupId, ledger } of result.lists) {
        const group = desired.groups.get(list.name)
        expect(group).toBeDefined()
        const kept = ledger.filter(({ reasons }) => reasons[0]?.kind === 'found').map(({ target }) => target)
        after.set(`group/${groupId}`, new Set([...(group?.pairs.keys() ?? []), ...kept]))
        const ids = group?.members.map((ref) =>
          ref.by === 'id' ? ref.awsUserId : (idByName.get(ref.name) ?? '?'),
        )
        members.set(groupId, new Set(ids))
      }
      for (const { awsId, name } of result.userLinks) {
        const found = result.direct.filter(({ principal }) => principal === `user/${awsId}`)
        const wanted = desired.userPairs.get(name)?.keys() ?? []
        after.set(`user/${awsId}`, new Set([...wanted, ...found.map(({ target }) => target)]))
      }
      expect(whoHasWhat({ ...facts.observation, assignments: after, members })).toEqual(
        whoHasWhat(facts.observation),
      )
    }),
    { numRuns: 300 },
  )
})

test('the first plan after it changes no assignment, no membership and no group', () => {
  fc.assert(
    fc.property(directory, (brief) => {
      const facts = factsOf(brief)
      const result = buildImport(facts, 'ada@example.com')
      const plan = makePlan({
        desired: desiredAfter(facts, result),
        observation: facts.observation,
        links: [...result.userLinks, ...result.lists.map(({ link }) => link)],
        ledger: [...result.direct, ...result.lists.flatMap(({ ledger }) => ledger)],
        settings,
        approvals: [],
        recent: [],
        mode: 'first',
        failures: new Map(),
        unresolved: new Set(),
        knownAccounts: new Set(facts.accounts.map(({ id }) => id)),
        inventory: inventoryOf(facts),
        now,
      })
      const changes = plan.actions
        .map(({ action }) => action)
        .filter(({ kind }) => /^(?:assignment|members|group)\./.test(kind))
      expect(changes).toEqual([])
      expect(plan.drift.filter(({ kind }) => kind !== 'attribute')).toEqual([])
    }),
    { numRuns: 300 },
  )
})

test('the same facts in another order give the same import; a second one changes nothing', () => {
  fc.assert(
    fc.property(directory, (brief) => {
      const facts = factsOf(brief)
      const result = buildImport(facts, 'ada@example.com')
      const { observation } = facts
      const reversed = {
        ...facts,
        observation: {
          ...observation,
          groups: new Map([...(observation.groups ?? [])].reverse()),
          assignments: new Map([...observation.assignments].reverse()),
        },
      }
      expect(buildImport(reversed, 'ada@example.com')).toEqual(result)
      const again = buildImport(
        {
          ...facts,
          lists: result.lists.map(({ list }) => list),
          takenNames: result.lists.map(({ list }) => list.name),
          members: result.lists.flatMap(({ members }) => members),
          links: [...result.userLinks, ...result.lists.map(({ link }) => link)],
          ledger: [...result.direct, ...result.lists.flatMap(({ ledger }) => ledger)],
          now: now + 1000,
        },
        'bob@example.com',
      )
      expect(again.lists.every(({ change }) => change === 'none')).toBe(true)
      expect({ ...again, lists: [] }).toEqual({ ...result, lists: [] })
    }),
    { numRuns: 200 },
  )
})

test('grants are references by ids', () => {
  const facts = factsOf({ groups: { 'g-1': { name: 'dev', pairs: [pair(1, 2)] } } })
  expect(buildImport(facts, 'a').lists[0]?.list.grants.roles).toEqual([
    `assignment/${accountId(1)}/${setArn(2)}`,
  ])
})
