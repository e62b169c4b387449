import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type {
  JobItem,
  PlanAnswer,
  PreviewAnswer,
  ScimAnswer,
  SyncStatusAnswer,
  UninstallAnswer,
} from '../../../src/api/contract.js'
import { AnsweringGateway, Refusal, type Asked } from './answering-gateway.js'

const at = '/v1/identity-center/aws-identity-center'
let gateway: AnsweringGateway
let folder: string
beforeEach(async () => {
  gateway = await AnsweringGateway.open()
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-awsic-'))
})
afterEach(async () => {
  await gateway[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

const job = (kind: JobItem['kind'], state: JobItem['state'] = 'done'): JobItem => ({
  kind,
  state,
  says: 'Reading members of groups',
  done: 4,
  total: 4,
  startedAt: '2026-11-22T03:00:00Z',
})
const held: PlanAnswer['actions'][number] = {
  key: 'group.delete/x',
  kind: 'group.delete',
  says: 'Delete group x',
  because: 'its list was deleted',
  removes: true,
  holds: [{ rule: 'removals', says: 'Removes 6 of 10 groups; the limit is 5.' }],
}
const plan: PlanAnswer = {
  madeAt: '2026-11-22T03:00:00Z',
  sync: 'paused',
  heldDigest: 'seen',
  counts: [{ kind: 'group.delete', says: 'Delete groups', all: 1, held: 1 }],
  actions: [held],
  total: 1,
  effects: [],
  moreEffects: 0,
  drift: [],
  setAside: [],
  notes: [],
}
const status: SyncStatusAnswer = {
  plugin: 'aws-identity-center',
  health: 'healthy',
  says: 'Everything is as it should be.',
  mode: 'full',
  sync: 'active',
  problems: [],
  credentials: { ok: true, kind: 'oidc', says: 'renewed before they end' },
  scim: { baseUrl: 'https://scim.example/', tokens: [], warnings: ['no token'] },
  totals: { accounts: 7, permissionSets: 5, users: 8, groups: 4, assignments: 22 },
  waiting: { actions: 0, held: 0, open: 0 },
  drift: 0,
  errors: [
    {
      kind: 'user',
      name: 'x',
      says: 'has no mail address',
      remedy: 'give one',
      since: '2026-11-22T03:00:00Z',
      attempts: 3,
    },
  ],
  moreErrors: 0,
  governor: { queue: 0, services: [], history: [] },
}

describe('approve', () => {
  test('shows what waits, asks, and sends the digest of what was shown', async () => {
    gateway.on(`GET ${at}/plan`, plan).on(`POST ${at}/plan/approve`, {})
    const { code, out, err } = await gateway.run(['awsic', 'approve'], { answers: ['yes'] })
    expect({ code, err }).toEqual({ code: 0, err: 'Approve 1 change? [y/N] ' })
    expect(out).toContain('waits: Removes 6 of 10 groups; the limit is 5.')
    expect(out).toContain('Approved 1 change.')
    expect(gateway.bodies(`POST ${at}/plan/approve`)).toEqual([{ heldDigest: 'seen' }])
  })

  test('approves only the keys that are named', async () => {
    gateway.on(`GET ${at}/plan`, plan).on(`POST ${at}/plan/approve`, {})
    await gateway.run(['awsic', 'approve', '--yes', '--key', held.key, '--digest', 'd'])
    expect(gateway.bodies(`POST ${at}/plan/approve`)).toEqual([{ heldDigest: 'd', keys: [held.key] }])
  })

  test.each([
    [['no'], 0, 'Nothing was approved.'],
    [undefined, 1, ''],
  ])('sends nothing where the answers are %j', async (answers, code, says) => {
    gateway.on(`GET ${at}/plan`, plan)
    const outcome = await gateway.run(['awsic', 'approve'], answers === undefined ? {} : { answers })
    expect(outcome.code).toBe(code)
    expect(outcome.out).toContain(says)
    expect(gateway.bodies(`POST ${at}/plan/approve`)).toEqual([])
  })

  test('passes on that the plan has changed since it was shown', async () => {
    gateway.on(`GET ${at}/plan`, plan).on(`POST ${at}/plan/approve`, () => {
      throw new Refusal(409, 'PLAN_CHANGED', 'look at it again')
    })
    const { code, err } = await gateway.run(['awsic', 'approve', '--yes'])
    expect([code, err]).toEqual([1, 'gatehouse: Refused: look at it again\n'])
  })

  test('has nothing to ask where nothing waits', async () => {
    gateway.on(`GET ${at}/plan`, { ...plan, actions: [], counts: [], total: 0 })
    expect((await gateway.run(['awsic', 'approve'])).out).toBe('Nothing waits for a person.\n')
  })
})

describe('release', () => {
  const restored = { backupAt: '2026-11-21T02:17:00Z', restoredAt: '2026-11-22T01:00:00Z' }

  test('shows the whole plan, asks, and releases what was shown', async () => {
    gateway
      .on(`GET ${at}/plan`, { ...plan, sync: 'active', restored, readAt: plan.madeAt })
      .on(`POST ${at}/plan/approve`, {})
    const { code, out, err } = await gateway.run(['awsic', 'release'], { answers: ['yes'] })
    expect({ code, err }).toEqual({
      code: 0,
      err: 'Release the plan after the backup of 2026-11-21T02:17:00Z was restored: 1 change in AWS? [y/N] ',
    })
    expect(out).toContain('nothing changes in AWS until the plan is released')
    expect(out).toContain('gatehouse awsic release ')
    expect(out).not.toContain('gatehouse awsic approve')
    expect(out).toContain('Released: 1 change. The sync goes on.')
    expect(gateway.bodies(`POST ${at}/plan/approve`)).toEqual([{ heldDigest: 'seen', release: true }])
  })

  test('passes on that AWS was not read since, and sends nothing where nothing was restored', async () => {
    gateway.on(`GET ${at}/plan`, { ...plan, restored }).on(`POST ${at}/plan/approve`, () => {
      throw new Refusal(409, 'CONFLICT', 'AWS was not read to the end since the restore')
    })
    const early = await gateway.run(['awsic', 'release', '--yes'])
    expect(early.out).toContain('AWS was not read to the end yet')
    expect([early.code, early.err]).toEqual([
      1,
      'gatehouse: Refused: AWS was not read to the end since the restore\n',
    ])
    gateway.on(`GET ${at}/plan`, plan)
    expect((await gateway.run(['awsic', 'release', '--yes'])).out).toContain('No plan waits for its release')
    expect(gateway.bodies(`POST ${at}/plan/approve`)).toHaveLength(1)
  })
})

describe('plan', () => {
  test('reads every page for a program', async () => {
    gateway.on(`GET ${at}/plan`, ({ query }: Asked) =>
      query.cursor === undefined
        ? { ...plan, nextCursor: 'c' }
        : { ...plan, actions: [{ ...held, key: 'second' }] },
    )
    const { out } = await gateway.run(['awsic', 'plan', '--json'])
    const { actions, nextCursor } = JSON.parse(out) as PlanAnswer
    expect([actions.map(({ key }) => key), nextCursor]).toEqual([['group.delete/x', 'second'], undefined])
  })

  test('shows only what waits with --held, and what names contain is shown, never obeyed', async () => {
    gateway.on(`GET ${at}/plan`, { ...plan, actions: [{ ...held, says: 'Delete \u001b[2J' }] })
    const { out } = await gateway.run(['awsic', 'plan', '--held'])
    expect(out).toContain('Delete \ufffd[2J')
    expect(gateway.asked[0]?.query).toMatchObject({ show: 'held' })
  })
})

describe('apply', () => {
  test('asks, sends what was seen, and follows the work to its end', async () => {
    let looks = 0
    gateway
      .on(`GET ${at}/plan`, plan)
      .on(`POST ${at}/plan/apply`, { job: { ...job('apply', 'running'), done: 1 } })
      .on(`GET ${at}/status`, () => ({ ...status, job: job('apply', ++looks > 1 ? 'done' : 'running') }))
    const { code, out } = await gateway.run(['awsic', 'apply', '--watch'], { answers: ['y'] })
    expect(code).toBe(0)
    expect(out).toMatch(/members of groups: 1 of 4\n {2}Reading members of groups: 4 of 4\nDone\.\n$/)
    expect(gateway.bodies(`POST ${at}/plan/apply`)).toEqual([{ heldDigest: 'seen' }])
  })

  test('fails with the words of the work that failed', async () => {
    gateway.on(`GET ${at}/plan`, plan).on(`POST ${at}/plan/apply`, {
      job: { ...job('apply', 'failed'), error: 'AWS refused the credentials' },
    })
    const { code, err } = await gateway.run(['awsic', 'apply', '--watch', '--yes'])
    expect([code, err]).toEqual([1, 'gatehouse: AWS refused the credentials\n'])
  })
})

describe('status', () => {
  test('tells what is wrong with what to do', async () => {
    gateway.on(`GET ${at}/status`, status)
    const { code, out } = await gateway.run(['awsic', 'status'])
    expect(code).toBe(0)
    expect(out).toMatch(/^aws-identity-center: HEALTHY\. Everything is as it should be\.\n/)
    expect(out).toContain(
      '- user x: has no mail address\n    do: give one (since 2026-11-22T03:00:00Z, tried 3 times)',
    )
  })

  test('calls credentials unknown that were never used', async () => {
    const credentials = { kind: 'oidc', says: 'Not used yet.' }
    gateway.on(`GET ${at}/status`, { ...status, credentials })
    expect((await gateway.run(['awsic', 'status'])).out).toContain('unknown (oidc): Not used yet.')
  })

  test.each(['failing', 'attention'] as const)('has exit status 1 where it is %s', async (health) => {
    gateway.on(`GET ${at}/status`, { ...status, health })
    expect((await gateway.run(['awsic', 'status', '--json'])).code).toBe(1)
  })

  test('of a plugin that there is not passes on the refusal', async () => {
    const { code, err } = await gateway.run(['awsic', 'status', '--plugin', 'west'])
    expect([code, err]).toEqual([1, 'gatehouse: Refused: nothing at GET /v1/identity-center/west/status\n'])
  })
})

describe('scim', () => {
  const scim: ScimAnswer = {
    baseUrl: 'https://scim.example/',
    tokens: [
      {
        slot: 1,
        inUse: true,
        addedAt: '2026-11-22T03:00:00Z',
        addedBy: 'ada',
        expiresAt: '2027-11-22T03:00:00Z',
        daysLeft: 365,
        state: 'ok',
      },
    ],
    warnings: [],
  }

  test('rotate sends the token of a file, without its line break, to the slot', async () => {
    const file = join(folder, 'token')
    await writeFile(file, 'eyJ0b2tlbiJ9\n')
    gateway.on(`PUT ${at}/scim`, { saved: true, scim })
    const { code, out } = await gateway.run(['awsic', 'scim', 'rotate', '2', '--file', file])
    expect(code).toBe(0)
    expect(out).toContain('2027-11-22 (365 days)')
    expect(out).not.toContain('eyJ0b2tlbiJ9')
    expect(gateway.bodies(`PUT ${at}/scim`)).toEqual([{ token: 'eyJ0b2tlbiJ9', slot: 2 }])
  })

  test('a token whose test failed is told as not kept', async () => {
    const steps = [{ name: 'create', ok: false, says: 'AWS refused the token' }]
    gateway.on(`PUT ${at}/scim`, { saved: false, test: { ok: false, steps }, scim })
    const { code, out, err } = await gateway.run(['awsic', 'scim', 'set-token', '--file', '-'], {
      input: 'abc',
    })
    expect([code, out.split('\n')[0]]).toEqual([1, 'FAIL  create: AWS refused the token'])
    expect(err).toContain('the token was not kept')
  })

  test.each([
    ['', 'the SCIM token must not be empty'],
    ['two words', 'the SCIM token must be one word on one line'],
  ])('refuses the token %j and does not repeat it', async (input, says) => {
    const { code, err } = await gateway.run(['awsic', 'scim', 'set-token', '--file', '-'], { input })
    expect([code, err]).toEqual([1, `gatehouse: ${says}\n`])
    expect(gateway.asked).toEqual([])
  })

  test('refuses a slot that there is not', async () => {
    const { err } = await gateway.run(['awsic', 'scim', 'rotate', '3', '--file', '-'], { input: 'abc' })
    expect(err).toContain('"3" is no slot: there are 1 and 2')
  })
})

describe('uninstall', () => {
  const answer: UninstallAnswer = {
    warnings: ['Identity Center still signs people in through us.'],
    removes: ['12 imported access lists'],
    keeps: ['3 access lists that were made here'],
    dangling: [
      { kind: 'user', name: 'al', says: 'holds a role that goes', command: 'gatehouse edit user/al' },
    ],
    awsCleanup: { fileName: 'cleanup.sh', text: 'aws iam delete-role\n' },
    timeBoxed: 2,
  }

  test('shows what goes, wants the name, keeps the script, and ends although the plugin is gone', async () => {
    const file = join(folder, 'cleanup.sh')
    gateway.on(`GET ${at}/uninstall`, answer).on(`POST ${at}/uninstall`, { job: job('uninstall', 'running') })
    const { code, out } = await gateway.run(['awsic', 'uninstall', '--cleanup-file', file], {
      answers: ['aws-identity-center'],
    })
    expect(code).toBe(0)
    expect(out).toContain('user al: holds a role that goes\n      gatehouse edit user/al')
    expect(out).toMatch(/aws-identity-center is removed\.\n$/)
    expect(await readFile(file, 'utf8')).toBe('aws iam delete-role\n')
    expect(gateway.bodies(`POST ${at}/uninstall`)).toEqual([{ confirm: 'aws-identity-center' }])
  })

  test.each([[['yes']], [['']]])('does nothing where %j is typed', async (answers) => {
    gateway.on(`GET ${at}/uninstall`, answer)
    const { out } = await gateway.run(['awsic', 'uninstall'], { answers })
    expect(out).toMatch(/Nothing was changed\.\n$/)
    expect(gateway.bodies(`POST ${at}/uninstall`)).toEqual([])
  })

  test('says what has to be done first', async () => {
    gateway.on(`GET ${at}/uninstall`, { ...answer, refused: 'change the identity source first' })
    const { code, err } = await gateway.run(['awsic', 'uninstall', '--yes'])
    expect([code, err]).toEqual([1, 'gatehouse: change the identity source first\n'])
  })
})

describe('preview and resources', () => {
  const preview: PreviewAnswer = {
    readAt: '2026-11-22T03:00:00Z',
    counts: {
      accounts: { found: 7, imported: 7 },
      permission_sets: { found: 5, imported: 5 },
      users: { found: 8, imported: 6 },
      groups: { found: 4, imported: 3 },
      members: { found: 9, imported: 8 },
      assignments: { found: 22, imported: 22 },
    },
    items: [{ id: 'g-1', name: 'finance', facts: '1 member', imported: false, says: 'left out by a filter' }],
    total: 1,
    notImported: ['application assignments'],
  }

  test('a preview says what is left out and why', async () => {
    gateway.on(`GET ${at}/preview`, preview)
    const { out } = await gateway.run(['awsic', 'preview', '--show', 'skipped'])
    expect(out).toContain('groups          4 found, 3 imported')
    expect(out).toContain('finance  g-1  1 member  no        left out by a filter')
    expect(out).toContain('No import takes over:\n  application assignments')
    expect(gateway.asked[0]?.query).toMatchObject({ kind: 'groups', show: 'skipped' })
  })

  test('resources ls lists each kind, and programs read lines', async () => {
    gateway.on(`GET ${at}/preview`, preview)
    const { out } = await gateway.run(['awsic', 'resources', 'ls', '--json'])
    const kinds = out
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { kind: string }).kind)
    expect(kinds).toEqual(['accounts', 'permission_sets', 'users', 'groups'])
  })
})

test('resync takes a user or a list, and nothing else', async () => {
  gateway.on(`POST ${at}/resync`, {})
  expect((await gateway.run(['awsic', 'resync', 'list/platform'])).code).toBe(0)
  expect(gateway.bodies(`POST ${at}/resync`)).toEqual([{ kind: 'list', name: 'platform' }])
  const { code, err } = await gateway.run(['awsic', 'resync', 'group/platform'])
  expect([code, err]).toEqual([1, 'gatehouse: "group/platform" is neither user/NAME nor list/NAME\n'])
})
