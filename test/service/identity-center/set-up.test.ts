/** The set-up from its first step on: the connection, where it stands, the check before the hand-over, the status. */
import { describe, expect, test } from 'vitest'
import { AwsCallError } from '../../../src/core/governor/call.js'
import { noteNames } from '../../../src/core/identity-center/note-names.js'
import type { Plan } from '../../../src/core/plan/plan.js'
import { day, hour } from '../../../src/core/time.js'
import { listAssignments } from '../../../src/service/identity-center/assignments.js'
import { startImport } from '../../../src/service/identity-center/import.js'
import { listIntegrations } from '../../../src/service/identity-center/integrations.js'
import { preflight } from '../../../src/service/identity-center/preflight.js'
import { resync } from '../../../src/service/identity-center/resync.js'
import { readSetup } from '../../../src/service/identity-center/setup.js'
import { readStatus } from '../../../src/service/identity-center/status.js'
import { testConnection } from '../../../src/service/identity-center/test-connection.js'
import { demo } from '../../emulator/aws-world.js'
import { desk, refused, role, sp, user } from '../resources/world.js'
import { openIcWorld, plugin, pluginName, type IcWorld } from './world.js'

const by = 'ada@example.com'
const withSp = { saml_idp_service_provider_name: 'aws' }

function integration(role_arn = 'arn:aws:iam::111111111111:role/GatehouseIdentityCenter') {
  const spec = { aws_oidc: { role_arn } }
  return { kind: 'integration', sub_kind: 'aws-oidc', version: 'v1', metadata: { name: 'aws' }, spec }
}

async function statesOf(us: IcWorld) {
  const { steps } = await readSetup(us.deps, pluginName)
  return Object.fromEntries(steps.map(({ step, state }) => [step, state]))
}

describe('the connection test', () => {
  test('says who we are, which instance it is, and which actions are allowed', async () => {
    const us = await openIcWorld()
    const answer = await testConnection(us.deps, pluginName)
    expect(answer).toMatchObject({
      ok: true,
      instance: { instanceArn: demo.instanceArn, status: 'ACTIVE', standing: 'management_account' },
      limits: [],
    })
    expect(answer.permissions.length).toBeGreaterThan(10)
    const allowed = answer.permissions.filter(({ verdict }) => verdict === 'allowed')
    const untold = answer.permissions.filter(({ verdict }) => verdict === 'unknown')
    expect(untold.map(({ action }) => action)).toContain('iam:AttachRolePolicy')
    // Nothing is claimed of what was not tried.
    expect(answer.says).toContain(
      `${allowed.length} actions are allowed; of ${untold.length} it cannot be told`,
    )
    expect(answer.says).toContain('iam:AttachRolePolicy')
    expect(answer.says).not.toContain('every action')
  })

  test('answers a refusal of AWS with words, not with an error', async () => {
    const us = await openIcWorld()
    us.sync.connect = () => {
      const facts = {
        failure: 'unauthorized',
        service: 'sts',
        operation: 'AssumeRole',
        awsCode: 'AccessDenied',
      } as const
      throw new AwsCallError({ ...facts, message: 'Not authorised.' })
    }
    const answer = await testConnection(us.deps, pluginName)
    expect(answer).toMatchObject({ ok: false, permissions: [] })
    expect(answer.says).toContain('AssumeRole was answered with AccessDenied')
  })

  test('is what the set-up and the list of integrations tell of the connection: untested, refused, accepted', async () => {
    const us = await openIcWorld()
    const told = async () => {
      const integration = (await listIntegrations(us.deps)).items.find(({ kind }) => kind === 'integration')
      return [(await statesOf(us))['connect'], integration?.health]
    }
    await us.world.apply([integration(), plugin({ credentials: { oidc: { integration_name: 'aws' } } })])
    expect(await told()).toEqual(['current', 'setting_up'])
    const connect = us.sync.connect.bind(us.sync)
    const facts = { service: 'sts', operation: 'AssumeRoleWithWebIdentity', awsCode: 'AccessDenied' } as const
    us.sync.connect = () => {
      throw new AwsCallError({ ...facts, failure: 'unauthorized', message: 'Not authorised.' })
    }
    await testConnection(us.deps, pluginName)
    expect(await told()).toEqual(['attention', 'failing'])
    us.sync.connect = connect
    await testConnection(us.deps, pluginName)
    expect(await told()).toEqual(['done', 'healthy'])
    // What was found with another role says nothing of this one.
    await us.world.apply(integration('arn:aws:iam::222222222222:role/Other'))
    expect(await told()).toEqual(['current', 'setting_up'])
  })

  test('of a region without the instance names the region first, not the policy', async () => {
    const us = await openIcWorld()
    us.sync.connect = () => {
      const facts = { service: 'sso-admin', operation: 'DescribeInstance', failure: 'denied' } as const
      throw new AwsCallError({ ...facts, awsCode: 'AccessDeniedException', message: 'No instance there.' })
    }
    expect((await testConnection(us.deps, pluginName)).says).toContain('Check Region and Instance ARN first')
  })

  test('of a plugin that is not there is not found', async () => {
    const us = await openIcWorld()
    expect((await refused(testConnection(us.deps, 'other'))).code).toBe('NOT_FOUND')
  })
})

