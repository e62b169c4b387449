/** The removal of a plugin: told before, refused while it would hurt, in its order, and what stays. */
import { CreateAccountAssignmentCommand, ListAccountAssignmentsCommand } from '@aws-sdk/client-sso-admin'
import { describe, expect, test } from 'vitest'
import { noteNames } from '../../../src/core/identity-center/note-names.js'
import { hour } from '../../../src/core/time.js'
import { describeUninstall } from '../../../src/service/identity-center/describe-uninstall.js'
import { startImport } from '../../../src/service/identity-center/import.js'
import { signInEvent } from '../../../src/service/saml/sign-in-event.js'
import { record } from '../../../src/service/people/record.js'
import { uninstall } from '../../../src/service/identity-center/uninstall.js'
import { demo } from '../../emulator/aws-world.js'
import { desk, refused, role, sp, user } from '../resources/world.js'
import { openIcWorld, plugin, pluginName, type IcWorld } from './world.js'

const by = 'ada@example.com'
const yes = { confirm: pluginName, removeAccess: false, stillIdentitySource: false }
const pair = `${demo.sandbox}/${demo.readOnlyArn}`
const ref = `assignment/${pair}`

async function importedWorld(settings: object = {}): Promise<IcWorld> {
  const us = await openIcWorld({ settings })
  await us.sync.scan()
  await startImport(us.deps, pluginName, by, desk)
  return us
}

async function run(us: IcWorld, input: Partial<typeof yes> = {}) {
  return await uninstall(us.deps, pluginName, { ...yes, ...input }, await us.admin(), desk)
}

async function principalsOf(us: IcWorld): Promise<(string | undefined)[]> {
  const [TargetId = '', ...set] = pair.split('/')
  const answer = await us.aws.clients.ssoAdmin.send(
    new ListAccountAssignmentsCommand({
      InstanceArn: demo.instanceArn,
      AccountId: TargetId,
      PermissionSetArn: set.join('/'),
    }),
  )
  return (answer.AccountAssignments ?? []).map(({ PrincipalId }) => PrincipalId)
}

