/** For every kind: nothing that an author wrote is lost on the way into the store, out of it, and through YAML. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readYamlDocuments } from '../../src/api/resource/documents.js'
import { writeYaml } from '../../src/api/resource/yaml.js'
import { systemAuthority } from '../../src/service/authority.js'
import type { ResourceDocument } from '../../src/service/resources/kind.js'
import { mayOnResource } from '../../src/service/resources/may.js'
import { readResource } from '../../src/service/resources/read.js'
import { adminsName, adminsRef, openWorld } from '../service/resources/world.js'
import { testKinds } from '../support/kinds.js'

const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/)
const anyText = fc.oneof(
  word,
  fc.constantFrom(
    'yes',
    '012345678901',
    '1e3',
    '0o17',
    '12:30',
    '~',
    '<<',
    '2026-01-31',
    ' x ',
    'a: b',
    '#',
    'a\nb\n',
  ),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
)
const texts = fc.array(anyText, { minLength: 1, maxLength: 3 })
const words = fc.uniqueArray(word, { maxLength: 3 })
const optional = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined })
const some = <T extends object>(shape: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(shape, { requiredKeys: [] })

const labels = fc.dictionary(fc.oneof(word, fc.constantFrom('teleport.dev/env', '1', 'no')), anyText, {
  maxKeys: 3,
})
const selector = fc.dictionary(word, texts, { minKeys: 1, maxKeys: 3 })
const rules = fc.array(
  fc.record({
    resources: fc.uniqueArray(fc.constantFrom('role', 'user', '*'), { minLength: 1 }),
    verbs: fc.uniqueArray(fc.constantFrom('list', 'read', '*'), { minLength: 1 }),
  }),
  { maxLength: 2 },
)
const conditions = some({
  app_labels: selector.map((map) =>
    Object.fromEntries(Object.keys(map).map((key) => [key, ['a*', '^b.*$']])),
  ),
  account_assignments: fc.array(
    fc.record({
      account: fc.constantFrom('*', '555555555555', 'prod-*'),
      permission_set: fc.constantFrom('*', 'Admin'),
    }),
    { maxLength: 2 },
  ),
  rules,
  logins: words,
})
const ttl = fc.constantFrom('30m', '8h', '1h30m')
const roles = fc
  .uniqueArray(fc.oneof(word, fc.constantFrom(adminsName, adminsRef)), { maxLength: 3 })
  .filter((names) => !(names.includes(adminsName) && names.includes(adminsRef)))
const traits = fc.dictionary(word, fc.uniqueArray(word, { minLength: 1, maxLength: 3 }), { maxKeys: 3 })

/** What an author may write of each kind, in the form in which it is stored but for names of roles. */
const specs: Readonly<Record<string, { version: string; sub_kind?: string; spec: fc.Arbitrary<object> }>> = {
  role: {
    version: 'v7',
    spec: some({
      options: some({
        max_session_ttl: ttl,
        require_session_mfa: fc.constantFrom('off', 'session'),
        idp: fc.record({ saml: fc.record({ enabled: fc.boolean() }) }),
      }),
      allow: conditions,
      deny: conditions,
    }),
  },
  user: {
    version: 'v2',
    spec: some({
      roles,
      traits,
      created_by: fc.record({
        connector: some({ id: word, type: word }).filter(({ id }) => id !== undefined),
      }),
      local_auth: fc.record({ anything: anyText }),
    }),
  },
  token: {
    version: 'v1',
    spec: fc.record(
      { roles, traits, expires: fc.constantFrom('2026-06-01T00:00:00.000Z', '2026-12-31T23:59:59.000Z') },
      { requiredKeys: ['expires'] },
    ),
  },
  saml_idp_service_provider: {
    version: 'v1',
    spec: fc.record(
      {
        entity_id: word.map((name) => `urn:${name}`),
        // A label of its own may be `xn--`, which no host has.
        acs_url: word.map((name) => `https://sp-${name}.example.com/acs`),
        attribute_mapping: fc.uniqueArray(
          fc.record({ name: word, name_format: fc.constantFrom('basic', 'uri'), value: fc.constant('uid') }),
          { selector: ({ name }) => name, maxLength: 3 },
        ),
        preset: fc.constantFrom('unspecified', 'gcp-workforce'),
        relay_state: anyText,
        launch_urls: fc.constantFrom([], ['https://a.example.com/?b=c']),
      },
      { requiredKeys: ['entity_id', 'acs_url'] },
    ),
  },
  cluster_auth_preference: {
    version: 'v2',
    spec: some({
      second_factors: fc.constantFrom([], ['otp'], ['otp', 'webauthn']),
      require_session_mfa: fc.constantFrom('off', 'session'),
      default_session_ttl: ttl,
      idp: fc.record({ saml: fc.record({ enabled: fc.boolean() }) }),
      message_of_the_day: anyText,
    }),
  },
  integration: {
    version: 'v1',
    spec: fc.record({
      aws_oidc: fc.record(
        {
          role_arn: fc.constant('arn:aws:iam::123456789012:role/Gatehouse'),
          audience: fc.constantFrom('sts.amazonaws.com', 'gate'),
          issuer: fc.constant('https://keys.example.com/gate'),
        },
        { requiredKeys: ['audience'] },
      ),
    }),
    sub_kind: 'aws-oidc',
  },
  plugin: {
    version: 'v1',
    spec: fc
      .record(
        {
          arn: fc.constant('arn:aws:sso:::instance/ssoins-1234567890abcdef'),
          region: fc.constantFrom('eu-central-1', 'us-east-1'),
          credentials: fc.oneof(
            word.map((name) => ({ oidc: { integration_name: name } })),
            fc.constantFrom(
              { system: {} },
              { system: { assume_role_arn: 'arn:aws:iam::123456789012:role/r' } },
            ),
          ),
          provisioning_spec: fc.constant({
            base_url: 'https://scim.test/a/scim/v2/',
            allow_other_host: true,
          }),
          access_list_default_owners: fc.uniqueArray(word, { maxLength: 3 }),
          saml_idp_service_provider_name: word,
          user_sync_filters: fc.array(
            some({ labels: fc.dictionary(word, anyText, { minKeys: 1, maxKeys: 2 }), origin: word }).filter(
              ({ labels: map, origin }) => map !== undefined || origin !== undefined,
            ),
            { maxLength: 2 },
          ),
          aws_accounts_filters: fc.array(
            fc.oneof(
              fc.record({ id: word }),
              fc.record({ name: fc.constantFrom('*', 'a*', '^b.*$') }),
              fc.record({ exclude_id: word }),
              fc.record({ exclude_name: fc.constantFrom('x', 'a*') }),
            ),
            { maxLength: 3 },
          ),
          roles_sync_mode: fc.constant('ALL'),
          sync: fc.constant('paused'),
          drift: fc.constantFrom('revert', 'report'),
          restore_deleted_groups: fc.constantFrom('restore', 'ask'),
          deletion_delay: fc.constantFrom('1h', '7d'),
          scan_interval: fc.constant('10m'),
          rate_share: fc.constantFrom(0.25, 1),
          guard: some({
            removals: some({ users: some({ count: fc.nat(9), share: fc.constant(0.5) }) }),
            new_assignments: fc.nat(9),
            sensitive_sets: fc.array(fc.constant('Admin*'), { minLength: 1, maxLength: 1 }),
          }),
        },
        { requiredKeys: ['arn', 'region', 'credentials'] },
      )
      .map((aws_ic) => ({ settings: { aws_ic } })),
  },
  access_list: {
    version: 'v1',
    spec: fc.record(
      {
        title: word,
        description: anyText,
        type: fc.constantFrom('static', 'scim'),
        owners: fc
          .uniqueArray(word, { minLength: 1, maxLength: 3 })
          .map((all) => all.map((one, at) => ({ name: one, ...(at === 1 && { description: 'x' }) }))),
        // Named always: the gateway works it out where it is left out.
        audit: fc.record(
          {
            next_audit_date: fc.constantFrom('2027-01-31T00:00:00.000Z', '2028-02-29T00:00:00.000Z'),
            recurrence: some({
              frequency: fc.constantFrom(1, 3, 6, 12),
              day_of_month: fc.constantFrom(1, 15, 'last'),
            }),
            notifications: some({ start: fc.constantFrom('336h', '7d') }),
            when_overdue: fc.record(
              {
                then: fc.constantFrom('remind', 'freeze', 'remove_grants'),
                after: fc.constantFrom('0s', '48h'),
              },
              { requiredKeys: ['then'] },
            ),
          },
          { requiredKeys: ['next_audit_date'] },
        ),
        membership_requires: some({ roles, traits }),
        ownership_requires: some({ roles, traits }),
        grants: some({ roles, traits }),
        owner_grants: some({ roles, traits }),
      },
      { requiredKeys: ['title', 'owners', 'audit'] },
    ),
  },
  lock: {
    version: 'v2',
    spec: fc.record(
      {
        target: fc.oneof(
          fc.record({ user: word }),
          fc.record({ token: word }),
          fc.record({ role: fc.oneof(word, fc.constant(adminsName)) }),
        ),
        message: word,
        expires: fc.constant('2026-06-01T00:00:00.000Z'),
      },
      { requiredKeys: ['target'] },
    ),
  },
  access_review_rule: {
    version: 'v1',
    spec: fc.record(
      {
        decision: fc.constant('approve'),
        requester: some({
          users: fc.uniqueArray(word, { minLength: 1, maxLength: 3 }),
          roles: fc.uniqueArray(word, { minLength: 1, maxLength: 3 }),
          traits: fc.dictionary(word, fc.uniqueArray(word, { minLength: 1 }), { minKeys: 1, maxKeys: 3 }),
        }),
        items: fc.constantFrom(
          { roles: ['deploy-*', '^a|b$'] },
          { accounts: ['*'], permission_sets: ['ReadOnly'], apps: ['012345678901'] },
        ),
        on_call: fc.constantFrom('primary', '1e3'),
        schedule: fc.record({
          time_zone: fc.constantFrom('UTC', 'Europe/Berlin'),
          shifts: fc.constantFrom(
            [{ days: ['mon', 'fri'], start: '09:00', end: '17:30' }],
            [{ days: ['sun'], start: '22:00', end: '06:00' }],
          ),
        }),
        max_duration: fc.constantFrom('4h', '90m'),
        reason: anyText,
      },
      { requiredKeys: ['decision', 'items'] },
    ),
  },
  device: {
    version: 'v1',
    spec: fc.record(
      {
        os_type: fc.constantFrom('macos', 'windows', 'linux', 'ios'),
        asset_tag: fc.stringMatching(/^[A-Z0-9._-]{1,12}$/),
        owner: fc.constantFrom('ann@example.com', 'bob'),
        source: fc.constantFrom('jamf', 'a list by hand'),
      },
      { requiredKeys: ['os_type', 'asset_tag'] },
    ),
  },
  saml: {
    version: 'v2',
    spec: fc.record(
      {
        entity_descriptor_url: fc.constantFrom(
          'https://idp.example.com/metadata?app=1',
          'https://10.0.0.1/x',
        ),
        display: word,
        attributes_to_roles: fc.array(
          fc.record({
            name: word,
            value: fc.constantFrom('a', 'team-*', '^team-(.*)$'),
            roles: fc.uniqueArray(fc.oneof(word, fc.constant('team-$1')), { minLength: 1, maxLength: 3 }),
          }),
          { maxLength: 3 },
        ),
        username_attribute: word,
        subject_attribute: word,
        scim_external_id_attribute: word,
        allow_idp_initiated: fc.boolean(),
        create_users: fc.boolean(),
        allow_private_network: fc.boolean(),
      },
      { requiredKeys: ['entity_descriptor_url'] },
    ),
  },
  oidc: {
    version: 'v3',
    spec: fc.record(
      {
        issuer_url: fc.constantFrom('https://login.example.com', 'https://login.example.com/a/v2.0/'),
        client_id: word,
        client_secret: word,
        display: word,
        claims_to_roles: fc.array(
          fc.record({
            claim: word,
            value: fc.constantFrom('a', 'a*', '^(b).*$'),
            roles: fc.uniqueArray(fc.oneof(word, fc.constant('$1')), { minLength: 1 }),
          }),
          { maxLength: 3 },
        ),
        scope: fc.uniqueArray(fc.constantFrom('email', 'groups'), { maxLength: 2 }),
        prompt: fc.constantFrom('login', 'select_account'),
        acr_values: word,
        max_age: ttl,
        username_claim: word,
        scim_external_id_claim: word,
        allow_unverified_email: fc.boolean(),
        create_users: fc.boolean(),
        allow_private_network: fc.boolean(),
      },
      { requiredKeys: ['issuer_url', 'client_id', 'client_secret'] },
    ),
  },
  github: {
    version: 'v3',
    spec: fc.record(
      {
        client_id: word,
        client_secret: word,
        display: word,
        teams_to_roles: fc.array(
          fc.record({
            organization: fc.constantFrom('example', 'a-b'),
            team: fc.constantFrom('platform', 'x'),
            roles: fc.uniqueArray(word, { minLength: 1 }),
          }),
          { maxLength: 3 },
        ),
        endpoint_url: fc.constant('https://git.example.com'),
        api_endpoint_url: fc.constant('https://git.example.com/api/v3'),
        create_users: fc.boolean(),
        allow_private_network: fc.boolean(),
      },
      { requiredKeys: ['client_id', 'client_secret'] },
    ),
  },
  login_rule: {
    version: 'v1',
    spec: fc.record({
      priority: fc.integer({ min: -5, max: 5 }),
      traits_map: fc.dictionary(
        word,
        fc.array(fc.constantFrom('external.groups', 'strings.lower(external["a b"])', '"x"'), {
          minLength: 1,
        }),
        { minKeys: 1, maxKeys: 3 },
      ),
    }),
  },
  webhook: {
    version: 'v1',
    spec: fc.record(
      {
        url: fc.constantFrom('https://hooks.example.com/a?b=c', 'https://10.0.0.1/'),
        events: fc.constantFrom(
          ['access_request.created'],
          ['access_request.denied', 'access_request.expired'],
        ),
        allow_private_network: fc.boolean(),
        disabled: fc.boolean(),
      },
      { requiredKeys: ['url'] },
    ),
  },
}

