import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { findConnection } from '../../src/cli/connection.js'
import {
  credentialsFile,
  hasEnded,
  readCredentials,
  withCredential,
  withoutCredential,
  writeCredentials,
  type Credential,
} from '../../src/cli/credentials.js'
import { isCode, type ErrorCode } from '../../src/core/error.js'

const mine: Credential = {
  token: 'ghc_mine',
  user: 'alice',
  kind: 'session',
  expiresAt: '2999-01-01T00:00:00.000Z',
}
const other: Credential = { token: 'ght_other', user: 'token/ci', kind: 'token' }

async function home(): Promise<{ env: NodeJS.ProcessEnv; file: string; folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-credentials-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const env = { XDG_CONFIG_HOME: join(folder, 'config'), GATEHOUSE_DATA_DIR: join(folder, 'data') }
  return { env, file: credentialsFile(env), folder }
}

async function refusal(promise: Promise<unknown>, code: ErrorCode): Promise<string> {
  try {
    await promise
  } catch (error) {
    if (isCode(error, code)) return error.message
    throw error
  }
  throw new Error(`expected ${code}, and nothing was refused`)
}

describe('the file of credentials', () => {
  test('is where XDG says, or in the home folder', () => {
    expect(credentialsFile({ XDG_CONFIG_HOME: '/x', HOME: '/h' })).toBe('/x/gatehouse/credentials.json')
    expect(credentialsFile({ XDG_CONFIG_HOME: 'relative', HOME: '/h' })).toBe(
      '/h/.config/gatehouse/credentials.json',
    )
    expect(credentialsFile({ HOME: '/h' })).toBe('/h/.config/gatehouse/credentials.json')
  })

  test('is its owner’s alone, and so is its folder', async () => {
    const { file } = await home()
    await writeCredentials(file, withCredential({ gateways: {} }, 'https://a', mine))
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await stat(dirname(file))).mode & 0o777).toBe(0o700)
    expect(await readdir(dirname(file))).toEqual(['credentials.json'])
    expect(await readCredentials(file)).toEqual({ current: 'https://a', gateways: { 'https://a': mine } })
  })

  test.each([0o640, 0o604, 0o620])('is not used when others may touch it (%o)', async (mode) => {
    const { env, file } = await home()
    await writeCredentials(file, withCredential({ gateways: {} }, 'https://a', mine))
    await chmod(file, mode)
    const message = await refusal(findConnection({}, env), 'INVALID_INPUT')
    expect(message).toContain(
      `${file} can be read or changed by others and is not used; run: chmod 600 ${file}`,
    )
    await chmod(file, 0o600)
    expect((await findConnection({}, env)).token).toBe('ghc_mine')
  })

  test('one that is missing means nobody is signed in; a damaged one is told', async () => {
    const { file } = await home()
    expect(await readCredentials(file)).toEqual({ gateways: {} })
    await writeCredentials(file, { gateways: {} })
    await writeFile(file, '{"gateways": {"https://a": {"token": 1}}}')
    expect(await refusal(readCredentials(file), 'INVALID_INPUT')).toBe(
      `${file} is damaged; delete it and run "gatehouse login" again`,
    )
  })

  test('one that cannot be written leaves nothing behind', async () => {
    const { file, folder } = await home()
    await writeFile(join(folder, 'config'), 'a file where the folder should be')
    expect(await refusal(writeCredentials(file, { gateways: {} }), 'INVALID_INPUT')).toContain(
      `cannot write ${file}`,
    )
    expect(await readFile(join(folder, 'config'), 'utf8')).toBe('a file where the folder should be')
  })
})

describe('several gateways', () => {
  const both = withCredential(withCredential({ gateways: {} }, 'https://a', mine), 'https://b', other)

  test('the last one signed in to is current; leaving it, the only other one is', () => {
    expect(both.current).toBe('https://b')
    expect(withoutCredential(both, 'https://b')).toEqual({
      current: 'https://a',
      gateways: { 'https://a': mine },
    })
    expect(withoutCredential(both, 'https://a')).toEqual({
      current: 'https://b',
      gateways: { 'https://b': other },
    })
    const three = withCredential(both, 'https://c', mine)
    expect(withoutCredential(three, 'https://c').current).toBeUndefined()
  })

  test('each token goes to its own gateway and to no other', async () => {
    const { env, file } = await home()
    await writeCredentials(file, both)
    expect(await findConnection({}, env)).toEqual({
      url: 'https://b',
      token: 'ght_other',
      source: { kind: 'credentials', file },
    })
    expect((await findConnection({ url: 'https://a/' }, env)).token).toBe('ghc_mine')
    expect((await findConnection({}, { ...env, GATEHOUSE_URL: 'https://a' })).token).toBe('ghc_mine')
    const message = await refusal(findConnection({ url: 'https://a.evil' }, env), 'NOT_SIGNED_IN')
    expect(message).toContain('gatehouse login --url https://a.evil')
    expect(await refusal(findConnection({ url: 'http://a' }, env), 'NOT_SIGNED_IN')).not.toContain('ghc_mine')
    await refusal(findConnection({ url: 'https://__proto__' }, env), 'NOT_SIGNED_IN')
  })

  test('a token in the environment wins, and needs an address beside it', async () => {
    const { env, file } = await home()
    await writeCredentials(file, both)
    const withToken = { ...env, GATEHOUSE_TOKEN: 'ght_environment' }
    expect(await findConnection({ url: 'https://c' }, withToken)).toEqual({
      url: 'https://c',
      token: 'ght_environment',
      source: { kind: 'environment' },
    })
    expect(await refusal(findConnection({}, withToken), 'NOT_SIGNED_IN')).toBe(
      'GATEHOUSE_TOKEN says who, and nothing says where; set GATEHOUSE_URL to the gateway that it is for',
    )
  })

  test('whoever names a data folder means its operator, whoever is signed in', async () => {
    const { env, file, folder } = await home()
    await writeCredentials(file, both)
    await writeFile(join(folder, 'operator.json'), JSON.stringify({ url: 'http://127.0.0.1:1', token: 'op' }))
    expect(await findConnection({ dataDir: folder }, env)).toEqual({
      url: 'http://127.0.0.1:1',
      token: 'op',
      source: { kind: 'operator', file: join(folder, 'operator.json') },
    })
    expect((await findConnection({}, { ...env, GATEHOUSE_DATA_DIR: folder })).token).toBe('ght_other')
    await writeCredentials(file, { gateways: {} })
    expect((await findConnection({}, { ...env, GATEHOUSE_DATA_DIR: folder })).token).toBe('op')
  })

  test('a session that has ended is not sent, and its end is told', async () => {
    const { env, file } = await home()
    const ended = { ...mine, expiresAt: '2001-01-01T00:00:00.000Z' }
    await writeCredentials(file, withCredential({ gateways: {} }, 'https://a', ended))
    expect(await refusal(findConnection({}, env), 'NOT_SIGNED_IN')).toBe(
      'you were signed in to https://a until 2001-01-01T00:00:00.000Z; run: gatehouse login --url https://a',
    )
    expect(hasEnded(ended, Date.parse('2001-01-01T00:00:00Z'))).toBe(true)
    expect(hasEnded(ended, Date.parse('2001-01-01T00:00:00Z') - 1)).toBe(false)
    expect(hasEnded(other, Date.parse('2999-01-01T00:00:00Z'))).toBe(false)
  })
})
