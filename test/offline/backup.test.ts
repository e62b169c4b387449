/** Backup, restore and the move to another engine, over a store that a gateway has filled. */
import { createSecretKey } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createWriteStream } from 'node:fs'
import { gunzipSync, gzipSync } from 'node:zlib'
import { Decrypter, Encrypter, generateIdentity, identityToRecipient } from 'age-encryption'
import SqliteDatabase from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { defaultLimits, openBackup } from '../../src/archive/read-backup.js'
import { createEncrypter, writeBackup } from '../../src/archive/write-backup.js'
import { pruneAudit } from '../../src/audit/pruner.js'
import { buildEvent } from '../../src/core/audit/event.js'
import { day } from '../../src/core/time.js'
import { deriveBackupOriginKey } from '../../src/keys/backup-origin.js'
import { createSealer } from '../../src/keys/sealer.js'
import { createSigningKeys } from '../../src/keys/signing-keys.js'
import { systemRandom } from '../../src/lib/random.js'
import { backup } from '../../src/offline/backup.js'
import { moveStore } from '../../src/offline/move-store.js'
import { restore, type RestoreOptions } from '../../src/offline/restore.js'
import { readWhole } from '../../src/store/sql/whole.js'
import type { StoreSnapshot } from '../../src/store/whole-store.js'
import { createPostgresSchema, queryPostgres } from '../support/postgres.js'
import { openTestGateway } from '../support/test-gateway.js'
import { aSession, open, refusal } from '../store/conformance/engine.js'

const identity = await generateIdentity()
const recipient = await identityToRecipient(identity)
let root: string
/** The data folder of the gateway that is backed up, and what is in it. */
let source: string
let file: string
let identityFile: string

const resources = [
  { kind: 'role', version: 'v8', metadata: { name: 'reader' }, spec: { allow: {} } },
  { kind: 'user', version: 'v2', metadata: { name: 'ann@example.com' }, spec: { roles: ['reader'] } },
]

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'gatehouse-offline-'))
  source = join(root, 'source')
  file = join(root, 'one.backup')
  identityFile = join(root, 'identity.txt')
  await writeFile(identityFile, `# created: now\n# public key: ${recipient}\n${identity}\n`)
  const gateway = await openTestGateway({ dataDir: source, resources })
  const { store, sequencer } = gateway.gateway
  await store.sessions.create(aSession('signed-in'))
  await store.outbox.add([
    {
      key: 'mail',
      id: 'mail',
      channel: 'mail',
      to: 'ann@example.com',
      subject: 's',
      text: 't',
      html: 'h',
      createdAt: 1,
      notBefore: 1,
      expiresAt: 9e14,
      attempts: 0,
      lastError: undefined,
    },
  ])
  await sequencer.signHead()
  await gateway[Symbol.asyncDispose]()
  await backup(hostOf(source).host, { out: file, recipient: [recipient] })
})
afterAll(() => rm(root, { recursive: true, force: true }))

function hostOf(dataDir: string, more: Record<string, string> = {}) {
  const said: string[] = []
  const print = (line: string) => void said.push(line)
  const env = { GATEHOUSE_PUBLIC_URL: 'http://localhost:3080', GATEHOUSE_DATA_DIR: dataDir, ...more }
  return {
    said: () => said.join('\n'),
    host: { env, cwd: root, version: '0.0.0-test', print, tell: () => undefined, passphraseWork: 8 },
  }
}

/** A new data folder with the master key of the source. */
async function newFolder(of = source): Promise<string> {
  const folder = await mkdtemp(join(root, 'target-'))
  const key = await readFile(join(of, 'master.key'))
  await writeFile(join(folder, 'master.key'), key, { mode: 0o600 })
  return folder
}

const verify = async (path: string, options: RestoreOptions = {}) => {
  const { host, said } = hostOf(join(root, 'nowhere'))
  await restore(host, path, { identityFile, verifyOnly: true, ...options })
  return said()
}

async function changed(change: (bytes: Buffer) => Buffer): Promise<string> {
  const path = join(await mkdtemp(join(root, 'changed-')), 'x.backup')
  await writeFile(path, change(await readFile(file)))
  return path
}

async function readKey(folder: string) {
  return createSecretKey(Buffer.from(await readFile(join(folder, 'master.key'), 'utf8'), 'base64url'))
}

