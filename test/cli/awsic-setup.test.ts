/**
 * The whole set-up by the command line alone, and by files alone: a gateway in a process of its own, the emulator beside
 * it, and nothing but what an administrator types or writes.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parseAllDocuments, stringify } from 'yaml'
import { checkSetupOrder } from '../../src/core/aws-setup/order.js'
import { buildPolicy } from '../../src/core/aws-setup/policy.js'
import { buildTrustPolicy, providerArn } from '../../src/core/aws-setup/trust-policy.js'
import { defaultAudience, integrationSubject } from '../../src/core/identity-center/integration.js'
import type { SetupScriptAnswer, SyncStatusAnswer } from '../../src/api/contract.js'
import { callIam, makeScimToken, readAws, whoHasWhat } from '../../src/demo/aws-console.js'
import { until } from '../../src/demo/connect.js'
import { HeadlessBrowser, readText } from '../../src/demo/browser.js'
import { redeemLink, signIn } from '../../src/demo/journeys.js'
import { demoIssuer, type World } from '../../src/demo/world.js'
import { freePort } from '../../src/demo/ports.js'
import { startEmulator, type Emulator } from '../../src/emulator/main.js'
import { systemClock } from '../../src/lib/clock.js'
import { createLogger } from '../../src/lib/logger.js'
import { systemRandom } from '../../src/lib/random.js'
import { runCommand, type CommandOutcome } from '../support/command-line.js'
import { startGateway, type RunningGateway } from '../support/process.js'

const sample = (path: string): string => fileURLToPath(new URL(`../../fixtures/${path}`, import.meta.url))
const administrator = 'ada@example.com'
const instance = 'arn:aws:sso:::instance/ssoins-6987b2c41e0fa35d'
const account = '111111111111'

let folder: string
let emulator: Emulator
let gateway: RunningGateway | undefined
let port: number
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-awsic-setup-'))
  port = await freePort()
  emulator = await startEmulator({
    listen: '127.0.0.1:0',
    clock: systemClock,
    logger: createLogger('silent'),
    random: systemRandom,
    settings: { assignmentMs: 50 },
    orgFile: sample('orgs/demo.yaml'),
    issuers: new Map([[demoIssuer, `http://127.0.0.1:${port}`]]),
  })
})
afterEach(async () => {
  await gateway?.stop()
  await emulator.close()
  await rm(folder, { recursive: true, force: true })
})

/** People of ours with the names of those in AWS, so that they are bound to them. */
const resources: readonly unknown[] = [
  {
    kind: 'cluster_auth_preference',
    version: 'v2',
    metadata: { name: 'cluster-auth-preference' },
    spec: { second_factor: 'optional' },
  },
  { kind: 'user', version: 'v2', metadata: { name: administrator }, spec: { roles: ['editor', 'auditor'] } },
  { kind: 'user', version: 'v2', metadata: { name: 'dev@example.com' }, spec: { roles: ['access'] } },
]

async function start(
  documents: readonly unknown[],
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const bootstrap = join(folder, 'resources.yaml')
  await writeFile(bootstrap, documents.map((one) => stringify(one)).join('---\n'))
  gateway = await startGateway({
    cwd: folder,
    env: {
      GATEHOUSE_DATA_DIR: join(folder, 'data'),
      GATEHOUSE_LISTEN: `127.0.0.1:${port}`,
      GATEHOUSE_BOOTSTRAP_FILE: bootstrap,
      GATEHOUSE_SAML_ALLOW_HTTP_LOOPBACK: 'true',
      GATEHOUSE_CLUSTER_NAME: 'demo.gatehouse.example',
      AWS_ENDPOINT_URL: emulator.url,
      AWS_REGION: 'eu-central-1',
      ...env,
    },
  })
}

