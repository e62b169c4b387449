/**
 * Generated organisations: the same twice, accepted by the reader of organisation files, and shaped like real ones.
 */
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { generateOrganisation } from '../../../src/emulator/generate/generate.js'
import { sizeNames, sizes, type OrganisationSize } from '../../../src/emulator/generate/size.js'
import { writeOrganisation } from '../../../src/emulator/generate/write-organisation.js'
import { parseOrganisation, type Organisation } from '../../../src/emulator/state/organisation.js'

const medium = generateOrganisation(sizes.medium, 1)
const mediumText = writeOrganisation(medium)
const read = (text: string): Organisation => parseOrganisation(text, 'generated')
const rows = read(mediumText).contents

function refusalOf(size: OrganisationSize, seed: number): unknown {
  try {
    generateOrganisation(size, seed)
  } catch (error) {
    return error
  }
  return 'accepted'
}

describe('a generated organisation', () => {
  test('is the same byte for byte from the same seed and numbers', () => {
    expect(writeOrganisation(generateOrganisation(sizes.medium, 1))).toBe(mediumText)
    expect(writeOrganisation(generateOrganisation(sizes.medium, 2))).not.toBe(mediumText)
  })

  test('is the same as ever: what people wrote down about a seed stays true', () => {
    const text = writeOrganisation(generateOrganisation(sizes.small, 1))
    expect(createHash('sha256').update(text).digest('hex')).toBe(
      '677b279915fed65159d4891ea0d29988a0102cac3101216c888016a9eaf02d5c',
    )
  })

  test.each(sizeNames.filter((name) => name !== 'stress'))('%s has its numbers, and is accepted', (name) => {
    const { contents } = read(writeOrganisation(generateOrganisation(sizes[name], 42)))
    expect({
      accounts: contents.accounts?.length,
      permissionSets: contents.permissionSets?.length,
      users: contents.users?.length,
      groups: contents.groups?.length,
    }).toEqual(sizes[name])
  })

  test.each([
    [1, 0, 0, 0],
    [1, 1, 1, 1],
    [1, 3, 5, 200],
    [2, 700, 3, 30],
    [8, 7, 9, 400],
    [40, 12, 0, 60],
    [3, 1, 400, 3],
    [3500, 20, 10, 100],
  ])(
    '%i accounts, %i permission sets, %i users and %i groups fit together',
    (accounts, permissionSets, users, groups) => {
      const size = { accounts, permissionSets, users, groups }
      for (const seed of [0, 1, 2 ** 32, Number.MAX_SAFE_INTEGER]) {
        const { contents } = read(writeOrganisation(generateOrganisation(size, seed)))
        expect(contents).toMatchObject({
          accounts: { length: accounts },
          permissionSets: { length: permissionSets },
          users: { length: users },
          groups: { length: groups },
        })
      }
    },
  )

  test('more of one kind changes nothing of what does not depend on it', () => {
    const more = generateOrganisation({ ...sizes.medium, groups: 600 }, 1)
    expect(more.users).toEqual(medium.users)
    expect(more.accounts).toEqual(medium.accounts)
    expect(more.groups?.slice(0, 20).map((group) => group.displayName)).toEqual(
      medium.groups?.slice(0, 20).map((group) => group.displayName),
    )
  })

  test('is one record a line, and JSON as well as YAML', () => {
    expect(JSON.parse(mediumText)).toEqual(medium)
    const records = mediumText.split('\n').filter((line) => line.startsWith('{"id":'))
    expect(records).toHaveLength(300 + 2000 + 500)
  })

  test.each([
    ['no account', { ...sizes.small, accounts: 0 }, 1, 'accounts: 0 is not a whole number from 1 to 7000'],
    ['half a user', { ...sizes.small, users: 0.5 }, 1, 'users: 0.5 is not a whole number from 0 to 200000'],
    [
      'too much of two kinds',
      { ...sizes.small, groups: 100_001, permissionSets: 3501 },
      1,
      'permissionSets: 3501 is not a whole number from 0 to 3500; groups: 100001 is not a whole number from 0 to 100000',
    ],
    ['a seed below zero', sizes.small, -1, 'seed: -1 is not a whole number from 0 to 9007199254740991'],
    [
      'a seed that is no number',
      sizes.small,
      NaN,
      'seed: NaN is not a whole number from 0 to 9007199254740991',
    ],
  ])('of %s is refused', (_name, size, seed, message) => {
    expect(refusalOf(size, seed)).toMatchObject({ code: 'INVALID_INPUT', message })
  })
})