/** The backup of the source with other lines in it. */
async function rewritten(change: (text: string) => string): Promise<string> {
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  const text = gunzipSync(await decrypter.decrypt(await readFile(file))).toString()
  expect(change(text)).not.toBe(text)
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipient)
  const bytes = await encrypter.encrypt(new Uint8Array(gzipSync(change(text))))
  return await changed(() => Buffer.from(bytes))
}

/** A backup of the source whose snapshot says something else than it should. */
async function forged(
  change: (snapshot: StoreSnapshot) => StoreSnapshot,
  masterKey = createSecretKey(Buffer.alloc(32, 9)),
): Promise<string> {
  const path = join(await mkdtemp(join(root, 'forged-')), 'x.backup')
  const url = `sqlite:${join(source, 'gatehouse.db')}`
  await readWhole({ url, alone: false }, async (snapshot) => {
    const facts = {
      gatehouse: '9',
      cluster: 'localhost',
      madeAt: 1,
      originKey: deriveBackupOriginKey(masterKey),
    }
    const lock = createEncrypter({ recipients: [recipient] })
    await pipeline(await writeBackup(change(snapshot), facts, lock, () => undefined), createWriteStream(path))
  })
  return path
}

test('a backup is whole: it restores into a temporary database, and nothing of it stays', async () => {
  const said = await verify(file)
  expect(said).toContain('is whole: made ')
  expect(said).toContain('the audit chain holds')
  expect(said).toContain('the master key is not in it')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect((await readFile(file)).subarray(0, 21).toString()).toBe('age-encryption.org/v1')
  expect((await readdir(root)).filter((name) => name.includes('partial'))).toEqual([])
})

test('a gateway goes on from a restored store; what opened doors for a while is gone, and it says so', async () => {
  const folder = await newFolder()
  await writeFile(join(folder, 'audit-heads.jsonl'), '{"of":"the time after"}\n')
  const { host, said } = hostOf(folder)
  await restore(host, file, { identityFile })
  expect(said()).toContain('sessions, one-time links')
  expect(said()).toContain('1 waiting messages were dropped')
  expect(said()).toContain('Its origin is proven')
  // Without any token, too.
  expect(said()).toContain('passkeys, authenticators, locks, people and roles')
  expect(
    (await readdir(folder)).filter((name) => name.startsWith('audit-heads.before-restore-')),
  ).toHaveLength(1)
  await using restored = await openTestGateway({ dataDir: folder })
  const { store, sequencer } = restored.gateway
  expect(await store.resources.find('user', 'ann@example.com')).toBeDefined()
  expect(await store.sessions.listByUser('alice@example.com')).toEqual([])
  await sequencer.signHead()
  const events = await store.audit.list({ limit: 1000, order: 'asc' })
  const codes = events.map(({ json }) => (JSON.parse(json) as { code: string }).code)
  expect(codes.filter((code) => code === 'TGH081I')).toHaveLength(1)
  expect(codes).not.toContain('TGH080I')
})

test('a backup of SQLite restores into PostgreSQL', async () => {
  const folder = await newFolder()
  const url = await createPostgresSchema()
  const env = { GATEHOUSE_MASTER_KEY_FILE: join(folder, 'master.key') }
  const { host } = hostOf(folder, env)
  await restore(host, file, { identityFile, databaseUrl: url })
  await using restored = await openTestGateway({
    dataDir: folder,
    env: { ...env, GATEHOUSE_DATABASE_URL: url },
  })
  expect(await restored.gateway.store.resources.find('role', 'reader')).toBeDefined()
  await restored.gateway.sequencer.signHead()
})

