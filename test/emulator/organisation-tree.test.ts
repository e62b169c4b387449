/**
 * The parts of an organisation file around its people: units, tags, states, credentials, SCIM tokens, quotas,
 * partitions, and the two forms in which it may be written.
 */
import { describe, expect, test } from 'vitest'
import { ManualClock } from '../../src/lib/clock.js'
import { createLogger } from '../../src/lib/logger.js'
import { systemRandom } from '../../src/lib/random.js'
import { EmulatorContext } from '../../src/emulator/context.js'
import { EmulatorError } from '../../src/emulator/error.js'
import {
  parseOrganisation,
  readOrganisation,
  type Organisation,
  type OrganisationInput,
} from '../../src/emulator/state/organisation.js'

const instanceId = 'ssoins-0123456789abcdef'
const instance = {
  instanceArn: `arn:aws:sso:::instance/${instanceId}`,
  identityStoreId: 'd-0123456789',
  region: 'eu-west-1',
  portalAlias: 'example',
  acsTenant: '0123456789abcdef-0123',
}
const accounts: OrganisationInput['accounts'] = [
  { id: '111111111111', name: 'management', email: 'root@example.com' },
  { id: '222222222222', name: 'payments', email: 'payments@example.com', unit: 'Workloads/Production' },
]

function read(changes: Record<string, unknown> = {}): Organisation {
  return readOrganisation({ instance, accounts, ...changes }, 'org.yaml')
}

/** The problems that a file is refused with. */
function problems(changes: Record<string, unknown>): readonly string[] {
  return problemsOf(() => read(changes))
}

function problemsOf(parse: () => unknown): readonly string[] {
  try {
    parse()
  } catch (error) {
    if (error instanceof EmulatorError && error.code === 'INVALID_ORGANISATION') {
      return error.message.split('\n  - ').slice(1)
    }
    throw error
  }
  return ['accepted']
}

const group = (number: number, members: readonly string[] = []) => ({
  id: `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`,
  displayName: `group ${number}`,
  members,
})
const permissionSet = (number: number) => ({
  name: `Set${number}`,
  arn: `arn:aws:sso:::permissionSet/${instanceId}/ps-${number.toString(16).padStart(16, '0')}`,
})
const count = <Item>(length: number, make: (number: number) => Item): Item[] =>
  Array.from({ length }, (_, index) => make(index))

describe('units', () => {
  const unitOf = (unit: unknown) => problems({ accounts: [accounts[0], { ...accounts[1], unit }] })

  test('accounts of one path share its units, and the root is the parent of the rest', () => {
    const third = {
      id: '333333333333',
      name: 'ledger',
      email: 'ledger@example.com',
      unit: 'Workloads/Staging',
    }
    const { contents, ids } = read({ accounts: [...accounts, third] })
    const units = contents.units ?? []
    const byName = (name: string) => units.find((unit) => unit.name === name)
    expect(units.map(({ name, parentId }) => [name, parentId])).toEqual([
      ['Workloads', ids.rootId],
      ['Production', byName('Workloads')?.id],
      ['Staging', byName('Workloads')?.id],
    ])
    expect(contents.accounts?.map((account) => account.parentId)).toEqual([
      ids.rootId,
      byName('Production')?.id,
      byName('Staging')?.id,
    ])
    for (const { id } of units) expect(id).toMatch(/^ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}$/)
  })

  test('two units of one name under two parents are two', () => {
    const units = [{ path: 'A/Production' }, { path: 'B/Production' }]
    const { contents } = read({ accounts: [accounts[0]], units })
    const ids = contents.units?.filter(({ name }) => name === 'Production') ?? []
    expect(new Set(ids.map(({ id }) => id)).size).toBe(2)
  })

  test('a unit may be empty, and carries its own tags only', () => {
    const units = [{ path: 'Suspended' }, { path: 'Workloads/Production', tags: { owner: 'payments' } }]
    expect(read({ units }).contents.units?.map(({ name, tags }) => [name, tags])).toEqual([
      ['Suspended', {}],
      ['Workloads', {}],
      ['Production', { owner: 'payments' }],
    ])
  })

  test('five units deep and 128 characters long are allowed, one more of either is not', () => {
    expect(unitOf('A/B/C/D/E')).toEqual(['accepted'])
    expect(unitOf('A/B/C/D/E/F')).toEqual(['accounts.1.unit: is deeper than 5 units'])
    expect(unitOf('a'.repeat(128))).toEqual(['accepted'])
    expect(unitOf(`A/${'a'.repeat(129)}`)).toEqual([
      'accounts.1.unit: has a unit whose name is longer than 128 characters',
    ])
  })

  test.each(['', '/', '/Workloads', 'Workloads/', 'Workloads//Production', 'Workloads/ Production', ' '])(
    'the path "%s" has a unit without a proper name',
    (path) => {
      const problem = 'has a unit without a name, or with spaces around it (leave it out for the root)'
      expect(unitOf(path)).toEqual([`accounts.1.unit: ${problem}`])
      expect(problems({ units: [{ path }] })).toEqual([`units.0.path: ${problem}`])
    },
  )

  test('a path listed twice is refused', () => {
    expect(problems({ units: [{ path: 'A' }, { path: 'A' }] })).toEqual(['units: path "A" is there twice'])
  })
})

