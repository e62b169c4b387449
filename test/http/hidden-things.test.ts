/**
 * What a condition hides from somebody stays hidden, whichever way they ask: by name of a renamed account, through an
 * explanation, through the test of an application, by the dry run of a lock.
 */
import { stringify } from 'yaml'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessAnswer, applicationAccessAnswer, type ExplainAnswer } from '../../src/api/contract/access.js'
import type { Inventory } from '../../src/core/inventory/inventory.js'
import {
  createPerson,
  role,
  signIn,
  signInAdmin,
  testResources,
  type TestBrowser,
} from '../support/people.js'
import { spResource } from '../support/sp.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'

const arn = 'arn:aws:sso:::permissionSet/ssoins-1234567890123456/ps-1111111111111111'
const inventory: Inventory = {
  revision: '1',
  accounts: [{ id: '555555555555', name: 'production', formerNames: ['prod'], tags: {} }],
  permissionSets: [{ arn, name: 'Admin' }],
}
const current = 'Admin-on-production-555555555555'
const former = 'Admin-on-prod-555555555555'
const reference = `assignment/555555555555/${arn}`
const forms = [
  ['its name', current],
  ['a former name', former],
  ['the reference', reference],
] as const

const app = 'aws-identity-center'
const hiddenApp = 'payroll'
const allow = (...rules: object[]) => ({ allow: { rules } })
const rule = (resources: string[], verbs: string[], where?: string) => ({
  resources,
  verbs,
  ...(where !== undefined && { where }),
})
const readsUsers = rule(['user'], ['list', 'read'])

let gateway: TestGateway
let admin: TestBrowser

beforeAll(async () => {
  gateway = await openTestGateway({
    inventory,
    resources: [
      ...testResources,
      spResource(),
      ...forms.flatMap(([, name], at) => [
        role(`but-${at}`, 'v8', {
          ...allow(readsUsers, rule(['user'], ['create'])),
          deny: { rules: [rule(['user'], ['read', 'create'], `contains(resource.spec.roles, "${name}")`)] },
        }),
        role(`own-${at}`, 'v8', allow(rule(['lock'], ['list'], `contains(user.spec.roles, "${name}")`))),
        role(`app-${at}`, 'v8', {
          allow: { app_labels: { '*': '*' } },
          deny: { app_labels_expression: `contains(user.spec.roles, "${name}")` },
        }),
      ]),
      role('reads-users', 'v8', allow(readsUsers)),
      role('reads-locks', 'v8', allow(readsUsers, rule(['lock'], ['list', 'read']))),
      role('reads-some-apps', 'v8', {
        ...allow(readsUsers),
        deny: {
          rules: [rule(['saml_idp_service_provider'], ['read'], 'resource.metadata.name == "payroll"')],
        },
      }),
      role('locks-ahead', 'v8', allow(rule(['lock'], ['create']))),
      role(
        'locks-and-looks',
        'v8',
        allow(rule(['lock'], ['create']), readsUsers, rule(['session'], ['list'])),
      ),
      role('payroll-people', 'v8', { allow: { app_labels: { team: 'payroll' } } }),
      { kind: 'token', version: 'v1', metadata: { name: 'ci' }, spec: { roles: ['aws'], ttl: '24h' } },
      {
        kind: 'saml_idp_service_provider',
        version: 'v1',
        metadata: { name: hiddenApp, labels: { team: 'payroll' } },
        spec: { entity_id: 'https://payroll.example', acs_url: 'https://payroll.example/acs' },
      },
    ],
  })
  admin = await signInAdmin(gateway)
  await createPerson(gateway, admin, { name: 'chief', roles: ['aws', current] })
  await createPerson(gateway, admin, { name: 'dev', roles: ['aws'] })
})
afterAll(async () => await gateway[Symbol.asyncDispose]())

let people = 0
async function personWith(...roles: string[]): Promise<TestBrowser> {
  const name = `person-${people++}@example.com`
  return await signIn(gateway, await createPerson(gateway, admin, { name, roles }))
}

async function explain(browser: TestBrowser, user: string, what = app) {
  return await browser.get(`/v1/explain?${new URLSearchParams({ user, app: what })}`)
}

const lockOf = (name: string, target: object) => ({
  kind: 'lock',
  version: 'v2',
  metadata: { name },
  spec: { target, message: 'under inquiry' },
})

