/**
 * `gatehouse login`, `status`, `logout` and `tokens` against a real gateway over loopback. The browser's part is played
 * by requests like a browser's; the commands run in this process, with surroundings of their own.
 */
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createProgram } from '../../src/cli/cli.js'
import { describeFailure } from '../../src/cli/exit.js'
import { cliSignInQuery } from '../../src/api/contract.js'
import {
  auditEvents,
  createPerson,
  signIn,
  signInAdmin,
  type TestBrowser,
  testResources,
} from '../support/people.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'
import { ManualClock } from '../../src/lib/clock.js'

let gateway: TestGateway
let alice: TestBrowser
let home: string
let env: NodeJS.ProcessEnv

beforeAll(async () => {
  // The command line looks at the clock of its own machine, so that of the gateway has to agree with it.
  gateway = await openTestGateway({ resources: testResources, clock: new ManualClock(Date.now()) })
  const admin = await signInAdmin(gateway)
  const person = await createPerson(gateway, admin, { name: 'alice@example.com', roles: ['editor'] })
  alice = await signIn(gateway, person)
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
})
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'gatehouse-login-'))
  env = { XDG_CONFIG_HOME: join(home, 'config'), GATEHOUSE_DATA_DIR: join(home, 'data') }
  return () => rm(home, { recursive: true, force: true })
})