describe('metadata of another instance', () => {
  const at = (store: string) => `https://eu-central-1.signin.aws.amazon.com/platform/saml/${store}`
  const ours = at(demo.identityStoreId)
  const foreign = at('d-0123456789')
  const both = new RegExp(`d-0123456789.*${demo.identityStoreId}`)
  const of = (entityId: string) => sp('aws', entityId)

  test('is told by the connection test, which is not passed, and by the step of the set-up', async () => {
    const us = await openIcWorld()
    await us.world.apply([of(foreign), plugin(withSp)])
    const answer = await testConnection(us.deps, pluginName)
    expect(answer.ok).toBe(false)
    expect(answer.says).toMatch(both)
    const { steps } = await readSetup(us.deps, pluginName)
    expect(steps.find(({ step }) => step === 'identity_source')).toMatchObject({
      state: 'attention',
      says: expect.stringMatching(both) as string,
    })
    // AWS lets us in all the same.
    expect(await statesOf(us)).toMatchObject({ connect: 'done' })
    await us.world.apply(of(ours))
    expect((await testConnection(us.deps, pluginName)).ok).toBe(true)
  })

  test('is refused once it is known which instance it is, with both ids; that of this one is taken', async () => {
    const us = await openIcWorld()
    await testConnection(us.deps, pluginName)
    await us.world.apply(of(foreign))
    const error = await refused(us.world.apply(plugin(withSp)))
    expect(error.code).toBe('INVALID_RESOURCE')
    expect(error.message).toMatch(both)
    expect((await refused(us.world.apply([of(foreign), plugin(withSp)]))).message).toMatch(both)
    await us.world.apply([of(ours), plugin(withSp)])
  })

  test('does not take the place of what a plugin at work has, and does not keep that from being paused', async () => {
    const us = await openIcWorld()
    await us.world.apply([of(ours), plugin(withSp)])
    await testConnection(us.deps, pluginName)
    const link = { kind: 'user', name: 'dev@example.com', awsId: 'u-1', origin: 'created' } as const
    await us.world.store.principalLinks.put(pluginName, { ...link, linkedAt: 0, unwantedSince: undefined })
    expect((await refused(us.world.apply(of(foreign)))).message).toMatch(both)
    const note = { identityStore: { instanceArn: demo.instanceArn, id: 'd-9999999999' } }
    await us.world.store.notes.put(noteNames.tested(pluginName), note)
    await us.world.apply(plugin({ ...withSp, sync: 'paused' }))
  })

  test('cannot be told by an entity ID of another form, which is said', async () => {
    const us = await openIcWorld()
    await testConnection(us.deps, pluginName)
    await us.world.apply(of('https://sp.example/metadata'))
    const [change] = await us.world.apply(plugin(withSp))
    expect(change?.notes.join()).toContain('cannot be told whether it is that of this instance')
    expect((await testConnection(us.deps, pluginName)).ok).toBe(true)
  })
})

