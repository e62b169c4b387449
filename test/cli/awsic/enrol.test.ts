import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { JobItem } from '../../../src/api/contract.js'
import { AnsweringGateway, Refusal, type Asked } from './answering-gateway.js'

const at = '/v1/identity-center/aws-identity-center'
const role = 'arn:aws:iam::111111111111:role/GatehouseIdentityCenter'
let gateway: AnsweringGateway
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-enrol-'))
  gateway = (await AnsweringGateway.open())
    .on('POST /v1/resources', ({ body }: Asked) => ({
      dryRun: false,
      changes: (body as Document[]).map(change),
    }))
    .on(`POST ${at}/connection-test`, { ok: true, says: 'Connected.', limits: [], permissions: [] })
    .on(`POST ${at}/scan`, { job: job('scan') })
    .on(`GET ${at}/preview`, {
      counts: Object.fromEntries(
        ['accounts', 'permission_sets', 'users', 'groups', 'members', 'assignments'].map((kind) => [
          kind,
          { found: 4, imported: 3 },
        ]),
      ),
      items: [],
      total: 0,
      notImported: ['application assignments'],
    })
    .on(`POST ${at}/import`, {
      job: job('import'),
      lists: { created: 3, updated: 0, unchanged: 0, removed: 0 },
      members: 9,
      withoutUser: 2,
      directAssignments: 1,
    })
    .on(`GET ${at}/setup`, {
      plugin: 'aws-identity-center',
      steps: [],
      idp: {
        entityId: 'https://gate.example.com/saml/idp/metadata',
        ssoUrl: 'https://gate.example.com/saml/idp/sso',
        metadataUrl: 'https://gate.example.com/saml/idp/metadata',
        certificatePem: '',
      },
      portal: { says: 'no role opens it', roles: [] },
    })
    .on(`GET ${at}/preflight`, {
      ready: true,
      says: 'everyone can sign in',
      users: [],
      total: 0,
      counts: {},
      administrator: { user: 'ada', ok: true, says: 'may sign in', reasons: [] },
      certificate: { ok: true, says: 'fits' },
      howToGoBack: [],
    })
    .on(`GET ${at}/plan`, {
      madeAt: '2026-11-22T03:00:00Z',
      sync: 'paused',
      heldDigest: 'd',
      counts: [{ kind: 'user.adopt', says: 'Adopt users', all: 5, held: 1 }],
      actions: [],
      total: 5,
      effects: [],
      moreEffects: 0,
      drift: [],
      setAside: [],
      notes: [],
    })
    .on(`PUT ${at}/scim`, { saved: true, test: { ok: true, steps: [] }, scim: { tokens: [], warnings: [] } })
})
afterEach(async () => {
  await gateway[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

interface Document {
  readonly kind: string
  readonly metadata: { readonly name: string; readonly revision?: string }
  readonly spec: unknown
}
const change = ({ kind, metadata: { name } }: Document) => ({
  action: 'create',
  kind,
  name,
  diff: '',
  notes: [],
})
const job = (kind: JobItem['kind']): JobItem => ({
  kind,
  state: 'done',
  says: `${kind} done`,
  done: 0,
  startedAt: '2026-11-22T03:00:00Z',
})
const first = [
  'awsic',
  'enrol',
  ...[
    '--instance-arn',
    'arn:aws:sso:::instance/ssoins-1234567890abcdef',
    '--instance-region',
    'eu-central-1',
  ],
  ...['--access-list-default-owner', 'ada@example.com', 'bo@example.com'],
]
const sent = (): Document[] => gateway.bodies('POST /v1/resources').flat() as Document[]

describe('enrol', () => {
  test('goes through every step with the resources of the set-up, and changes nothing in AWS', async () => {
    const metadata = join(folder, 'metadata.xml')
    await writeFile(metadata, '<EntityDescriptor/>')
    const url = 'https://scim.eu-central-1.amazonaws.com/t/scim/v2/'
    const { code, out, err } = await gateway.run(
      [
        ...first,
        ...['--oidc-integration', 'aws', '--role-arn', role, '--saml-metadata', metadata],
        ...['--scim-url', url, '--scim-token-file', '-'],
      ],
      { input: 'eyJ0b2tlbiJ9\n' },
    )
    expect({ code, err }, out).toEqual({ code: 0, err: '' })
    expect(sent()).toMatchObject([
      { kind: 'integration', sub_kind: 'aws-oidc', spec: { aws_oidc: { role_arn: role } } },
      {
        kind: 'saml_idp_service_provider',
        spec: { preset: 'aws-identity-center', entity_descriptor: '<EntityDescriptor/>' },
      },
      {
        kind: 'plugin',
        spec: {
          settings: {
            aws_ic: {
              access_list_default_owners: ['ada@example.com', 'bo@example.com'],
              credentials: { oidc: { integration_name: 'aws' } },
              saml_idp_service_provider_name: 'aws-identity-center',
            },
          },
        },
      },
    ])
    // The URL goes with its token, so that a token that is stored is never sent to a new host.
    expect(JSON.stringify(sent())).not.toContain(url)
    expect(gateway.bodies(`PUT ${at}/scim`)).toEqual([{ token: 'eyJ0b2tlbiJ9', baseUrl: url }])
    expect(out).toContain('2. Connection to AWS (reads only)\n   ok: Connected.')
    expect(out).toContain('access lists: 3 created')
    expect(out).toContain('upload https://gate.example.com/saml/idp/metadata')
    expect(out).toMatch(/5 changes, of which 1 wait for a person[^]*gatehouse awsic apply --watch\n$/)
    expect(out).not.toContain('eyJ0b2tlbiJ9')
  })

  test('keeps what is stored and replaces only what was read, so that it can be run again', async () => {
    const document = {
      kind: 'plugin',
      version: 'v1',
      metadata: { name: 'aws-identity-center', labels: { team: 'platform' } },
      spec: {
        settings: { aws_ic: { arn: 'a', region: 'r', access_list_default_owners: ['ada'], sync: 'active' } },
      },
    }
    gateway.on('GET /v1/resources/plugin/aws-identity-center', {
      kind: 'plugin',
      name: 'aws-identity-center',
      version: 'v1',
      labels: {},
      revision: '7',
      origin: 'user',
      columns: {},
      document,
      yaml: '',
      ignored: [],
    })
    const { code } = await gateway.run(['awsic', 'enrol', '--instance-region', 'eu-west-1', '--no-import'])
    expect(code).toBe(0)
    expect(sent()).toMatchObject([
      {
        metadata: { labels: { team: 'platform' }, revision: '7' },
        spec: { settings: { aws_ic: { arn: 'a', region: 'eu-west-1', sync: 'active' } } },
      },
    ])
    expect(gateway.bodies(`POST ${at}/import`)).toEqual([])
  })

  test('without an import keeps the token that is given all the same', async () => {
    const { code, out } = await gateway.run([...first, '--no-import', '--scim-token', 'abc'])
    expect(code).toBe(0)
    expect(out).toContain('Nothing is imported')
    expect(gateway.bodies(`PUT ${at}/scim`)).toHaveLength(1)
    expect(gateway.bodies(`POST ${at}/import`)).toEqual([])
  })

  test('without a role yet stops with the script to run', async () => {
    const { code, out } = await gateway.run([...first, '--oidc-integration', 'aws'])
    expect(code).toBe(0)
    expect(out).toContain('gatehouse awsic script > setup.sh')
    expect(gateway.bodies(`POST ${at}/connection-test`)).toEqual([])
  })

  test('stops where the connection does not work', async () => {
    gateway.on(`POST ${at}/connection-test`, { ok: false, says: 'No role.', limits: [], permissions: [] })
    const { code, out, err } = await gateway.run(first)
    expect([code, err]).toEqual([1, 'gatehouse: the connection does not work yet; mend it and enrol again\n'])
    expect(out).toContain('FAIL: No role.')
    expect(gateway.bodies(`POST ${at}/scan`)).toEqual([])
  })

  test('without metadata says that another identity provider keeps the users', async () => {
    expect((await gateway.run(first)).out).toContain('Hybrid mode')
  })

  test('a token on the command line is taken with a warning', async () => {
    const { code, err } = await gateway.run([...first, '--scim-token', 'abc'])
    expect([code, err]).toEqual([0, expect.stringContaining('--scim-token-file is safer') as string])
  })

  test.each([
    [['--scim-token', ''], 'the SCIM token must not be empty'],
    [['--scim-token', 'a', '--scim-token-file', '-'], 'give either --scim-token or --scim-token-file'],
    [
      ['--saml-metadata', '/nonexistent.xml'],
      'cannot read /nonexistent.xml; is it there, and may you read it?',
    ],
    [
      ['--no-use-system-credentials'],
      '--oidc-integration must be set when --no-use-system-credentials is configured: the name of the integration',
    ],
  ])('with %j is refused before anything is written', async (args, says) => {
    const { code, err } = await gateway.run([...first, ...args])
    expect([code, err.trimEnd().split('\n').at(-1)]).toEqual([1, `gatehouse: ${says}`])
    expect(sent()).toEqual([])
  })

  test('for the first time needs an instance and an owner', async () => {
    const { code, err } = await gateway.run(['awsic', 'enrol', '--instance-region', 'eu-central-1'])
    expect([code, err]).toEqual([
      1,
      'gatehouse: a first enrolment needs --instance-arn, --access-list-default-owner\n',
    ])
  })

  test('passes on what the gateway refuses', async () => {
    gateway.on('POST /v1/resources', () => {
      throw new Refusal(400, 'INVALID_RESOURCE', 'unknown AWS region: mars-1')
    })
    const { code, err } = await gateway.run(first)
    expect([code, err]).toEqual([1, 'gatehouse: Refused: unknown AWS region: mars-1\n'])
  })
})

describe('script', () => {
  const answer = {
    format: 'shell',
    fileName: 'setup.sh',
    text: '#!/usr/bin/env bash\n',
    issuer: 'http://localhost:3080',
    audience: 'sts.amazonaws.com',
    subject: 's',
    blocks: [],
    warnings: ['the issuer has a port'],
  }

  test('prints the text alone on standard output, and warnings beside it', async () => {
    gateway.on('POST /v1/identity-center/setup-script', answer)
    const { code, out, err } = await gateway.run([
      ...[
        'awsic',
        'script',
        '--integration',
        'aws',
        '--instance-arn',
        'arn',
        '--instance-region',
        'eu-central-1',
      ],
      ...['--format', 'trust', '--block', 'ous_and_tags'],
    ])
    expect({ code, out, err }).toEqual({
      code: 0,
      out: '#!/usr/bin/env bash\n',
      err: 'Warning: the issuer has a port\n',
    })
    expect(gateway.bodies('POST /v1/identity-center/setup-script')).toEqual([
      {
        integration: 'aws',
        instanceArn: 'arn',
        region: 'eu-central-1',
        format: 'trust_policy',
        blocks: ['ous_and_tags'],
      },
    ])
  })

  test('without a plugin needs to be told what for', async () => {
    const { code, err } = await gateway.run(['awsic', 'script', '--integration', 'aws'])
    expect([code, err]).toEqual([
      1,
      'gatehouse: no plugin "aws-identity-center" says it all: give --integration, --instance-arn and --instance-region\n',
    ])
  })
})
