/** `gatehouse audit ls` and `verify` as processes, also against a database that somebody edited by hand (T33). */
import { createHash } from 'node:crypto'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import supertest from 'supertest'
import { createPerson, signIn, signInAdmin } from '../support/people.js'
import { gatehouse, openForCli, tamper } from './support.js'

let home: string
/** A data folder with a history, whose heads are signed; each attack gets a copy. */
let history: string
/** A copy of the heads that was taken out of the attacker's reach. */
let heads: string

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'gatehouse-cli-'))
  history = join(home, 'history')
  await using gateway = await openForCli(history)
  const admin = await signInAdmin(gateway)
  const dev = await createPerson(gateway, admin, { name: 'dev@example.com', roles: ['aws'] })
  const browser = await signIn(gateway, dev)
  await browser.get('/saml/idp/login/aws-identity-center')
  // Typed by anyone, before any sign-in; a browser's name, too, goes into the event.
  await supertest(gateway.url)
    .post('/v1/sign-in')
    .set('user-agent', 'x\u009b31mred')
    .send({ user: '\u001b]0;owned\u0007\u001b[2J\u202edev', password: 'wrong password' })
  await gateway.gateway.sequencer.signHead()
  heads = join(home, 'heads.jsonl')
  await cp(join(history, 'audit-heads.jsonl'), heads)
})
afterAll(async () => {
  await rm(home, { recursive: true, force: true })
})

/** A copy of the history, changed by hand, and what `audit verify` says of it. */
async function verifyAfter(
  change: Parameters<typeof tamper>[1],
  options: readonly string[] = [],
  files: 'all files' | 'without the file of heads' = 'all files',
): Promise<{ code: number | null; out: string; err: string }> {
  const dataDir = await mkdtemp(join(home, 'copy-'))
  await cp(history, dataDir, { recursive: true })
  tamper(dataDir, change)
  if (files === 'without the file of heads') await rm(join(dataDir, 'audit-heads.jsonl'))
  await using gateway = await openForCli(dataDir)
  expect(gateway.dataDir).toBe(dataDir)
  return await gatehouse(dataDir, ['audit', 'verify', ...options])
}

const controls = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/

