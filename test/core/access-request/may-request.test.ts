import { describe, expect, test } from 'vitest'
import type { Requestable } from '../../../src/core/access-request/access-request.js'
import { canSignIn, judgeItem, resolveAsked } from '../../../src/core/access-request/may-request.js'
import type { Role } from '../../../src/core/role/role.js'
import { identityCenterSelector } from '../role/build.js'
import {
  admin,
  adminOnProd,
  app,
  aws,
  buildWorld,
  dev,
  prod,
  readOnDev,
  requester,
  role,
  threshold,
} from './build.js'

const deployer = role('deployer')
const deploy: Requestable = { kind: 'role', name: 'deployer' }
const adminEverywhere = role('admin-everywhere', { gives: [{ account: '*', permissionSet: admin }] })
const signsIn = role('signs-in', { opens: identityCenterSelector })

function judge(asked: Requestable, held: readonly Role[], others: readonly Role[] = []) {
  const world = buildWorld([...held, ...others, deployer, adminEverywhere, signsIn])
  const verdict = judgeItem(requester(held, { traits: { team: ['payments'] } }), asked, world)
  return verdict.ok ? verdict.terms : verdict.says
}

describe('a role', () => {
  test('may be asked for by its name, a pattern of it, or a claim of the person', () => {
    const claims = (value: string) => [{ claim: 'team', value, roles: ['deployer'] }]
    for (const request of [{ roles: ['deployer'] }, { roles: ['dep*'] }, { claimsToRoles: claims('pay*') }]) {
      expect(judge(deploy, [role('asks', { request })])).toEqual({
        roles: ['deployer'],
        allowedBy: ['asks'],
        thresholds: [threshold(1)],
      })
    }
    for (const request of [{ roles: ['dep'] }, { claimsToRoles: claims('search') }, {}]) {
      expect(judge(deploy, [role('asks', { request })])).toBe(
        'No role of yours lets you ask for the role deployer.',
      )
    }
  })

  test('of which any role of the person denies to ask is refused', () => {
    const asks = role('asks', { request: { roles: ['*'] } })
    const denies = role('denies', { denyRequest: { roles: ['^dep.*$'] } })
    expect(judge(deploy, [asks, denies])).toBe('Your role denies denies asking for the role deployer.')
    expect(judge(deploy, [asks, role('other', { denyRequest: { roles: ['x*'] } })])).toHaveProperty('roles')
  })

  test('that is held, does not exist or cannot be read is refused with words', () => {
    const asks = role('asks', { request: { roles: ['*'] } })
    expect(judge(deploy, [asks, deployer])).toBe('You have the role deployer already.')
    expect(judge({ kind: 'role', name: 'ghost' }, [asks])).toBe('There is no role ghost.')
    const world = buildWorld([asks, deployer], { unreadable: ['deployer'] })
    expect(judgeItem(requester([asks]), deploy, world)).toMatchObject({
      ok: false,
      says: expect.stringMatching(/cannot be read/),
    })
  })

  test('is not found to exist or not by somebody who may not ask for it', () => {
    const says = (name: string) => judge({ kind: 'role', name }, [role('asks', { request: {} })])
    expect(says('deployer')).toBe('No role of yours lets you ask for the role deployer.')
    expect(says('ghost')).toBe('No role of yours lets you ask for the role ghost.')
    const denied = [role('asks', { request: {} }), role('denies', { denyRequest: { roles: ['*'] } })]
    expect(judge(deploy, denied)).toBe('No role of yours lets you ask for the role deployer.')
  })
})