describe('before the removal', () => {
  test('it is told what goes, what stays, and which references would lead nowhere with what to type', async () => {
    const us = await importedWorld()
    await us.world.apply([
      user("o'dev@example.com", { roles: [ref] }),
      {
        kind: 'access_list',
        version: 'v1',
        metadata: { name: 'own' },
        spec: { title: 'Own', owners: [{ name: by }], grants: { roles: [ref] } },
      },
    ])
    const answer = await describeUninstall(us.deps, pluginName)
    expect(answer.removes.join('\n')).toContain('4 access lists that were imported')
    expect(answer.keeps.join('\n')).toContain('1 access list and every role that people made')
    expect(answer.lists).toHaveLength(4)
    expect(answer.dangling).toMatchObject([
      { kind: 'access_list', name: 'own', command: 'gatehouse edit access_list/own' },
      { kind: 'user', name: "o'dev@example.com", command: "gatehouse edit 'user/o'\\''dev@example.com'" },
    ])
    expect(answer.dangling[0]?.says).toContain('ReadOnlyAccess-on-sandbox-777777777777')
    expect(answer).toMatchObject({ timeBoxed: 0, warnings: [] })
    expect(answer.refused).toBeUndefined()
  })

  test('whom a lock deactivated in AWS stays so and is named, as is what Gatehouse made there', async () => {
    const us = await importedWorld({ saml_idp_service_provider_name: 'aws' })
    const person = 'left@example.com'
    const lock = { target: { user: person } }
    await us.world.apply([
      user(person),
      { kind: 'lock', version: 'v2', metadata: { name: 'left' }, spec: lock },
    ])
    const link = { kind: 'user', name: person, awsId: 'u-1', origin: 'created', linkedAt: 0 } as const
    await us.world.store.principalLinks.put(pluginName, { ...link, unwantedSince: undefined })
    const { warnings, keeps } = await describeUninstall(us.deps, pluginName)
    expect(warnings.join('\n')).toContain('1 person is deactivated in AWS')
    expect(warnings.join('\n')).toContain(person)
    expect(keeps).toContain('users and groups in AWS, those too that Gatehouse made (1 user, 0 groups)')
  })

  test('there is no script where nothing was made in AWS for the way in', async () => {
    const { awsCleanup } = await describeUninstall((await importedWorld()).deps, pluginName)
    expect(awsCleanup.note).toContain('no role and no OIDC provider was made')
    expect(awsCleanup.text).toMatch(/^# .*\n$/)
  })

  test('roles that let ask for, review or look through what goes are listed, and roles that do not are not', async () => {
    const us = await importedWorld()
    const gone = 'ReadOnlyAccess-on-sandbox-777777777777'
    await us.world.apply([
      role('asker', { allow: { request: { roles: [gone] } } }),
      role('reviewer', { allow: { review_requests: { roles: [gone] } } }),
      role('looker', { allow: { review_requests: { preview_as_roles: [gone] } } }),
      role('denier', { deny: { request: { roles: [gone] } } }),
      role('other', { allow: { request: { roles: ['asker'] } } }),
    ])
    const { dangling } = await describeUninstall(us.deps, pluginName)
    expect(dangling.map(({ kind, name, command }) => [kind, name, command])).toEqual(
      ['asker', 'denier', 'looker', 'reviewer'].map((name) => ['role', name, `gatehouse edit role/${name}`]),
    )
    for (const { says } of dangling) expect(says).toContain(gone)
  })
})

describe('who loses what, where the access goes as well', () => {
  const group = '73e4f8c2-70d1-7021-4f2b-5b1c3d9e0a02'
  const row = (us: IcWorld, more: object = {}) => ({
    kind: 'assignment' as const,
    principal: `group/${group}`,
    target: pair,
    reasons: [{ kind: 'list' as const, list: 'team' }],
    since: us.world.clock.now(),
    ...more,
  })

  test('is nobody after an import alone: what was there before stays', async () => {
    const us = await importedWorld()
    const { access, left } = await describeUninstall(us.deps, pluginName)
    expect(access).toMatchObject({ assignments: 0, memberships: 0, people: 0, losses: [] })
    // Before its first change Gatehouse says nothing of AWS.
    expect(left).toEqual([])
  })

  test('is told by name for each account, and not of those who keep it by another way', async () => {
    const us = await importedWorld()
    us.world.clock.advance(hour)
    await us.world.store.ledger.put(pluginName, [row(us)])
    const { access } = await describeUninstall(us.deps, pluginName)
    expect(access).toMatchObject({ assignments: 1, memberships: 0, moreLosses: 0 })
    expect(access?.people).toBeGreaterThan(0)
    for (const loss of access?.losses ?? []) {
      expect(loss).toMatchObject({ account: 'sandbox (777777777777)', permissionSet: 'ReadOnlyAccess' })
      expect(loss.person).toContain('@example.com')
    }
    // The same, once somebody of them has it directly.
    const [first] = access?.losses ?? []
    const seen = (await us.sync.plan()).observation.users?.values() ?? []
    const id = [...seen].find(({ userName }) => userName === first?.person)?.id ?? ''
    const [TargetId = '', ...set] = pair.split('/')
    await us.aws.clients.ssoAdmin.send(
      new CreateAccountAssignmentCommand({
        ...{ InstanceArn: demo.instanceArn, TargetType: 'AWS_ACCOUNT', TargetId },
        ...{ PermissionSetArn: set.join('/'), PrincipalType: 'USER', PrincipalId: id },
      }),
    )
    await us.aws.advance(hour)
    await us.sync.scan()
    const after = (await describeUninstall(us.deps, pluginName)).access
    expect(after?.losses.map(({ person }) => person)).not.toContain(first?.person)
    expect(after?.people).toBe((access?.people ?? 0) - 1)
  })

  test('leaves out what is kept as found at import', async () => {
    const us = await importedWorld()
    us.world.clock.advance(hour)
    await us.world.store.ledger.put(pluginName, [row(us, { reasons: [{ kind: 'found' }] })])
    expect((await describeUninstall(us.deps, pluginName)).access).toMatchObject({ assignments: 0, people: 0 })
  })
})

test('what AWS has otherwise than Gatehouse says is told before the removal, once the sync was on', async () => {
  const us = await importedWorld()
  await us.world.apply({
    kind: 'access_list',
    version: 'v1',
    metadata: { name: 'own' },
    spec: { title: 'Own', owners: [{ name: by }], grants: { roles: [ref] } },
  })
  expect((await describeUninstall(us.deps, pluginName)).left).toEqual([])
  await us.world.store.notes.put(noteNames.started(pluginName), { at: 1 })
  const { left } = await describeUninstall(us.deps, pluginName)
  const { plan } = await us.sync.plan()
  expect(plan.actions.length).toBeGreaterThan(0)
  expect(left?.join(' ')).toMatch(/not in AWS yet|Held, and not done/)
})

describe('the removal', () => {
  test('deletes what was kept for the plugin, and leaves AWS and what people made as they are', async () => {
    const us = await importedWorld()
    const before = await principalsOf(us)
    await us.world.apply({
      kind: 'access_list',
      version: 'v1',
      metadata: { name: 'own' },
      spec: { title: 'Own', owners: [{ name: by }], grants: { roles: [] } },
    })
    expect(await run(us)).toMatchObject({ kind: 'uninstall', state: 'done' })
    const view = await us.deps.catalog.read()
    expect(view.plugins()).toEqual([])
    expect(view.accessLists().map(({ value }) => value.name)).toEqual(['own'])
    expect(await us.world.store.principalLinks.list(pluginName)).toEqual([])
    expect(await us.world.store.ledger.list(pluginName)).toEqual([])
    expect(await us.world.store.observations.list(pluginName, 'group')).toEqual([])
    expect(await us.world.store.members.listAll()).toEqual([])
    expect(await principalsOf(us)).toEqual(before)
    const events = await us.world.events()
    expect(events.at(-1)).toMatchObject({
      event: 'aws_identity_center.uninstall',
      success: true,
      access_lists: 4,
    })
  })

  test('takes grants with an end from AWS first (T26), with intent and outcome on record', async () => {
    const us = await importedWorld()
    const group = '73e4f8c2-70d1-7021-4f2b-5b1c3d9e0a02'
    const until = us.world.clock.now() + hour
    const row = {
      kind: 'assignment',
      principal: `group/${group}`,
      target: pair,
      reasons: [{ kind: 'request', request: 'r-1', until }],
      since: us.world.clock.now(),
    } as const
    await us.world.store.ledger.put(pluginName, [row])
    expect(await principalsOf(us)).toContain(group)
    expect((await describeUninstall(us.deps, pluginName)).timeBoxed).toBe(1)
    expect(await run(us)).toMatchObject({ state: 'done' })
    expect(await principalsOf(us)).not.toContain(group)
    const events = await us.world.events()
    const deletes = events.filter(({ event }) => event === 'aws_identity_center.assignment.delete')
    expect(deletes.map(({ phase }) => phase)).toEqual(['intent', 'outcome'])
  })

  test('deletes nothing where a grant with an end was made in AWS meanwhile (T26), and then does', async () => {
    const us = await importedWorld()
    const since = us.world.clock.now()
    const reasons = [{ kind: 'request', request: 'r-1', until: since + hour }] as const
    const group = '73e4f8c2-70d1-7021-4f2b-5b1c3d9e0a02'
    const row = { kind: 'assignment', principal: `group/${group}`, target: pair, reasons, since } as const
    await us.world.store.ledger.put(pluginName, [row])
    let late = true
    const connect = us.sync.connect.bind(us.sync)
    us.sync.connect = async () => {
      // Between the call for the one row and the end of the removal.
      if (late) await us.world.store.ledger.put(pluginName, [{ ...row, principal: 'user/late' }])
      return await connect()
    }
    expect(await run(us)).toMatchObject({ state: 'failed', error: expect.stringContaining('meanwhile') })
    expect((await us.deps.catalog.read()).plugins()).toHaveLength(1)
    late = false
    await us.world.store.ledger.delete(pluginName, [{ ...row, principal: 'user/late' }])
    expect(await run(us)).toMatchObject({ state: 'done' })
  })

  test('stops where AWS refuses to take such a grant back, and can be done again', async () => {
    const us = await importedWorld()
    const row = {
      kind: 'assignment',
      principal: 'group/73e4f8c2-70d1-7021-4f2b-5b1c3d9e0a02',
      target: pair,
      reasons: [{ kind: 'request', request: 'r-1', until: us.world.clock.now() + hour }],
      since: us.world.clock.now(),
    } as const
    await us.world.store.ledger.put(pluginName, [row])
    await us.aws.control('POST', 'faults', {
      operation: 'sso-admin:DeleteAccountAssignment',
      at: 1,
      fault: { kind: 'throttle' },
    })
    expect(await run(us)).toMatchObject({ state: 'failed' })
    expect((await us.deps.catalog.read()).plugins()).toHaveLength(1)
    expect((await us.world.events()).at(-1)).toMatchObject({
      event: 'aws_identity_center.uninstall',
      success: false,
    })
    expect(await run(us)).toMatchObject({ state: 'done' })
  })

  test('waits for what the sync has under way, and not for what an uninstallation left that ended with its process', async () => {
    const us = await importedWorld()
    const open = (id: string, key: string) => {
      const begunAt = us.world.clock.now()
      const ends = { endedAt: undefined, error: undefined, remedy: undefined }
      const action = { kind: 'assignment.delete', key }
      return { id, key, action, begunAt, holder: 'x', state: 'open', ...ends } as const
    }
    await us.world.store.changes.begin(pluginName, open('1', 'uninstall/assignment.delete/x'))
    await us.world.store.changes.begin(pluginName, open('2', 'assignment.delete x'))
    const waiting = await run(us)
    expect(waiting).toMatchObject({ state: 'failed' })
    expect(waiting.error).toContain('still under way')
    expect((await us.world.store.changes.listOpen(pluginName)).map(({ id }) => id)).toEqual(['2'])
    const outcome = { state: 'succeeded', error: undefined, remedy: undefined } as const
    await us.world.store.changes.end(pluginName, '2', { ...outcome, endedAt: us.world.clock.now() })
    expect(await run(us)).toMatchObject({ state: 'done' })
  })

  test('pauses an active sync before anything else', async () => {
    const us = await importedWorld()
    await us.world.apply(plugin({ sync: 'active' }))
    expect(await run(us)).toMatchObject({ state: 'done' })
    const events = (await us.world.events()).map(({ event }) => event)
    expect(events.indexOf('plugin.update')).toBeLessThan(events.indexOf('plugin.delete'))
  })

  test('is refused under another name, and while people sign in to AWS here', async () => {
    const us = await importedWorld({ saml_idp_service_provider_name: 'aws' })
    await us.world.apply(sp('aws', 'https://aws.example'))
    expect((await refused(run(us, { confirm: 'other' }))).code).toBe('INVALID_INPUT')
    const facts = {
      serviceProvider: { entityId: 'https://aws.example', name: 'aws' },
      user: by,
      origin: desk,
    }
    await us.world.store.transaction(async (tx) => {
      await record(us.deps, tx, signInEvent(facts), desk)
    })
    await us.world.events()
    expect((await refused(run(us))).code).toBe('STILL_IN_USE')
    const { warnings } = await describeUninstall(us.deps, pluginName)
    expect(warnings[0]).toContain('still the identity source')
    expect(await run(us, { stillIdentitySource: true })).toMatchObject({ state: 'done' })
  })

  test('takes what came after the import from AWS where asked to, and leaves what import found', async () => {
    const us = await importedWorld()
    us.world.clock.advance(60_000)
    const group = '73e4f8c2-70d1-7021-4f2b-5b1c3d9e0a02'
    const [known] = await us.world.store.ledger.listOf(pluginName, `group/${group}`)
    if (known === undefined) throw new Error('the import left no row')
    await us.world.store.ledger.put(pluginName, [
      {
        kind: 'assignment',
        principal: `group/${group}`,
        target: pair,
        reasons: known.reasons,
        since: us.world.clock.now(),
      },
    ])
    expect(await run(us, { removeAccess: true })).toMatchObject({ state: 'done' })
    expect(await principalsOf(us)).not.toContain(group)
    const left = await us.aws.clients.ssoAdmin.send(
      new ListAccountAssignmentsCommand({
        InstanceArn: demo.instanceArn,
        AccountId: demo.production,
        PermissionSetArn: demo.readOnlyArn,
      }),
    )
    expect(left.AccountAssignments?.map(({ PrincipalId }) => PrincipalId)).toContain(group)
  })
})