describe('the steps of the set-up', () => {
  test('follow from what there is: left at any point, they are where they were', async () => {
    const us = await openIcWorld()
    expect(await statesOf(us)).toMatchObject({ connect: 'current', preview: 'waiting', plan: 'waiting' })
    await us.sync.scan()
    expect(await statesOf(us)).toMatchObject({ connect: 'done', preview: 'current' })
    await startImport(us.deps, pluginName, by, desk)
    expect(await statesOf(us)).toMatchObject({ preview: 'done', identity_source: 'current' })
    await us.world.apply([sp('aws', 'https://aws.example'), plugin(withSp)])
    expect(await statesOf(us)).toMatchObject({ identity_source: 'done', scim: 'current' })
    await us.world.apply(plugin({ ...withSp, sync: 'active' }))
    expect(await statesOf(us)).toMatchObject({ plan: 'done', access: 'done', start: 'waiting' })
  })

  test('the plan is done once nothing of it is left, held or tried again, and not when it was agreed to', async () => {
    const us = await openIcWorld({ settings: withSp })
    const step = async () => (await readSetup(us.deps, pluginName)).steps.find((one) => one.step === 'plan')
    await us.world.apply(sp('aws', 'https://aws.example'))
    await us.sync.scan()
    await startImport(us.deps, pluginName, by, desk)
    const own = {
      kind: 'access_list',
      version: 'v1',
      metadata: { name: 'own' },
      spec: {
        title: 'Own',
        owners: [{ name: by }],
        grants: { roles: [`assignment/${demo.sandbox}/${demo.readOnlyArn}`] },
      },
    }
    await us.world.apply([own, plugin({ ...withSp, sync: 'active' })])
    const { plan } = await us.sync.plan()
    expect(plan.actions.length).toBeGreaterThan(1)
    expect(await step()).toMatchObject({ state: 'waiting' })
    expect((await step())?.says).toContain('not in AWS yet')
    const planned = us.sync.plan.bind(us.sync)
    const withActions = (choose: (all: Plan['actions']) => Plan['actions']) => {
      us.sync.plan = async () => {
        const current = await planned()
        return { ...current, plan: { ...current.plan, actions: choose(current.plan.actions) } }
      }
    }
    const hold = { rule: 'removals', says: 'It takes away much.' } as const
    withActions((all) => all.map((one) => ({ ...one, holds: [hold] })))
    expect(await step()).toMatchObject({ state: 'attention' })
    expect((await step())?.says).toMatch(/^\d+ changes are held until a person decides\.$/)
    withActions((all) =>
      all.slice(0, 1).map((one) => ({ ...one, holds: [], notBefore: us.world.clock.now() + hour })),
    )
    expect(await step()).toMatchObject({ state: 'attention' })
    expect((await step())?.says).toContain('1 failed and is tried again')
    withActions(() => [])
    expect(await step()).toMatchObject({ state: 'done' })
  })

  test('ask for attention where something is wrong', async () => {
    const us = await openIcWorld({ settings: withSp })
    us.sync.credentials = { ok: false, says: 'AWS does not accept the credentials.', expiresAt: undefined }
    expect(await statesOf(us)).toMatchObject({ connect: 'attention', identity_source: 'attention' })
  })

  test('bring what has to be uploaded to AWS', async () => {
    const us = await openIcWorld()
    const { idp } = await readSetup(us.deps, pluginName)
    expect(idp).toMatchObject({
      entityId: us.deps.entityId,
      metadataUrl: 'https://gatehouse.test/saml/idp/metadata',
    })
    expect(idp.certificatePem).toContain('BEGIN CERTIFICATE')
  })
})

