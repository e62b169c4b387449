import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { explainApplication, type ApplicationQuestion } from '../../../src/core/explain/application.js'
import { yamlLines } from '../../../src/core/explain/yaml-lines.js'
import type { Lock } from '../../../src/core/lock/lock.js'
import { buildRole, preference } from '../role/build.js'
import { application, question } from './world.js'

const prod = buildRole('prod', 'v8', { allowLabels: { env: ['prod'] } })
const dev = buildRole('dev', 'v8', { allowLabels: { env: ['dev'] } })
const lock: Lock = {
  name: 'stolen',
  target: { kind: 'user', name: 'alice' },
  message: 'call us',
  expiresAt: undefined,
}

function changesOf(asked: ApplicationQuestion): string[] {
  return explainApplication(asked).changes.map(({ kind, role, says }) => `${kind} ${role ?? ''}: ${says}`)
}

describe('why an application is refused, and what would open it', () => {
  test('no role matches: the roles that would, the lines to write, and nothing that would not help', () => {
    const admin = buildRole('admin', 'v8', {
      allowLabels: { env: ['*'] },
      allowRules: [{ resources: ['*'], verbs: ['*'] }],
    })
    const useless = buildRole('useless', 'v8', { allowLabels: { env: ['test'] } })
    const answer = explainApplication(question([dev], { allRoles: [admin, dev, prod, useless] }))
    expect(answer).toMatchObject({
      user: 'alice@example.com',
      subject: 'app',
      effect: 'deny',
      says: 'alice@example.com may not sign in to app: no role allows it.',
    })
    expect(answer.reasons[0]?.says).toContain('match "app", which carries the labels env: prod.')
    expect(answer.changes).toEqual([
      { kind: 'add_role', role: 'prod', says: 'Give alice@example.com the role "prod".' },
      { kind: 'add_role', role: 'admin', says: 'Give alice@example.com the role "admin".' },
      {
        kind: 'edit_role',
        role: 'dev',
        says: 'Change app_labels of role "dev" so that they match; it then counts for everyone who holds it.',
        yaml: 'spec:\n  allow:\n    app_labels:\n      env: [dev, prod]',
      },
    ])
  })

  test('an older role is allowed everything, and a v8 role that does not match takes it away', () => {
    const old = buildRole('old', 'v7')
    expect(changesOf(question([dev, old]))[0]).toBe('remove_role dev: Take the role "dev" away.')
  })

  test('one denial: that role, and its lines; two: no single change', () => {
    const denying = (name: string) => buildRole(name, 'v8', { denyLabels: { env: ['prod'] } })
    expect(changesOf(question([prod, denying('no')]))).toEqual([
      'remove_role no: Take the role "no" away.',
      'edit_role no: Take deny.app_labels out of role "no"; it then denies no application by labels.',
    ])
    expect(changesOf(question([prod, denying('no'), denying('never')]))).toEqual([])
  })

  test('a label that the application lacks', () => {
    const team = buildRole('team', 'v8', { allowLabels: { env: ['prod'], team: ['sre'] } })
    const [first] = explainApplication(question([team])).changes.filter(
      ({ kind }) => kind === 'edit_application',
    )
    expect(first).toEqual({
      kind: 'edit_application',
      says: 'Label app with team: sre, which role "team" wants; it then matches for everyone whose roles want the same.',
      yaml: 'metadata:\n  labels:\n    team: sre',
    })
  })

  test('a lock comes first, and is the only thing to remove; of two locks neither is', () => {
    const locked = explainApplication(question([prod], { locks: [lock] }))
    expect(locked.says).toBe('alice@example.com may not sign in to app: a lock is in force.')
    expect(locked.reasons[0]?.says).toBe(
      'Lock "stolen" on user "alice" is in force until it is removed: call us.',
    )
    expect(locked.changes).toEqual([{ kind: 'remove_lock', says: 'Remove the lock "stolen".' }])
    expect(changesOf(question([prod], { locks: [lock, { ...lock, name: 'again' }] }))).toEqual([])
  })

  test('the switch of the cluster', () => {
    const off = question([prod], { preference: { ...preference, samlIdpEnabled: false } })
    expect(changesOf(off)).toEqual(['edit_cluster : Switch sign-in to applications on again, for everyone.'])
  })

  test('a name that AWS does not take is told, and no role would help', () => {
    const asked = question([prod], { serviceProvider: { ...application, preset: 'aws-identity-center' } })
    const answer = explainApplication({ ...asked, user: { ...asked.user, name: 'alice' } })
    expect(answer).toMatchObject({
      effect: 'deny',
      changes: [],
      reasons: [{ rule: 'name_id', effect: 'deny' }, {}],
    })
  })

  test('a role that nobody may see is not advised', () => {
    expect(changesOf(question([], { allRoles: [prod] }))).toHaveLength(1)
    expect(changesOf(question([], { allRoles: [] }))).toEqual([])
  })

  test('of a thousand roles that would do, twenty are told and the rest is counted', () => {
    const many = Array.from({ length: 1000 }, (_, index) =>
      buildRole(`role-${index}`, 'v8', { allowLabels: { env: ['prod'] } }),
    )
    const { changes, moreChanges } = explainApplication(question([dev], { allRoles: many }))
    expect(changes.filter(({ kind }) => kind === 'add_role')).toHaveLength(20)
    expect(moreChanges).toBe(980)
  })
})

describe('why an application opens, and on what that hangs', () => {
  test('on the one role that matches; on none of two', () => {
    const answer = explainApplication(question([dev, prod]))
    expect(answer).toMatchObject({ effect: 'allow', says: 'alice@example.com may sign in to app.' })
    expect(answer.changes).toEqual([
      { kind: 'remove_role', role: 'prod', says: 'Without role "prod" this would be refused.' },
    ])
    const other = buildRole('other', 'v8', { allowLabels: { env: ['pr*'] } })
    expect(changesOf(question([prod, other]))).toEqual([])
  })

  test('a second factor: what opens it, and whether the person has one', () => {
    const careful = buildRole('careful', 'v8', {
      allowLabels: { env: ['prod'] },
      options: { requireSessionMfa: 'session' },
    })
    const having = explainApplication(question([careful]))
    expect(having.effect).toBe('step_up')
    expect(having.changes[0]).toEqual({
      kind: 'prove',
      says: 'Giving a fresh second factor opens it.',
    })
    const lacking = explainApplication(question([careful], { means: { any: false, hardwareKey: false } }))
    expect(lacking.says).toContain('there is none yet')
    expect(lacking.changes[0]?.says).toContain('adds a second factor')
  })
})

describe('lines of YAML', () => {
  test('whatever the texts are, they read back as the same texts', () => {
    const odd = [
      'yes',
      'no',
      '012',
      '1e3',
      'a: b',
      '- x',
      '#',
      '',
      '*',
      '&a',
      'null',
      '~',
      'é"\\',
      ' x',
      'a-b',
      'y',
    ]
    const map = {
      spec: {
        list: odd,
        empty: {},
        flag: true,
        ...Object.fromEntries(odd.map((text) => [`k${text}`, text])),
      },
    }
    expect(parse(yamlLines(map))).toEqual(map)
  })
})