test('PostgreSQL is backed up, verified without one, and restored into SQLite; the command moves it there, too', async () => {
  const folder = await newFolder()
  const url = await createPostgresSchema()
  const env = { GATEHOUSE_MASTER_KEY_FILE: join(folder, 'master.key') }
  await restore(hostOf(folder, env).host, file, { identityFile, databaseUrl: url })
  const out = join(root, 'postgres.backup')
  const onPostgres = hostOf(folder, { ...env, GATEHOUSE_DATABASE_URL: url }).host
  await backup(onPostgres, { out, recipient: [recipient] })
  const rowsOf = (said: string): string | undefined => /\d+ rows of \d+ tables/.exec(said)?.[0]
  const verified = await verify(out)
  expect(verified).toContain('(postgres)')

  const target = await newFolder()
  const { host, said } = hostOf(target)
  await restore(host, out, { identityFile })
  expect(rowsOf(said())).toBe(rowsOf(verified))
  await using gateway = await openTestGateway({ dataDir: target })
  const { store, sequencer } = gateway.gateway
  expect(await store.resources.find('user', 'ann@example.com')).toBeDefined()
  // The chain and the numbers go on where those of PostgreSQL ended.
  await sequencer.signHead()
  const events = await store.audit.list({ limit: 1000, order: 'asc' })
  const codes = events.map(({ json }) => (JSON.parse(json) as { code: string }).code)
  expect(codes.filter((code) => code === 'TGH081I')).toHaveLength(2)

  const moved = join(folder, 'moved.db')
  const mover = hostOf(folder, env)
  await moveStore(mover.host, { from: url, to: `sqlite:${moved}` })
  expect(mover.said()).toContain('each table was read back and is the same')
  await using again = await open(`sqlite:${moved}`)
  expect(await again.resources.find('role', 'reader')).toBeDefined()
})

test('a passphrase locks it as well, and with the master key in it a bare machine is enough', async () => {
  const passphraseFile = join(root, 'passphrase')
  await writeFile(passphraseFile, 'correct horse battery staple\n')
  const out = join(root, 'passphrase.backup')
  await backup(hostOf(source).host, { out, passphraseFile, withMasterKey: true })
  const folder = await mkdtemp(join(root, 'bare-'))
  const { host, said } = hostOf(folder)
  const careless = restore(host, out, { passphraseFile })
  expect((await refusal(careless, 'BACKUP_REFUSED')).message).toContain('--accept-unproven-origin')
  expect(await readdir(folder)).toEqual([])
  await restore(host, out, { passphraseFile, acceptUnprovenOrigin: true })
  expect(said()).toContain('the master key that came in it proves nothing by itself')
  expect(said()).toContain('The master key of the backup was written beside it')
  expect(await readFile(join(folder, 'master.key'), 'utf8')).toBe(
    await readFile(join(source, 'master.key'), 'utf8'),
  )
})

test('a test of a backup says whether its origin is proven', async () => {
  expect(await verify(file)).toContain('ITS ORIGIN IS NOT PROVEN: there is no master key here')
  const { host, said } = hostOf(await newFolder())
  await restore(host, file, { identityFile, verifyOnly: true })
  expect(said()).toContain('Its origin is proven')
})

test('a store whose log was pruned is backed up, restored and moved', async () => {
  const dataDir = join(root, 'pruned')
  {
    await using gateway = await openTestGateway({ dataDir, resources })
    const { store, sequencer } = gateway.gateway
    await sequencer.signHead()
    const { clock } = gateway
    clock.advance(day)
    const envelope = { clusterName: 'localhost', uid: systemRandom.uuid(), now: clock.now() }
    const event = buildEvent({ event: 'user.login', success: true, user: 'ann@example.com' }, envelope)
    await store.transaction((tx) => tx.audit.append(event))
    await sequencer.signHead()
    clock.advance(31 * day)
    const sealer = createSealer(await readKey(dataDir))
    const common = { store, clock, random: systemRandom, clusterName: 'localhost' }
    const keys = createSigningKeys({ ...common, sealer, purpose: 'audit' })
    const signHead = () => sequencer.signHead()
    expect(await pruneAudit({ ...common, keys, retentionDays: 30, signHead })).toBeGreaterThan(0)
    await sequencer.signHead()
  }
  const out = join(root, 'pruned.backup')
  await backup(hostOf(dataDir).host, { out, recipient: [recipient] })
  const folder = await newFolder(dataDir)
  const { host, said } = hostOf(folder)
  await restore(host, out, { identityFile })
  expect(said()).toContain('the audit chain holds')
  const from = `sqlite:${join(folder, 'gatehouse.db')}`
  await moveStore(host, { from, to: `sqlite:${join(folder, 'moved.db')}` })
  expect(said()).toContain('Checked: each table')
})