describe('the roles that open the portal', () => {
  const labelled = (value: string) => ({ allow: { app_labels: { portal: value } } })
  const portalOf = async (us: IcWorld) => (await readSetup(us.deps, pluginName)).portal

  test('are found by what they grant, whatever they are called', async () => {
    const us = await openIcWorld({ settings: withSp })
    const aws = sp('aws', 'https://aws.example')
    const labels = { portal: 'aws' }
    await us.world.apply([
      { ...aws, metadata: { ...aws.metadata, labels } },
      role('portal-people', labelled('aws')),
      role('identity-center-access', labelled('something-else')),
      role('refuser', {
        ...labelled('aws'),
        deny: { app_labels: { portal: 'aws' } },
      }),
    ])
    expect(await portalOf(us)).toEqual({
      says: '1 role opens the service provider "aws" by its labels.',
      roles: ['portal-people'],
    })
  })

  test('are none where none matches, and that is said', async () => {
    const us = await openIcWorld({ settings: withSp })
    expect((await portalOf(us)).says).toContain('There is no service provider "aws"')
    await us.world.apply([sp('aws', 'https://aws.example'), role('access', labelled('something-else'))])
    expect(await portalOf(us)).toEqual({
      says: 'No role of version 8 has app_labels that match the service provider "aws".',
      roles: [],
    })
  })
})

const people = ['dev', 'nolabels', 'v7off', 'mfa', 'auditor', 'newcomer', 'gone'].map(
  (name) => `${name}@example.com`,
)
const givePassword = async ({ world }: IcWorld, name: string) =>
  await world.store.credentials.putPassword({ user: name, hash: 'x', changedAt: world.clock.now() })

describe('the check before the hand-over', () => {
  test('names who would lose access, who is spelt differently, and whether whoever asks gets in', async () => {
    const us = await openIcWorld({ settings: withSp })
    await us.world.apply([user('MFA@example.com'), sp('aws', 'https://aws.example')])
    await us.sync.scan()
    const answer = await preflight(us.deps, pluginName, await us.admin())
    const verdicts = Object.fromEntries(answer.users.map(({ userName, verdict }) => [userName, verdict]))
    expect(verdicts).toMatchObject({
      'auditor@example.com': 'would_lose_access',
      'mfa@example.com': 'different_case',
      'newcomer@example.com': 'no_gatehouse_user',
      'gone@example.com': 'inactive',
    })
    expect(answer.users[0]?.verdict).toBe('would_lose_access')
    expect(answer.ready).toBe(false)
    // Here and in AWS under one name, and nobody gets in without a role.
    expect(verdicts).toMatchObject({ 'dev@example.com': 'roles_refuse' })
    // Both that keeps them out is told: a role alone would not let them in.
    const dev = answer.users.find(({ userName }) => userName === 'dev@example.com')
    expect(dev?.says).toContain('never set a password')
    expect(dev?.remedy).toMatch(/role .* one-time link/)
    expect(answer.counts['ok']).toBe(0)
    // The role "admin" is v8 and has no app_labels.
    expect(answer.administrator).toMatchObject({ user: by, ok: false })
    expect(answer.administrator.reasons.length).toBeGreaterThan(0)
    expect(answer.certificate).toMatchObject({ ok: true })
  })

  test('is passed where everybody has a user here of the same name, and the roles let one in', async () => {
    const us = await openIcWorld({ settings: withSp })
    await us.world.apply([
      sp('aws', 'https://aws.example'),
      role('portal', { allow: { app_labels: { '*': '*' } } }),
      user('ada@example.com', { roles: ['admin', 'portal'] }),
      ...people.map((name) => user(name, { roles: ['portal'] })),
    ])
    await us.sync.scan()
    for (const name of [by, ...people.slice(1)]) await givePassword(us, name)
    const before = await preflight(us.deps, pluginName, await us.admin())
    expect(before).toMatchObject({ ready: false, says: expect.stringContaining('1 with access') as string })
    expect(before.users).toContainEqual(
      expect.objectContaining({ userName: people[0], verdict: 'no_password' }),
    )
    await givePassword(us, people[0] ?? '')
    const answer = await preflight(us.deps, pluginName, await us.admin())
    expect(answer.administrator).toMatchObject({ ok: true })
    expect(answer).toMatchObject({ ready: true, says: expect.stringContaining('Ready') as string })
    // Who is fine can be looked at.
    const view = { search: 'AUDITOR', show: 'all' } as const
    const fine = await preflight(us.deps, pluginName, await us.admin(), view)
    expect(fine).toMatchObject({ total: 1, users: [{ userName: 'auditor@example.com', verdict: 'ok' }] })
    const concerns = { search: 'auditor', show: 'concerns' } as const
    expect(await preflight(us.deps, pluginName, await us.admin(), concerns)).toMatchObject({ total: 0 })
  })

  test('is not ready before the users were read', async () => {
    const us = await openIcWorld()
    expect(await preflight(us.deps, pluginName, await us.admin())).toMatchObject({ ready: false })
  })
})