describe('audit verify', () => {
  test('an untouched log holds, and what cannot be excluded is said', async () => {
    const { code, out, err } = await verifyAfter(() => {}, ['--heads', heads])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/^\d+ events and \d+ signed heads? checked, nothing is wrong\n/)
    expect(out).toContain('What this cannot exclude:')
    expect(out).toContain('that the signing keys were exchanged')
    expect(out).toContain('that something happened and no event was ever written of it')
    expect(out).not.toContain('--heads FILE')
  })

  test('an edit made in the database is found, with its place', async () => {
    const { code, out } = await verifyAfter((database) => {
      const change = "update audit_event set json = replace(json, 'dev@example.com', 'bob@example.com')"
      expect(database.prepare(`${change} where event_type = 'user.create'`).run().changes).toBeGreaterThan(0)
    })
    expect(code).toBe(1)
    expect(out).toMatch(/ breaks? found\n {2}at \d+: edited: /)
  })

  test('a removed event in the middle is found', async () => {
    const { code, out } = await verifyAfter((database) => {
      database.prepare("delete from audit_event where event_type = 'saml.idp.auth'").run()
    })
    expect(code).toBe(1)
    expect(out).toMatch(/at \d+: removed: /)
  })

  test('a removed tail is found by the heads that stayed', async () => {
    const { code, out } = await verifyAfter((database) => {
      database.prepare('delete from audit_event where sequence > 5').run()
    })
    expect(code).toBe(1)
    expect(out).toMatch(/: truncated: /)
  })

  const cutWithHeads: Parameters<typeof tamper>[1] = (database) => {
    database.prepare('delete from audit_event where sequence > 5').run()
    database.prepare('delete from audit_head where sequence > 5').run()
  }
  test('removed together with its heads it is found by a copy of them alone; without one that is said', async () => {
    const withCopy = await verifyAfter(cutWithHeads, ['--heads', heads])
    expect(withCopy.code).toBe(1)
    expect(withCopy.out).toMatch(/: truncated: /)
    // On the gateway's machine the file beside the database is such a copy.
    expect((await verifyAfter(cutWithHeads)).code).toBe(1)
    const without = await verifyAfter(cutWithHeads, [], 'without the file of heads')
    expect(without.code).toBe(0)
    expect(without.out).toContain('that the end of the log was removed together with its heads')
    expect(without.out).toContain('--heads FILE')
  })

  test('a chain rewritten with all its hashes is found by its heads', async () => {
    const { code, out } = await verifyAfter((database) => {
      database
        .prepare("update audit_event set json = replace(json, 'dev@example.com', 'bob@example.com')")
        .run()
      const rows = database
        .prepare('select id, json from audit_event where sequence is not null order by sequence')
        .all()
      let hash = '0'.repeat(64)
      for (const row of rows as { id: number; json: string }[]) {
        hash = createHash('sha256').update(`gatehouse-audit-v1\n${hash}\n${row.json}`).digest('hex')
        database.prepare('update audit_event set hash = ? where id = ?').run(hash, row.id)
      }
    })
    expect(code).toBe(1)
    expect(out).toMatch(/: rewritten: its hash is not the one that was signed/)
    expect(out).not.toMatch(/: edited: /)
  })

  test('a head by an unknown key is found, and its name cannot command the terminal', async () => {
    const { code, out } = await verifyAfter((database) => {
      const head =
        'insert into audit_head (sequence, hash, signed_at, key_id, signature) values (2, ?, 1, ?, ?)'
      database.prepare(head).run('0'.repeat(64), 'k\u001b[2J\u001b[1;32mnothing is wrong', 'AA')
    })
    expect(code).toBe(1)
    expect(out).toContain('head_unknown_key')
    expect(out).not.toMatch(controls)
  })

  test('the triggers refuse an honest mistake', async () => {
    const dataDir = await mkdtemp(join(home, 'copy-'))
    await cp(history, dataDir, { recursive: true })
    const database = new Database(join(dataDir, 'gatehouse.db'))
    expect(() => database.exec('delete from audit_event')).toThrow('audit records are append-only')
    expect(() => database.exec("update audit_event set json = '{}'")).toThrow('audit records are append-only')
    expect(() => database.exec('delete from audit_head')).toThrow('audit records are append-only')
    database.close()
  })
})

describe('audit ls', () => {
  let dataDir: string
  let gateway: Awaited<ReturnType<typeof openForCli>>
  beforeAll(async () => {
    dataDir = join(home, 'ls')
    await cp(history, dataDir, { recursive: true })
    tamper(dataDir, (database) => {
      // Like a row that is there, whatever columns the table has.
      const [like] = database.prepare('select * from audit_event limit 1').all() as Record<string, unknown>[]
      const add = (row: { id: number; uid: string; event_type: string; json: string }): void => {
        const values = {
          ...like,
          ...row,
          user_name: null,
          sequence: row.id,
          hash: String(row.id).padEnd(64, 'f'),
        }
        const names = Object.keys(values)
        const slots = names.map((name) => `@${name}`)
        database.prepare(`insert into audit_event (${names.join()}) values (${slots.join()})`).run(values)
      }
      add({ id: 900, uid: 'u', event_type: 'forged', json: '{"not":"an event\u009b31m"}' })
      const wild = JSON.stringify({
        event: 'user.login',
        code: 'T1000W',
        uid: '00000000-0000-4000-8000-000000000000',
        time: '2026-03-01T09:00:00.000Z',
        ei: 0,
        success: false,
        cluster_name: 'localhost',
        user: '\u001b]0;owned\u0007\u001b[2J\u009b31m\u202edev',
        error: 'no\r\nok   line of its own',
      })
      add({ id: 901, uid: 'w', event_type: 'user.login', json: wild })
    })
    gateway = await openForCli(dataDir)
  })
  afterAll(async () => {
    await gateway[Symbol.asyncDispose]()
  })

  test('the table has a line for each event, newest first, in which names are shown and not obeyed', async () => {
    const { code, out, err } = await gatehouse(dataDir, ['audit', 'ls'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).not.toMatch(controls)
    const lines = out.trimEnd().split('\n')
    expect(lines[0]).toMatch(/^2026-03-01T09:00:00\.000Z {2}FAIL {2}T1000W .*owned.*dev.*\(00000000-/)
    expect(lines[0]).toContain('line of its own')
    expect(lines[1]).toContain('not an audit event, see "gatehouse audit verify": {"not":"an event')
    expect(lines.some((line) => /ok {4}TSI000I .*dev@example\.com/.test(line))).toBe(true)
  })

  test('--json gives the events as they were stored, and filters hold', async () => {
    const { code, out } = await gatehouse(dataDir, [
      ...['audit', 'ls', '--json', '--asc', '--limit', '2', '--user', 'dev@example.com'],
      ...['--type', 'user.login', 'saml.idp.auth', '--from', '2026-01-01T00:00:00Z'],
    ])
    expect(code).toBe(0)
    const events = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string; user: string })
    expect(events.map(({ event, user }) => `${event} ${user}`)).toEqual([
      'user.login dev@example.com',
      'saml.idp.auth dev@example.com',
    ])
  })

  test.each([
    ['--limit', '0', 1, '--limit: "0" is not a positive whole number'],
    ['--from', 'yesterday', 1, '--from: "yesterday" is not an instant such as'],
    ['--colour', 'red', 2, "unknown option '--colour'"],
  ])('%s %s is refused on stderr, with exit %i', async (option, value, status, message) => {
    const { code, out, err } = await gatehouse(dataDir, ['audit', 'ls', option, value])
    expect({ code, out }).toEqual({ code: status, out: '' })
    expect(err).toContain(message)
    expect(err).not.toMatch(/\n\s+at /)
  })
})

