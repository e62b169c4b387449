/** Access requests from the command line: as the requester, as reviewers, as an administrator, and as who may nothing. */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  accessRequestShown,
  createAccessRequestAnswer,
  type AccessRequestShown,
} from '../../src/api/contract.js'
import { runCommand, type CommandOutcome } from '../support/command-line.js'
import { role } from '../support/people.js'
import {
  mail,
  powerStaging,
  production,
  readProduction,
  RequestWorld,
  sets,
} from '../http/access-requests-world.js'

let world: RequestWorld
const environments = new Map<string, NodeJS.ProcessEnv>()
beforeAll(async () => {
  const two = { approve: 2, deny: 1 }
  world = await RequestWorld.open({
    resources: [
      role('twice', 'v8', { allow: { request: { roles: ['auditor'], thresholds: [two] } } }),
      {
        kind: 'access_list',
        version: 'v1',
        metadata: { name: 'readers' },
        spec: { title: 'Readers', owners: [{ name: mail('rita') }], grants: { roles: ['reader', 'power'] } },
      },
    ],
    people: { tom: ['twice'] },
  })
  for (const name of ['ann', 'rita', 'rolf', 'max', 'olga', 'tom'])
    environments.set(name, await signInCli(name))
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

/** A session of a command line, as `gatehouse login` makes one. */
async function signInCli(name: string): Promise<NodeJS.ProcessEnv> {
  const verifier = 'v'.repeat(64)
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  const port = 49_152
  const query = { challenge, port, state: 's'.repeat(43), host: 'laptop' }
  const agreed = await world.as(name).post('/v1/cli/authorizations', query)
  const code = new URL((agreed.body as { redirectUrl: string }).redirectUrl).searchParams.get('code')
  const redeemed = await world.as(name).post('/v1/cli/tokens', { code, verifier, port })
  const { token } = redeemed.body as { token: string }
  const { url, dataDir } = world.gateway
  return { GATEHOUSE_URL: url, GATEHOUSE_TOKEN: token, XDG_CONFIG_HOME: dataDir }
}

const run = async (name: string, ...args: string[]): Promise<CommandOutcome> =>
  await runCommand(['requests', ...args], { env: environments.get(name) ?? {} })
const succeed = async (name: string, ...args: string[]): Promise<string> => {
  const outcome = await run(name, ...args)
  expect(outcome, outcome.err).toMatchObject({ code: 0 })
  return outcome.out
}
const read = ['--account', 'production', '--permission-set', 'ReadOnly'] as const
const power = ['--account', 'staging', '--permission-set', 'PowerUser'] as const
const create = async (name: string, ...args: string[]): Promise<string> => {
  const out = await succeed(name, 'create', '--json', ...args)
  return createAccessRequestAnswer.parse(JSON.parse(out)).request.id ?? ''
}
const get = async (name: string, id: string): Promise<AccessRequestShown> =>
  accessRequestShown.parse(JSON.parse(await succeed(name, 'get', id, '--json')))

describe('asking', () => {
  test('pairs each account with its permission set, and tells who decides and on which terms', async () => {
    const out = await succeed(
      'ann',
      'create',
      ...read,
      ...power,
      '--role',
      'auditor',
      '--duration',
      '2h',
      '--reason',
      'incident 7',
    )
    expect(out).toMatch(/^Request \S+: pending, waits for a decision until 20/)
    expect(out).toContain(readProduction)
    expect(out).toContain(powerStaging)
    expect(out).toMatch(/^auditor +pending +0 of 1/m)
    expect(out).toContain('For 2h of 1h, 2h, 4h, 8h, 12h')
    expect(out).toContain(`May decide: ${mail('rita')}, ${mail('rolf')}`)
    expect(out).toContain('PowerUser last up to 4h')
    const id = /^Request (\S+):/.exec(out)?.[1] ?? ''
    expect(await get('ann', id)).toMatchObject({ reason: 'incident 7', duration: '2h', user: mail('ann') })
    expect(await succeed('ann', 'cancel', id, '--reason', 'not needed')).toContain(
      `Request ${id}: cancelled 20`,
    )
    expect(await run('ann', 'cancel', id)).toMatchObject({
      code: 1,
      err: expect.stringContaining('cancelled already'),
    })
  })

  test('a dry run tells the same and keeps nothing', async () => {
    const before = await succeed('ann', 'ls')
    const out = await succeed('ann', 'create', ...read, '--dry-run')
    expect(out).toContain('Nothing was asked for: this was a dry run.')
    expect(out).toContain(`May decide: ${mail('rita')}, ${mail('rolf')}`)
    expect(await succeed('ann', 'ls')).toBe(before)
  })

  test('later, for some people first, and not for long without a decision', async () => {
    const start = new Date(world.gateway.clock.now() + 3_600_000).toISOString()
    const id = await create(
      'ann',
      ...read,
      '--start',
      start,
      '--pending-for',
      '2h',
      '--reviewer',
      mail('rolf'),
    )
    expect(await get('ann', id)).toMatchObject({ startAt: start, suggestedReviewers: [mail('rolf')] })
    await succeed('rita', 'approve', id)
    expect(await succeed('ann', 'get', id)).toContain(`approved, begins ${start}`)
    expect(await succeed('ann', 'cancel', id)).toContain('cancelled')
  })

  test.each([
    [[], /say what to ask for/],
    [['--account', 'production'], /1 accounts and 0 permission sets/],
    [[...read, ...power, '--account', 'staging'], /3 accounts and 2 permission sets/],
    [[...read, '--dry-run', '--wait'], /--dry-run or --wait/],
    [[...read, '--duration', '13h'], /12h/],
    [['--role', 'manages'], /No role of yours lets you ask/],
  ])('refuses %j', async (args, says) => {
    const { code, err } = await run('ann', 'create', ...args)
    expect([code, err]).toEqual([1, expect.stringMatching(says) as string])
  })

  test('who waits is told of the approval', async () => {
    const asked = run('ann', 'create', ...read, '--reason', 'waits', '--wait')
    const id = await waitingFor('waits')
    await succeed('rita', 'approve', id)
    const { code, out } = await asked
    expect([code, out]).toEqual([0, expect.stringMatching(/approved, gives access until 20/) as string])
    await succeed('ann', 'release', id)
  })

  test('and of the denial, by the exit status too, as one JSON object', async () => {
    const asked = run('ann', 'create', ...read, '--reason', 'waits again', '--wait', '--json')
    const id = await waitingFor('waits again')
    await succeed('rita', 'deny', id, '--reason', 'not today')
    const { code, out } = await asked
    expect([code, accessRequestShown.parse(JSON.parse(out)).state]).toEqual([3, 'denied'])
  })
})

async function waitingFor(reason: string): Promise<string> {
  const look = async () => {
    const out = await succeed('rita', 'ls', '--filter', 'review', '--format', 'json')
    return (JSON.parse(out) as AccessRequestShown[]).find((one) => one.reason === reason)?.id ?? ''
  }
  await expect.poll(look, { timeout: 10_000 }).not.toBe('')
  return await look()
}

describe('deciding', () => {
  test('item by item, by id or by name, and shorter', async () => {
    const id = await create('ann', ...read, ...power, '--role', 'auditor')
    const { items } = await get('rita', id)
    const named = items.find((item) => item.kind === 'role')?.name ?? ''
    expect(await succeed('rita', 'review', id, '--deny', named)).toContain('pending')
    const sides = ['--approve', readProduction, '--deny', powerStaging, '--duration', '1h'] as const
    const out = await succeed('rolf', 'review', id, ...sides, '--reason', 'read is enough')
    expect(out).toContain('approved, gives access until')
    const decided = await get('ann', id)
    expect(decided.items.map(({ state }) => state)).toEqual(['approved', 'denied', 'denied'])
    expect(decided.duration).toBe('1h')
    const late = await run('rita', 'review', id, '--approve', powerStaging)
    expect(late).toMatchObject({ code: 1, out: '' })
    const shown = await succeed('ann', 'get', id)
    expect(shown).toMatch(/reviewed +/)
    expect(shown).toContain('You may       release, extend')
    await succeed('ann', 'release', id)
  })

  test('a review that does not decide yet is told as such', async () => {
    const id = await create('tom', '--role', 'auditor')
    const first = await run('rita', 'approve', id)
    expect(first).toMatchObject({ code: 0, err: expect.stringContaining('more reviews are needed') })
    expect(first.out).toContain('pending')
    const second = await run('rolf', 'approve', id)
    expect([second.out, second.err]).toEqual([expect.stringContaining('approved'), ''])
    await succeed('max', 'revoke', id, '--reason', 'over')
    expect((await get('tom', id)).state).toBe('revoked')
  })

  test('by nobody for themselves, by no outsider, and on nothing that is not asked for', async () => {
    const id = await create('ann', ...read)
    expect(await run('ann', 'approve', id)).toMatchObject({ code: 1 })
    expect(await run('olga', 'approve', id)).toMatchObject({ code: 1, err: expect.stringMatching(/not/i) })
    expect(await run('olga', 'revoke', id)).toMatchObject({ code: 1 })
    const other = await run('rita', 'review', id, '--approve', 'Admin on production')
    expect(other).toMatchObject({
      code: 1,
      err: expect.stringContaining('is nothing of this request; there is'),
    })
    expect(await run('rita', 'review', id)).toMatchObject({
      code: 1,
      err: expect.stringContaining('say what'),
    })
    expect((await get('ann', id)).state).toBe('pending')
    await succeed('ann', 'cancel', id)
  })

  test('by nobody for themselves, which is what the refusal says', async () => {
    await world.join('sid', ['asks', 'aws', 'reviews'])
    environments.set('sid', await signInCli('sid'))
    const own = await create('sid', ...read)
    const { code, err } = await run('sid', 'approve', own)
    expect([code, err]).toEqual([1, expect.stringContaining('Nobody reviews a request of their own.')])
  })

  test('by no list, where none grants it that one sees', async () => {
    const id = await create('ann', ...read)
    const { code, out, err } = await run('rolf', 'promote', id)
    expect([code, out.trim()]).toEqual([0, expect.not.stringContaining('readers')])
    expect(err).toContain('No access list that you see grants everything that is asked for')
  })

  test('by making the requester a member of a list', async () => {
    const id = await create('ann', ...read)
    expect(await succeed('rita', 'promote', id)).toMatch(/^readers +Readers +yes/m)
    expect(await run('rita', 'promote', id, 'nowhere')).toMatchObject({ code: 1 })
    expect(await run('ann', 'promote', id, 'readers')).toMatchObject({ code: 1 })
    expect(await succeed('rita', 'promote', id, 'readers')).toContain('promoted: a member of readers')
    const seen = await succeed('rolf', 'get', id)
    expect(seen).toContain('promoted: a member of an access list')
    expect(seen).not.toMatch(/readers/i)
  })
})

describe('what was approved', () => {
  test('is extended, assumed, dropped and given back', async () => {
    const id = await create('ann', '--role', 'auditor', '--duration', '2h')
    await succeed('rita', 'approve', id)
    expect(await succeed('ann', 'assume', id)).toContain('counts in this session')
    expect(await succeed('ann', 'get', id)).toContain('has assumed it')
    expect(await succeed('ann', 'drop', id)).toContain('no longer counts')
    expect((await get('ann', id)).assumed).toBe(false)
    expect(await run('rita', 'assume', id)).toMatchObject({ code: 1 })
    const more = await succeed('ann', 'extend', id, '--duration', '1h', '--reason', 'not done yet', '--json')
    const { request } = createAccessRequestAnswer.parse(JSON.parse(more))
    expect(request).toMatchObject({ extends: id, state: 'pending', reason: 'not done yet' })
    expect(await run('rita', 'extend', id, '--duration', '1h')).toMatchObject({ code: 1 })
    expect(await run('rita', 'release', id)).toMatchObject({ code: 1 })
    expect(await succeed('ann', 'release', id)).toContain('expired')
    // What was to go on with it ends with it.
    expect((await get('ann', request.id ?? '')).state).toBe('cancelled')
  })
})

describe('looking', () => {
  test('lists one’s own, those to decide on, and those of a state', async () => {
    const id = await create('ann', ...read, '--reason', 'looked for')
    expect(await succeed('ann', 'ls', '--state', 'pending')).toContain(id)
    expect(await succeed('rita', 'ls')).not.toContain(id)
    expect(await succeed('rita', 'ls', '--filter', 'review')).toMatch(
      new RegExp(`^${id} +${mail('ann')} +pending`, 'm'),
    )
    expect(await succeed('max', 'ls', '--filter', 'all', '--state', 'pending')).toContain(id)
    expect(await succeed('max', 'ls', '--filter', 'all', '--state', 'denied')).not.toContain(id)
    expect(await succeed('olga', 'ls', '--filter', 'all')).not.toContain(id)
    expect(await succeed('ann', 'get', id, '--format', 'yaml')).toContain(`id: ${id}`)
    expect(await run('olga', 'get', id)).toMatchObject({ code: 1 })
    await succeed('ann', 'cancel', id)
  })

  test('says of a rule that decided that it was one', async () => {
    await world.put({
      kind: 'access_review_rule',
      version: 'v1',
      metadata: { name: 'reads' },
      spec: { decision: 'approve', items: { accounts: ['production'], permission_sets: ['*'] } },
    })
    const id = await create('ann', ...read, '--reason', 'decided by a rule')
    const shown = await succeed('ann', 'get', id)
    expect(shown).toMatch(/ the rule reads +reviewed /)
    expect(shown).not.toContain('rule/')
    expect((await get('ann', id)).timeline.map(({ by }) => by)).toContain('rule/reads')
    await succeed('ann', 'release', id)
    expect((await world.admin.delete('/v1/resources/access_review_rule/reads')).status).toBe(200)
  })

  test('tells what may be asked for, and finds accounts', async () => {
    const caps = await succeed('ann', 'caps')
    expect(caps).toMatch(/^role +auditor/m)
    expect(caps).toContain('For 12h at most. A reason is welcome.')
    expect(await succeed('olga', 'caps')).toContain('You may ask for nothing')
    const found = await succeed('ann', 'search', 'production', 'read')
    expect(found).toMatch(new RegExp(`^production +${production.id} +${sets.readOnly.name}`, 'm'))
    expect(found).not.toContain('staging')
    expect(await succeed('olga', 'search', 'production')).not.toContain(production.id)
  })
})
