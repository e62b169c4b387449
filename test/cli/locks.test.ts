import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPerson, password, signInAdmin, TestBrowser } from '../support/people.js'
import type { TestGateway } from '../support/test-gateway.js'
import { gatehouse, openForCli } from './support.js'

let dataDir: string
let gateway: TestGateway
/** The surroundings of an administrator's machine user; without them a command acts as the operator. */
let asAdmin: Readonly<Record<string, string>>
const alice = 'alice@example.com'
/** What a lock leaves open, and what to do about it. */
const atAws =
  'Sessions that are open at AWS go on, for Gatehouse cannot end them: in the access portal at most as long as is set ' +
  'there (8 hours by default, up to 90 days), in an account as long as its permission set says (1 to 12 hours). ' +
  'Disable the user in IAM Identity Center as well'

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-cli-locks-'))
  gateway = await openForCli(dataDir)
  const admin = await signInAdmin(gateway)
  await createPerson(gateway, admin, { name: alice, roles: ['aws'] })
  const spec = { roles: ['editor'], ttl: '24h' }
  const token = { kind: 'token', version: 'v1', metadata: { name: 'ci' }, spec }
  const made = (await admin.post('/v1/resources', token)).body as { changes: { secret: string }[] }
  asAdmin = { GATEHOUSE_URL: gateway.url, GATEHOUSE_TOKEN: made.changes[0]?.secret ?? '' }
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
  await rm(dataDir, { recursive: true, force: true })
})

async function signInCode(): Promise<unknown> {
  const answer = await new TestBrowser(gateway).post('/v1/sign-in', { user: alice, password })
  const { code, status } = answer.body as { code?: string; status: unknown }
  return code ?? status
}

describe('gatehouse locks', () => {
  test('add locks somebody, ls shows it, and the operator can rm it', async () => {
    const added = await gatehouse(
      dataDir,
      ['locks', 'add', '--user', alice, '--ttl', '12h', '--message', 'call us'],
      asAdmin,
    )
    expect(added).toMatchObject({ code: 0, err: '' })
    const name = /^Made the lock (user-alice-example-com-[0-9a-f]{4})\.$/m.exec(added.out)?.[1] ?? ''
    expect(name).not.toBe('')
    expect(added.out).toContain('Nobody whom it hits is signed in now.')
    expect(added.out).toContain(atAws)
    expect(await signInCode()).toBe('LOCKED')

    const listed = await gatehouse(dataDir, ['locks', 'ls'])
    expect(listed.out.split('\n')[0]).toMatch(/^Name +Target +Ends +Message$/)
    expect(listed.out).toContain(`${name}  user alice@example.com  2026-03-01T21:00:00.000Z  call us`)
    const json = await gatehouse(dataDir, ['locks', 'ls', '--json'])
    expect(JSON.parse(json.out)).toMatchObject({ kind: 'lock', name })

    const unasked = await gatehouse(dataDir, ['locks', 'rm', name])
    expect(unasked.code).toBe(1)
    expect(unasked.err).toContain('there is no terminal to ask on; add --yes to go ahead without a question')
    const tried = await gatehouse(dataDir, ['locks', 'rm', name, '--dry-run'])
    expect(tried.out).toContain(`lock "${name}" would be deleted`)
    expect(tried.out).toContain('Nothing was changed: this was a dry run.')
    expect(await signInCode()).toBe('LOCKED')

    const removed = await gatehouse(dataDir, ['locks', 'rm', name, '--yes'])
    expect(removed).toMatchObject({ code: 0, err: '' })
    expect(removed.out).toContain(`lock "${name}" deleted`)
    expect(await signInCode()).toBe('signed_in')
  })

  test('add --dry-run tells and does nothing', async () => {
    const tried = await gatehouse(dataDir, ['locks', 'add', '--role', 'aws', '--dry-run'], asAdmin)
    expect(tried.out).toMatch(/^Would make the lock role-aws-[0-9a-f]{4}\.\nEnds /)
    expect(tried.out).toContain(atAws)
    expect(await signInCode()).toBe('signed_in')
    expect((await gatehouse(dataDir, ['locks', 'ls', '--json'])).out).toBe('')
  })

  test.each([
    [
      ['locks', 'add'],
      'name exactly one of --user, --role, --session, --token, --device, --access-request and --connector',
    ],
    [
      ['locks', 'add', '--user', 'a', '--role', 'b'],
      'name exactly one of --user, --role, --session, --token, --device, --access-request and --connector',
    ],
    [['locks', 'add', '--user', 'a', '--ttl', 'soon'], 'gatehouse: --ttl: "soon" is not a duration'],
    [['locks', 'add', '--session', 'nope'], 'there is no session "nope", or it has ended'],
    [['locks', 'rm', 'none', '--yes'], 'there is no lock named "none"'],
  ])('%j is refused with exit status 1', async (args, words) => {
    const refused = await gatehouse(dataDir, args, asAdmin)
    expect(refused.code).toBe(1)
    expect(refused.err).toContain(words)
  })

  test('on a name that nobody has warns before anything else', async () => {
    const tried = await gatehouse(dataDir, ['locks', 'add', '--user', 'nobody', '--dry-run'], asAdmin)
    expect(tried.out).toMatch(
      /^There is no user "nobody"; the lock holds as soon as there is\.\nWould make the lock /,
    )
  })

  test('on a machine user says nothing of AWS, where it opens no session', async () => {
    const tried = await gatehouse(dataDir, ['locks', 'add', '--token', 'ci', '--dry-run'], asAdmin)
    expect(tried.code).toBe(0)
    expect(tried.out).toContain('Token "ci" is refused from now on.')
    expect(tried.out).not.toContain('AWS')
  })

  test('the operator cannot add one', async () => {
    const refused = await gatehouse(dataDir, ['locks', 'add', '--user', alice])
    expect(refused.code).toBe(1)
    expect(refused.err).toContain('operator token')
    expect(await signInCode()).toBe('signed_in')
  })
})