describe('its shape', () => {
  const membersOf = new Map<string, number>()
  for (const { groupId } of rows.memberships ?? []) membersOf.set(groupId, (membersOf.get(groupId) ?? 0) + 1)
  const sizesOfGroups = (rows.groups ?? []).map((group) => membersOf.get(group.id) ?? 0).sort((a, b) => b - a)

  test('has the units and accounts of a landing zone, environments and divisions', () => {
    const names = new Set(rows.units?.map((unit) => unit.name))
    for (const name of ['Security', 'Infrastructure', 'Workloads', 'Production', 'Commerce', 'Suspended']) {
      expect(names).toContain(name)
    }
    expect(rows.accounts?.slice(0, 3).map((account) => account.name)).toEqual([
      'management',
      'log-archive',
      'audit',
    ])
    expect(rows.accounts?.map((account) => account.name)).toContain('payments-prod')
  })

  test('a few accounts are closed, and nobody holds anything in them', () => {
    const closed = rows.accounts?.filter((account) => account.state === 'SUSPENDED') ?? []
    expect(closed.length).toBeGreaterThan(2)
    expect(closed.length).toBeLessThan(30)
    const ids = new Set(closed.map((account) => account.id))
    expect(rows.assignments?.filter((assignment) => ids.has(assignment.accountId))).toEqual([])
  })

  test('a few people are disabled, and a few are in no group', () => {
    const disabled = rows.users?.filter((user) => !user.active).length ?? 0
    expect(disabled).toBeGreaterThan(20)
    expect(disabled).toBeLessThan(200)
    const inGroups = new Set(rows.memberships?.map((membership) => membership.userId))
    const without = rows.users?.filter((user) => !inGroups.has(user.id)).length ?? 0
    expect(without).toBeGreaterThan(20)
    expect(without).toBeLessThan(300)
  })

  test('user names are mail addresses of plain letters, also of people whose names are not', () => {
    for (const user of rows.users ?? []) expect(user.userName).toMatch(/^[a-z]+\.[a-z]+\d*@example\.com$/)
    expect(rows.users?.some((user) => /[^ -~]/.test(user.displayName ?? ''))).toBe(true)
  })

  test('group sizes fall off: few large, many small, some empty', () => {
    const total = sizesOfGroups.reduce((sum, size) => sum + size, 0)
    const largest = sizesOfGroups.slice(0, 50).reduce((sum, size) => sum + size, 0)
    expect(largest / total).toBeGreaterThan(0.4)
    expect(sizesOfGroups.at(-1)).toBe(0)
    expect(sizesOfGroups[250]).toBeLessThan(30)
  })

  test('where there are people enough, one group has 5,000 members', () => {
    const { groups } = generateOrganisation({ ...sizes.small, users: 6000 }, 1)
    expect(Math.max(...(groups ?? []).map((group) => group.members?.length ?? 0))).toBe(5000)
  })

  test("Control Tower's groups hold its sets where it puts them", () => {
    const held = (name: string) => medium.assignments?.filter((line) => line.group === name)
    expect(held('AWSAccountFactory')).toEqual([
      {
        group: 'AWSAccountFactory',
        accounts: ['management'],
        permissionSets: ['AWSServiceCatalogEndUserAccess'],
      },
    ])
    expect(held('AWSControlTowerAdmins')?.[0]?.accounts).toEqual(['management', 'log-archive', 'audit'])
    expect(held('AWSSecurityAuditors')?.[0]?.accounts.length).toBeGreaterThan(290)
    expect(
      rows.groups?.find((group) => group.displayName === 'AWSAccountFactory')?.externalId,
    ).toBeUndefined()
  })

  test('some people hold a permission set by themselves, most by groups', () => {
    const direct = rows.assignments?.filter(({ principalType }) => principalType === 'USER').length ?? 0
    expect(direct).toBeGreaterThan(0)
    expect(direct / (rows.assignments?.length ?? 1)).toBeLessThan(0.05)
  })
})
