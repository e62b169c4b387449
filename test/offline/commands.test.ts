/** The commands as people call them: a backup beside a gateway that runs, and a new gateway from it. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateIdentity, identityToRecipient } from 'age-encryption'
import { expect, onTestFinished, test } from 'vitest'
import { run, startGateway } from '../support/process.js'

test('a gateway is backed up while it runs, and another one starts from that', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'gatehouse-commands-'))
  onTestFinished(() => rm(cwd, { recursive: true, force: true }))
  const identity = await generateIdentity()
  await writeFile(join(cwd, 'identity'), `${identity}\n`)
  const base = { GATEHOUSE_PUBLIC_URL: 'http://localhost:3080', GATEHOUSE_LISTEN: '127.0.0.1:0' }
  const old = { cwd, env: { ...base, GATEHOUSE_DATA_DIR: 'old', GATEHOUSE_LOG_LEVEL: 'error' } }
  {
    await using _ = await startGateway(old)
    const lock = ['--recipient', await identityToRecipient(identity), '--with-master-key']
    const [made, busy] = await Promise.all([
      run(['backup', '--out', 'one.age', ...lock], old),
      run(['store', 'migrate', '--from', 'sqlite:old/gatehouse.db', '--to', 'sqlite:copy.db'], old),
    ])
    expect(made).toMatchObject({ code: 0, err: '' })
    expect(made.out).toContain('whoever opens this file has every secret')
    expect(busy).toMatchObject({ code: 1, out: '' })
    expect(busy.err).toContain('another program has this database open')
  }
  const fresh = { cwd, env: { ...old.env, GATEHOUSE_DATA_DIR: 'new' } }
  const restored = await run(
    ['restore', 'one.age', '--identity-file', 'identity', '--accept-unproven-origin'],
    fresh,
  )
  expect(restored).toMatchObject({ code: 0, err: '' })
  expect(await readFile(join(cwd, 'new/master.key'))).toEqual(await readFile(join(cwd, 'old/master.key')))
  await using gateway = await startGateway(fresh)
  expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200)
}, 60_000)
