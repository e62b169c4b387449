/** `gatehouse connectors test`: begun on the command line, carried out in the browser, told on the command line. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { mapping, oidcDocument, openConnectorWorld, type ConnectorWorld } from '../http/connectors-world.js'
import { runCommand, signedInCommandLine, type CommandOutcome } from '../support/command-line.js'
import { OidcIssuer } from '../support/oidc-issuer.js'

let world: ConnectorWorld
let issuer: OidcIssuer
let env: NodeJS.ProcessEnv
beforeAll(async () => {
  world = await openConnectorWorld()
  issuer = await OidcIssuer.open()
  await world.put(oidcDocument('okta', issuer.url))
  env = await signedInCommandLine(world.gateway, world.admin)
})
afterAll(async () => {
  await issuer[Symbol.asyncDispose]()
  await world[Symbol.asyncDispose]()
})

/** The command, and what the person does with the address that it prints. */
async function tryOut(args: readonly string[]): Promise<CommandOutcome> {
  const { publicUrl } = world.gateway
  let visit: Promise<unknown> | undefined
  const outcome = await runCommand(['connectors', 'test', 'okta', '--no-browser', ...args], {
    env,
    onErr: (line) => {
      const address = /^ {2}(https?:\S+)$/.exec(line)?.[1]
      if (address === undefined) return
      const browser = world.browser()
      const [name = '', value = ''] = (world.admin.cookie ?? '').split('=')
      browser.setCookie(publicUrl, name, value)
      const isOurs = (at: URL) => at.origin === publicUrl && !at.pathname.startsWith('/v1/')
      visit = browser.open(address, isOurs)
    },
  })
  await visit
  return outcome
}

test('tells claims, mapping and roles, and signs nobody in', async () => {
  issuer.person = { sub: 'u-1', email: 'zoe@example.com', email_verified: true, groups: ['platform'] }
  const { code, out } = await tryOut([])
  expect(out).toContain('Would sign in zoe@example.com (would be made)\n')
  expect(out).toContain('  groups = platform   matched platform: aws\n')
  expect(out).toContain('Roles      aws\n')
  expect(out).toContain('bound at their first sign-in by the user name alone')
  expect(code).toBe(0)
  expect((await world.admin.get('/v1/resources/user/zoe@example.com')).status).toBe(404)
})

test('ends with status 1 and says why where nobody would be signed in', async () => {
  issuer.person = { sub: 'u-2', email: 'yan@example.com', email_verified: true, groups: ['platform'] }
  await world.put(oidcDocument('okta', issuer.url, { ...mapping, create_users: false }))
  const { code, out } = await tryOut(['--json'])
  expect(JSON.parse(out)).toMatchObject({ verdict: { effect: 'refuse' }, roles: ['aws'] })
  expect(code).toBe(1)
})

test('a connector that is not there is refused by name', async () => {
  const { code, err } = await runCommand(['connectors', 'test', 'nowhere', '--no-browser'], { env })
  expect(err).toContain('nowhere')
  expect(code).not.toBe(0)
})