/** A look at AWS that has just come to its end. */
function justNow({ world }: IcWorld) {
  return { at: world.clock.now(), tookMs: 1000, everyMs: 300_000 }
}

describe('the status', () => {
  test('is one of a set-up until Gatehouse first changed AWS, then healthy or what is wrong', async () => {
    const us = await openIcWorld()
    await us.sync.scan()
    await startImport(us.deps, pluginName, by, desk)
    expect(await readStatus(us.deps, pluginName)).toMatchObject({
      health: 'setting_up',
      mode: 'hybrid',
      totals: { accounts: 7, permissionSets: 5, users: 8, groups: 4 },
    })
    await us.world.apply(plugin({ sync: 'active' }))
    us.sync.lastScan = justNow(us)
    const failing = await readStatus(us.deps, pluginName)
    expect(failing).toMatchObject({ health: 'failing', problems: [{ code: 'scim_missing' }] })
    await storeToken(us, 365)
    expect(await readStatus(us.deps, pluginName)).toMatchObject({ health: 'failing' })
    await us.world.apply(plugin({ sync: 'active', provisioning_spec: { base_url: awsScim } }))
    expect(await readStatus(us.deps, pluginName)).toMatchObject({ health: 'healthy', problems: [] })
    await us.world.apply(plugin({ sync: 'paused', provisioning_spec: { base_url: awsScim } }))
    await us.world.store.notes.put(noteNames.started(pluginName), {})
    expect(await readStatus(us.deps, pluginName)).toMatchObject({ health: 'paused' })
  })

  test('puts the worst first: credentials before a token that ends', async () => {
    const us = await openIcWorld({ settings: { sync: 'active', provisioning_spec: { base_url: awsScim } } })
    await us.world.store.notes.put(noteNames.started(pluginName), {})
    us.sync.lastScan = justNow(us)
    await storeToken(us, 20)
    us.sync.errors = [
      { kind: 'user', name: by, says: 'x', remedy: 'y', since: us.world.clock.now(), attempts: 3 },
    ]
    expect(await readStatus(us.deps, pluginName)).toMatchObject({
      health: 'attention',
      problems: [{ code: 'scim_expiring' }, { code: 'errors' }],
    })
    us.sync.credentials = { ok: false, says: 'AWS does not accept the credentials.', expiresAt: undefined }
    const { health, says, problems } = await readStatus(us.deps, pluginName)
    expect([health, says]).toEqual(['failing', 'AWS does not accept the credentials.'])
    expect(problems.map(({ code }) => code)).toEqual(['credentials', 'scim_expiring', 'errors'])
  })

  test('notices that nobody holds the lease and that AWS was not read for long', async () => {
    const us = await openIcWorld({ settings: { sync: 'active', provisioning_spec: { base_url: awsScim } } })
    await storeToken(us, 200)
    const now = us.world.clock.now()
    us.sync.lastScan = { at: now - 2 * hour, tookMs: 1000, everyMs: 300_000 }
    us.sync.lease = undefined
    const { problems } = await readStatus(us.deps, pluginName)
    expect(problems.map(({ code }) => code)).toEqual(['no_holder', 'stale'])
  })

  test('is never healthy where AWS was not read, or where the last look broke off', async () => {
    const us = await openIcWorld({ settings: { sync: 'active', provisioning_spec: { base_url: awsScim } } })
    await us.world.store.notes.put(noteNames.started(pluginName), {})
    await storeToken(us, 365)
    expect(await readStatus(us.deps, pluginName)).toMatchObject({
      health: 'attention',
      problems: [{ code: 'never_read' }],
    })
    us.sync.lastScan = justNow(us)
    expect(await readStatus(us.deps, pluginName)).toMatchObject({ health: 'healthy' })
    us.sync.scanFailure = { at: us.world.clock.now(), says: 'ListUsers was refused' }
    expect(await readStatus(us.deps, pluginName)).toMatchObject({
      health: 'attention',
      problems: [{ code: 'scan_failed', says: 'The last look at AWS broke off: ListUsers was refused' }],
    })
  })

  test('of one that was switched on before the import says that it imports, or what it lacks', async () => {
    const us = await openIcWorld({ settings: { sync: 'active', provisioning_spec: { base_url: awsScim } } })
    await storeToken(us, 365)
    us.sync.lastScan = justNow(us)
    expect(await readStatus(us.deps, pluginName)).toMatchObject({ health: 'setting_up', problems: [] })
    await us.world.apply(plugin({ sync: 'active', access_list_default_owners: [] }))
    const { health, problems } = await readStatus(us.deps, pluginName)
    expect(health).toBe('failing')
    expect(problems[0]).toMatchObject({
      code: 'default_owners',
      remedy: 'Name access_list_default_owners in the plugin.',
    })
  })

  test('is told also where no plan can be made', async () => {
    const us = await openIcWorld({ settings: { sync: 'active' } })
    us.sync.plan = () => Promise.reject(new Error('damaged'))
    const { health, problems } = await readStatus(us.deps, pluginName)
    expect(health).toBe('failing')
    expect(problems.map(({ code }) => code)).toContain('plan')
  })

  test('stands in the list of integrations', async () => {
    const us = await openIcWorld()
    expect(await listIntegrations(us.deps)).toMatchObject({
      items: [{ kind: 'plugin', name: pluginName, health: 'setting_up' }],
    })
  })
})

