/** Exports of Teleport load by `gatehouse create`, with exactly the differences that docs/moving-from-teleport.md names. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { root } from '../architecture/source.js'
import { machineUser, runCommand, type CommandOutcome } from '../support/command-line.js'
import { role, signInAdmin, testResources } from '../support/people.js'
import { openTestGateway, type TestGateway } from '../support/test-gateway.js'

const folder = join(root, 'fixtures/moving/teleport')
let gateway: TestGateway
let env: NodeJS.ProcessEnv

beforeAll(async () => {
  const integration = {
    kind: 'integration',
    sub_kind: 'aws-oidc',
    version: 'v1',
    metadata: { name: 'aws-identity-center' },
    spec: { aws_oidc: {} },
  }
  const everything = role('everything', 'v7', { allow: { rules: [{ resources: ['*'], verbs: ['*'] }] } })
  gateway = await openTestGateway({ resources: [...testResources, integration, everything] })
  env = await machineUser(gateway, await signInAdmin(gateway), { name: 'ci', roles: ['everything'] })
})
afterAll(() => gateway?.[Symbol.asyncDispose]())

/** Beside `spec.`, in the order of the answer. */
const keptWithoutEffect: Readonly<Record<string, readonly string[]>> = {
  'role "identity-center-access"': [
    'options.lock',
    'options.mfa_verification_interval',
    'options.request_access',
    'options.cert_format',
    'options.create_db_user',
    'options.create_desktop_user',
    'options.desktop_clipboard',
    'options.desktop_directory_sharing',
    'options.enhanced_recording',
    'options.forward_agent',
    'options.pin_source_ip',
    'options.port_forwarding',
    'options.record_session',
    'options.ssh_file_copy',
  ],
  'role "platform-engineer"': [
    'options.forward_agent',
    'options.ssh_port_forwarding',
    'allow.logins',
    'allow.node_labels',
    'allow.kubernetes_groups',
    'allow.kubernetes_labels',
    'allow.kubernetes_resources',
    'allow.db_labels',
    'allow.db_names',
    'allow.db_users',
    'deny.logins',
  ],
  'role "production-writer"': ['allow.windows_desktop_labels', 'allow.windows_desktop_logins'],
  'role "reviewer-of-writers"': ['allow.join_sessions'],
  'role "auditor-of-sessions"': ['allow.cluster_labels'],
  'role "old-developer"': ['allow.logins', 'allow.node_labels'],
  'login_rule "tidy-claims"': [],
  'oidc "okta"': ['client_redirect_settings', 'mfa', 'provider'],
  'saml "corp"': ['provider'],
  'github "github"': [],
  'user "alice@example.com"': ['local_auth'],
  'saml_idp_service_provider "aws-identity-center"': [],
  'cluster_auth_preference "cluster-auth-preference"': [
    'allow_headless',
    'disconnect_expired_cert',
    'locking_mode',
    'signature_algorithm_suite',
  ],
  'plugin "aws-identity-center"': ['status', 'settings.aws_ic.credentials_source'],
  'access_list "6a1f7a1e-5f0f-4d6a-9a5f-0d5b0d6c6c01"': ['status'],
  'access_list "6a1f7a1e-5f0f-4d6a-9a5f-0d5b0d6c6c02"': [],
  'access_list_member "6a1f7a1e-5f0f-4d6a-9a5f-0d5b0d6c6c02/alice@example.com"': [],
  'access_list_member "6a1f7a1e-5f0f-4d6a-9a5f-0d5b0d6c6c01/bob@example.com"': [],
  'device "5f1a0c6e-3a70-4f0c-8a24-6bb7a36a0001"': [
    'create_time',
    'credential',
    'enroll_status',
    'update_time',
  ],
  'lock "0c9f4f0a-13ad-4f6e-9b2c-1c8a5f7a2b01"': ['created_at', 'created_by'],
  'lock "0c9f4f0a-13ad-4f6e-9b2c-1c8a5f7a2b02"': [],
  'lock "0c9f4f0a-13ad-4f6e-9b2c-1c8a5f7a2b03"': [],
}

