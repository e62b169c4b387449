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
    expect(out).toMatch(/^Name +Title +Owners +Grants\n/)
    expect(out).toMatch(/^platform +Platform team +admin +/m)
    const json = await run(['ls', '--json', '--search', 'guests'])
    expect(JSON.parse(json.out)).toMatchObject({ kind: 'access_list', name: 'guests' })
  })

  test('members are added with an end and a reason, listed, and removed after a question', async () => {
    const end = '2027-01-31T08:00:00Z'
    const args = ['platform', 'dev@example.com', '--expires', end, '--reason', 'project Falcon']
    const added = await run(['members', 'add', ...args])
    expect(added, added.err).toMatchObject({ code: 0 })
    expect(added.out).toContain(`dev@example.com is a member of platform until ${end}.`)
    expect(await members('platform')).toMatchObject([
      { kind: 'user', name: 'dev@example.com', hasUser: true, reason: 'project Falcon', addedBy: 'token/ci' },
    ])
    expect((await run(['show', 'platform'])).out).toContain('# 1 members: gatehouse acl members ls platform')

    const kept = await run(['members', 'rm', 'platform', 'dev@example.com'], { answers: ['n'] })
    expect([kept.out, (await members('platform')).length]).toEqual(['Nothing was changed.\n', 1])
    const removed = await run(['members', 'rm', 'platform', 'dev@example.com', '--yes'])
    expect(removed.out).toBe('dev@example.com is no longer a member of platform.\n')
    expect(await members('platform')).toEqual([])
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
