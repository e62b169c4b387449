/** The built demo as people run it: a process of its own, in a folder of its own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { freePort } from '../../src/demo/ports.js'
import { startWorld } from '../../src/demo/world.js'

const program = fileURLToPath(new URL('../../dist/demo/main.js', import.meta.url))

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-demo-test-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function runDemo(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const text = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (data: string) => (text.out += data))
  child.stderr.setEncoding('utf8').on('data', (data: string) => (text.err += data))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, ...text }
}

/** Listens until the test ends; that another program does so already serves as well. */
async function occupy(port: number, host = '127.0.0.1'): Promise<void> {
  const server = createServer()
  const listening = once(server, 'listening')
  server.listen(port, host)
  await listening.catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error
  })
  onTestFinished(() => void server.close())
}

/** A data folder with something in it. */
function usedFolder(): string {
  const dataDir = join(folder, 'data', 'demo')
  mkdirSync(dataDir, { recursive: true })
  writeFileSync(join(dataDir, 'precious'), 'of a demo that runs')
  return dataDir
}

describe('the self-check', () => {
  test('passes, whatever settings of a gateway the caller has, and touches nothing of them', async () => {
    const theirs = join(folder, 'theirs')
    const { code, out, err } = await runDemo(['--self-check'], {
      GATEHOUSE_CONFIG: join(theirs, 'gatehouse.yaml'),
      GATEHOUSE_DATA_DIR: theirs,
      GATEHOUSE_DATABASE_URL: `sqlite:${join(theirs, 'gatehouse.db')}`,
      GATEHOUSE_PUBLIC_URL: 'https://sso.example.com',
      GATEHOUSE_MASTER_KEY: 'not the one of the demo',
      GATEHOUSE_NO_SUCH_SETTING: 'refused where it is read',
    })
    expect(err).toBe('')
    expect(out).toMatch(/ and [1-9]\d* signed heads? checked, nothing is wrong/)
    const last = out.trimEnd().split('\n').at(-1)
    expect({ code, last }).toEqual({
      code: 0,
      last: expect.stringMatching(/^\d{2} passed, 0 failed$/) as string,
    })
    expect(existsSync(theirs)).toBe(false)
  }, 180_000)
})

describe('a demo whose address is taken', () => {
  test('says which and what to do, ends with status 1 and leaves the data of the other alone', async () => {
    await occupy(3080)
    const dataDir = usedFolder()
    expect(await runDemo([])).toEqual({
      code: 1,
      out: 'starting the gateway and the emulated Identity Center …\n',
      err:
        'the demo cannot run: 127.0.0.1:3080 is taken: end the demo or other program that listens there, ' +
        'then start this again\n',
    })
    expect(readdirSync(dataDir)).toEqual(['precious'])
  })

  test.each(['127.0.0.1', '::1'])('looks at the port of the emulator on %s as well', async (host) => {
    const emulator = await freePort()
    await occupy(emulator, host)
    const dataDir = usedFolder()
    await expect(
      startWorld(dataDir, { gateway: await freePort(), emulator, mail: await freePort() }),
    ).rejects.toThrow(`${host.includes(':') ? `[${host}]` : host}:${emulator} is taken`)
    expect(readdirSync(dataDir)).toEqual(['precious'])
  })
})

test('an option that the demo does not know is refused by name', async () => {
  expect(await runDemo(['--selfcheck'])).toEqual({
    code: 2,
    out: 'unknown option --selfcheck; the demo knows --self-check\n',
    err: '',
  })
})