describe('refused, and nothing is written', () => {
  test('a backup that was made or changed without the master key', async () => {
    const restoreIt = async (path: string, more: RestoreOptions = {}) => {
      await restore(hostOf(await newFolder()).host, path, { identityFile, ...more })
    }
    const wrong = 'its code of origin is wrong'
    const other = await forged((snapshot) => snapshot)
    for (const path of [other, await rewritten((text) => text.replace('"madeAt":', '"madeAt":1'))]) {
      expect((await refusal(restoreIt(path), 'BACKUP_REFUSED')).message).toContain(wrong)
      await refusal(restoreIt(path, { verifyOnly: true }), 'BACKUP_REFUSED')
      await refusal(restoreIt(path, { acceptUnprovenOrigin: true }), 'BACKUP_REFUSED')
    }
    const without = await rewritten((text) => text.replace(/,"origin":"[0-9a-f]{64}"/, ''))
    expect((await refusal(restoreIt(without), 'BACKUP_REFUSED')).message).toContain('has no code of origin')
    await restoreIt(without, { acceptUnprovenOrigin: true })
  })

  test('a backup of which all that the master key seals was taken out', async () => {
    const bare = await forged(
      (snapshot) => ({
        ...snapshot,
        rows: async function* (table) {
          for await (const rows of snapshot.rows(table)) {
            yield table.name === 'meta' ? rows.filter((row) => !row.includes('master_key_canary')) : rows
          }
        },
      }),
      await readKey(source),
    )
    const restoring = restore(hostOf(await newFolder()).host, bare, { identityFile })
    expect((await refusal(restoring, 'BACKUP_REFUSED')).message).toContain('were taken out of it')
  })

  test('an identity that it was not made for', async () => {
    const other = join(root, 'other.txt')
    await writeFile(other, await generateIdentity())
    const error = await refusal(verify(file, { identityFile: other }), 'BACKUP_REFUSED')
    expect(error.message).toContain('made for another identity or passphrase')
  })

  test('a file that was cut off', async () => {
    const cut = await changed((bytes) => bytes.subarray(0, bytes.length - 100))
    expect((await refusal(verify(cut), 'BACKUP_REFUSED')).message).toContain('was cut off or changed')
  })

  test('a file of which one byte was changed', async () => {
    const edited = await changed((bytes) => {
      const at = bytes.length - 500
      bytes[at] = (bytes[at] ?? 0) ^ 1
      return bytes
    })
    expect((await refusal(verify(edited), 'BACKUP_REFUSED')).message).toContain('was cut off or changed')
  })

  test('a file that is none', async () => {
    const none = await changed(() => Buffer.from('a letter'))
    expect((await refusal(verify(none), 'BACKUP_REFUSED')).message).toContain('no backup of Gatehouse')
  })

  test('a file of age that holds something else', async () => {
    const encrypter = new Encrypter()
    encrypter.addRecipient(recipient)
    const other = await encrypter.encrypt('not even compressed')
    const path = await changed(() => Buffer.from(other))
    await refusal(verify(path), 'BACKUP_REFUSED')
  })

  test('a backup of a newer version', async () => {
    const newer = await forged((snapshot) => ({
      ...snapshot,
      migrations: [...snapshot.migrations, { number: 9999, name: 'later' }],
    }))
    expect((await refusal(verify(newer), 'MIGRATION_FAILED')).message).toContain('by a newer version')
  })

  test('a backup without one of its tables', async () => {
    const less = await forged((snapshot) => ({ ...snapshot, tables: snapshot.tables.slice(1) }))
    expect((await refusal(verify(less), 'BACKUP_REFUSED')).message).toContain('does not have every table')
  })

  test('what expands to more than a backup can be, and an empty file', async () => {
    const keys = { identities: [identity] }
    const readAll = async (limits: Partial<typeof defaultLimits>) => {
      await using opened = await openBackup(file, keys, { ...defaultLimits, ...limits })
      for await (const _ of opened.parts) continue
    }
    await readAll({})
    const bomb = readAll({ expandedBytes: 1000, expandedTimes: 0 })
    expect((await refusal(bomb, 'BACKUP_REFUSED')).message).toContain('was made to harm')
    const bombed = await changed(() => Buffer.alloc(0))
    await refusal(verify(bombed), 'BACKUP_REFUSED')
  })

  test('a target that holds anything', async () => {
    const folder = await newFolder()
    const store = await open(`sqlite:${join(folder, 'gatehouse.db')}`)
    await store.sessions.create(aSession('there'))
    await store[Symbol.asyncDispose]()
    await refusal(restore(hostOf(folder).host, file, { identityFile }), 'ALREADY_EXISTS')
  })

  test('a machine with another master key, or none', async () => {
    const folder = await newFolder()
    await writeFile(join(folder, 'master.key'), `${Buffer.alloc(32, 9).toString('base64url')}\n`)
    await refusal(restore(hostOf(folder).host, file, { identityFile }), 'UNSEAL_FAILED')
    const bare = await mkdtemp(join(root, 'bare-'))
    await refusal(restore(hostOf(bare).host, file, { identityFile }), 'MASTER_KEY_MISSING')
    expect(await readdir(bare)).toEqual([])
  })

  test('a gateway of another name', async () => {
    const { host } = hostOf(await newFolder(), { GATEHOUSE_CLUSTER_NAME: 'other' })
    const error = await refusal(restore(host, file, { identityFile }), 'BACKUP_REFUSED')
    expect(error.message).toContain('GATEHOUSE_CLUSTER_NAME=localhost')
  })

  test('a chain that does not hold, unless it is accepted', async () => {
    const event = (snapshot: StoreSnapshot): StoreSnapshot => ({
      ...snapshot,
      rows: async function* (table) {
        for await (const rows of snapshot.rows(table)) {
          const at = table.columns.indexOf('json')
          const edit = table.name === 'audit_event'
          yield rows.map((row, index) =>
            edit && index === 1 ? row.map((cell, of) => (of === at ? '{}' : cell)) : row,
          )
        }
      },
    })
    const edited = await forged(event)
    expect((await refusal(verify(edited), 'CONFLICT')).message).toContain('--accept-broken-chain')
    expect(await verify(edited, { acceptBrokenChain: true })).toContain('is whole')
  })

  test('a file in the place of the new one, a recipient that is none, a short passphrase, no lock at all', async () => {
    const { host } = hostOf(source)
    await refusal(backup(host, { out: file, recipient: [recipient] }), 'ALREADY_EXISTS')
    const out = join(root, 'never')
    await refusal(backup(host, { out, recipient: ['age1nobody'] }), 'INVALID_INPUT')
    const short = join(root, 'short')
    await writeFile(short, 'short')
    await refusal(backup(host, { out, passphraseFile: short }), 'INVALID_INPUT')
    await refusal(backup(host, { out }), 'INVALID_INPUT')
  })
})