async function locked<T>(target: object, work: () => Promise<T>): Promise<T> {
  expect((await admin.post('/v1/resources', lockOf('inquiry', target))).status).toBeLessThan(300)
  try {
    return await work()
  } finally {
    expect((await admin.delete('/v1/resources/lock/inquiry')).status).toBe(200)
  }
}

describe.each(forms)('a condition on an account assignment role by %s', (_, name) => {
  const at = forms.findIndex((form) => form[1] === name)

  test('hides its holder from reads, explanations and access, and nobody else', async () => {
    const browser = await personWith(`but-${at}`)
    const ways = (user: string) => [
      browser.get(`/v1/resources/user/${user}`),
      explain(browser, user),
      browser.get(`/v1/users/${user}/access`),
    ]
    for (const response of await Promise.all(ways('chief'))) {
      expect(response.body).toMatchObject({ status: 403, code: 'FORBIDDEN' })
      expect(response.text).not.toContain('Admin')
    }
    for (const { status } of await Promise.all(ways('dev'))) expect(status).toBe(200)
  })

  test.each(forms)('refuses to give it by %s', async (_form, written) => {
    const browser = await personWith(`but-${at}`)
    const given = { kind: 'user', version: 'v2', metadata: { name: 'new' }, spec: { roles: [written] } }
    const refused = await browser.post('/v1/resources?dryRun=true', given)
    expect(refused.body).toMatchObject({ status: 403, code: 'FORBIDDEN' })
    const other = { ...given, spec: { roles: ['aws'] } }
    expect((await browser.post('/v1/resources?dryRun=true', other)).status).toBeLessThan(300)
  })

  test('holds for whoever holds it', async () => {
    const holder = await personWith(`own-${at}`, current)
    expect((await holder.get('/v1/resources/lock')).status).toBe(200)
    const other = await personWith(`own-${at}`)
    expect((await other.get('/v1/resources/lock')).status).toBe(403)
  })

  test('holds at the door of an application', async () => {
    const holder = await personWith(`app-${at}`, current)
    expect((await holder.get(`/saml/idp/login/${app}`)).text).not.toContain('SAMLResponse')
    const other = await personWith(`app-${at}`)
    expect((await other.get(`/saml/idp/login/${app}`)).text).toContain('SAMLResponse')
  })
})

describe('a hidden application', () => {
  test('is refused by explain and by the test of applications in the same words as one that does not exist', async () => {
    const browser = await personWith('reads-some-apps')
    // Rights on users without a condition, so that only the application decides.
    for (const name of [hiddenApp, 'nothing']) {
      const detail = `your roles do not allow "read" on saml_idp_service_provider "${name}"; ask an administrator for a role whose rules do`
      expect((await explain(browser, 'dev', name)).body).toMatchObject({
        code: 'FORBIDDEN',
        status: 403,
        detail,
      })
      const tested = await browser.post('/v1/saml/test-assertion', { user: 'dev', serviceProvider: name })
      expect(tested.body).toMatchObject({ code: 'FORBIDDEN', status: 403, detail })
    }
    expect((await explain(browser, 'dev')).status).toBe(200)
    const tested = await browser.post('/v1/saml/test-assertion', { user: 'dev', serviceProvider: app })
    expect(tested.status).toBe(200)
  })

  test('whoever may read all of them is told that there is none', async () => {
    expect((await explain(admin, 'dev', 'nothing')).body).toMatchObject({ code: 'NOT_FOUND', status: 404 })
    const tested = await admin.post('/v1/saml/test-assertion', { user: 'dev', serviceProvider: 'nothing' })
    expect(tested.body).toMatchObject({ code: 'NOT_FOUND', status: 404 })
  })

  test('is not looked at by conditions on a document that somebody writes under its name', async () => {
    const denies = role('not-payroll', 'v8', {
      allow: { app_labels: { '*': '*' } },
      deny: {
        rules: [
          rule(['saml_idp_service_provider'], ['read'], 'resource.metadata.labels["team"] == "payroll"'),
        ],
      },
    })
    expect((await admin.post('/v1/resources', denies as object)).status).toBeLessThan(300)
    await createPerson(gateway, admin, { name: 'outsider', roles: ['not-payroll'] })
    const browser = await personWith('reads-some-apps')
    const written = (team: string) =>
      stringify({
        kind: 'saml_idp_service_provider',
        version: 'v1',
        metadata: { name: hiddenApp, labels: { team } },
        spec: { entity_id: 'https://other.example', acs_url: 'https://other.example/acs' },
      })
    const effectOf = async (team: string) => {
      const body = { user: 'outsider', document: written(team) }
      return (await browser.post('/v1/saml/test-assertion', body)).body as { effect: string; says: string }
    }
    expect((await effectOf('payroll')).says).toContain('may not sign in')
    expect((await effectOf('sales')).says).not.toContain('may not sign in')
  })
})