/** Where both are, as the demo's journeys want it. */
function world(): World {
  const firstAdminLink = /(http:\/\/\S+\/invite#\S+)/.exec(gateway?.text.out ?? '')?.[1] ?? ''
  const gatewayUrl = `http://localhost:${port}`
  const never = new Promise<string>(() => undefined)
  const dispose = { [Symbol.asyncDispose]: () => Promise.resolve() }
  const mailbox = { smtpUrl: '', url: '', mails: [], ...dispose }
  const urls = { gatewayUrl, emulatorUrl: emulator.url, firstAdminLink }
  return { ...urls, mailbox, dataDir: folder, ended: never, ...dispose }
}

/** The command line of an administrator. */
async function administratorsCli(): Promise<(...args: string[]) => Promise<CommandOutcome>> {
  // It is printed just after the address.
  await until('the link is printed', () => Promise.resolve(world().firstAdminLink !== ''))
  const here = world()
  await redeemLink(here, here.firstAdminLink, false)
  const browser = new HeadlessBrowser()
  await signIn(here, browser, administrator, '/', new Map())
  const token = {
    kind: 'token',
    version: 'v1',
    metadata: { name: 'ci' },
    spec: { roles: ['editor', 'auditor'], ttl: '1h' },
  }
  const made = (await browser.api(here.gatewayUrl, 'POST', '/v1/resources', token)) as { changes: unknown[] }
  const env = {
    GATEHOUSE_URL: here.gatewayUrl,
    GATEHOUSE_TOKEN: readText(made.changes[0], 'secret'),
    XDG_CONFIG_HOME: folder,
  }
  return async (...args) => {
    const outcome = await runCommand(args, { env })
    expect(outcome, `${args.join(' ')}\n${outcome.out}${outcome.err}`).toMatchObject({ code: 0 })
    return outcome
  }
}

/** What the set-up script does, by the same calls. */
async function makeRole(
  policy: string,
  { issuer, audience, text }: Pick<SetupScriptAnswer, 'issuer' | 'audience' | 'text'>,
): Promise<string> {
  const here = world()
  const names = { RoleName: 'GatehouseIdentityCenter', PolicyName: 'GatehouseIdentityCenter' }
  await callIam(here, {
    Action: 'CreateOpenIDConnectProvider',
    Url: issuer,
    'ClientIDList.member.1': audience,
  })
  const trust = text.replaceAll('000000000000', account)
  await callIam(here, { Action: 'CreateRole', RoleName: names.RoleName, AssumeRolePolicyDocument: trust })
  await callIam(here, { Action: 'PutRolePolicy', ...names, PolicyDocument: policy })
  return `arn:aws:iam::${account}:role/${names.RoleName}`
}

async function writeMetadata(): Promise<string> {
  const response = await fetch(`${emulator.url}/platform/saml/metadata/d-99672f1c0b`)
  const file = join(folder, 'metadata.xml')
  await writeFile(file, await response.text())
  return file
}

async function writeScimToken(): Promise<{ readonly file: string; readonly endpoint: string }> {
  const { endpoint, token } = await makeScimToken(world())
  const file = join(folder, 'scim-token')
  await writeFile(file, `${token}\n`, { mode: 0o600 })
  return { file, endpoint }
}

/** What a set-up ends in, whichever way it came: who has what, which groups are ours, and that nothing is left to do. */
async function endState(cli: (...args: string[]) => Promise<CommandOutcome>): Promise<unknown> {
  const { total } = JSON.parse((await cli('awsic', 'plan', '--json')).out) as { total: number }
  const { mode, sync, totals } = JSON.parse((await cli('awsic', 'status', '--json')).out) as SyncStatusAnswer
  const lists = (await cli('acl', 'ls', '--json')).out.trimEnd().split('\n')
  const names = lists.map((line) => (JSON.parse(line) as { name: string }).name)
  return { total, mode, sync, totals, names, access: whoHasWhat(await readAws(world())) }
}

const connected = (access: readonly string[]): object => ({
  total: 0,
  mode: 'full',
  sync: 'active',
  names: ['developers', 'finance', 'platform-admins', 'security-auditors'],
  access,
})

test('the command line alone takes a new gateway to an empty plan, and everyone keeps what they had', async () => {
  await start(resources)
  const cli = await administratorsCli()
  const before = whoHasWhat(await readAws(world()))
  const instanceOptions = ['--instance-arn', instance, '--instance-region', 'eu-central-1']

  const begun = await cli(
    ...['awsic', 'enrol', ...instanceOptions, '--access-list-default-owner', administrator],
    ...['--oidc-integration', 'aws', '--issuer', demoIssuer],
  )
  expect(begun.out).toContain('The integration has no role yet.')
  const blocks = ['--block', 'management_account', 'ous_and_tags']
  const policy = (await cli('awsic', 'script', '--format', 'policy', ...blocks)).out
  const trust = (await cli('awsic', 'script', '--format', 'trust', '--json')).out
  const roleArn = await makeRole(policy, JSON.parse(trust) as SetupScriptAnswer)

  const { file, endpoint } = await writeScimToken()
  const enrolled = await cli(
    ...['awsic', 'enrol', '--oidc-integration', 'aws', '--role-arn', roleArn],
    ...['--saml-metadata', await writeMetadata()],
    ...['--scim-url', endpoint, '--force-scim-url', '--scim-token-file', file],
  )
  expect(enrolled.out).toContain('AWS is unchanged until you apply them')
  expect(enrolled.out).not.toContain((await readFile(file, 'utf8')).trim())
  expect(whoHasWhat(await readAws(world()))).toEqual(before)

  await cli('awsic', 'apply', '--watch', '--yes')
  expect(await endState(cli)).toMatchObject(connected(before))
}, 60_000)

/** The role as the set-up script makes it, before there is a plugin to write the script for. */
async function makeRoleBefore(): Promise<void> {
  const order = checkSetupOrder({
    integration: 'aws',
    issuer: demoIssuer,
    audience: defaultAudience,
    subject: integrationSubject('aws', 'demo.gatehouse.example'),
    instanceArn: instance,
    region: 'eu-central-1',
    roleName: 'GatehouseIdentityCenter',
    blocks: ['management_account', 'ous_and_tags'],
  })
  const trust = JSON.stringify(buildTrustPolicy(order, providerArn(order, account)))
  await makeRole(JSON.stringify(buildPolicy(order)), { ...order, text: trust })
}

/** The sample, with the SCIM address and the metadata that AWS gives in this test. */
async function sampleResources(endpoint: string): Promise<unknown[]> {
  const metadata = await readFile(await writeMetadata(), 'utf8')
  const text = await readFile(sample('config/identity-center.yaml'), 'utf8')
  const [integration, , plugin] = parseAllDocuments(
    text.replace(/base_url: .*/, `base_url: ${endpoint}\n        allow_other_host: true`),
  ).map((document) => document.toJS() as unknown)
  const serviceProvider = {
    kind: 'saml_idp_service_provider',
    version: 'v1',
    metadata: { name: 'aws-identity-center' },
    spec: { preset: 'aws-identity-center', entity_descriptor: metadata },
  }
  return [integration, serviceProvider, plugin]
}

test('files alone end the same, with nothing typed but the start, and everyone keeps what they had', async () => {
  const { file, endpoint } = await writeScimToken()
  const before = whoHasWhat(await readAws(world()))
  const [integration, ...others] = await sampleResources(endpoint)
  // AWS asks for the keys of the issuer when the role is made, so they have to be served then.
  await start([...resources, integration])
  await makeRoleBefore()
  await gateway?.stop()
  await start([...resources, integration, ...others], { GATEHOUSE_AWSIC_SCIM_TOKEN_FILE: file })
  const cli = await administratorsCli()
  await until('the sync is healthy', async () => {
    // Its exit status tells that somebody is needed, as long as the sync is not healthy.
    const status = await cli('awsic', 'status', '--json').catch(() => undefined)
    if (status === undefined) return false
    const { health, waiting } = JSON.parse(status.out) as SyncStatusAnswer
    return health === 'healthy' && waiting.actions === 0
  })
  expect(await endState(cli)).toMatchObject(connected(before))
  const events = (await cli('audit', 'ls', '--json')).out
  const imported = events.split('\n').filter((line) => line.includes('"aws_identity_center.import"'))
  expect(imported).toHaveLength(1)
  expect(imported[0]).toContain('"user":"system"')
}, 60_000)