describe('accounts', () => {
  test('tags and states are kept, and what is left out is active without tags', () => {
    const closed = { ...accounts[1], state: 'SUSPENDED', tags: { team: 'payments' } }
    const rows = read({ accounts: [accounts[0], closed] }).contents.accounts ?? []
    expect(rows.map(({ state, tags }) => [state, tags])).toEqual([
      ['ACTIVE', {}],
      ['SUSPENDED', { team: 'payments' }],
    ])
  })

  test.each([
    ['state', { state: 'CLOSED' }, 'accounts.1.state: '],
    ['tag key', { tags: { ['k'.repeat(129)]: 'x' } }, 'accounts.1.tags.'],
    ['tag value', { tags: { team: 'v'.repeat(257) } }, 'accounts.1.tags.team: '],
    ['email', { email: 'nobody' }, 'accounts.1.email: is not a mail address'],
    ['name of another', { name: 'management' }, 'accounts: name "management" is there twice'],
    ['id as name', { name: '111111111111' }, 'accounts: name "111111111111" is the id of another account'],
    ['email of another', { email: 'root@example.com' }, 'accounts: email "root@example.com" is there twice'],
  ])('a wrong %s is refused with its place', (_name, change, problem) => {
    const found = problems({ accounts: [accounts[0], { ...accounts[1], ...change }] })
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(problem)
  })

  test('the tag key __proto__ changes no prototype', () => {
    const text = JSON.stringify({ instance, accounts }).replace(
      '"name":"payments"',
      '"name":"payments","tags":{"__proto__":{"team":"x"}}',
    )
    const parsed = problemsOf(() => {
      const tags = parseOrganisation(text, 'org.json').contents.accounts?.[1]?.tags ?? {}
      expect(Object.getPrototypeOf(tags)).toBe(Object.prototype)
      expect(tags['team']).toBeUndefined()
    })
    expect(parsed).toEqual(['accepted'])
  })

  test('the delegated administrator is an account, by name or id', () => {
    expect(read({ delegatedAdministrator: 'payments' }).delegatedAdministratorId).toBe('222222222222')
    expect(read({ delegatedAdministrator: '222222222222' }).delegatedAdministratorId).toBe('222222222222')
    expect(problems({ delegatedAdministrator: 'payment' })).toEqual([
      'delegatedAdministrator: no account "payment"',
    ])
  })
})