const kinds = testKinds()
/** Kinds whose resources are stored as their authors wrote them; rows of other tables have tests of their own. */
const stored = kinds.all.filter(({ storage }) => storage === undefined)

test('every kind is tried', () => {
  expect(Object.keys(specs).sort()).toEqual(stored.map(({ name }) => name).sort())
})

describe.each(stored.map((kind) => [kind.name, kind] as const))('%s', (name, kind) => {
  const { spec, ...words } = specs[name] ?? { version: '', spec: fc.constant({}) }
  const metadata = fc.record({
    name: kind.singleton === undefined ? word : fc.constant(kind.singleton),
    description: optional(anyText),
    labels: optional(labels),
  })
  const documents = fc
    .record({ metadata, spec })
    .map((parts): unknown => JSON.parse(JSON.stringify({ kind: name, ...words, ...parts })))

  test('what is written is read again, field by field, and writing that changes nothing', async () => {
    const world = await openWorld()
    await fc.assert(
      fc.asyncProperty(documents, async (written) => {
        const [change] = await world.apply(written, { mode: 'create' })
        const view = await readResource(world.deps, { kind: name, name: change?.name ?? '' }, systemAuthority)
        expect(change?.after).toEqual(view.document)
        expect(withoutSecretId(view.document)).toEqual(withoutSecret(withRoleNames(written)))
        expect(view.problem).toBeUndefined()
        const [again] = await world.apply(writeYaml({ ...view.document }))
        expect(again?.action).toBe('none')
        await world.remove(name, view.name)
      }),
      { numRuns: 100 },
    )
  })

  test('its normal form is YAML that says the same, and parses to itself', () => {
    fc.assert(
      fc.property(documents, (written) => {
        const { document, value } = kind.parse(written)
        const [read] = readYamlDocuments(writeYaml({ ...document }), 'f')
        expect(read?.value).toEqual(document)
        expect(kind.parse(read?.value)).toMatchObject({ document, value })
      }),
      { numRuns: 200 },
    )
  })

  test('its example parses and can be created', async () => {
    const world = await openWorld()
    const [change] = await world.apply(kind.example, { mode: 'create' })
    expect(change).toMatchObject({ action: 'create', kind: name })
    expect(kind.versions).toContain(change?.after?.version)
  })

  test('is found by its name, its plural and its other names', () => {
    for (const word of [name, kind.plural, ...kind.aliases, name.toUpperCase(), name.replaceAll('_', '-')]) {
      expect(kinds.find(word)?.name).toBe(name)
    }
    expect(kinds.find(`${name}x`)).toBeUndefined()
  })
})