describe('an account assignment', () => {
  test('may be asked for by any name of its role, former ones too (T25)', () => {
    for (const name of [
      'Admin-on-production-111111111111',
      'Admin-on-main-111111111111',
      `assignment/${prod}/${admin}`,
      '*-111111111111',
    ]) {
      expect(judge(adminOnProd, [role('asks', { request: { roles: [name] } })])).toMatchObject({
        roles: ['Admin-on-production-111111111111'],
        allowedBy: ['asks'],
      })
    }
    const other = role('asks', { request: { roles: ['Admin-on-production-222222222222'] } })
    expect(judge(adminOnProd, [other])).toBe(
      'No role of yours lets you ask for the account assignment Admin-on-production-111111111111.',
    )
  })

  test('that is asked for as a role is asked for as the assignment', () => {
    const world = buildWorld([])
    for (const name of ['Admin-on-production-111111111111', 'Admin-on-main-111111111111']) {
      expect(resolveAsked({ kind: 'role', name }, world)).toEqual(adminOnProd)
    }
    expect(resolveAsked({ kind: 'role', name: 'Admin-on-other-111111111111' }, world)).toBeUndefined()
    expect(resolveAsked(deploy, world)).toEqual(deploy)
  })

  test('may be asked for by a search role that gives it; those that do not are left out', () => {
    const asks = role('asks', { request: { searchAsRoles: ['admin-everywhere', 'deployer', 'ghost'] } })
    expect(judge(adminOnProd, [asks])).toMatchObject({ roles: ['admin-everywhere'], allowedBy: ['asks'] })
    expect(judge(readOnDev, [asks])).toMatch(/^No role of yours lets you ask for/)
  })

  test('is refused where a role denies the search role, the name, or the pair itself', () => {
    const asks = role('asks', { request: { searchAsRoles: ['admin-everywhere'] } })
    const denials = [
      role('denies', { denyRequest: { searchAsRoles: ['admin-everywhere'] } }),
      role('denies', { denyRequest: { roles: ['admin-*'] } }),
      role('denies', { denyRequest: { roles: ['Admin-on-main-*'] } }),
      role('denies', { denies: [{ account: prod, permissionSet: '*' }] }),
    ]
    for (const denial of denials) expect(judge(adminOnProd, [asks, denial])).toBeTypeOf('string')
    const elsewhere = role('denies', { denies: [{ account: dev, permissionSet: '*' }] })
    expect(judge(adminOnProd, [asks, elsewhere])).toHaveProperty('roles')
  })

  test('is named in no denial to somebody who may not ask for it', () => {
    const denials = [
      role('denies', { denyRequest: { roles: ['*'] } }),
      role('denies', { denies: [{ account: '*', permissionSet: '*' }] }),
    ]
    for (const denial of denials) {
      expect(judge(adminOnProd, [denial])).toMatch(/^No role of yours lets you ask/)
    }
  })

  test('takes the thresholds of every role that allows it, one review for a role without any', () => {
    const byName = role('by-name', { request: { roles: ['Admin-on-*'], thresholds: [threshold(3)] } })
    const bySearch = role('by-search', { request: { searchAsRoles: ['admin-everywhere'] } })
    const neither = role('neither', { request: { thresholds: [threshold(9)] } })
    expect(judge(adminOnProd, [byName, bySearch, neither])).toEqual({
      roles: ['Admin-on-production-111111111111', 'admin-everywhere'],
      allowedBy: ['by-name', 'by-search'],
      thresholds: [threshold(3), threshold(1)],
    })
  })

  test('of an account that is gone is refused, though a pattern allows it', () => {
    const gone: Requestable = { kind: 'assignment', accountId: '999999999999', permissionSetArn: admin }
    expect(judge(gone, [role('asks', { request: { roles: ['*'] } })])).toMatch(/^There is no such account/)
  })
})

describe('an application', () => {
  const asks = role('asks', { request: { searchAsRoles: ['signs-in', 'deployer'] } })

  test('may be asked for by a search role that opens it, and no other', () => {
    expect(judge(aws, [asks])).toMatchObject({ roles: ['signs-in'], allowedBy: ['asks'] })
    const byName = role('asks', { request: { roles: ['*'], searchAsRoles: ['deployer'] } })
    expect(judge(aws, [byName])).toBe('No role of yours lets you ask for the application aws.')
    expect(judge({ kind: 'app', name: 'ghost' }, [asks])).toMatch(/^No role of yours/)
  })

  test('is refused where what the person has would keep them from it all the same', () => {
    expect(judge(aws, [asks, role('shuts', { shuts: { '*': ['*'] } })])).toMatch(
      /^What you have already keeps you/,
    )
  })

  test('that wants a second factor or a trusted device may be asked for: that is proved at the sign-in', () => {
    const strict = role('strict', {
      opens: identityCenterSelector,
      options: { requireSessionMfa: 'hardware_key', deviceTrustMode: 'required' },
    })
    const search = role('asks', { request: { searchAsRoles: ['strict'] } })
    expect(judge(aws, [search], [strict])).toMatchObject({ roles: ['strict'] })
    expect(canSignIn(requester([strict]), app('aws'), buildWorld([]))).toBe(true)
    expect(canSignIn(requester([deployer]), app('aws'), buildWorld([]))).toBe(false)
  })
})