describe('a lock in force, to whoever asks about somebody', () => {
  const asks = async (browser: TestBrowser) => {
    const access = accessAnswer.parse((await browser.get('/v1/users/dev/access')).body)
    const apps = applicationAccessAnswer.parse((await browser.get('/v1/users/dev/applications')).body)
    const why = (await explain(browser, 'dev')).body as ExplainAnswer
    const tested = await browser.post('/v1/saml/test-assertion', { user: 'dev', serviceProvider: app })
    return { access, apps, why, tested: tested.body as { effect: string; says: string } }
  }

  test('and may not read locks tells only that it is in force', async () => {
    const browser = await personWith('reads-users')
    const { access, apps, why, tested } = await locked({ user: 'dev' }, () => asks(browser))
    expect(access.locked).toBe(true)
    expect(access.lockedBy).toBeUndefined()
    expect(apps.items.find(({ name }) => name === app)).toMatchObject({
      effect: 'deny',
      says: 'A lock is in force.',
    })
    expect(why.reasons[0]).toMatchObject({ rule: 'lock', says: 'A lock is in force.' })
    expect(why.changes).toEqual([{ kind: 'remove_lock', says: 'Somebody who may see the lock removes it.' }])
    expect(tested).toMatchObject({ effect: 'deny' })
    expect(tested.says).toContain('A lock is in force.')
    expect(JSON.stringify({ access, apps, why, tested })).not.toMatch(/inquiry/)
  })

  test('and may read locks tells which one', async () => {
    const browser = await personWith('reads-locks')
    const { access, apps, why, tested } = await locked({ user: 'dev' }, () => asks(browser))
    expect(access).toMatchObject({ locked: true, lockedBy: ['inquiry'] })
    for (const text of [JSON.stringify(apps), JSON.stringify(why), tested.says]) {
      expect(text).toMatch(/inquiry.*under inquiry/)
    }
    expect((await asks(browser)).access.locked).toBeUndefined()
  })

  test('is told of a machine user that is locked as a token', async () => {
    const path = `/v1/users/${encodeURIComponent('token/ci')}/access`
    const access = await locked({ token: 'ci' }, () => admin.get(path))
    expect(accessAnswer.parse(access.body)).toMatchObject({ locked: true, lockedBy: ['inquiry'] })
    expect(accessAnswer.parse((await admin.get(path)).body).locked).toBeUndefined()
  })
})

describe('the dry run of a lock', () => {
  const tries = async (browser: TestBrowser, target: object): Promise<string> => {
    const response = await browser.post('/v1/resources?dryRun=true', lockOf('try', target))
    const { changes, detail } = response.body as { changes?: { notes: string[] }[]; detail?: string }
    return changes?.[0]?.notes.join(' ') ?? detail ?? ''
  }

  test('tells whoever may only make locks neither who exists, nor who is signed in, nor who administers', async () => {
    const browser = await personWith('locks-ahead')
    await signIn(gateway, { name: 'dev', seed: undefined })
    for (const [there, missing] of [
      [{ user: 'dev' }, { user: 'ghost' }],
      [{ role: 'aws' }, { role: 'ghost' }],
    ] as const) {
      const told = await tries(browser, there)
      expect(told).toMatch(/^Ends the sessions that it hits, if there are any\./)
      expect(await tries(browser, missing)).toBe(told)
    }
    expect(await tries(browser, { session: 'none' })).toMatch(
      /^Ends the sessions that it hits, if there are any\./,
    )
    const last = await tries(browser, { role: 'editor' })
    expect(last).toContain('as somebody can now')
    expect(last).not.toContain('admin can')
  })

  test('tells whoever may look at people and sessions', async () => {
    const browser = await personWith('locks-and-looks')
    await signIn(gateway, { name: 'dev', seed: undefined })
    expect(await tries(browser, { user: 'dev' })).toMatch(/^Ends (one session|\d+ sessions) of user dev\./)
    const ahead = await tries(browser, { user: 'ghost' })
    expect(ahead).toContain('Nobody whom it hits is signed in now.')
    expect(ahead).toContain('There is no user "ghost"; the lock holds as soon as there is.')
    expect(await tries(browser, { role: 'editor' })).toContain('as admin can now')
  })
})