test('the operator may do with resources what the kinds say, which opens the routes, and nothing else', () => {
  const operator = { name: 'operator', kind: 'operator', user: undefined, roles: [] } as const
  for (const { name: resource, operatorVerbs = [] } of kinds.all) {
    for (const verb of ['list', 'read', 'create', 'update', 'delete', 'rotate', '*']) {
      const { effect } = mayOnResource(operator, { resource, verb })
      expect([resource, verb, effect]).toEqual([
        resource,
        verb,
        operatorVerbs.includes(verb) ? 'allow' : 'deny',
      ])
    }
  }
})

test('no two kinds share a word', () => {
  const all = kinds.all.flatMap(({ name, plural, aliases }) => [name, plural, ...aliases])
  expect(new Set(all).size).toBe(all.length)
})

/** Write-only: what is kept of it is an id. */
function withoutSecret(document: ResourceDocument): ResourceDocument {
  const { client_secret: _, ...spec } = document['spec'] as Record<string, unknown>
  return { ...document, spec }
}

function withoutSecretId(document: ResourceDocument): ResourceDocument {
  const { client_secret_id: _, ...spec } = document['spec'] as Record<string, unknown>
  return { ...document, spec }
}

/** References are shown by name. */
function withRoleNames(written: unknown): ResourceDocument {
  return JSON.parse(JSON.stringify(written).replaceAll(adminsRef, adminsName))
}
