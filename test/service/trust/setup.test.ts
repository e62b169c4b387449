/**
 * @module Trust with AWS from end to end: the set-up script runs against the emulator, AWS reads our keys, and a token
 * of ours takes the role on; the role may do what the guide lists, and nothing beside it (T12, T13).
 */
import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  CreateOpenIDConnectProviderCommand,
  CreateRoleCommand,
  GetRolePolicyCommand,
  ListRolesCommand,
  PutRolePolicyCommand,
  AttachRolePolicyCommand,
  GetRoleCommand,
} from '@aws-sdk/client-iam'
import {
  ListGroupMembershipsCommand,
  ListGroupsCommand,
  ListUsersCommand,
} from '@aws-sdk/client-identitystore'
import {
  DescribeOrganizationCommand,
  ListAccountsCommand,
  ListOrganizationalUnitsForParentCommand,
  ListRootsCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-organizations'
import {
  CreateAccountAssignmentCommand,
  CreatePermissionSetCommand,
  DeleteAccountAssignmentCommand,
  DescribeAccountAssignmentCreationStatusCommand,
  DescribeInstanceCommand,
  DescribePermissionSetCommand,
  ListAccountAssignmentsCommand,
  ListAccountAssignmentsForPrincipalCommand,
  ListPermissionSetsCommand,
  ListPermissionSetsProvisionedToAccountCommand,
} from '@aws-sdk/client-sso-admin'
import { AssumeRoleWithWebIdentityCommand } from '@aws-sdk/client-sts'
import { describe, expect, onTestFinished, test } from 'vitest'
import { buildPolicy } from '../../../src/core/aws-setup/policy.js'
import { buildTrustPolicy, providerArn } from '../../../src/core/aws-setup/trust-policy.js'
import { integrationSubject } from '../../../src/core/identity-center/integration.js'
import type { SetupBlock } from '../../../src/core/aws-setup/order.js'
import { ManualClock } from '../../../src/lib/clock.js'
import { adminKey, AwsWorld, demo, demoRegion, type Clients } from '../../emulator/aws-world.js'
import { startTime } from '../../emulator/portal.js'
import { checked, setupOrder } from '../../core/aws-setup/orders.js'
import { signInAdmin, testResources, type TestBrowser } from '../../support/people.js'
import { openTestGateway, type TestGateway } from '../../support/test-gateway.js'

const run = promisify(execFile)
const hasAws = spawnSync('aws', ['--version']).status === 0
const issuerName = 'https://id.example.com'
const integration = {
  kind: 'integration',
  sub_kind: 'aws-oidc',
  version: 'v1',
  metadata: { name: 'aws' },
  spec: { aws_oidc: { issuer: issuerName } },
}
const order = {
  integration: 'aws',
  instanceArn: demo.instanceArn,
  region: demoRegion,
}

interface Trust {
  readonly gateway: TestGateway
  readonly world: AwsWorld
  readonly admin: TestBrowser
}

/** A gateway that AWS reaches by the name of its issuer. */
async function openTrust(): Promise<Trust> {
  const issuers = new Map<string, string>()
  const gateway = await openTestGateway({
    resources: [...testResources, integration],
    clock: new ManualClock(startTime),
    issuers,
  })
  onTestFinished(() => gateway[Symbol.asyncDispose]())
  issuers.set(issuerName, gateway.url)
  const world = await AwsWorld.open({ issuers })
  onTestFinished(() => world[Symbol.asyncDispose]())
  return { gateway, world, admin: await signInAdmin(gateway) }
}

async function scriptOf({ admin }: Trust, format: string, blocks: readonly string[] = []): Promise<string> {
  const answer = await admin.post('/v1/identity-center/setup-script', { ...order, format, blocks })
  expect(answer.status, answer.text).toBe(200)
  return (answer.body as { text: string }).text
}

/** What the script of the set-up does, by the SDK: for machines without the AWS command line. */
async function arrangeByHand({ world }: Trust, blocks: readonly SetupBlock[] = []): Promise<string> {
  const made = checked({ blocks, subject: integrationSubject('aws', 'localhost') })
  const { iam } = world.clients
  await iam.send(new CreateOpenIDConnectProviderCommand({ Url: made.issuer, ClientIDList: [made.audience] }))
  const trust = JSON.stringify(buildTrustPolicy(made, providerArn(made, demo.management)))
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName: made.roleName, AssumeRolePolicyDocument: trust }),
  )
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: made.roleName,
      PolicyName: made.roleName,
      PolicyDocument: JSON.stringify(buildPolicy(made)),
    }),
  )
  return Role?.Arn ?? ''
}