/** Line, path and first words of each problem. */
const refusals: Readonly<Record<string, readonly string[]>> = {
  'connectors.yaml': [
    ':9: spec.redirect_url: must be http',
    ':29: spec.audience: this field is not known',
    ':30: spec.service_provider_issuer: this field is not known',
    ':46: spec.redirect_url: must be http',
  ],
  'imported-access-list.yaml': [':5: metadata.labels.teleport.dev/origin: the gateway alone sets this label'],
  'integration.yaml': [':8: spec.aws_oidc.issuer_s3_uri: this field is not known'],
  'login-rule-expression.yaml': [
    ':4: spec.traits_map: names no trait',
    ':6: spec.traits_expression: an expression over all traits at once cannot be evaluated here',
  ],
  'preference-by-connector.yaml': [':5: spec.type: must be local'],
  'role-about-sessions.yaml': [
    ':9: spec.allow.rules.0.where: at character 10: "session.participants" is unknown',
  ],
  'user-of-a-connector.yaml': [':5: metadata.expires: expiry of a resource is not supported by this version'],
}

async function dryRun(files: readonly string[]): Promise<CommandOutcome> {
  const args = files.flatMap((file) => ['-f', join(folder, file)])
  return await runCommand(['create', ...args, '--dry-run', '--force'], { env })
}

const yamlFiles = (of: string) => readdirSync(of).filter((name) => name.endsWith('.yaml'))

describe('what loads', () => {
  test('everything at once, and each answer names the fields that mean nothing here', async () => {
    const { code, out, err } = await dryRun(yamlFiles(folder))
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const ignored: Record<string, string[]> = {}
    let current: string[] = []
    for (const line of out.split('\n')) {
      const document = /^(\w+ "[^"]+") would be (?:created|updated)$/.exec(line)?.[1]
      if (document !== undefined) current = ignored[document] = []
      const field = /^ {2}(\S+) is kept and has no effect here\.$/.exec(line)?.[1]
      if (field !== undefined) current.push(field.replace(/^spec\./, ''))
    }
    expect(ignored).toEqual(keptWithoutEffect)
  })

  test('roles up to v7 are told to open every application, v8 is not', async () => {
    const { out } = await dryRun(['roles.yaml'])
    const opens = [...out.matchAll(/Role "([^"]+)" \(v\d\) opens every application/g)].map(([, name]) => name)
    expect(opens).toEqual([
      'platform-engineer',
      'production-writer',
      'reviewer-of-writers',
      'auditor-of-sessions',
      'old-developer',
    ])
  })

  test('names that lead nowhere yet are told, and addresses to register', async () => {
    const { out } = await dryRun(['access-lists.yaml', 'connectors.yaml', 'devices.yaml', 'locks.yaml'])
    expect(out).toContain(
      'There is no user "bob@example.com" yet; whoever is given that name will be a member.',
    )
    expect(out).toMatch(
      /Register this address at the provider: http\S+\/v1\/connectors\/callback\/oidc\/okta/,
    )
    expect(out).toContain('Vouches for nobody until it is enrolled')
    // A login is a user here: there are no machines to log in to.
    expect(out).toContain('There is no user "root"; the lock holds as soon as there is.')
  })
})

describe('what is refused', () => {
  test('every file of the folder is one of these', () => {
    expect(yamlFiles(join(folder, 'refused')).sort()).toEqual(Object.keys(refusals).sort())
  })

  test.each(Object.entries(refusals))('%s', async (file, lines) => {
    const { code, out, err } = await dryRun([join('refused', file)])
    expect({ code, out }).toEqual({ code: 1, out: '' })
    const [, ...problems] = err.trim().split('\n')
    expect(problems).toHaveLength(lines.length)
    lines.forEach((line, at) => expect(problems[at]).toContain(`refused/${file}${line}`))
  })
})