describe('credentials', () => {
  const credential = {
    accessKeyId: 'AKIA0000000000000001',
    secretAccessKey: 'secret-of-sixteen',
    userName: 'ci',
  }

  test('without any, the key pair of the documents may do everything in the management account', () => {
    expect(read().contents.credentials).toMatchObject([
      { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', arn: 'arn:aws:iam::111111111111:user/admin' },
    ])
  })

  test('they belong to the account they name, with the policies they name', () => {
    const statement = { Effect: 'Allow', Action: 'sso:List*', Resource: '*' }
    const policies = [{ Version: '2012-10-17', Statement: [statement] }]
    const named = { ...credential, account: 'payments', policies }
    expect(read({ credentials: [named] }).contents.credentials).toMatchObject([
      { accountId: '222222222222', policies: [JSON.stringify(policies[0])] },
    ])
  })

  test.each([
    ['an account that is not there', { account: 'payment' }, 'credentials.0: no account "payment"'],
    ['a short access key', { accessKeyId: 'AKIA' }, 'credentials.0.accessKeyId: is not 16 to 128'],
    ['a user name with a space', { userName: 'c i' }, 'credentials.0.userName: is not 1 to 64'],
    ['a policy without a statement', { policies: [{ Version: '2012-10-17', Statement: [] }] }, 'Statement'],
    ['an unknown word for policies', { policies: 'root' }, 'credentials.0.policies: '],
  ])('%s is refused', (_name, change, problem) => {
    expect(problems({ credentials: [{ ...credential, ...change }] })[0]).toContain(problem)
  })

  test('an access key given twice is refused', () => {
    expect(problems({ credentials: [credential, { ...credential, userName: 'other' }] })).toEqual([
      'credentials: accessKeyId "AKIA0000000000000001" is there twice',
    ])
  })
})

describe('SCIM tokens', () => {
  const start = Date.parse('2026-11-22T12:00:00Z')
  const day = 86_400_000

  function expiries(tokens: readonly unknown[], clock = new ManualClock(start)) {
    const parts = {
      clock,
      logger: createLogger('silent'),
      random: systemRandom,
      publicUrl: 'http://localhost',
    }
    const context = new EmulatorContext(read({ scim: { tokens } }), parts)
    return { context, rows: () => context.state.tables.scimTokens.rows() }
  }

  test('one without an end is valid for a year from the start of the emulator, and again from a reset', () => {
    const clock = new ManualClock(start)
    const { context, rows } = expiries([{ token: 'token-of-a-year-1' }], clock)
    expect(rows()).toMatchObject([{ createdAt: start, expiresAt: start + 365 * day }])
    clock.advance(10 * day)
    context.reset()
    expect(rows()).toMatchObject([{ createdAt: start + 10 * day, expiresAt: start + 375 * day }])
  })

  test('one with an end keeps it', () => {
    const { rows } = expiries([{ token: 'token-that-ended-1', expiresAt: '2025-01-01T00:00:00Z' }])
    expect(rows()).toMatchObject([{ expiresAt: Date.parse('2025-01-01T00:00:00Z') }])
  })

  test('there are two at most, and never the same twice, which is told without the token', () => {
    const token = { token: 'token-of-a-year-1' }
    expect(problems({ scim: { tokens: [token, token] } })).toEqual([
      'scim.tokens: the same token is there twice',
    ])
    expect(problems({ scim: { tokens: count(3, (n) => ({ token: `token-number-000${n}` })) } })).toEqual([
      'scim.tokens: AWS allows two tokens at a time',
    ])
  })
})

describe('quotas', () => {
  const groupsOn = (length: number) => ({
    groups: count(length, (n) => group(n)),
    permissionSets: [permissionSet(1)],
    assignments: count(length, (n) => ({
      group: `group ${n}`,
      accounts: ['payments'],
      permissionSets: ['Set1'],
    })),
  })

  test('100 groups may share an account and a permission set, 101 may not', () => {
    expect(read(groupsOn(100)).contents.assignments).toHaveLength(100)
    expect(problems(groupsOn(101))).toEqual([
      `assignments: 101 groups share the pair 222222222222/${permissionSet(1).arn}; at most 100 are allowed`,
    ])
  })

  test('500 permission sets may be provisioned in an account, 501 may not', () => {
    const setsOn = (length: number) => ({
      groups: [group(1)],
      permissionSets: count(length, permissionSet),
      assignments: [
        { group: 'group 1', accounts: ['payments'], permissionSets: count(length, (n) => `Set${n}`) },
      ],
    })
    expect(read(setsOn(500)).contents.provisionedSets).toHaveLength(500)
    expect(problems(setsOn(501))).toEqual([
      'assignments: account 222222222222 gets 501 permission sets; at most 500 are allowed',
    ])
  })

  test('more permission sets than an instance holds are refused', () => {
    expect(problems({ permissionSets: count(3501, permissionSet) })).toEqual([
      'permissionSets: there are 3501; at most 3500 are allowed',
    ])
  })
})

describe('partitions', () => {
  const foreign = (value: string) => value.replace('arn:aws:', 'arn:aws-us-gov:')

  test('ARNs and Regions of other partitions are told as such', () => {
    const arn = permissionSet(1).arn.replace('arn:aws:', 'arn:aws-cn:')
    expect(
      problems({
        instance: { ...instance, instanceArn: foreign(instance.instanceArn), region: 'cn-north-1' },
        permissionSets: [{ name: 'A', arn }],
      }),
    ).toEqual([
      'instance.instanceArn: is of the partition aws-us-gov, which is not emulated',
      'instance.region: is of the partition aws-cn, which is not emulated',
      'permissionSets.0.arn: is of the partition aws-cn, which is not emulated',
    ])
  })

  test.each(['us-gov-west-1', 'us-iso-east-1', 'us-isob-east-1'])('%s is refused', (region) => {
    expect(problems({ instance: { ...instance, region } })[0]).toMatch(
      /^instance\.region: is of the partition/,
    )
  })
})

describe('the two forms', () => {
  const document = { instance, accounts, groups: [group(1)] }

  test('JSON and YAML give the same organisation', () => {
    const json = parseOrganisation(JSON.stringify(document), 'org.json')
    const flow = parseOrganisation(`# with a comment\n${JSON.stringify(document)}`, 'org.yaml')
    expect(json).toEqual(flow)
    expect(json).toEqual(read({ groups: [group(1)] }))
  })

  test('a flow mapping that is not JSON is still YAML', () => {
    const text = `{ instance: ${JSON.stringify(instance)}, accounts: ${JSON.stringify(accounts)} }`
    expect(parseOrganisation(text, 'org.yaml')).toEqual(read())
  })

  test('broken JSON is refused with the line of the mistake', () => {
    expect(problemsOf(() => parseOrganisation('{\n"instance": {\n', 'org.json'))[0]).toMatch(/line \d/)
  })

  test('of many problems the first hundred are told, and how many more there are', () => {
    const found = problems({ groups: count(250, () => group(1)), users: count(150, () => ({})) })
    expect(found).toHaveLength(101)
    expect(found.at(-1)).toMatch(/^and \d+ more$/)
  })
})
