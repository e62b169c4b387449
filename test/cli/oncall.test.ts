/** Who is on call, from the command line: as a machine user that keeps the lists, and as one who may not. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { machineUser, runCommand, type CommandOutcome } from '../support/command-line.js'
import { role, signInAdmin, testResources } from '../support/people.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'

let gateway: TestGateway
let pager: NodeJS.ProcessEnv
let auditor: NodeJS.ProcessEnv
beforeAll(async () => {
  const keeps = role('keeps', 'v8', { allow: { rules: [{ resources: ['on_call'], verbs: ['*'] }] } })
  gateway = await openTestGateway({ resources: [...testResources, keeps] })
  const admin = await signInAdmin(gateway)
  pager = await machineUser(gateway, admin, { name: 'pager', roles: ['keeps'] })
  auditor = await machineUser(gateway, admin, { name: 'reader', roles: ['auditor'] })
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
})

const run = async (args: readonly string[], env = pager): Promise<CommandOutcome> =>
  await runCommand(['oncall', ...args], { env })

test('a list is said, listed, replaced and removed', async () => {
  expect((await run(['set', 'primary', 'ann', 'bob', '--until', '2099-01-01T00:00:00Z'])).out).toContain(
    'On call in primary until 2099-01-01T00:00:00.000Z: ann, bob.',
  )
  expect((await run(['ls'])).out).toMatch(/primary +ann, bob +2099-01-01T00:00:00.000Z +token\/pager/)
  const shown = await run(['set', 'primary', 'bob', '--for', '12h', '--json'])
  expect(JSON.parse(shown.out)).toMatchObject({ name: 'primary', users: ['bob'], over: false })
  expect((await run(['set', 'primary'])).out).toContain('Nobody is on call in primary.')
  expect((await run(['ls'])).out).toMatch(/primary +nobody +replaced/)
  expect((await run(['rm', 'primary'])).out).toContain('The list primary is gone.')
  expect((await run(['rm', 'primary'])).err).toContain('there is no list "primary" of who is on call')
})

test('nothing of it is for whoever has no right to it, nor with an end in the past', async () => {
  for (const args of [['ls'], ['set', 'primary', 'ann'], ['rm', 'primary']]) {
    const outcome = await run(args, auditor)
    expect([outcome.code === 0, outcome.err]).toEqual([false, expect.stringContaining('on_call')])
  }
  const past = await run(['set', 'primary', 'ann', '--until', '2001-01-01T00:00:00Z'])
  expect([past.code === 0, past.err]).toEqual([false, expect.stringContaining('lies in the past')])
  expect((await run(['set', 'primary', '--until', '2099-01-01T00:00:00Z', '--for', '1h'])).code).not.toBe(0)
})