describe('audit export', () => {
  test('writes a file that verify --file proves without a gateway, with keys kept elsewhere', async () => {
    const dataDir = await mkdtemp(join(home, 'copy-'))
    await cp(history, dataDir, { recursive: true })
    const file = join(home, 'log.jsonl')
    {
      await using gateway = await openForCli(dataDir)
      expect(gateway.dataDir).toBe(dataDir)
      const { code, out, err } = await gatehouse(dataDir, ['audit', 'export', '--out', file])
      expect({ code, err }).toEqual({ code: 0, err: '' })
      expect(out).toMatch(/^\d+ events written to /)
      const search = await gatehouse(dataDir, ['audit', 'ls', '--search', 'exported whole', '--json'])
      expect({ code: search.code, out: search.out }).toEqual({ code: 0, out: '' })
      const found = await gatehouse(dataDir, ['audit', 'ls', '--search', 'audit.export JSONL'])
      expect(found.out).toMatch(/TGH090I {3}.*operator exported the whole audit log as jsonl/)
    }
    const elsewhere = join(home, 'keys.pem')
    const key = (await readFile(file, 'utf8')).split('\n').find((line) => line.startsWith('{"record":"key"'))
    await writeFile(elsewhere, (JSON.parse(key ?? '{}') as { public_key_pem: string }).public_key_pem)
    const good = await gatehouse(home, [
      'audit',
      'verify',
      '--file',
      file,
      '--keys',
      elsewhere,
      '--heads',
      heads,
    ])
    expect({ code: good.code, err: good.err }).toEqual({ code: 0, err: '' })
    expect(good.out).toContain('nothing is wrong')
    expect(good.out).toContain('what was done to the log between the making of this file and now')
    expect(good.out).not.toContain('that somebody made the whole file')

    const cut = (await readFile(file, 'utf8')).replace('dev@example.com', 'bob@example.com')
    await writeFile(file, cut)
    const bad = await gatehouse(home, ['audit', 'verify', '--file', file])
    expect(bad.code).toBe(1)
    expect(bad.out).toMatch(/at \d+: edited: /)
    expect(bad.out).toContain('that somebody made the whole file')
  })
})

