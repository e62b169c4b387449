import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { loadConfig } from '../../src/config/config.js'
import { parseInventoryFile } from '../../src/config/inventory-file.js'
import { emptyInventory } from '../../src/core/inventory/inventory.js'
import { isCode } from '../../src/core/error.js'

const arn = 'arn:aws:sso:::permissionSet/ssoins-1234/ps-5678'
const read = (text: string) => parseInventoryFile(text, '/etc/gatehouse/inventory.yaml')
const problemsOf = (text: string) => read(text).problems.map(({ where, message }) => `${where}: ${message}`)

describe('an inventory file', () => {
  test('is read with everything it can say', () => {
    const { inventory, problems } = read(`
accounts:
  - id: 012345678901
    name: yes
    former_names: [prod, 1.10]
    email: aws@example.com
    ou_path: Root/Prod
    tags: { team: 007, __proto__: x }
permission_sets:
  - { arn: '${arn}', name: ReadOnly, description: Reads }
`)
    expect(problems).toEqual([])
    expect(inventory.accounts).toEqual([
      {
        id: '012345678901',
        name: 'yes',
        formerNames: ['prod', '1.10'],
        email: 'aws@example.com',
        ouPath: 'Root/Prod',
        tags: expect.objectContaining({ team: '007' }),
      },
    ])
    expect(inventory.permissionSets).toEqual([{ arn, name: 'ReadOnly', description: 'Reads' }])
  })

  test('needs no more than ids and names', () => {
    const { inventory, problems } = read(
      `accounts: [{ id: 111111111111, name: a }]\npermission_sets: [{ arn: ${arn}, name: b }]`,
    )
    expect(problems).toEqual([])
    expect(inventory.accounts).toEqual([{ id: '111111111111', name: 'a', formerNames: [], tags: {} }])
    expect(inventory.permissionSets).toEqual([{ arn, name: 'b' }])
  })

  test('its revision follows its text', () => {
    const one = read('accounts: [{ id: 111111111111, name: a }]').inventory.revision
    expect(read('accounts: [{ id: 111111111111, name: a }]').inventory.revision).toBe(one)
    expect(read('accounts: [{ id: 111111111111, name: b }]').inventory.revision).not.toBe(one)
  })

  test('an empty one knows nothing', () => {
    expect(read('# nothing yet').inventory).toMatchObject({ accounts: [], permissionSets: [] })
  })

  test('is refused with all of its problems at once, each with its line', () => {
    expect(
      problemsOf(`accounts:
  - id: 1111
    name: ''
  - id: '222222222222'
    name: log-archive
    fromer_names: [logs]
  - name: audit
    id: 333333333333
    tags: [a]
permission_sets:
  - arn: arn:aws:iam::aws:policy/ReadOnlyAccess
    name: Read Only
acounts: []
`),
    ).toEqual([
      'inventory.yaml:2 accounts.0.id: must be an account id: 12 digits',
      'inventory.yaml:3 accounts.0.name: must be one line of text',
      'inventory.yaml:6 accounts.1.fromer_names: is not a known key (did you mean former_names?)',
      expect.stringMatching(/^inventory.yaml:9 accounts.2.tags: /),
      'inventory.yaml:11 permission_sets.0.arn: must be the ARN of a permission set, such as arn:aws:sso:::permissionSet/ssoins-1234/ps-5678',
      'inventory.yaml:12 permission_sets.0.name: must be 1 to 32 letters, digits and +=,.@_-',
      'inventory.yaml:13 acounts: is not a known key (did you mean accounts?)',
    ])
  })

  test('what is missing is told where its account stands', () => {
    expect(problemsOf('accounts:\n  - id: 111111111111\n  - name: b\n')).toEqual([
      'inventory.yaml:2 accounts.0.name: must be text',
      'inventory.yaml:3 accounts.1.id: must be text',
    ])
  })

  test('ids, ARNs and names of permission sets are unique; names of accounts need not be', () => {
    expect(
      problemsOf(`accounts:
  - { id: 111111111111, name: a }
  - { id: 222222222222, name: a }
  - { id: 111111111111, name: b }
permission_sets:
  - { arn: ${arn}, name: one }
  - { arn: ${arn}, name: two }
  - { arn: ${arn}9, name: one }
`),
    ).toEqual([
      'inventory.yaml:4 accounts.2.id: "111111111111" is there already, at accounts.0',
      `inventory.yaml:7 permission_sets.1.arn: "${arn}" is there already, at permission_sets.0`,
      'inventory.yaml:8 permission_sets.2.name: "one" is there already, at permission_sets.0',
    ])
  })

  test.each([
    ['a list', '- a', 'inventory.yaml:1'],
    ['a text', 'accounts', 'inventory.yaml:1'],
    [
      'a key given twice',
      'accounts: []\naccounts: []',
      'inventory.yaml:2: this key is given twice; keep one',
    ],
    ['no YAML', 'accounts: [', 'inventory.yaml:1'],
    ['a list of texts', 'accounts: [a, b]', 'inventory.yaml:1 accounts.0'],
  ])('%s is refused', (_, text, start) => {
    const [first = ''] = problemsOf(text)
    expect(first.slice(0, start.length)).toBe(start)
    expect(read(text).inventory).toBe(emptyInventory)
  })
})

