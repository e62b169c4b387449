/** Decisions from the command line that take a second factor: asked for once, on the terminal or by an option. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  runCommand,
  signedInCommandLine,
  type CommandOptions,
  type CommandOutcome,
} from '../support/command-line.js'
import { codeAt, createPerson, role, signIn, type TestPerson } from '../support/people.js'
import { mail, pair, readProduction, RequestWorld } from '../http/access-requests-world.js'

const because = 'Role "guards" (v8) requires a fresh second factor for each decision on access requests.'
let world: RequestWorld
let gina: TestPerson
let env: NodeJS.ProcessEnv

beforeAll(async () => {
  world = await RequestWorld.open({
    resources: [
      role('guards', 'v8', {
        allow: { review_requests: { roles: ['reader', 'auditor'] } },
        options: { require_session_mfa: true },
      }),
      {
        kind: 'access_list',
        version: 'v1',
        metadata: { name: 'readers' },
        spec: { title: 'Readers', owners: [{ name: mail('gina') }], grants: { roles: ['reader'] } },
      },
    ],
  })
  gina = await createPerson(world.gateway, world.admin, { name: mail('gina'), roles: ['guards'], totp: true })
  env = await signedInCommandLine(world.gateway, await signIn(world.gateway, gina))
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

const run = async (args: readonly string[], more: CommandOptions = {}): Promise<CommandOutcome> =>
  await runCommand(['requests', ...args], { env, ...more })
/** A code that was never given before. */
const code = (): string => {
  world.gateway.clock.advance(30_000)
  return codeAt(gina.seed ?? '', world.gateway.clock.now())
}
const ask = async () => (await world.ask('ann', { items: [pair('production', 'ReadOnly')] })).id
const stateOf = async (id: string) => (await world.see('ann', id)).state

describe('a decision that takes a code', () => {
  test('asks for it on the terminal, says who wants it, and decides', async () => {
    const id = await ask()
    expect((await run(['get', id])).out).toMatch(
      new RegExp(`^ +Deciding +${because.replaceAll(/[()]/g, '.')}$`, 'm'),
    )
    const typed = code()
    const {
      code: status,
      out,
      err,
    } = await run(['approve', id], { answers: [` ${typed.slice(0, 3)} ${typed.slice(3)} `] })
    expect([status, err]).toEqual([0, `${because}\nCode of your authenticator app: `])
    expect(out).toContain('approved, gives access until')
  })

  test.each([
    ['deny', (id: string) => ['deny', id, '--reason', 'no'], 'denied'],
    ['review', (id: string) => ['review', id, '--approve', readProduction], 'approved'],
    ['promote', (id: string) => ['promote', id, 'readers'], 'promoted'],
    ['revoke', (id: string) => ['revoke', id], 'revoked'],
  ])('takes it as an option too: %s', async (_, args, state) => {
    const id = await ask()
    const outcome = await run([...args(id), '--mfa-code', code()])
    expect([outcome.code, outcome.err]).toEqual([0, ''])
    expect(await stateOf(id)).toBe(state)
  })

  test('fails without a terminal and without the option, and says which', async () => {
    const id = await ask()
    const { code: status, err } = await run(['approve', id])
    expect([status, err]).toEqual([
      1,
      `gatehouse: ${because} There is no terminal to ask on; add --mfa-code with a code of your authenticator app, or do it by a passkey in the page: ${env.GATEHOUSE_URL}/requests/${id}\n`,
    ])
    expect(await stateOf(id)).toBe('pending')
  })

  test('never repeats a code that is wrong or no code, and decides nothing', async () => {
    const id = await ask()
    const spent = code()
    expect((await run(['deny', await ask(), '--reason', 'no', '--mfa-code', spent])).code).toBe(0)
    for (const [args, answers, says] of [
      [['--mfa-code', spent], undefined, 'the code is wrong or was used before'],
      [[], [spent], 'the code is wrong or was used before'],
      [['--mfa-code', '12345x'], undefined, 'a code has six digits; nothing was done'],
      [[], ['12345x'], 'a code has six digits; nothing was done'],
      [[], [''], 'a code has six digits; nothing was done'],
    ] as const) {
      const outcome = await run(['approve', id, ...args], answers && { answers })
      expect([outcome.code, outcome.out]).toEqual([1, ''])
      expect(outcome.err).toContain(says)
      expect(outcome.err).not.toContain('Not signed in')
      expect(outcome.err).not.toContain(spent)
      expect(outcome.err).not.toContain('12345x')
    }
    expect(await stateOf(id)).toBe('pending')
  })
})