async function assume({ gateway, world }: Trust, RoleArn: string, changes: object = {}): Promise<Clients> {
  const { token } = await gateway.gateway.issuer.token({
    issuer: issuerName,
    audience: setupOrder.audience,
    subject: integrationSubject('aws', 'localhost'),
    ...changes,
  })
  const { Credentials: made } = await world.clients.sts.send(
    new AssumeRoleWithWebIdentityCommand({ RoleArn, RoleSessionName: 'gatehouse', WebIdentityToken: token }),
  )
  return world.clientsOf({
    accessKeyId: made?.AccessKeyId ?? '',
    secretAccessKey: made?.SecretAccessKey ?? '',
    sessionToken: made?.SessionToken ?? '',
  })
}

const pair = { InstanceArn: demo.instanceArn, PermissionSetArn: demo.readOnlyArn }
const ada = { PrincipalType: 'USER', PrincipalId: demo.adaId } as const

describe('the role', () => {
  test('is taken on with a token of the gateway, whose keys AWS reads by the name of the issuer', async () => {
    const trust = await openTrust()
    const clients = await assume(trust, await arrangeByHand(trust))
    const { IdentityStoreId } = await clients.ssoAdmin.send(
      new DescribeInstanceCommand({ InstanceArn: demo.instanceArn }),
    )
    expect(IdentityStoreId).toBe(demo.identityStoreId)
  })

  test('is taken on after a rollover of the key, whose switch waits for the published keys', async () => {
    const trust = await openTrust()
    const arn = await arrangeByHand(trust)
    const rotate = async (step: string) => await trust.admin.post('/v1/keys/oidc/rotate', { step })
    expect((await rotate('prepare')).status).toBe(200)
    expect((await rotate('switch')).status).toBe(200)
    await assume(trust, arn)
    expect((await rotate('finish')).status).toBe(200)
    await assume(trust, arn)
  })

  test.each([
    ['subject', integrationSubject('other', 'localhost')],
    ['subject', `${integrationSubject('aws', 'localhost')}x`],
    ['audience', 'another'],
    ['issuer', 'https://evil.example.com'],
  ])('is refused to a token with another %s: %s (T13)', async (claim, value) => {
    const trust = await openTrust()
    const arn = await arrangeByHand(trust)
    await expect(assume(trust, arn, { [claim]: value })).rejects.toThrow()
  })

  test('may do all that the guide lists', async () => {
    const trust = await openTrust()
    const { ssoAdmin, identitystore, organizations, iam } = await assume(trust, await arrangeByHand(trust))
    const store = { IdentityStoreId: demo.identityStoreId }
    await organizations.send(new ListAccountsCommand({}))
    await organizations.send(new DescribeOrganizationCommand({}))
    await identitystore.send(new ListUsersCommand(store))
    const { Groups = [] } = await identitystore.send(new ListGroupsCommand(store))
    await identitystore.send(new ListGroupMembershipsCommand({ ...store, GroupId: Groups[0]?.GroupId }))
    await ssoAdmin.send(new ListPermissionSetsCommand({ InstanceArn: demo.instanceArn }))
    await ssoAdmin.send(new DescribePermissionSetCommand(pair))
    await ssoAdmin.send(
      new ListPermissionSetsProvisionedToAccountCommand({
        InstanceArn: demo.instanceArn,
        AccountId: demo.sandbox,
      }),
    )
    await ssoAdmin.send(
      new ListAccountAssignmentsForPrincipalCommand({ InstanceArn: demo.instanceArn, ...ada }),
    )
    const target = { TargetId: demo.sandbox, TargetType: 'AWS_ACCOUNT', ...pair, ...ada } as const
    const { AccountAssignmentCreationStatus: begun } = await ssoAdmin.send(
      new CreateAccountAssignmentCommand(target),
    )
    await trust.world.control('POST', 'clock/advance', { seconds: 60 })
    const { AccountAssignmentCreationStatus: ended } = await ssoAdmin.send(
      new DescribeAccountAssignmentCreationStatusCommand({
        InstanceArn: demo.instanceArn,
        AccountAssignmentCreationRequestId: begun?.RequestId,
      }),
    )
    expect(ended?.Status).toBe('SUCCEEDED')
    await ssoAdmin.send(new DeleteAccountAssignmentCommand(target))
    const { Roles = [] } = await iam.send(
      new ListRolesCommand({ PathPrefix: '/aws-reserved/sso.amazonaws.com/' }),
    )
    await iam.send(new GetRoleCommand({ RoleName: Roles[0]?.RoleName }))
  })

  test('may create no role elsewhere, attach no policy elsewhere, and change no permission set (T12)', async () => {
    const trust = await openTrust()
    const arn = await arrangeByHand(trust, ['management_account', 'ous_and_tags', 'delegated_administrator'])
    const { iam, ssoAdmin } = await assume(trust, arn)
    const AssumeRolePolicyDocument = JSON.stringify(
      buildTrustPolicy(checked(), providerArn(checked(), demo.management)),
    )
    const refused = /not authorized to perform/
    for (const Path of ['/', '/aws-reserved/', '/aws-reserved/sso.amazonaws.com.evil/']) {
      await expect(
        iam.send(new CreateRoleCommand({ RoleName: 'Mine', Path, AssumeRolePolicyDocument })),
      ).rejects.toThrow(refused)
    }
    await expect(
      iam.send(
        new AttachRolePolicyCommand({
          RoleName: setupOrder.roleName,
          PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
        }),
      ),
    ).rejects.toThrow(refused)
    await expect(
      iam.send(
        new PutRolePolicyCommand({ RoleName: setupOrder.roleName, PolicyName: 'all', PolicyDocument: '{}' }),
      ),
    ).rejects.toThrow(refused)
    await expect(iam.send(new ListRolesCommand({}))).rejects.toThrow(refused)
    await expect(
      ssoAdmin.send(new CreatePermissionSetCommand({ InstanceArn: demo.instanceArn, Name: 'Mine' })),
    ).rejects.toThrow(refused)
  })

  test('reads units, tags and pairs only with the blocks for them', async () => {
    const bare = await openTrust()
    const refused = /not authorized to perform/
    const { organizations, ssoAdmin } = await assume(bare, await arrangeByHand(bare))
    const roots = (clients: Pick<Clients, 'organizations'>) =>
      clients.organizations.send(new ListRootsCommand({}))
    const byPair = new ListAccountAssignmentsCommand({ AccountId: demo.sandbox, ...pair })
    await expect(roots({ organizations })).rejects.toThrow(refused)
    await expect(ssoAdmin.send(byPair)).rejects.toThrow(refused)

    const full = await openTrust()
    const more = await assume(full, await arrangeByHand(full, ['ous_and_tags', 'delegated_administrator']))
    const { Roots = [] } = await roots(more)
    await more.organizations.send(new ListOrganizationalUnitsForParentCommand({ ParentId: Roots[0]?.Id }))
    await more.organizations.send(new ListTagsForResourceCommand({ ResourceId: demo.sandbox }))
    await more.ssoAdmin.send(byPair)
  })
})