describe('the setting inventory_file', () => {
  const load = (files: Record<string, string>, env: Record<string, string> = {}) =>
    loadConfig({
      env,
      cwd: '/srv',
      readFile: (file) => {
        const text = files[file]
        if (text === undefined) throw new Error('no such file')
        return text
      },
    })

  test('names the file from which the inventory is read', () => {
    const { config, inventory } = load(
      { '/srv/org.yaml': 'accounts: [{ id: 111111111111, name: a }]' },
      { GATEHOUSE_INVENTORY_FILE: 'org.yaml' },
    )
    expect(config.inventoryFile).toBe('/srv/org.yaml')
    expect(inventory.accounts.map(({ name }) => name)).toEqual(['a'])
  })

  test('without it the inventory is empty', () => {
    expect(load({}).inventory).toBe(emptyInventory)
  })

  test('problems of the file are told with those of the configuration', () => {
    const act = () =>
      load(
        { '/srv/org.yaml': 'accounts: [{ id: 1, name: a }]' },
        { GATEHOUSE_INVENTORY_FILE: 'org.yaml', GATEHOUSE_LISTEN: 'x' },
      )
    expect(act).toThrow(expect.objectContaining({ code: 'INVALID_CONFIG' }))
    expect(act).toThrow(
      /2 problems:[^]*GATEHOUSE_LISTEN[^]*org.yaml:1 accounts.0.id: must be an account id: 12 digits/,
    )
  })

  test('a file that is not there is a problem of the setting', () => {
    let problem: unknown
    try {
      load({}, { GATEHOUSE_INVENTORY_FILE: 'org.yaml' })
    } catch (error) {
      problem = error
    }
    expect(isCode(problem, 'INVALID_CONFIG')).toBe(true)
    expect(String(problem)).toContain('GATEHOUSE_INVENTORY_FILE: cannot read /srv/org.yaml')
  })

  test("the demo's inventory holds the accounts and permission sets of its organisation, and nothing else", () => {
    const text = (file: string) => readFileSync(new URL(`../../fixtures/${file}`, import.meta.url), 'utf8')
    const { inventory, problems } = parseInventoryFile(text('inventories/demo.yaml'), 'demo.yaml')
    expect(problems).toEqual([])
    const organisation = parse(text('orgs/demo.yaml'))
    expect(
      inventory.accounts.map(({ id, name, email, ouPath, tags }) => ({ id, name, email, ouPath, tags })),
    ).toEqual(
      organisation.accounts.map(({ unit, ...account }: { unit?: string }) => ({
        ...account,
        ouPath: unit === undefined ? 'Root' : `Root/${unit}`,
      })),
    )
    expect(inventory.permissionSets).toEqual(
      organisation.permissionSets.map((set: { arn: string; name: string; description: string }) => ({
        arn: set.arn,
        name: set.name,
        description: set.description,
      })),
    )
  })
})
