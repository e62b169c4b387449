import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { machineUser, runCommand, type CommandOptions, type CommandOutcome } from '../support/command-line.js'
import { createPerson, signInAdmin, testResources } from '../support/people.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'

let gateway: TestGateway
let editor: NodeJS.ProcessEnv
let auditor: NodeJS.ProcessEnv
beforeAll(async () => {
  const list = (name: string, title: string) => ({
    kind: 'access_list',
    version: 'v1',
    metadata: { name },
    spec: { title, owners: ['admin'], grants: { roles: ['auditor'] } },
  })
  gateway = await openTestGateway({
    resources: [...testResources, list('platform', 'Platform team'), list('guests', 'Guests')],
  })
  const admin = await signInAdmin(gateway)
  await createPerson(gateway, admin, { name: 'dev@example.com', roles: [] })
  editor = await machineUser(gateway, admin, { name: 'ci', roles: ['editor'] })
  auditor = await machineUser(gateway, admin, { name: 'reader', roles: ['auditor'] })
})
afterAll(async () => gateway[Symbol.asyncDispose]())

const run = async (args: readonly string[], options: CommandOptions = {}): Promise<CommandOutcome> =>
  await runCommand(['acl', ...args], { env: editor, ...options })
const members = async (list: string): Promise<Record<string, unknown>[]> => {
  const { out } = await run(['members', 'ls', list, '--json'])
  return out === ''
    ? []
    : out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>)
}

describe('gatehouse acl', () => {
  test('ls lists them, and programs read lines', async () => {
    const { code, out } = await run(['ls'])
    expect(code).toBe(0)
    expect(out).toMatch(/^Name +Title +Owners +Members +Grants +In AWS +Review\n/)
    expect(out).toMatch(/^platform +Platform team +admin +0 +1$/m)
    const json = await run(['ls', '--json', '--search', 'guests'])
    expect(JSON.parse(json.out)).toMatchObject({ name: 'guests', title: 'Guests' })
    const array = await run(['ls', '--format', 'json', '--search', 'guests'])
    expect(JSON.parse(array.out)).toMatchObject([{ name: 'guests' }])
    expect((await run(['ls', '--format', 'yaml', '--search', 'guests'])).out).toMatch(/^- name: guests\n/)
  })

  test('ls takes pages until the limit, and filters', async () => {
    const one = await run(['ls', '--limit', '1'])
    expect(one.out.trimEnd().split('\n')).toHaveLength(2)
    expect(one.err).toContain('There are more')
    expect((await run(['ls', '--filter', 'aws', '--json'])).out).toBe('')
    expect(await run(['ls', '--filter', 'hers'])).toMatchObject({ code: 2 })
  })

  test('get tells what a list is, in words or for programs', async () => {
    const { code, out } = await run(['get', 'platform'])
    expect(code).toBe(0)
    expect(out).toMatch(/^Platform team \(platform\)\n/)
    expect(out).toMatch(/^ {2}Owners +admin$/m)
    expect(out).toMatch(/^ {2}Gives members +role auditor$/m)
    expect(out).toMatch(/^ {2}Review +every 6 months, on day 1 of a month/m)
    expect(JSON.parse((await run(['get', 'platform', '--json'])).out)).toMatchObject({ name: 'platform' })
    expect((await run(['get', 'nobody'])).code).toBe(1)
  })

  test('people are told with the way by which they are in', async () => {
    await run(['users', 'add', '--kind', 'list', 'platform', 'guests'])
    await run(['users', 'add', 'guests', 'dev@example.com', '', 'a guest'])
    const { out } = await run(['people', 'platform'])
    expect(out).toMatch(/^dev@example\.com +platform > guests +yes +never$/m)
    expect((await run(['users', 'ls', 'guests'])).out).toMatch(/a guest$/m)
    await run(['users', 'rm', '--kind', 'list', 'platform', 'guests', '--yes'])
    await run(['users', 'rm', 'guests', 'dev@example.com', '--yes'])
    expect((await run(['people', 'platform', '--json'])).out).toBe('')
  })

  test('members are added with an end and a reason, listed, and removed after a question', async () => {
    const end = '2027-01-31T08:00:00Z'
    const added = await run(['users', 'add', 'platform', 'dev@example.com', end, 'project Falcon'])
    expect(added, added.err).toMatchObject({ code: 0 })
    expect(added.out).toContain(`dev@example.com is a member of platform until ${end}.`)
    expect(await members('platform')).toMatchObject([
      { kind: 'user', name: 'dev@example.com', hasUser: true, reason: 'project Falcon', addedBy: 'token/ci' },
    ])
    expect((await run(['show', 'platform'])).out).toContain('# 1 members: gatehouse acl users ls platform')

    const kept = await run(['members', 'rm', 'platform', 'dev@example.com'], { answers: ['n'] })
    expect([kept.out, (await members('platform')).length]).toEqual(['Nothing was changed.\n', 1])
    const removed = await run(['members', 'rm', 'platform', 'dev@example.com', '--yes'])
    expect(removed.out).toBe('dev@example.com is no longer a member of platform.\n')
    expect(await members('platform')).toEqual([])
  })

  test('who cannot be put back is told before the question', async () => {
    const facts = { kind: 'user', joinedAt: 0, expiresAt: undefined, addedBy: 'import', reason: '' } as const
    await gateway.gateway.store.members.put([
      { list: 'platform', name: 'ida@example.com', awsUserId: 'u-1', ...facts },
    ])
    const rm = ['users', 'rm', 'platform', 'ida@example.com']
    const kept = await run(rm, { answers: ['n'] })
    expect(kept.err).toContain('ida@example.com is no user of Gatehouse')
    expect(kept.err).toContain('cannot be put back')
    expect([kept.out, (await members('platform')).length]).toEqual(['Nothing was changed.\n', 1])
    expect((await run([...rm, '--yes'])).code).toBe(0)
  })

  test('a list is a member of another with --list', async () => {
    expect((await run(['members', 'add', 'platform', 'guests', '--list', '--ttl', '720h'])).code).toBe(0)
    expect(await members('platform')).toMatchObject([{ kind: 'list', name: 'guests' }])
    expect((await run(['members', 'rm', 'platform', 'guests', '--list', '--yes'])).code).toBe(0)
  })

  test.each([
    [['members', 'ls', 'nobody'], /nobody/],
    [['members', 'add', 'platform', 'x', '--expires', 'tomorrow'], /"tomorrow" is no instant/],
    [
      ['members', 'add', 'platform', 'x', '--ttl', '1h', '--expires', '2027-01-31T08:00:00Z'],
      /either --ttl or/,
    ],
    [['users', 'add', 'platform', 'x', '2027-01-31T08:00:00Z', '--ttl', '1h'], /say the end once/],
    [['users', 'add', 'platform', 'x', '', 'why', '--reason', 'why'], /say the reason once/],
    [['members', 'rm', 'platform', 'dev@example.com'], /no terminal to ask on; add --yes/],
    [['show', 'nobody'], /nobody/],
  ])('refuses %j', async (args, says) => {
    const { code, err } = await run(args)
    expect([code, err]).toEqual([1, expect.stringMatching(says) as string])
  })

  test('whoever only reads adds nobody', async () => {
    const { code, err } = await run(['members', 'add', 'platform', 'dev@example.com'], { env: auditor })
    expect([code, err]).toEqual([1, expect.stringContaining('update') as string])
    expect(await members('platform')).toEqual([])
  })
})
