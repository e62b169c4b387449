/** The commands as people call them: a backup beside a gateway that runs, its test, and a new gateway from it. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateIdentity, identityToRecipient } from 'age-encryption'
import { expect, onTestFinished, test } from 'vitest'
import { run, startGateway } from '../support/process.js'

test('backup, backup verify, restore and store migrate work as processes', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'gatehouse-commands-'))
  onTestFinished(() => rm(cwd, { recursive: true, force: true }))
  const identity = await generateIdentity()
  await writeFile(join(cwd, 'identity'), `${identity}\n`)
  const base = { GATEHOUSE_PUBLIC_URL: 'http://localhost:3080', GATEHOUSE_LISTEN: '127.0.0.1:0' }
  const options = { cwd, env: { ...base, GATEHOUSE_DATA_DIR: 'old', GATEHOUSE_LOG_LEVEL: 'error' } }
  const lock = ['--recipient', await identityToRecipient(identity)]
  const to = ['--to', 'sqlite:copy.db']
  {
    await using _ = await startGateway(options)
    const made = await run(['backup', '--out', 'one.age', ...lock, '--with-master-key'], options)
    expect(made).toMatchObject({ code: 0, err: '' })
    expect(made.out).toContain('whoever opens this file has every secret')
    // What is being written to is not moved.
    const busy = await run(['store', 'migrate', '--from', 'sqlite:old/gatehouse.db', ...to], options)
    expect(busy.code).toBe(1)
    expect(busy.err).toContain('another program has this database open')
  }
  const verified = await run(['backup', 'verify', 'one.age', '--identity-file', 'identity'], { cwd })
  expect(verified).toMatchObject({ code: 0, err: '' })
  expect(verified.out).toContain('the master key in it opens the secrets')

  const fresh = { cwd, env: { ...options.env, GATEHOUSE_DATA_DIR: 'new' } }
  const restored = await run(['restore', 'one.age', '--identity-file', 'identity'], fresh)
  expect(restored).toMatchObject({ code: 0, err: '' })
  expect(await readFile(join(cwd, 'new/master.key'))).toEqual(await readFile(join(cwd, 'old/master.key')))
  const again = await run(['restore', 'one.age', '--identity-file', 'identity'], fresh)
  expect(again.code).toBe(1)
  expect(again.err).toContain('the target is not empty')
  await using gateway = await startGateway(fresh)
  expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200)
  const audit = await run(['audit', 'verify', '--data-dir', 'new'], fresh)
  expect(audit.out + audit.err).toContain('checked')
  expect(audit.code).toBe(0)

  const moved = await run(['store', 'migrate', '--from', 'sqlite:old/gatehouse.db', ...to], options)
  expect(moved.code).toBe(0)
  expect(moved.out).toContain('each table was read back and is the same')
})