describe('whom the command line talks to', () => {
  test('without a gateway here, or with a broken file, it says what to do', async () => {
    const empty = await mkdtemp(join(home, 'empty-'))
    const missing = await gatehouse(empty, ['audit', 'ls'])
    expect(missing.code).toBe(1)
    expect(missing.err).toMatch(
      /^gatehouse: You are signed in nowhere\. .*\n.*cannot read .*operator\.json: is the gateway running here/,
    )
    await writeFile(join(empty, 'operator.json'), '{"url":')
    const broken = await gatehouse(empty, ['audit', 'verify'])
    expect(broken.code).toBe(1)
    expect(broken.err).toMatch(/^gatehouse: .*is not a file that the gateway wrote/)
  })

  test('an address that is none is refused in words', async () => {
    const { code, err } = await gatehouse(history, ['audit', 'ls'], {
      GATEHOUSE_URL: 'localhost:3080',
      GATEHOUSE_TOKEN: 'x'.repeat(43),
    })
    expect(code).toBe(1)
    expect(err).toBe(
      'gatehouse: "localhost:3080" is no address of a gateway; write for example http://localhost:3080\n',
    )
  })

  test("the operator's token goes to nobody but its gateway; what is no gateway is told so", async () => {
    const seen: (string | undefined)[] = []
    const stranger = createServer((request, response) => {
      seen.push(request.headers.authorization)
      response.end('<h1>\u001b[2Jnot a gateway</h1>')
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => stranger.once('listening', resolve))
    const address = stranger.address()
    const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
    try {
      const kept = await gatehouse(history, ['audit', 'ls', '--url', url])
      expect(kept.code).toBe(1)
      expect(kept.err).toContain(`and is not sent to ${url}; set GATEHOUSE_TOKEN to one for there`)
      expect(seen).toEqual([])
      const asked = await gatehouse(history, ['audit', 'ls', '--url', url], {
        GATEHOUSE_TOKEN: 'y'.repeat(43),
      })
      expect(asked.code).toBe(1)
      expect(asked.err).toBe(`gatehouse: ${url} answered HTTP 200 and no JSON; is that a gateway?\n`)
      const { token } = JSON.parse(await readFile(join(history, 'operator.json'), 'utf8')) as {
        token: string
      }
      expect(seen).toEqual([`Bearer ${'y'.repeat(43)}`])
      expect(seen.join()).not.toContain(token)
    } finally {
      stranger.close()
    }
  })
})

describe('audit sinks', () => {
  test('a file has the log line by line with its heads, serves as their copy, and is listed', async () => {
    const dataDir = await mkdtemp(join(home, 'sinks-'))
    const path = join(dataDir, 'sink', 'audit.jsonl')
    const sink = {
      name: 'archive',
      type: 'file',
      format: 'reference',
      heads: true,
      start: 'beginning',
      path,
      maxBytes: 1_000_000,
      everyHours: 24 * 366,
      keep: 3,
    } as const
    await using gateway = await openForCli(dataDir, { auditSinks: [sink] })
    await signInAdmin(gateway)
    await gateway.gateway.sequencer.signHead()
    // The key that signs was made with the first head, which is an event of its own behind that head.
    await gateway.gateway.sequencer.signHead()
    const { audit } = gateway.gateway.store
    const last = (await audit.last())?.sequence ?? 0
    const read = async () => (await readFile(path, 'utf8').catch(() => '')).split('\n')
    await expect
      .poll(async () => (await read()).some((line) => line.includes(`"sequence":${last},`)), {
        timeout: 15_000,
      })
      .toBe(true)
    const stored = await audit.list({ limit: 1000, order: 'asc' })
    const lines = await read()
    expect(lines.filter((line) => line.includes('"event":'))).toEqual(stored.map(({ json }) => json))
    const verified = await gatehouse(dataDir, ['audit', 'verify', '--heads', path])
    expect(verified).toMatchObject({ code: 0 })
    const listed = await gatehouse(dataDir, ['audit', 'sinks', '--json'])
    expect(JSON.parse(listed.out)).toMatchObject({
      name: 'archive',
      type: 'file',
      state: 'ok',
      target: path,
      sequence: last,
      lagEvents: 0,
    })
    const refused = await gatehouse(dataDir, [
      'audit',
      'sinks',
      'rm',
      (JSON.parse(listed.out) as { key: string }).key,
    ])
    expect(refused.err).toContain('is in the configuration')
  })
})
