/**
 * `gatehouse emulator` and `gatehouse emulator generate`, as a person types them.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Command } from 'commander'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLogger } from '../../src/lib/logger.js'
import { addEmulatorCommand } from '../../src/emulator/main.js'
import { parseOrganisation } from '../../src/emulator/state/organisation.js'
import { adminKey, sendJson } from './aws-world.js'
import { demoFile } from './portal.js'

interface Run {
  readonly lines: readonly string[]
  /** What went to standard error. */
  readonly said: string
  readonly failed: boolean
}

/** Runs a command line; `whileRunning` gets the address of an emulator that started. */
async function run(
  args: readonly string[],
  whileRunning: (url: string) => Promise<unknown> = async () => undefined,
): Promise<Run> {
  const lines: string[] = []
  let said = ''
  const program = new Command().exitOverride().configureOutput({ writeErr: (text) => (said += text) })
  addEmulatorCommand(program, {
    logger: createLogger('silent'),
    print: (line) => lines.push(line),
    untilStopped: async () => whileRunning(/http:\/\/127\.0\.0\.1:\d+/.exec(lines[0] ?? '')?.[0] ?? ''),
  })
  try {
    await program.parseAsync(['emulator', ...args], { from: 'user' })
    return { lines, said, failed: false }
  } catch (error) {
    if (said === '') throw error
    return { lines, said, failed: true }
  }
}

const onFreePort = ['--listen', '127.0.0.1:0']

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'gatehouse-emulator-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true })
})