describe.runIf(hasAws)('the script, run by bash with the AWS command line', { timeout: 300_000 }, () => {
  async function runScript({ world }: Trust, text: string, ...args: readonly string[]) {
    const home = mkdtempSync(join(tmpdir(), 'gatehouse-aws-'))
    onTestFinished(() => rmSync(home, { recursive: true }))
    return await run('bash', ['-c', text, 'script', ...args], {
      env: {
        PATH: process.env['PATH'],
        HOME: home,
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_MAX_ATTEMPTS: '1',
        AWS_ENDPOINT_URL: world.url,
        AWS_REGION: demoRegion,
        AWS_ACCESS_KEY_ID: adminKey.accessKeyId,
        AWS_SECRET_ACCESS_KEY: adminKey.secretAccessKey,
        NO_PROXY: '127.0.0.1',
      },
    })
  }
  const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? ''

  test('makes the role and prints its ARN last; a second run brings it up to date; the clean-up removes it', async () => {
    const trust = await openTrust()
    const first = await runScript(trust, await scriptOf(trust, 'shell'))
    const arn = lastLine(first.stdout)
    expect(arn).toBe(`arn:aws:iam::${demo.management}:role/GatehouseIdentityCenter`)
    await assume(trust, arn)

    const second = await runScript(trust, await scriptOf(trust, 'shell', ['ous_and_tags']))
    expect(lastLine(second.stdout)).toBe(arn)
    expect(second.stdout).toContain('up to date')
    const { organizations } = await assume(trust, arn)
    await organizations.send(new ListRootsCommand({}))

    const cleanup = await scriptOf(trust, 'cleanup')
    await runScript(trust, cleanup, '--yes')
    await expect(assume(trust, arn)).rejects.toThrow()
    const again = await runScript(trust, cleanup, '--yes')
    expect(again.stdout).toContain('There is no role')
  })

  test('takes over no role that it did not make', async () => {
    const trust = await openTrust()
    const { iam } = trust.world.clients
    const RoleName = 'GatehouseIdentityCenter'
    const document = JSON.stringify(buildTrustPolicy(checked(), providerArn(checked(), demo.management)))
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: document }))
    await expect(runScript(trust, await scriptOf(trust, 'shell'))).rejects.toThrow('did not make')
    await expect(iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: RoleName }))).rejects.toThrow()
    await expect(runScript(trust, await scriptOf(trust, 'cleanup'), '--yes')).rejects.toThrow('it stays')
    await iam.send(new GetRoleCommand({ RoleName }))
  })
})
