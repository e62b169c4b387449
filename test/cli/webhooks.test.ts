/** Webhooks from the command line, against a real gateway and a real receiver. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { machineUser, runCommand, type CommandOutcome } from '../support/command-line.js'
import { role, signInAdmin, testResources } from '../support/people.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'
import { verifies, WebhookReceiver } from '../support/webhook-receiver.js'

let gateway: TestGateway
let receiver: WebhookReceiver
const environments = new Map<string, NodeJS.ProcessEnv>()

beforeAll(async () => {
  receiver = await WebhookReceiver.open()
  const rule = (verbs: string[]) => ({ allow: { rules: [{ resources: ['webhook'], verbs }] } })
  gateway = await openTestGateway({
    resources: [
      ...testResources,
      role('hooks', 'v8', rule(['*'])),
      role('looks', 'v8', rule(['list', 'read'])),
      role('nothing', 'v8', {}),
    ],
  })
  const admin = await signInAdmin(gateway)
  for (const name of ['hooks', 'looks', 'nothing']) {
    environments.set(name, await machineUser(gateway, admin, { name, roles: [name] }))
  }
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
  await receiver[Symbol.asyncDispose]()
})

const run = async (who: string, ...args: string[]): Promise<CommandOutcome> =>
  await runCommand(['webhooks', ...args], { env: environments.get(who) ?? {} })

describe('gatehouse webhooks', () => {
  test('makes one for the requests of a unit, and says so', async () => {
    const to = ['create', 'unit', '--to', receiver.url, '--organizational-units', 'Root/Payments']
    expect((await run('hooks', ...to)).code).toBe(0)
    expect((await run('looks', 'get', 'unit')).out).toContain('  For what   * in Root/Payments\n')
    expect((await run('hooks', 'rm', 'unit', '--yes')).code).toBe(0)
    const unnamed = await run('hooks', 'create', 'none', '--to', receiver.url, '--permission-sets', 'Admin')
    expect([unnamed.code, unnamed.err]).toEqual([
      1,
      expect.stringContaining('is needed beside permission_sets'),
    ])
  })

  test('makes one, tries it, rotates its secret, shows it and removes it', async () => {
    const made = await run(
      'hooks',
      'create',
      'chat',
      '--to',
      receiver.url,
      '--events',
      'access_request.created',
    )
    expect([made.code, made.err]).toEqual([0, ''])
    const [secret = ''] = /whsec_\S+/.exec(made.out) ?? []
    expect(made.out).toContain('gatehouse webhooks test chat')

    const tested = await run('hooks', 'test', 'chat')
    expect([tested.code, tested.out]).toEqual([0, 'Taken: the receiver answered 204.\n'])
    const [ping] = receiver.received
    expect(ping && verifies(secret, ping, gateway.clock.now())).toBe(true)

    const listed = await run('looks', 'ls')
    expect(listed.out).toMatch(/chat\s+nothing sent yet\s+127\.0\.0\.1:\d+\s+created\s+0\s+none yet/)
    expect(listed.out).not.toContain('/hook')

    const rotated = await run('hooks', 'rotate', 'chat', '--json')
    const { secret: other, oldEndsAt } = JSON.parse(rotated.out) as Record<string, string>
    expect(other).toMatch(/^whsec_/)
    expect(other).not.toBe(secret)
    const shown = await run('looks', 'get', 'chat')
    expect(shown.out).toContain(`signs until ${oldEndsAt}`)
    expect(shown.out).not.toContain('whsec_')

    receiver.answers.push(500)
    const failed = await run('hooks', 'test', 'chat')
    expect([failed.code, failed.out]).toEqual([1, 'Not taken: the receiver answered 500.\n'])

    expect((await run('hooks', 'rm', 'chat')).code).not.toBe(0)
    const removed = await run('hooks', 'rm', 'chat', '--yes')
    expect([removed.code, removed.out.includes('What waited to be sent is not sent')]).toEqual([0, true])
    expect((await run('looks', 'get', 'chat')).code).not.toBe(0)
  })

  test('refuses who may not, and what cannot be', async () => {
    expect((await run('nothing', 'ls')).code).not.toBe(0)
    for (const args of [
      ['create', 'x', '--to', receiver.url],
      ['test', 'x'],
      ['rotate', 'x'],
      ['rm', 'x', '--yes'],
    ]) {
      expect((await run('looks', ...args)).code).not.toBe(0)
    }
    const refused = await run('hooks', 'create', 'x', '--to', 'http://hooks.example.com/')
    expect([refused.code === 0, refused.err.includes('must begin with https://')]).toEqual([false, true])
    const unknown = await run(
      'hooks',
      'create',
      'x',
      '--to',
      receiver.url,
      '--events',
      'access_request.create',
    )
    expect([unknown.code === 0, unknown.err.includes('access_request.created')]).toEqual([false, true])
  })
})