describe('gatehouse emulator', () => {
  test('says everything that a client needs to call it', async () => {
    let url = ''
    const { lines } = await run([...onFreePort, '--org', demoFile], async (at) => (url = at))
    expect(lines).toEqual([
      `Identity Center emulator: ${url}/ (access portal ${url}/start, control under ${url}/_emulator/)`,
      `  organisation    ${demoFile}: 7 accounts, 5 permission sets, 8 users, 4 groups`,
      '  instance        arn:aws:sso:::instance/ssoins-6987b2c41e0fa35d',
      '  identity store  d-99672f1c0b',
      `  SCIM endpoint   ${url}/Hw99672f1c0b-5d31-4c0e-9a77-1f6b0e2d84c9/scim/v2/`,
      `  SCIM token      none yet: POST ${url}/_emulator/scim/tokens makes one`,
      'For AWS clients in another terminal:',
      `  export AWS_ENDPOINT_URL=${url}`,
      '  export AWS_REGION=eu-central-1 AWS_DEFAULT_REGION=eu-central-1',
      `  export AWS_ACCESS_KEY_ID=${adminKey.accessKeyId}`,
      `  export AWS_SECRET_ACCESS_KEY=${adminKey.secretAccessKey}`,
    ])
  })

  test('says that nothing was named, and where a virtual clock stands', async () => {
    let url = ''
    const { lines } = await run(
      [...onFreePort, '--clock', 'virtual', '--seed', '1'],
      async (at) => (url = at),
    )
    expect(lines[1]).toBe(
      '  organisation    none given (--org or --size), so an empty one in us-east-1: ' +
        '1 accounts, 0 permission sets, 0 users, 0 groups',
    )
    expect(lines).toContain(
      `  virtual clock   2026-01-05T09:00:00.000Z; POST ${url}/_emulator/clock/advance moves it`,
    )
  })

  test('does not verify signatures on a virtual clock, even where the file asks for it', async () => {
    const text = await readFile(demoFile, 'utf8')
    const file = path.join(folder, 'verified.yaml')
    await writeFile(file, `${text}\nsettings: { verifySignatures: true }\n`)
    const { said } = await run([...onFreePort, '--org', file, '--clock', 'virtual'])
    expect(said).toContain('gatehouse: --clock virtual does not go with verified signatures')
    expect((await run([...onFreePort, '--org', file])).failed).toBe(false)
  })

  test('starts with a generated organisation of a named size', async () => {
    const { lines } = await run([...onFreePort, '--size', 'small', '--seed', '7'])
    expect(lines[1]).toBe(
      '  organisation    the generated organisation "small" of seed 7: ' +
        '30 accounts, 10 permission sets, 200 users, 50 groups',
    )
  })

  test('a SCIM token of the file is shown', async () => {
    const text = await readFile(demoFile, 'utf8')
    const file = path.join(folder, 'with-token.yaml')
    await writeFile(file, `${text}\nscim: { tokens: [{ token: token-of-the-file-1 }] }\n`)
    const { lines } = await run([...onFreePort, '--org', file])
    expect(lines).toContain('  SCIM token      token-of-the-file-1')
  })

  test.each([
    ['nothing', [], { limits: true, verifySignatures: false }],
    ['--limits off', ['--limits', 'off'], { limits: false, verifySignatures: false }],
    ['--limits on', ['--limits', 'on'], { limits: true, verifySignatures: false }],
    ['--verify-signatures', ['--verify-signatures'], { limits: true, verifySignatures: true }],
  ])('%s sets what it says', async (_name, flags, settings) => {
    let seen: unknown
    await run([...onFreePort, ...flags], async (url) => {
      seen = await (await fetch(`${url}/_emulator/settings`)).json()
    })
    expect(JSON.stringify(seen)).toContain(`"limits":${settings.limits}`)
    expect(JSON.stringify(seen)).toContain(`"verifySignatures":${settings.verifySignatures}`)
  })

  test.each([
    [
      'a file and a size',
      ['--org', demoFile, '--size', 'small'],
      'gatehouse: --org and --size each name an organisation: give one of them',
    ],
    [
      'a virtual clock with signatures',
      ['--clock', 'virtual', '--verify-signatures'],
      "gatehouse: --clock virtual does not go with verified signatures (--verify-signatures, or verifySignatures of the file): a signature carries its caller's real time",
    ],
    ['an unknown size', ['--size', 'huge'], 'Allowed choices are small, medium, large, stress.'],
    ['a seed with a sign', ['--seed', '-1'], 'It is not a whole number.'],
    ['a seed beyond exact numbers', ['--seed', '9007199254740993'], 'gatehouse: seed: '],
    ['limits that are neither', ['--limits', 'half'], 'Allowed choices are on, off.'],
    ['an address of another machine', ['--listen', '192.0.2.1:80'], 'is not a loopback address'],
    ['a file that is not there', ['--org', '/nonexistent.yaml'], 'the organisation file /nonexistent.yaml'],
    ['an unknown word', ['generat'], 'too many arguments'],
    [
      'an issuer without https',
      ['--issuer-map', 'http://id.example=http://localhost:1'],
      'does not begin with an issuer',
    ],
    [
      'an issuer with a path',
      ['--issuer-map', 'https://id.example/a=http://localhost:1'],
      'does not begin with an issuer',
    ],
    ['an issuer without address', ['--issuer-map', 'https://id.example='], 'does not end with =http://'],
    [
      'an issuer at a file',
      ['--issuer-map', 'https://id.example=file:///etc/passwd'],
      'does not end with =http://',
    ],
    [
      'an issuer mapped twice',
      [
        '--issuer-map',
        'https://id.example=http://localhost:1',
        '--issuer-map',
        'https://id.example=http://[::1]:1',
      ],
      'https://id.example is mapped twice',
    ],
  ])('%s is refused in words', async (_name, flags, words) => {
    const { said, failed, lines } = await run(['--listen', '127.0.0.1:0', ...flags])
    expect(failed).toBe(true)
    expect(said).toContain(words)
    expect(said).not.toMatch(/\n {4}at /)
    expect(lines).toEqual([])
  })

  test('an address that is taken is told as such', async () => {
    let said = ''
    await run(onFreePort, async (url) => {
      said = (await run(['--listen', new URL(url).host])).said
    })
    expect(said).toContain('gatehouse: the address is taken, choose another with --listen (')
  })

  test('what a terminal would obey is taken out of words from a file', async () => {
    const file = path.join(folder, 'escape.yaml')
    await writeFile(file, '"\\e[2J": 1')
    const { said } = await run([...onFreePort, '--org', file])
    expect(said).toContain('\uFFFD[2J')
    expect(said).not.toContain('\u001b')
  })

  test('an issuer with an address starts', async () => {
    const { failed } = await run([...onFreePort, '--issuer-map', 'https://id.example=http://localhost:3080'])
    expect(failed).toBe(false)
  })
})