test('who is asked for none is not asked, and a code that was given is left alone', async () => {
  const id = await ask()
  const redundant = code()
  const auditor = await world.ask('ann', { items: [{ kind: 'role', name: 'auditor' }] })
  await world.put(role('guards', 'v8', { allow: { review_requests: { roles: ['reader', 'auditor'] } } }))
  const outcome = await run(['approve', id, '--mfa-code', redundant], { answers: [] })
  expect([outcome.code, outcome.err]).toEqual([0, ''])
  const strict = {
    allow: { review_requests: { roles: ['auditor'] } },
    options: { require_session_mfa: true },
  }
  await world.put(role('guards', 'v8', strict))
  expect((await run(['approve', auditor.id, '--mfa-code', redundant])).code).toBe(0)
})

describe('a change by an administrator', () => {
  const rules = [{ resources: ['role'], verbs: ['*'] }]
  const says =
    'Role "guards" (v8) requires a fresh second factor for changes that hand out access or weaken it.'
  const create = async (name: string, args: readonly string[], more: CommandOptions = {}) => {
    const input = JSON.stringify(role(name, 'v8', { allow: {} }))
    return await runCommand(['create', '-f', '-', ...args], { env, input, ...more })
  }

  test('takes a code by the option or on the terminal, and says who wants it', async () => {
    await world.put(role('guards', 'v8', { allow: { rules }, options: { require_session_mfa: true } }))
    const refused = await create('one', [])
    expect(refused.code).toBe(1)
    expect(refused.err).toContain(`${says} There is no terminal to ask on; add --mfa-code`)
    const given = await create('one', ['--mfa-code', code()])
    expect([given.code, given.err]).toEqual([0, ''])
    const asked = await create('two', [], { answers: [code()] })
    expect([asked.code, asked.err]).toEqual([0, `${says}\nCode of your authenticator app: `])
    const dry = await create('three', ['--dry-run'])
    expect([dry.code, dry.err]).toEqual([0, ''])
  })

  test('takes one code for all that a command does, each request proved once', async () => {
    const resources = ['access_list', 'device']
    const lists = [{ resources, verbs: ['*'] }]
    await world.put(role('guards', 'v8', { allow: { rules: lists }, options: { require_session_mfa: true } }))
    const gatehouse = async (...args: string[]) => await runCommand(args, { env })
    const device = ['devices', 'add', '--os', 'linux', '--asset-tag', 'L-1', '--enroll']
    expect((await gatehouse(...device)).err).toContain('There is no terminal to ask on')
    const enrolled = await gatehouse(...device, '--mfa-code', code())
    expect([enrolled.code, enrolled.err]).toEqual([0, ''])
    expect(enrolled.out).toMatch(/ghd_[\w-]{43}/)
    for (const name of ['one-list', 'other-list']) {
      const made = await gatehouse(
        'acl',
        'create',
        name,
        '--title',
        name,
        '--owner',
        gina.name,
        '--mfa-code',
        code(),
      )
      expect([made.code, made.err]).toEqual([0, ''])
    }
    const add = ['acl', 'users', 'add', 'one-list', mail('ann')]
    expect((await gatehouse(...add)).code).toBe(1)
    expect((await gatehouse(...add, '--mfa-code', code())).out).toContain('is a member of one-list')
    const rm = ['acl', 'rm', 'one-list', 'other-list', '--yes']
    const gone = await gatehouse(...rm, '--mfa-code', code())
    expect([gone.code, gone.err]).toEqual([0, ''])
    expect((await gatehouse('acl', 'ls')).out).not.toMatch(/(one|other)-list/)
  })

  test('of which a hardware key is wanted is sent to the page', async () => {
    await world.put(
      role('guards', 'v8', { allow: { rules }, options: { require_session_mfa: 'hardware_key' } }),
    )
    const refused = await create('four', ['--mfa-code', code()])
    expect(refused.code).toBe(1)
    expect(refused.err).toContain('You have none that counts')
  })
})
