/** `gatehouse who-can` and `gatehouse explain USER --account A`: ways by role, list, ownership and request. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { explainAccountAnswer, whoCanItem, whoCouldItem } from '../../src/api/contract.js'
import { machineUser, runCommand, signedInCommandLine } from '../support/command-line.js'
import { mail, pair, production, RequestWorld, sets, staging } from '../http/access-requests-world.js'

let world: RequestWorld
let asAdmin: NodeJS.ProcessEnv
let request: string
beforeAll(async () => {
  const list = {
    kind: 'access_list',
    version: 'v1',
    metadata: { name: 'platform' },
    spec: {
      title: 'Platform',
      owners: [{ name: mail('olga') }],
      grants: { roles: ['reader'] },
      owner_grants: { roles: ['power'] },
    },
  }
  world = await RequestWorld.open({ resources: [list], people: { dan: ['reader'] } })
  asAdmin = await machineUser(world.gateway, world.admin, { name: 'ci', roles: ['editor'] })
  const member = { name: mail('max'), reason: 'project', expiresAt: '2099-01-01T00:00:00Z' }
  expect((await world.admin.post('/v1/access-lists/platform/members', member)).status).toBeLessThan(300)
  const items = [pair(production.id, sets.powerUser.arn)]
  request = (await world.ask('ann', { items, reason: 'incident 7', duration: '2h' })).id
  await world.approve('rita', request)
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

const run = async (...args: string[]) => await runCommand(args, { env: asAdmin })
const read = ['--account', 'production', '--permission-set', 'ReadOnly'] as const
const power = ['--account', production.id, '--permission-set', sets.powerUser.arn] as const

describe('gatehouse who-can', () => {
  test('tells everybody with every way, until when', async () => {
    const { code, out, err } = await run('who-can', ...read)
    expect([code, err]).toEqual([0, ''])
    expect(out.split('\n')).toEqual([
      '2 people reach ReadOnly on production (555555555555).',
      '',
      mail('dan'),
      '  ReadOnly',
      '    by role reader, held directly',
      '',
      mail('max'),
      '  ReadOnly',
      '    by access list platform, which gives role reader, until 2099-01-01T00:00:00.000Z',
      '',
    ])
  })

  test('an owner of a list, and a request with its end', async () => {
    const { out } = await run('who-can', ...power, '--json')
    const items = out
      .trim()
      .split('\n')
      .map((line) => whoCanItem.parse(JSON.parse(line)))
    const until = new Date(world.gateway.clock.now() + 7_200_000).toISOString()
    expect(
      items.map(({ user, until: end, access }) => [user, end, access.flatMap((one) => one.paths)]),
    ).toEqual([
      [mail('ann'), until, [expect.objectContaining({ by: 'request', request, until })]],
      [
        mail('olga'),
        undefined,
        [
          expect.objectContaining({
            by: 'list_owner',
            role: 'power',
            lists: [{ name: 'platform', title: 'Platform' }],
          }),
        ],
      ],
    ])
    const shown = await run('who-can', ...power)
    expect(shown.out).toContain(`by request ${request}, until ${until}`)
    expect(shown.out).toContain('\n    as an owner of access list platform, which gives role power\n')
  })

  test('more people than were asked for are not left out in silence', async () => {
    const { out } = await run('who-can', ...read, '--limit', '1')
    expect(out).toMatch(/^1 or more/)
    expect(out).toMatch(/There are more; raise --limit\.\n$/)
    const { out: searched } = await run('who-can', ...read, '--search', 'max')
    expect(searched).toMatch(/^1 person reaches ReadOnly on production \(555555555555\)\.\n/)
  })

  test('as CSV has a row for each way', async () => {
    const { code, out } = await run('who-can', ...read, '--csv')
    const rows = out.trim().split(/\r?\n/)
    expect(code).toBe(0)
    expect(rows).toHaveLength(3)
    expect(rows[0]).toMatch(/^user,/)
    expect(rows[2]).toMatch(/^max@example\.com,.*,list,platform,reader,,2099-01-01T00:00:00\.000Z,/)
  })

  test('--requestable tells who may ask, and who approves', async () => {
    const { out } = await run('who-can', ...power, '--requestable')
    expect(out.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['May ask', 'For role', 'Approved by'],
      [mail('bob'), 'power', `${mail('rita')}, ${mail('rolf')}`],
      [''],
    ])
    const json = await run('who-can', ...power, '--requestable', '--json')
    expect(whoCouldItem.parse(JSON.parse(json.out))).toMatchObject({ user: mail('bob'), roles: ['power'] })
  })

  test('everybody who opens an application', async () => {
    const { out } = await run('who-can', '--app', 'aws-identity-center')
    expect(out).toMatch(
      /^3 people reach aws-identity-center\.\n\nadmin\n {2}by role access, held directly\n\nann@example\.com\n {2}by role aws, held directly\n/,
    )
  })

  test.each([
    [[], 2, /^error: give --account with or without --permission-set, or --app NAME\n/],
    [['--account', 'production', '--app', 'x'], 2, /^error: give --account/],
    [['--account', 'production', '--requestable'], 2, /^error: --requestable with --account also takes/],
    [[...read, '--csv', '--json'], 2, /^error: --csv goes with/],
    [
      ['--app', 'aws-identity-center', '--permission-set', 'ReadOnly'],
      2,
      /^error: --permission-set goes with --account/,
    ],
    [[...read, '--limit', 'many'], 1, /--limit/],
    [['--account', 'nowhere'], 1, /the inventory has no account "nowhere"/],
    [['--account', 'twin'], 1, /twin/],
  ])('%j is refused', async (args, status, words) => {
    const { code, err, out } = await run('who-can', ...args)
    expect([code, err, out]).toEqual([status, expect.stringMatching(words) as string, ''])
  })

  test('is for those who may list people', async () => {
    const env = await signedInCommandLine(world.gateway, world.as('bob'))
    const { code, err } = await runCommand(['who-can', ...read], { env })
    expect([code, err]).toEqual([1, expect.stringMatching(/user/) as string])
  })
})

describe('gatehouse explain USER --account A', () => {
  test('tells all that somebody reaches, and what would give the rest; exit status 0', async () => {
    const { code, out } = await run('explain', mail('max'), '--account', 'staging')
    expect(code).toBe(0)
    expect(out.split('\n')).toEqual([
      `${mail('max')} has 1 permission set in staging (666666666666).`,
      '',
      'Reaches:',
      '  ReadOnly',
      '    by access list platform, which gives role reader, until 2099-01-01T00:00:00.000Z',
      '',
      'What would give more there:',
      '  * Be given the role power: PowerUser',
      '',
    ])
  })

  test('who reaches nothing has exit status 3, and may be told as JSON', async () => {
    const { code, out } = await run('explain', mail('bob'), '--account', staging.id, '--json')
    expect(code).toBe(3)
    const { says, access, openings } = explainAccountAnswer.parse(JSON.parse(out))
    expect([says, access]).toEqual([`${mail('bob')} has nothing in staging (666666666666).`, []])
    expect(openings.lists).toMatchObject([{ name: 'platform', sets: ['ReadOnly'] }])
    expect(openings.requestable.map((one) => [one.permissionSet.name, one.reviewers])).toEqual([
      ['PowerUser', [mail('rita'), mail('rolf')]],
      ['ReadOnly', [mail('rita'), mail('rolf')]],
    ])
  })

  test('people explain themselves, and nobody else', async () => {
    const env = await signedInCommandLine(world.gateway, world.as('dan'))
    const own = await runCommand(['explain', mail('dan'), '--account', 'production'], { env })
    expect([own.code, own.out]).toEqual([
      0,
      expect.stringMatching(/^dan@example\.com has 1 permission set in/),
    ])
    const other = await runCommand(['explain', mail('max'), '--account', 'production'], { env })
    expect([other.code, other.out]).toEqual([1, ''])
    expect(other.err).toContain('user')
  })

  test('a request that is locked is told with its lock, and gives nothing', async () => {
    const lock = {
      kind: 'lock',
      version: 'v2',
      metadata: { name: 'on-request' },
      spec: { target: { access_request: request }, message: 'Ask security first.' },
    }
    expect((await world.admin.post('/v1/resources', lock)).status).toBe(200)
    const { code, out } = await run('explain', mail('ann'), '--account', 'production')
    expect(code).toBe(3)
    expect(out).toMatch(/^ann@example\.com has nothing in production/)
    const until = new Date(world.gateway.clock.now() + 7_200_000).toISOString()
    expect(out).toContain(
      `\nRequest ${request} would give PowerUser until ${until}, and gives nothing now. ` +
        'This request is locked until an administrator lifts it. Ask security first.\n',
    )
    expect((await run('who-can', ...power)).out).not.toContain(mail('ann'))
    expect((await world.admin.delete('/v1/resources/lock/on-request')).status).toBe(200)
    expect((await run('explain', mail('ann'), '--account', 'production')).code).toBe(0)
  })
})
