/** The unit for systemd: what systemd itself says of it where it is installed, and that its promises are the program's. */
import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { variableNames } from '../../src/config/env.js'

const unitFile = fileURLToPath(new URL('../../deploy/systemd/gatehouse.service', import.meta.url))
const version = /^systemd (\d+)/.exec(
  spawnSync('systemd-analyze', ['--version'], { encoding: 'utf8' }).stdout,
)
/** `LoadCredential` with `%d` is of 250; machines without systemd only check the text. */
const hasSystemd = Number(version?.[1] ?? 0) >= 250

let folder: string
let text: string
let copy: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-unit-'))
  text = await readFile(unitFile, 'utf8')
  // systemd looks whether the program is there; here another one stands for it.
  copy = join(folder, 'gatehouse.service')
  await writeFile(copy, text.replace('/usr/local/bin/gatehouse', process.execPath))
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

function analyze(...args: string[]) {
  const { status, stdout, stderr } = spawnSync('systemd-analyze', [...args, copy], { encoding: 'utf8' })
  return { status, said: `${stdout}${stderr}` }
}

test.skipIf(!hasSystemd)('systemd finds nothing wrong with it', () => {
  const { status, said } = analyze('verify', '--man=no')
  // It reads the units that this one waits for too, and those are the machine's own affair.
  const ours = said.split('\n').filter((line) => line.includes('gatehouse'))
  expect({ status, ours }).toEqual({ status: 0, ours: [] })
})

test.skipIf(!hasSystemd)('its exposure is low by systemd’s own measure, 0 to 10', () => {
  // 1.3 with systemd 252; later ones ask for more.
  expect(analyze('security', '--offline=true', '--threshold=25', '--no-pager')).toMatchObject({ status: 0 })
})

test('it gives the program only settings that exist, and more time to end than the program takes', async () => {
  const set = [...text.matchAll(/^Environment=(GATEHOUSE_\w+)=/gm)].map(([, name]) => name)
  expect(set).toEqual(['GATEHOUSE_DATA_DIR', 'GATEHOUSE_MASTER_KEY_FILE'])
  expect(set.filter((name) => !variableNames.includes(name ?? ''))).toEqual([])
  const start = await readFile(new URL('../../src/start/listener.ts', import.meta.url), 'utf8')
  const drainMs = Number(/drainMs: ([\d_]+)/.exec(start)?.[1]?.replaceAll('_', ''))
  const seconds = Number(/^TimeoutStopSec=(\d+)s$/m.exec(text)?.[1])
  expect(seconds * 1000).toBeGreaterThan(2 * drainMs)
})