interface Run {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs a command; `onLine` sees each line as it is printed. */
async function gatehouse(
  args: readonly string[],
  options: { input?: string; env?: NodeJS.ProcessEnv; onLine?: (line: string) => void } = {},
): Promise<Run> {
  const lines: string[] = []
  let code = 0
  const program = createProgram(
    {
      env: { ...env, ...options.env },
      out: (line) => {
        lines.push(line)
        options.onLine?.(line)
      },
      err: () => undefined,
      outIsTerminal: false,
      ask: undefined,
      setExitCode: (status) => (code = status),
      readInput: () => Promise.resolve(options.input ?? ''),
    },
    'test',
  )
  try {
    await program.parseAsync(['node', 'gatehouse', ...args])
    return { code, out: lines.join('\n'), err: '' }
  } catch (error) {
    const { text, exitCode } = describeFailure(error)
    return { code: exitCode, out: lines.join('\n'), err: text }
  }
}

/** The person's part: reads the address, agrees on the page, follows where it leads. */
function browse(
  browser: TestBrowser,
  change: (redirectUrl: URL) => void = () => undefined,
): { onLine: (line: string) => void; page: Promise<{ status: number; text: string }> } {
  let resolve: (page: Promise<{ status: number; text: string }>) => void = () => undefined
  const page = new Promise<{ status: number; text: string }>((done) => (resolve = done))
  const visit = async (address: string) => {
    const query = cliSignInQuery.parse(Object.fromEntries(new URL(address).searchParams))
    const agreed = await browser.post('/v1/cli/authorizations', query)
    const redirect = new URL((agreed.body as { redirectUrl: string }).redirectUrl)
    change(redirect)
    const response = await fetch(redirect)
    return { status: response.status, text: await response.text() }
  }
  return {
    onLine: (line) => {
      const address = /^ {2}(http:\S+\/cli-sign-in\?\S+)$/.exec(line)?.[1]
      if (address !== undefined) resolve(visit(address))
    },
    page,
  }
}

async function login(): Promise<Run> {
  return await gatehouse(['login', '--no-browser', '--url', gateway.url], browse(alice))
}

async function stored(): Promise<{ current?: string; gateways: Record<string, { token: string }> }> {
  return JSON.parse(await readFile(join(home, 'config/gatehouse/credentials.json'), 'utf8'))
}

async function newToken(name: string): Promise<string> {
  const { out } = await gatehouse(['tokens', 'add', name, '--roles', 'editor', '--ttl', '1h', '--json'])
  return (JSON.parse(out) as { secret: string }).secret
}

describe('login through the browser', () => {
  test('signs in, keeps the token to itself, and tells who one is', async () => {
    const { onLine, page } = browse(alice)
    const signedIn = await gatehouse(['login', '--no-browser', '--url', `${gateway.url}/anything`], {
      onLine,
    })
    expect(signedIn).toMatchObject({ code: 0, err: '' })
    expect(signedIn.out).toContain(`Signed in to localhost (${gateway.url}) as alice@example.com until 20`)
    expect(await page).toMatchObject({
      status: 200,
      text: expect.stringContaining('You can close this page'),
    })
    const { current, gateways } = await stored()
    expect(current).toBe(gateway.url)
    const token = gateways[gateway.url]?.token ?? ''
    expect(token).toMatch(/^ghc_/)
    expect(signedIn.out).not.toContain(token)
    const status = await gatehouse(['status'])
    expect(status.code).toBe(0)
    expect(status.out).toContain('You are:  alice@example.com\n')
    expect(status.out).toContain('Roles:    editor')
    expect(status.out).toMatch(/Until: {4}20\d\d-/)
    expect(status.out).toContain(
      `Known by: the sign-in in ${join(home, 'config/gatehouse/credentials.json')}`,
    )
    expect(status.out).not.toContain(token)
    expect(JSON.parse((await gatehouse(['status', '--json'])).out)).toMatchObject({
      url: gateway.url,
      actor: { kind: 'person', name: 'alice@example.com' },
      roles: ['editor'],
      source: { kind: 'credentials' },
    })
  })

  test('what carries another state is turned away, and the command waits on', async () => {
    let first: Promise<unknown> = Promise.resolve()
    const good = browse(alice)
    const evil = browse(alice, (url) => url.searchParams.set('state', 'x'.repeat(43)))
    const signedIn = await gatehouse(['login', '--no-browser', '--url', gateway.url], {
      onLine: (line) => {
        evil.onLine(line)
        if (line.startsWith('  http')) first = evil.page.then(() => good.onLine(line))
      },
    })
    await first
    expect((await evil.page).status).toBe(404)
    expect(signedIn.code).toBe(0)
  })

  test('a code of somebody else signs nobody in', async () => {
    const { onLine, page } = browse(alice, (url) => url.searchParams.set('code', 'c'.repeat(43)))
    const { code, err } = await gatehouse(['login', '--no-browser', '--url', gateway.url], { onLine })
    expect(code).toBe(1)
    expect(err).toBe(
      'gatehouse: Not signed in: this sign-in of a command line is not valid or is over; run "gatehouse login" again',
    )
    expect((await page).text).toContain('The command line is not signed in')
    await expect(stored()).rejects.toThrow('ENOENT')
  })

  test('without an address it takes the gateway of this machine, where browsers reach it', async () => {
    const nowhere = await gatehouse(['login', '--no-browser'])
    expect(nowhere).toMatchObject({
      code: 1,
      err: 'gatehouse: say which gateway: gatehouse login --url https://YOUR-GATEWAY',
    })
    const operator = { url: 'http://127.0.0.1:1', publicUrl: gateway.url, token: gateway.operatorToken }
    await writeFile(join(home, 'operator.json'), JSON.stringify(operator))
    const here = await gatehouse(['login', '--no-browser'], {
      ...browse(alice),
      env: { GATEHOUSE_DATA_DIR: home },
    })
    expect(here.code).toBe(0)
  })

  test('what is no gateway is told so before anything is asked of a person', async () => {
    const stranger = createServer((_, response) => void response.end('<h1>hello</h1>')).listen(0, '127.0.0.1')
    await new Promise((resolve) => stranger.once('listening', resolve))
    const address = stranger.address()
    const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
    const { code, out, err } = await gatehouse(['login', '--no-browser', '--url', url])
    stranger.close()
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toContain(`${url} answered HTTP 200 and no JSON; is that a gateway?`)
    expect((await gatehouse(['login', '--url', 'gateway.example'])).err).toContain(
      'is no address of a gateway',
    )
  })
})

describe('logout', () => {
  test('ends the session at the gateway and forgets it', async () => {
    await login()
    const token = (await stored()).gateways[gateway.url]?.token ?? ''
    const ask = () => fetch(`${gateway.url}/v1/me`, { headers: { authorization: `Bearer ${token}` } })
    expect((await ask()).status).toBe(200)
    expect(await gatehouse(['logout'])).toEqual({ code: 0, out: `Signed out of ${gateway.url}.`, err: '' })
    expect((await ask()).status).toBe(401)
    expect(await stored()).toEqual({ gateways: {} })
    const [event] = await auditEvents(gateway, { type: 'session.end', limit: '1' })
    expect(event).toMatchObject({ user: 'alice@example.com', message: 'signed out' })
    expect(await gatehouse(['logout'])).toMatchObject({
      code: 1,
      err: 'gatehouse: you are not signed in to any gateway',
    })
  })

  test('forgets a session of a gateway that does not answer, and says what is left to do', async () => {
    await login()
    const file = join(home, 'config/gatehouse/credentials.json')
    const text = (await readFile(file, 'utf8')).replaceAll(gateway.url, 'http://127.0.0.1:1')
    await writeFile(file, text)
    const { code, out } = await gatehouse(['logout'])
    expect(code).toBe(0)
    expect(out).toContain('Forgot the session for http://127.0.0.1:1, which did not answer')
    expect(await stored()).toEqual({ gateways: {} })
  })
})

describe('status', () => {
  test('exits with 1 when one is signed in nowhere, or not any more', async () => {
    const nowhere = await gatehouse(['status'])
    expect(nowhere.code).toBe(1)
    const [first, second] = nowhere.err.split('\n')
    expect(first).toBe(
      'gatehouse: You are signed in nowhere. Sign in: gatehouse login --url https://YOUR-GATEWAY',
    )
    expect(second).toMatch(/^As operator of this machine: cannot read .*operator\.json: is the gateway/)
    await login()
    const token = (await stored()).gateways[gateway.url]?.token ?? ''
    await fetch(`${gateway.url}/v1/session`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${token}` },
    })
    const over = await gatehouse(['status'])
    expect(over.code).toBe(1)
    expect(over.err).toMatch(/does not accept the sign-in in .* any more; run: gatehouse login --url /)
  })

  test('a file that others can read is refused, whatever the command', async () => {
    await login()
    await chmod(join(home, 'config/gatehouse/credentials.json'), 0o644)
    for (const command of ['status', 'logout', 'login']) {
      const { code, err } = await gatehouse([command])
      expect(code).toBe(1)
      expect(err).toContain('can be read or changed by others and is not used; run: chmod 600')
    }
  })

  test('names the operator, and whoever the environment names', async () => {
    const operator = { url: gateway.url, publicUrl: gateway.publicUrl, token: gateway.operatorToken }
    await writeFile(join(home, 'operator.json'), JSON.stringify(operator))
    const here = await gatehouse(['status', '--data-dir', home])
    expect(here.out).toContain('You are:  operator of this machine')
    expect(here.out).toContain(`Known by: the operator token in ${join(home, 'operator.json')}`)
    await login()
    const secret = await newToken('named')
    const named = await gatehouse(['status', '--url', gateway.url], { env: { GATEHOUSE_TOKEN: secret } })
    expect(named.out).toContain('You are:  token/named, a machine user')
    expect(named.out).toContain('Known by: the token in GATEHOUSE_TOKEN')
    await gatehouse(['tokens', 'rm', 'named', '--yes'])
  })
})

describe('API tokens', () => {
  beforeEach(async () => {
    await login()
  })

  test('are made, listed, rotated and deleted', async () => {
    const added = await gatehouse(['tokens', 'add', 'ci', '--roles', 'editor', 'auditor', '--ttl', '720h'])
    expect(added.code).toBe(0)
    const secret = /^ {2}(ght_[\w-]{43})$/m.exec(added.out)?.[1] ?? ''
    expect(secret).not.toBe('')
    const list = async () => (await gatehouse(['tokens', 'ls'])).out.split('\n')
    expect((await list())[0]).toMatch(/^Name +State +Roles +Expires +Last used$/)
    expect((await list())[1]).toMatch(/^ci +active +editor, auditor +20\S+Z +never$/)
    const asked = await gatehouse(['tokens', 'ls', '--json', '--url', gateway.url], {
      env: { GATEHOUSE_TOKEN: secret },
    })
    expect(JSON.parse(asked.out)).toMatchObject({ name: 'ci', roles: ['editor', 'auditor'] })
    expect((await list())[1]).toMatch(/ from 127\.0\.0\.1$/)
    const rotated = await gatehouse(['tokens', 'rotate', 'ci'])
    expect(rotated.out).toMatch(/^ {2}ght_[\w-]{43}$/m)
    expect(rotated.out).not.toContain(secret)
    const dead = await gatehouse(['tokens', 'ls', '--url', gateway.url], { env: { GATEHOUSE_TOKEN: secret } })
    expect(dead).toMatchObject({ code: 1, err: expect.stringContaining('Not signed in') })
    const unasked = await gatehouse(['tokens', 'rm', 'ci'])
    expect(unasked).toMatchObject({ code: 1, err: expect.stringContaining('add --yes to go ahead') })
    expect(await list()).toHaveLength(2)
    const removed = await gatehouse(['tokens', 'rm', 'ci', '--yes'])
    expect(removed).toMatchObject({ code: 0, out: expect.stringContaining('token "ci" deleted') })
    expect(await list()).toHaveLength(1)
    expect((await gatehouse(['tokens', 'rm', 'ci', '--yes'])).err).toContain('there is no token named "ci"')
  })

  test('what the gateway refuses is told in its words', async () => {
    const { code, err } = await gatehouse(['tokens', 'add', 'ci', '--roles', 'editor', '--ttl', '9000h'])
    expect(code).toBe(1)
    expect(err).toContain('spec.ttl: is longer than a year')
  })

  test('login --token remembers one from standard input, after asking the gateway about it', async () => {
    const secret = await newToken('remembered')
    await rm(join(home, 'config'), { recursive: true })
    const done = await gatehouse(['login', '--token', '--url', gateway.url], { input: `${secret}\n` })
    expect(done).toMatchObject({ code: 0, out: expect.stringContaining('as token/remembered until 20') })
    expect(done.out).not.toContain(secret)
    expect((await gatehouse(['tokens', 'ls'])).code).toBe(0)
    const left = await gatehouse(['logout'])
    expect(left.out).toContain('Forgot the API token of token/remembered')
    const again = await gatehouse(['login', '--token', '--url', gateway.url], {
      env: { GATEHOUSE_TOKEN: secret },
    })
    expect(again.code).toBe(0)
  })

  test.each([
    [
      'a text that is none',
      'hello',
      'that is no API token; give one in GATEHOUSE_TOKEN or on standard input',
    ],
    [
      'one that the gateway does not know',
      `ght_${'a'.repeat(43)}`,
      'does not know this token, or it has expired',
    ],
  ])('login --token refuses %s and keeps what it had', async (_, input, message) => {
    const before = await stored()
    const { code, err } = await gatehouse(['login', '--token', '--url', gateway.url], { input })
    expect(code).toBe(1)
    expect(err).toContain(message)
    expect(err).not.toContain(input)
    expect(await stored()).toEqual(before)
  })

  test('login --token does not take the operator’s token: it is for this machine and this process only', async () => {
    const input = gateway.operatorToken
    const { code, err } = await gatehouse(['login', '--token', '--url', gateway.url], { input })
    expect(code).toBe(1)
    expect(err).toContain('does not know this token')
  })
})
