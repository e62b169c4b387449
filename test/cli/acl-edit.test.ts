/** Access lists by options of the command line, and their members and reviews by file and by one command. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { machineUser, runCommand, type CommandOptions, type CommandOutcome } from '../support/command-line.js'
import { createPerson, signInAdmin, testResources } from '../support/people.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'

let gateway: TestGateway
let editor: NodeJS.ProcessEnv
let auditor: NodeJS.ProcessEnv
let folder: string
beforeAll(async () => {
  gateway = await openTestGateway({ resources: [...testResources] })
  const admin = await signInAdmin(gateway)
  for (const name of ['ann@example.com', 'bob@example.com', 'cat@example.com']) {
    await createPerson(gateway, admin, { name, roles: ['aws'] })
  }
  editor = await machineUser(gateway, admin, { name: 'ci', roles: ['editor'] })
  auditor = await machineUser(gateway, admin, { name: 'reader', roles: ['auditor'] })
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-acl-'))
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

const run = async (args: readonly string[], options: CommandOptions = {}): Promise<CommandOutcome> =>
  await runCommand(['acl', ...args], { env: editor, ...options })
const succeed = async (args: readonly string[], options: CommandOptions = {}): Promise<string> => {
  const outcome = await run(args, options)
  expect(outcome, outcome.err).toMatchObject({ code: 0 })
  return outcome.out
}
const detail = async (list: string): Promise<unknown> =>
  JSON.parse(await succeed(['get', list, '--json'])) as unknown
const members = async (list: string): Promise<string[]> => {
  const out = await succeed(['users', 'ls', list, '--format', 'json'])
  return (JSON.parse(out) as { name: string }[]).map(({ name }) => name)
}

let count = 0
let list: string
beforeEach(async () => {
  list = `list-${++count}`
  await succeed(['create', list, '--title', `List ${count}`, '--owner', 'admin', '--grant', 'auditor'])
})

describe('a list', () => {
  test('is made with what the options say, not twice, and not for trying it', async () => {
    const args = ['--title', 'Leads', '--owner', 'admin', '--owner-list', list, '--grant-trait', 'team=a']
    const dry = await succeed(['create', 'leads', ...args, '--dry-run'])
    expect(dry).toContain('access_list "leads" would be created')
    expect((await run(['get', 'leads'])).code).toBe(1)
    expect(await succeed(['create', 'leads', ...args])).toContain('access_list "leads" created')
    expect(await detail('leads')).toMatchObject({
      title: 'Leads',
      allOwners: [{ name: 'admin' }, { kind: 'list', name: list }],
      grants: { roles: [], traits: { team: ['a'] } },
    })
    expect(await run(['create', 'leads', ...args])).toMatchObject({ code: 1 })
    expect(await run(['create', 'none'])).toMatchObject({ code: 2 })
    await succeed(['rm', 'leads', '--yes'])
  })

  test('is changed by what the options say, and a dry run shows the difference', async () => {
    const dry = await succeed(['update', list, '--remove-grant', 'auditor', '--grant', 'aws', '--dry-run'])
    expect(dry).toMatch(/^-.*auditor$/m)
    expect(await detail(list)).toMatchObject({ grants: { roles: ['auditor'] } })
    await succeed(['update', list, '--remove-grant', 'auditor', '--grant', 'aws', '--review-every', '3'])
    expect(await detail(list)).toMatchObject({ grants: { roles: ['aws'] }, schedule: { everyMonths: 3 } })
  })

  test('says whom a requirement concerns', async () => {
    await succeed(['users', 'add', list, 'ann@example.com'])
    const out = await succeed(['update', list, '--require-role', 'editor'])
    expect(out).toContain('ann@example.com does not count as a member any more')
    expect(await succeed(['people', list])).toMatch(/^ann@example\.com +\S+ +no: .*editor/m)
    await succeed(['update', list, '--remove-required-role', 'editor'])
    expect(await detail(list)).toMatchObject({ membershipRequires: { roles: [] } })
  })

  test.each([
    [['update', 'LIST'], /say what to change/],
    [['update', 'LIST', '--remove-owner', 'ann@example.com'], /no owner; there is admin/],
    [['update', 'LIST', '--remove-owner', 'admin'], /at least one owner/],
    [['update', 'nobody', '--title', 'x'], /nobody/],
    [['update', 'LIST', '--owner-list', 'LIST'], /LIST -> LIST/],
    [['rm', 'LIST'], /no terminal to ask on; add --yes/],
  ])('refuses %j', async (args, says) => {
    const { code, err } = await run(args.map((word) => word.replace('LIST', list)))
    expect([code, err.replaceAll(list, 'LIST')]).toEqual([1, expect.stringMatching(says) as string])
  })

  test('is changed and deleted by nobody who only reads', async () => {
    for (const args of [
      ['update', list, '--title', 'x'],
      ['update', list, '--require-role', 'aws'],
      ['rm', list, '--yes'],
    ]) {
      expect(await run(args, { env: auditor })).toMatchObject({ code: 1 })
    }
    expect(await detail(list)).toMatchObject({ title: `List ${count}`, membershipRequires: { roles: [] } })
  })

  test('is deleted after it was shown what goes, and a yes', async () => {
    await succeed(['users', 'add', list, 'ann@example.com'])
    const kept = await run(['rm', list], { answers: ['n'] })
    expect(kept.out).toContain(`Removes one member of ${list}`)
    expect(await members(list)).toEqual(['ann@example.com'])
    await succeed(['rm', list], { answers: ['y'] })
    expect((await run(['get', list])).code).toBe(1)
  })
})

describe('many members', () => {
  const table = 'name,reason\r\nann@example.com,leads\r\nbod@example.com,\r\n'

  test('come from a file, and who is no user is told and an exit status', async () => {
    const file = join(folder, 'people.csv')
    await writeFile(file, table)
    const dry = await run(['users', 'import', list, file, '--dry-run'])
    expect(dry.code).toBe(1)
    expect(dry.out).toContain('+ ann@example.com would be added')
    expect(dry.out).toMatch(/line 3: no user is called bod@example\.com; is it bob@example\.com/)
    expect(await members(list)).toEqual([])
    expect((await run(['users', 'import', list, file])).code).toBe(1)
    expect(await members(list)).toEqual(['ann@example.com'])
    await succeed(['users', 'import', list, '-', '--add-unknown'], { input: table })
    expect(await members(list)).toEqual(['ann@example.com', 'bod@example.com'])
  })

  test('go out as they come in, and into another list', async () => {
    await succeed(['users', 'add', list, 'ann@example.com', '2027-01-31T08:00:00Z', 'leads, "really"'])
    const csv = await succeed(['users', 'export', list])
    expect(csv).toContain('user,ann@example.com,2027-01-31T08:00:00.000Z,"leads, ""really"""')
    const other = `${list}-copy`
    await succeed(['create', other, '--title', 'Copy', '--owner', 'admin'])
    await succeed(['users', 'copy', list, other, '--reason', 'as there'])
    expect(await members(other)).toEqual(['ann@example.com'])
    expect(await succeed(['users', 'import', list, '-'], { input: csv })).toContain('1 as they were.')
  })

  test.each([
    [['users', 'import', 'LIST', '/nowhere/people.csv'], /there is no such file/],
    [['users', 'copy', 'nobody', 'LIST'], /nobody/],
    [['users', 'export', 'nobody'], /nobody/],
  ])('are refused for %j', async (args, says) => {
    const { code, err } = await run(args.map((word) => word.replace('LIST', list)))
    expect([code, err]).toEqual([1, expect.stringMatching(says) as string])
  })
})

describe('a review', () => {
  beforeEach(async () => {
    for (const name of ['ann', 'bob', 'cat']) await succeed(['users', 'add', list, `${name}@example.com`])
  })

  test('shows who is in and what is open', async () => {
    const { out, err } = await run(['reviews', 'show', list])
    expect(out).toMatch(/^ann@example\.com +open /m)
    expect(err).toContain('0 kept, 0 to be removed, 3 open.')
    expect((await run(['reviews', 'show', 'nobody'])).code).toBe(1)
  })

  test('is finished by one command, after what it changes was shown', async () => {
    const args = [
      'reviews',
      'create',
      list,
      '--remove-members',
      'bob@example.com, cat@example.com',
      '--keep-rest',
    ]
    const dry = await succeed([...args, '--dry-run'])
    expect(dry).toContain(`Review of ${list} would be finished: 1 kept, 2 removed; next due `)
    const kept = await run(args, { answers: ['n'] })
    expect(kept.err).toContain(`Remove 2 members from ${list}?`)
    expect(await members(list)).toHaveLength(3)
    const done = await succeed([...args, '--notes', 'Q4'], { answers: ['y'] })
    expect(done).toMatch(
      /was finished: 1 kept, 2 removed; next due .*\n {2}- bob@example\.com\n {2}- cat@example\.com\n/,
    )
    expect(await members(list)).toEqual(['ann@example.com'])
    expect(await succeed(['reviews', 'ls', list])).toMatch(
      / token\/ci +1 +bob@example\.com, cat@example\.com +\S+ +Q4$/m,
    )
  })

  test('where nobody goes asks nothing', async () => {
    await succeed(['reviews', 'create', list, '--keep-rest'])
    expect(JSON.parse(await succeed(['reviews', 'ls', list, '--json']))).toMatchObject({
      kept: 3,
      removed: [],
    })
  })

  test.each([
    [['--remove-members', 'bob@example.com', '--yes'], /not decided on/],
    [['--remove-members', 'bod@example.com', '--keep-rest', '--yes'], /bod@example\.com/],
    [['--remove-members', 'bob@example.com', '--keep-rest'], /no terminal to ask on; add --yes/],
  ])('is refused with %j', async (args, says) => {
    const { code, err } = await run(['reviews', 'create', list, ...args])
    expect([code, err]).toEqual([1, expect.stringMatching(says) as string])
    expect(await members(list)).toHaveLength(3)
  })

  test('is finished by nobody who only reads', async () => {
    expect(await run(['reviews', 'create', list, '--keep-rest'], { env: auditor })).toMatchObject({ code: 1 })
    expect(await succeed(['reviews', 'ls', list, '--json'])).toBe('')
  })

  test('of members in code gives what to remove there, and takes out nobody', async () => {
    const text = `kind: access_list\nversion: v1\nmetadata: { name: ${list}-code }\nspec: { title: Code, type: static }\n---\nkind: access_list_member\nversion: v1\nmetadata: { name: ${list}-code/ann@example.com }\nspec: { access_list: ${list}-code, name: ann@example.com }\n`
    const applied = await runCommand(['create', '-f', '-'], { env: editor, input: text })
    expect(applied, applied.err).toMatchObject({ code: 0 })
    const args = ['--remove-members', 'ann@example.com', '--yes']
    const out = await succeed(['reviews', 'create', `${list}-code`, ...args])
    expect(out).toContain(`gatehouse rm 'access_list_member/${list}-code/ann@example.com'`)
    expect(await members(`${list}-code`)).toEqual(['ann@example.com'])
  })
})
