/** @module The master key: made once where that is safe, refused where it is not. */
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadMasterKey, type MasterKeyOptions } from '../../src/keys/master-key.js'
import { systemRandom } from '../../src/lib/random.js'

let dataDir = ''
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-key-'))
})
afterEach(async () => {
  await rm(dataDir, { recursive: true })
})

const text = Buffer.alloc(32, 7).toString('base64url')
const load = (options: Partial<MasterKeyOptions> = {}) =>
  loadMasterKey({ dataDir, engine: 'sqlite', hasSealedRows: false, random: systemRandom, ...options })
const exported = async (options: Partial<MasterKeyOptions> = {}) =>
  (await load(options)).key.export().toString('base64url')
const refusal = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) as string }) as Error

async function keyFile(content: string, mode = 0o600): Promise<string> {
  const path = join(dataDir, 'given.key')
  await writeFile(path, content)
  await chmod(path, mode)
  return path
}

describe('at the first start of a single machine', () => {
  test('a key is made in the data folder, for its owner alone, and found again', async () => {
    const folder = join(dataDir, 'new', 'folder')
    const made = await load({ dataDir: folder })
    const path = join(folder, 'master.key')
    expect(made).toMatchObject({ created: true, source: path })
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect((await stat(folder)).mode & 0o777).toBe(0o700)
    expect(await readFile(path, 'utf8')).toMatch(/^[\w-]{43}\n$/)
    expect(await readdir(folder)).toEqual(['master.key'])

    const again = await load({ dataDir: folder, hasSealedRows: true })
    expect(again.created).toBe(false)
    expect(again.key.equals(made.key)).toBe(true)
  })

  test('two processes that start at once agree on one key', async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => load()))
    expect(keys.filter(({ created }) => created)).toHaveLength(1)
    expect(new Set(keys.map(({ key }) => key.export().toString('hex'))).size).toBe(1)
    expect(await readdir(dataDir)).toEqual(['master.key'])
  })
})

describe('a missing key is an error and no key is made', () => {
  test.each<[string, Partial<MasterKeyOptions>, RegExp]>([
    [
      'where secrets are sealed',
      { hasSealedRows: true },
      /the database holds secrets that were sealed with one; put the key back/,
    ],
    [
      'with PostgreSQL',
      { engine: 'postgres' },
      /with PostgreSQL all replicas need the same one, so none is made here/,
    ],
    [
      'with PostgreSQL where secrets are sealed',
      { engine: 'postgres', hasSealedRows: true },
      /the database holds secrets/,
    ],
  ])('%s', async (_, options, message) => {
    await expect(load(options)).rejects.toThrow(refusal('MASTER_KEY_MISSING', message))
    expect(await readdir(dataDir)).toEqual([])
  })
})

describe('a given key', () => {
  test('is read from the environment or a file, with PostgreSQL too', async () => {
    expect(await exported({ value: text, engine: 'postgres' })).toBe(text)
    expect(await exported({ value: ` ${text}\n` })).toBe(text)
    expect(
      await exported({ file: await keyFile(`${text}\n`), engine: 'postgres', hasSealedRows: true }),
    ).toBe(text)
    expect(await exported({ file: await keyFile(text, 0o400) })).toBe(text)
  })

  test('given twice is refused', async () => {
    await expect(load({ value: text, file: await keyFile(text) })).rejects.toThrow(
      refusal('INVALID_CONFIG', /given twice, as a value and as a file/),
    )
  })

  test.each([0o640, 0o604, 0o644, 0o660, 0o610])('in a file of mode %o is refused', async (mode) => {
    const file = await keyFile(text, mode)
    await expect(load({ file })).rejects.toThrow(
      refusal('INVALID_CONFIG', /is open to other users \(mode 6\d\d\); run: chmod 600 /),
    )
  })

  test.each([
    ['empty', ''],
    ['too short', text.slice(1)],
    ['too long', `${text}A`],
    ['standard base64', Buffer.alloc(32, 0xff).toString('base64')],
    ['not canonical', `${text.slice(0, -1)}d`],
    ['two lines', `${text}\n${text}`],
  ])('that is %s is refused, without repeating it', async (_, content) => {
    const wrong = refusal('INVALID_CONFIG', /is not 32 bytes in base64url \(43 characters on one line\)$/)
    await expect(load({ file: await keyFile(content) })).rejects.toThrow(wrong)
    await expect(load({ value: content })).rejects.toThrow(wrong)
  })

  test('that is no key file at all is refused', async () => {
    await expect(load({ file: await keyFile('x'.repeat(2000)) })).rejects.toThrow(
      refusal('INVALID_CONFIG', /has 2000 bytes: that is no master key/),
    )
    await expect(load({ file: join(await keyFile(text), 'x') })).rejects.toThrow(
      refusal('INVALID_CONFIG', /cannot be read \(ENOTDIR\)/),
    )
  })

  test('shows nothing when it is printed', async () => {
    const master = await load({ value: text })
    expect(inspect(master, { depth: 9, showHidden: true }) + JSON.stringify(master)).not.toContain(text)
  })
})