describe('gatehouse explain', () => {
  test('without a question is a command line that is wrong', async () => {
    const { code, err } = await gatehouse(dataDir, ['explain', alice], asAdmin)
    expect(code).toBe(2)
    expect(err).toMatch(/^error: give --app NAME, or --account with or without --permission-set\n/)
  })

  const app = ['--app', 'aws-identity-center']

  test('an access: the verdict, the reasons and what it hangs on; exit status 0', async () => {
    const { code, out } = await gatehouse(dataDir, ['explain', alice, ...app], asAdmin)
    expect(code).toBe(0)
    expect(out.split('\n')).toEqual([
      'ALLOWED: alice@example.com may sign in to aws-identity-center.',
      '',
      'Reasons:',
      expect.stringMatching(/^ {2}\+ Role "aws" \(v8\) allows it: /),
      '',
      'It hangs on:',
      '  * Without role "aws" this would be refused.',
      '',
    ])
  })

  test('a refusal: what would change it, with the lines to write; exit status 3', async () => {
    const admin = ['explain', 'admin', ...app]
    const { code, out } = await gatehouse(dataDir, admin, asAdmin)
    expect(code).toBe(3)
    expect(out).toMatch(/^REFUSED: admin may not sign in to aws-identity-center: /)
    const json = await gatehouse(dataDir, [...admin, '--json'], asAdmin)
    expect(json.code).toBe(3)
    expect(JSON.parse(json.out)).toMatchObject({ user: 'admin', effect: 'deny' })
  })

  test('a role by itself', async () => {
    const { code, out } = await gatehouse(dataDir, ['explain', '--role', 'aws', ...app], asAdmin)
    expect(code).toBe(0)
    expect(out).toMatch(/^ALLOWED: somebody with role "aws" alone may sign in to aws-identity-center\.\n/)
    const both = await gatehouse(dataDir, ['explain', alice, '--role', 'aws', ...app], asAdmin)
    expect(both.code).toBe(1)
    expect(both.err).toContain('give either user or role')
  })

  test('what stands in the way, where no single change is enough', async () => {
    const lock = ['locks', 'add', '--role', 'no-labels', '--name', 'on-no-labels']
    expect((await gatehouse(dataDir, lock, asAdmin)).code).toBe(0)
    const { code, out } = await gatehouse(dataDir, ['explain', '--role', 'no-labels', ...app], asAdmin)
    await gatehouse(dataDir, ['locks', 'rm', 'on-no-labels', '--yes'], asAdmin)
    expect(code).toBe(3)
    expect(out).toMatch(/\n\nNo single change is enough: a lock is in force, and no role allows it\.\n$/)
  })

  test('a question that cannot be answered has exit status 1', async () => {
    const unknown = await gatehouse(dataDir, ['explain', 'nobody', ...app], asAdmin)
    expect(unknown.code).toBe(1)
    expect(unknown.err).toContain('there is no user named "nobody"')
    const nothing = await gatehouse(dataDir, ['explain', alice, '--account', '555555555555'], asAdmin)
    expect(nothing.code).toBe(1)
    expect(nothing.err).toContain('the inventory has no account "555555555555"')
  })
})

describe('gatehouse tokens add', () => {
  test('asks for an end, in its own words', async () => {
    const none = await gatehouse(dataDir, ['tokens', 'add', 'ci2', '--roles', 'auditor'], asAdmin)
    expect(none.code).toBe(2)
    expect(none.err).toMatch(/^error: a token ends: give --ttl, for example --ttl 720h\n/)
    const soon = ['tokens', 'add', 'ci2', '--roles', 'auditor', '--ttl', 'soon']
    const wrong = await gatehouse(dataDir, soon, asAdmin)
    expect(wrong.code).toBe(1)
    expect(wrong.err).toContain('gatehouse: --ttl: "soon" is not a duration; write for example 30m or 8h')
  })
})