describe('a seeded run on a virtual clock', () => {
  /** Calls that make ids of every kind, and everything that the emulator holds afterwards. */
  async function history(seed: string): Promise<{ readonly answers: unknown; readonly state: unknown }> {
    let answers: unknown
    let state: unknown
    const flags = ['--clock', 'virtual', '--limits', 'off', '--size', 'small', '--seed', seed]
    await run([...onFreePort, ...flags], async (url) => {
      const control = async (method: string, at: string, body?: unknown): Promise<unknown> => {
        const json = body !== undefined && {
          body: JSON.stringify(body),
          headers: { 'content-type': 'application/json' },
        }
        const response = await fetch(`${url}/_emulator/${at}`, { method, ...json })
        return JSON.parse((await response.text()).replaceAll(url, 'http://emulator'))
      }
      const { instance } = (await control('GET', 'state')) as { instance: Record<string, string> }
      const store = { IdentityStoreId: instance['identityStoreId'] }
      const call = async (operation: string, body: object) => {
        const options = { signingName: 'identitystore' }
        const answer = await sendJson(url, `AWSIdentityStore.${operation}`, JSON.stringify(body), options)
        return { ...answer, headers: answer.headers.get('x-amzn-requestid') }
      }
      const user = { UserName: 'new', DisplayName: 'New', Name: { GivenName: 'N', FamilyName: 'W' } }
      const made = await call('CreateUser', { ...store, ...user })
      const group = await call('CreateGroup', { ...store, DisplayName: 'new group' })
      await control('POST', 'clock/advance', { seconds: 5 })
      const { UserId } = made.body as { UserId: string }
      const { GroupId } = group.body as { GroupId: string }
      const membership = await call('CreateGroupMembership', { ...store, GroupId, MemberId: { UserId } })
      answers = [made, group, membership]
      state = await control('GET', 'state')
    })
    return { answers, state }
  }

  test('gives the same answers, ids and state twice, and others from another seed', async () => {
    const first = await history('11')
    expect(first.answers).toMatchObject([{ status: 200 }, { status: 200 }, { status: 200 }])
    expect(await history('11')).toEqual(first)
    const other = await history('12')
    expect(other.answers).not.toEqual(first.answers)
    expect(other.state).not.toEqual(first.state)
  })
})

describe('gatehouse emulator generate', () => {
  test('prints an organisation that the emulator reads, the same twice', async () => {
    const args = ['generate', '--accounts', '9', '--permission-sets', '4', '--users', '20', '--groups', '6']
    const { lines } = await run([...args, '--seed', '3'])
    const { contents } = parseOrganisation(lines.join('\n'), 'generated')
    expect(contents).toMatchObject({ accounts: { length: 9 }, permissionSets: { length: 4 } })
    expect(contents).toMatchObject({ users: { length: 20 }, groups: { length: 6 } })
    expect(await run([...args, '--seed', '3'])).toEqual({ lines, said: '', failed: false })
    expect((await run([...args, '--seed', '4'])).lines).not.toEqual(lines)
  })

  test('tells the command that makes the same again', async () => {
    const { lines } = await run(['generate', '--users', '20', '--seed', '3'])
    const command = 'gatehouse emulator generate --size small --seed 3 --users 20'
    expect(lines[0]?.split('\n')[1]).toBe(`"about": "${command}",`)
    expect(await run(command.split(' ').slice(2))).toMatchObject({ lines })
  })

  test('numbers that are not given are those of the size', async () => {
    const { lines } = await run(['generate', '--size', 'medium', '--users', '10'])
    const { contents } = parseOrganisation(lines.join('\n'), 'generated')
    expect(contents).toMatchObject({
      accounts: { length: 300 },
      users: { length: 10 },
      groups: { length: 500 },
    })
  })

  test('writes a file, which the emulator then loads, and never over another', async () => {
    const file = path.join(folder, 'made.yaml')
    const { lines } = await run(['generate', '--out', file])
    expect(lines).toEqual([])
    expect((await run([...onFreePort, '--org', file])).lines[1]).toContain('200 users')
    const before = await readFile(file, 'utf8')
    const again = await run(['generate', '--seed', '2', '--out', file])
    expect(again.said).toContain(`gatehouse: ${file} cannot be written: EEXIST`)
    expect(await readFile(file, 'utf8')).toBe(before)
  })

  test.each([
    ['no account', ['--accounts', '0'], 'accounts: 0 is not a whole number from 1 to 7000'],
    ['too many users', ['--users', '200001'], 'users: 200001 is not a whole number from 0 to 200000'],
    ['a fraction', ['--groups', '1.5'], 'It is not a whole number.'],
    ['an unknown size', ['--size', 'tiny'], 'Allowed choices are'],
  ])('%s is refused', async (_name, flags, words) => {
    const { said, failed, lines } = await run(['generate', ...flags])
    expect([failed, lines]).toEqual([true, []])
    expect(said).toContain(words)
  })

  test('flags of a running emulator are refused, since they would do nothing', async () => {
    const { said } = await run(['--clock', 'virtual', 'generate', '--limits', 'off'])
    expect(said).toContain('generate takes no --clock, --limits')
  })

  test('the seed counts before the word, too', async () => {
    const { lines } = await run(['generate', '--seed', '5'])
    expect((await run(['--seed', '5', 'generate'])).lines).toEqual(lines)
  })
})
