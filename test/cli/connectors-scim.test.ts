/** SCIM tokens and held changes from the command line. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDirectoryHouse, TestDirectory, type DirectoryHouse } from '../support/directory.js'
import { machineUser, runCommand, type CommandOutcome } from '../support/command-line.js'
import { role } from '../support/people.js'

let house: DirectoryHouse
let dispose: () => Promise<void>
let keeper: NodeJS.ProcessEnv
let auditor: NodeJS.ProcessEnv
beforeAll(async () => {
  const keeps = role('keeps', 'v8', {
    allow: { rules: [{ resources: ['oidc'], verbs: ['read', 'update'] }] },
  })
  house = await openDirectoryHouse({ resources: [keeps] }, (given) => (dispose = given))
  const { gateway, admin } = house
  keeper = await machineUser(gateway, admin, { name: 'keeper', roles: ['keeps'] })
  auditor = await machineUser(gateway, admin, { name: 'reader', roles: ['access'] })
})
afterAll(() => dispose())

const run = async (args: readonly string[], env = keeper): Promise<CommandOutcome> =>
  await runCommand(['connectors', ...args], { env })

test('a token is made, opens the endpoint, is listed and deleted', async () => {
  const made = await run(['scim-token', 'add', 'entra', '--label', 'Entra', '--json'])
  const { secret, token, baseUrl } = JSON.parse(made.out)
  expect(baseUrl).toBe(`${house.gateway.publicUrl}/scim/v2`)
  const entra = new TestDirectory(house.gateway.url, secret)
  expect((await entra.ask('get', '/Users')).status).toBe(200)
  const listed = await run(['scim-token', 'ls', 'entra'])
  expect(listed.out).toMatch(new RegExp(`${token.id} +Entra +token/keeper`))
  expect(listed.out).not.toContain('ghs_')
  expect((await run(['scim-token', 'rm', 'entra', token.id])).out).toContain('is gone.')
  expect((await entra.ask('get', '/Users')).status).toBe(401)
  expect((await run(['scim-token', 'rm', 'entra', token.id])).err).toContain('has no SCIM token')
  const shown = await run(['scim-token', 'add', 'entra'])
  expect(shown.out).toContain(`Base URL: ${baseUrl}`)
})

test('held changes are listed, released and refused', async () => {
  const { okta } = house
  expect((await run(['held', 'release', 'okta', '--all'])).out).toContain('Nothing waits.')
  const ids: string[] = []
  for (let at = 0; at < 12; at++) ids.push((await okta.pushUser(`p${at}@example.com`)).id)
  const off = async (id = '') =>
    (await okta.patch(`/Users/${id}`, { op: 'replace', value: { active: false } })).status
  for (const id of ids.slice(0, 10)) expect(await off(id)).toBe(200)
  expect(await off(ids[10])).toBe(503)
  const listed = await run(['held', 'ls', 'okta'])
  expect(listed.out).toMatch(/waiting +Deactivate the user p10@example.com/)
  expect((await run(['held', 'release', 'okta', '--all'])).out).toContain(
    'Released one change of connector okta.',
  )
  expect(await off(ids[10])).toBe(200)
  expect(await off(ids[11])).toBe(503)
  expect((await run(['held', 'refuse', 'okta', '--all'])).out).toContain('Refused one change')
  expect(await off(ids[11])).toBe(403)
  expect((await run(['held', 'release', 'okta'])).code).toBe(2)
})

test('nothing of it is for whoever has no right to it', async () => {
  for (const args of [
    ['scim-token', 'ls', 'okta'],
    ['scim-token', 'add', 'okta'],
    ['held', 'ls', 'okta'],
    ['held', 'refuse', 'okta', 'x'],
  ]) {
    const outcome = await run(args, auditor)
    expect([outcome.code === 0, outcome.err]).toEqual([false, expect.stringContaining('oidc')])
  }
})
