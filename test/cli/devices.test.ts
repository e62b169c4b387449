/** Devices, connectors and sessions of people from the command line, with the events that each leaves. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { machineUser, runCommand, type CommandOutcome } from '../support/command-line.js'
import { auditEvents, createPerson, signIn, signInAdmin, testResources } from '../support/people.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'

let gateway: TestGateway
let admin: Awaited<ReturnType<typeof signInAdmin>>
let env: NodeJS.ProcessEnv
beforeAll(async () => {
  gateway = await openTestGateway({ resources: testResources })
  admin = await signInAdmin(gateway)
  env = await machineUser(gateway, admin, { name: 'keeper', roles: ['editor'] })
})
afterAll(() => gateway[Symbol.asyncDispose]())

const run = async (...args: readonly string[]): Promise<CommandOutcome> => await runCommand(args, { env })

test('a device is added, listed, given a token and removed, by its asset tag', async () => {
  const added = await run(
    'devices',
    'add',
    '--os',
    'linux',
    '--asset-tag',
    'L-1',
    '--owner',
    'admin',
    '--json',
  )
  const { name } = JSON.parse(added.out)
  expect((await run('devices', 'ls')).out).toMatch(new RegExp(`L-1 +linux +not enrolled +admin +${name}`))
  expect((await run('devices', 'enroll-token', 'l-1')).out).toMatch(/ghd_[\w-]{43}/)
  expect((await run('devices', 'ls')).out).toContain('waiting')
  expect((await run('devices', 'enroll-token', 'L-2')).err).toContain('L-2')
  const device = { kind: 'device', version: 'v1', metadata: { name } }
  await admin.post('/v1/resources?mode=replace', { ...device, spec: { os_type: 'linux', asset_tag: 'L-3' } })
  expect((await run('devices', 'rm', 'L-3', '--yes')).code).toBe(0)
  expect((await run('devices', 'ls')).out).not.toContain(name)
  const told = { asset_tag: 'L-1', device: { device_id: name, asset_tag: 'L-1', os_type: 'linux' } }
  for (const [type, fields] of [
    ['device.create', { code: 'TV001I', user: 'token/keeper', owner: 'admin', ...told }],
    ['device.token.create', { code: 'TV003I', user: 'token/keeper', ...told }],
    ['device.update', { code: 'TV007I', user: 'admin', asset_tag: 'L-3' }],
    ['device.delete', { code: 'TV002I', user: 'token/keeper', asset_tag: 'L-3' }],
  ] as const) {
    expect(await auditEvents(gateway, { type })).toMatchObject([fields])
  }
})

const secret = 'never shown again'
const connectors = [
  ['oidc', 'v3', { issuer_url: 'https://idp.example', client_id: 'x', client_secret: secret }],
  ['github', 'v3', { client_id: 'x', client_secret: secret }],
  ['saml', 'v2', { entity_descriptor_url: 'https://idp.example/metadata', attributes_to_roles: [] }],
  ['login_rule', 'v1', { priority: 1, traits_map: { email: ['external.email'] } }],
] as const
const events = {
  oidc: ['created T8100I', 'updated T8102I', 'deleted T8101I'],
  github: ['created T8000I', 'updated T80002I', 'deleted T8001I'],
  saml: ['created T8200I', 'updated T8202I', 'deleted T8201I'],
  login_rule: ['create TLR00I', 'update TGH050I', 'delete TLR01I'],
}

test.each(connectors)(
  'a resource of kind %s is made, listed, changed and removed',
  async (kind, version, spec) => {
    const name = `my-${kind.replace('_', '-')}`
    const document = { kind, version, metadata: { name }, spec }
    const made = await admin.post('/v1/resources', document)
    expect(made.status, made.text).toBe(200)
    if (kind !== 'login_rule')
      expect((await run('connectors', 'ls')).out).toMatch(new RegExp(`${name}.*${kind}|${kind}.*${name}`))
    const shown = await run('get', `${kind}/${name}`, '-o', 'yaml')
    expect([shown.code, shown.out.includes(secret)]).toEqual([0, false])
    const changed = kind === 'login_rule' ? { priority: 2 } : { display: 'Ours' }
    await admin.post('/v1/resources?mode=replace', { ...document, spec: { ...spec, ...changed } })
    expect((await run('rm', `${kind}/${name}`, '--yes')).code).toBe(0)
    for (const event of events[kind]) {
      const [verb = '', code] = event.split(' ')
      const [found, ...more] = await auditEvents(gateway, { type: `${kind}.${verb}` })
      expect(found).toMatchObject({
        code,
        name,
        updated_by: expect.stringMatching(/^(admin|token\/keeper)$/),
      })
      expect(more).toEqual([])
      expect(JSON.stringify(found)).not.toContain(secret)
    }
  },
)

test('a person is signed out of one session, and of all', async () => {
  const ada = await createPerson(gateway, admin, { name: 'ada@example.com', roles: ['access'] })
  const [one, two, three] = [
    await signIn(gateway, ada),
    await signIn(gateway, ada),
    await signIn(gateway, ada),
  ]
  const who = async () =>
    await Promise.all([one, two, three].map(async (by) => (await by.get('/v1/me')).status))
  const listed = await run('users', 'sessions', ada.name, '--json')
  const { id } = JSON.parse(listed.out.split('\n')[0] ?? '')
  expect((await run('users', 'sign-out', ada.name, '--session', id)).out).toBe(
    `Ended one session of ${ada.name}.\n`,
  )
  expect((await who()).filter((status) => status === 200)).toHaveLength(2)
  expect((await run('users', 'sign-out', ada.name, '--session', id)).code).toBe(1)
  expect((await run('users', 'sign-out', ada.name)).out).toBe(`Ended 2 sessions of ${ada.name}.\n`)
  expect(await who()).toEqual([401, 401, 401])
  expect(await auditEvents(gateway, { type: 'session.end' })).toHaveLength(3)
  expect((await signIn(gateway, ada)).cookie).toBeDefined()
})