describe('assignments as last seen', () => {
  test('are told with why, by person with their groups', async () => {
    const us = await openIcWorld()
    await us.sync.scan()
    await startImport(us.deps, pluginName, by, desk)
    const all = await listAssignments(us.deps, pluginName, { limit: 50 })
    expect(all.total).toBeGreaterThan(15)
    const dev = await listAssignments(us.deps, pluginName, { limit: 50, person: 'DEV@example.com' })
    expect(new Set(dev.items.map(({ principal }) => principal.name))).toEqual(
      new Set(['developers', 'dev@example.com']),
    )
    expect(dev.items.find(({ principal }) => principal.kind === 'group')).toMatchObject({ owned: true })
    const one = await listAssignments(us.deps, pluginName, { limit: 50, account: demo.production })
    expect(new Set(one.items.map(({ account }) => account.name))).toEqual(new Set(['production']))
    expect((await listAssignments(us.deps, pluginName, { limit: 50, person: 'nobody@' })).items).toEqual([])
  })
})

test('a resync is of an object that is there', async () => {
  const us = await openIcWorld()
  await resync(us.deps, pluginName, { kind: 'user', name: 'dev@example.com' })
  expect(us.sync.resynced).toEqual([{ kind: 'user', name: 'dev@example.com' }])
  const error = await refused(resync(us.deps, pluginName, { kind: 'list', name: 'nothing' }))
  expect(error.code).toBe('NOT_FOUND')
})

const awsScim = 'https://scim.eu-central-1.amazonaws.com/t/scim/v2/'

async function storeToken(us: IcWorld, days: number): Promise<void> {
  const now = us.world.clock.now()
  await us.world.store.scimTokens.put(pluginName, {
    slot: 1,
    sealedToken: 'x',
    host: 'scim.eu-central-1.amazonaws.com',
    addedAt: now,
    addedBy: by,
    expiresAt: now + days * day,
    refusedAt: undefined,
  })
}