describe('store migrate', () => {
  test('moves a store to PostgreSQL, where a gateway goes on with it; a dry run writes nothing', async () => {
    const folder = await newFolder()
    const from = join(folder, 'old.db')
    new SqliteDatabase(join(source, 'gatehouse.db')).exec(`vacuum into '${from}'`).close()
    const url = await createPostgresSchema()
    const env = { GATEHOUSE_MASTER_KEY_FILE: join(folder, 'master.key') }
    const { host, said } = hostOf(folder, env)
    await moveStore(host, { from: `sqlite:${from}`, to: url, dryRun: true })
    expect(said()).toContain('which is empty')
    expect(
      await queryPostgres(
        url,
        `select 1 from pg_class where relname = 'resource' and relnamespace = current_schema()::regnamespace`,
      ),
    ).toEqual([])
    await moveStore(host, { from: `sqlite:${from}`, to: url })
    expect(said()).toContain('each table was read back and is the same')
    expect(said()).not.toContain(`${new URL(url).username}:`)
    await using gateway = await openTestGateway({
      dataDir: folder,
      env: { ...env, GATEHOUSE_DATABASE_URL: url },
    })
    await gateway.gateway.sequencer.signHead()
    expect(await gateway.gateway.store.resources.find('user', 'ann@example.com')).toBeDefined()
    await gateway[Symbol.asyncDispose]()
    // A second time the target is not empty.
    await refusal(moveStore(host, { from: `sqlite:${from}`, to: url }), 'ALREADY_EXISTS')
  })

  test('is refused while a gateway has the source open, and without the master key', async () => {
    const folder = await newFolder()
    const url = await createPostgresSchema()
    const from = `sqlite:${join(folder, 'busy.db')}`
    const store = await open(from)
    onTestFinished(() => store[Symbol.asyncDispose]())
    const { host } = hostOf(folder, { GATEHOUSE_MASTER_KEY_FILE: join(folder, 'master.key') })
    await refusal(moveStore(host, { from, to: url }), 'STILL_IN_USE')
    const missing = hostOf(folder, { GATEHOUSE_MASTER_KEY_FILE: join(folder, 'no.key') })
    await refusal(moveStore(missing.host, { from, to: url }), 'MASTER_KEY_MISSING')
  })
})
