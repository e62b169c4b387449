/**
 * @module The set-up of the demo, step by step as an administrator takes them: the role in AWS that trusts the gateway,
 * the plugin, a look at AWS, the import, the SCIM token, and the first plan.
 */
import { z } from 'zod'
import {
  applyAnswer,
  connectionTestAnswer,
  paths,
  planAnswer,
  putScimTokenAnswer,
  setupScriptAnswer,
  syncStatusAnswer,
  type PlanAnswer,
  type SyncStatusAnswer,
} from '../api/contract.js'
import { callIam, instanceArn, instanceRegion, makeScimToken } from './aws-console.js'
import type { HeadlessBrowser } from './browser.js'
import { administrator } from './people.js'
import { demoIssuer, type World } from './world.js'

export interface Connection {
  readonly world: World
  readonly admin: HeadlessBrowser
}

const plugin = 'aws-identity-center'
const integration = 'aws'
const roleName = 'GatehouseIdentityCenter'

export function pluginPath(path: string): string {
  return path.replace(':plugin', plugin)
}

/** Everything up to the plan: afterwards AWS is as it was, and the gateway knows it. Answers what to tell about it. */
export async function connectAws(connection: Connection): Promise<string> {
  await putResource(connection, integrationDocument(undefined))
  await putResource(connection, integrationDocument(await makeRole(connection)))
  await putResource(connection, pluginDocument())
  const says = await testConnection(connection)
  await begin(connection, paths.awsicScan)
  return says
}

export async function importAws(connection: Connection): Promise<void> {
  await begin(connection, paths.awsicImport)
}

/** Step 4: the token that the console of Identity Center shows once, tried before it is kept. */
export async function giveScimToken({ world, admin }: Connection): Promise<string> {
  const { endpoint, token } = await makeScimToken(world)
  const answer = putScimTokenAnswer.parse(
    await admin.api(world.gatewayUrl, 'PUT', pluginPath(paths.awsicScim), { baseUrl: endpoint, token }),
  )
  if (!answer.saved) throw new Error(`the SCIM token was not kept: ${JSON.stringify(answer.test)}`)
  return `${answer.test?.steps.length ?? 0} steps of its test passed`
}

export async function readPlan({ world, admin }: Connection): Promise<PlanAnswer> {
  return planAnswer.parse(await admin.api(world.gatewayUrl, 'GET', pluginPath(paths.awsicPlan)))
}

/** Agrees to what waits, switches the sync on, and waits until everything is done. Answers what was planned. */
export async function applyPlan(connection: Connection): Promise<PlanAnswer> {
  const { world, admin } = connection
  await approveHeld(connection)
  const plan = await readPlan(connection)
  await admin.api(world.gatewayUrl, 'POST', pluginPath(paths.awsicApply), { heldDigest: plan.heldDigest })
  await settle(connection)
  return plan
}

export async function approveHeld(connection: Connection): Promise<void> {
  const { world, admin } = connection
  const { counts, heldDigest } = await readPlan(connection)
  if (counts.every(({ held }) => held === 0)) return
  await admin.api(world.gatewayUrl, 'POST', pluginPath(paths.awsicApprove), { heldDigest })
}

export async function readStatus({ world, admin }: Connection): Promise<SyncStatusAnswer> {
  return syncStatusAnswer.parse(await admin.api(world.gatewayUrl, 'GET', pluginPath(paths.awsicStatus)))
}

/** Begins work that takes a while and waits for its end. */
export async function begin(connection: Connection, path: string): Promise<void> {
  const { world, admin } = connection
  await admin.api(world.gatewayUrl, 'POST', pluginPath(path), {})
  await settle(connection)
}

/** Waits until no work is under way. @throws Error where it failed, or takes too long. */
export async function settle(connection: Connection): Promise<void> {
  await until('no work is under way', async () => {
    const { job, waiting } = await readStatus(connection)
    if (job?.state === 'failed') throw new Error(`${job.kind}: ${job.error ?? job.says}`)
    return job?.state !== 'running' && waiting.open === 0
  })
}

const patienceMs = 60_000

/** Looks again and again. @throws Error naming what did not come true in time. */
export async function until(what: string, look: () => Promise<boolean>): Promise<void> {
  const deadline = AbortSignal.timeout(patienceMs)
  while (!(await look())) {
    if (deadline.aborted) throw new Error(`it did not come true within ${patienceMs / 1000} s that ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Creates a resource or replaces it as it is. */
export async function putResource({ world, admin }: Connection, document: object): Promise<void> {
  applyAnswer.parse(await admin.api(world.gatewayUrl, 'POST', `${paths.resources}?mode=replace`, document))
}

function integrationDocument(roleArn: string | undefined): object {
  return {
    kind: 'integration',
    sub_kind: 'aws-oidc',
    version: 'v1',
    metadata: { name: integration },
    spec: { aws_oidc: { issuer: demoIssuer, ...(roleArn !== undefined && { role_arn: roleArn }) } },
  }
}

function pluginDocument(): object {
  return {
    kind: 'plugin',
    version: 'v1',
    metadata: { name: plugin },
    spec: {
      settings: {
        aws_ic: {
          arn: instanceArn,
          region: instanceRegion,
          credentials: { oidc: { integration_name: integration } },
          // The emulator stands at an address of this machine, not at one of AWS.
          provisioning_spec: { allow_other_host: true },
          access_list_default_owners: [administrator],
          saml_idp_service_provider_name: 'aws-identity-center',
        },
      },
    },
  }
}

/** What the set-up script does, by the same calls: an identity provider, a role, its policy. */
async function makeRole({ world, admin }: Connection): Promise<string> {
  const write = async (format: string) =>
    setupScriptAnswer.parse(
      await admin.api(world.gatewayUrl, 'POST', paths.setupScript, {
        format,
        integration,
        instanceArn,
        region: instanceRegion,
        roleName,
        blocks: ['management_account', 'ous_and_tags'],
      }),
    )
  const trust = await write('trust_policy')
  const policy = await write('policy')
  const account = '111111111111'
  await callIam(world, {
    Action: 'CreateOpenIDConnectProvider',
    Url: trust.issuer,
    'ClientIDList.member.1': trust.audience,
  })
  const made = await callIam(world, {
    Action: 'CreateRole',
    RoleName: roleName,
    // The script puts the account in; the text names one that there is not.
    AssumeRolePolicyDocument: trust.text.replaceAll('000000000000', account),
  })
  await callIam(world, {
    Action: 'PutRolePolicy',
    RoleName: roleName,
    PolicyName: roleName,
    PolicyDocument: policy.text.replaceAll('000000000000', account),
  })
  return z.string().parse(/<Arn>(arn:aws:iam::\d+:role\/[^<]+)<\/Arn>/.exec(made)?.[1])
}

async function testConnection({ world, admin }: Connection): Promise<string> {
  const answer = connectionTestAnswer.parse(
    await admin.api(world.gatewayUrl, 'POST', pluginPath(paths.awsicConnectionTest), {}),
  )
  if (!answer.ok) throw new Error(answer.says)
  return answer.says
}
