/**
 * @module Which of the actions that we need AWS allows. An answer, or the news that what was named does not exist, came
 * after the permission was judged; AccessDenied is a refusal; anything else tells nothing, and says so.
 */
import { ListRolesCommand } from '@aws-sdk/client-iam'
import { AwsCallError, type CallOptions } from '../core/governor/call.js'
import type { AwsConnection } from './connection.js'
import { isDenied } from './errors.js'
import type {
  IdentityCenterReader,
  InstanceFacts,
  PermissionCheck,
  PermissionChecker,
} from './identity-center.js'
import {
  directoryProbes,
  instanceProbes,
  organizationProbes,
  providerProbes,
  reservedPath,
  roleProbes,
  unprobed,
  type Probe,
  type ProbeNames,
} from './permission-probes.js'

/** The prefix of actions in policies, where it differs from the service's name here. */
const prefixes: Readonly<Record<Probe['service'], string>> = {
  'sso-admin': 'sso',
  identitystore: 'identitystore',
  organizations: 'organizations',
  iam: 'iam',
}

const says = {
  cannotTry:
    'cannot be tried without changing something; a missing right shows when an assignment in the management account is changed',
  noStore: 'cannot be tried: the identity store is not known, since sso:DescribeInstance is refused',
  noRole:
    'cannot be tried: no role of Identity Center was found in this account whose policies could be read',
  delegated:
    'AWS allows it to the management account alone; from a delegated administrator account assignments are read for each account and permission set instead',
}

export function permissionChecker(connection: AwsConnection, read: IdentityCenterReader): PermissionChecker {
  return { check: (options) => check(connection, read, options) }
}

/** @throws AwsCallError where nothing can be told: credentials that are not taken, AWS out of reach */
async function check(
  connection: AwsConnection,
  read: IdentityCenterReader,
  options: CallOptions,
): Promise<PermissionCheck[]> {
  const facts = await describe(read, options)
  const isDelegated =
    facts?.managementAccountId !== undefined && facts.callerAccountId !== facts.managementAccountId
  const names: ProbeNames = {
    instanceArn: connection.instanceArn,
    identityStoreId: facts?.identityStoreId ?? '',
    callerAccountId: facts?.callerAccountId ?? '000000000000',
    roleName: '',
  }
  const judge = (probes: readonly Probe[]): Promise<PermissionCheck[]> => inTurn(connection, probes, options)
  const instance = await judge(instanceProbes(names))
  return [
    ...(await judge(organizationProbes(names))),
    ...(facts === undefined
      ? untold(directoryProbes(names), says.noStore)
      : await judge(directoryProbes(names))),
    ...(isDelegated ? instance.map(asDelegated) : instance),
    // In member accounts Identity Center works with a role of its own.
    ...(isDelegated ? [] : await iamChecks(connection, names, judge, options)),
  ]
}

/** Undefined where the instance may not be read; its own probe then says so. */
async function describe(
  read: IdentityCenterReader,
  options: CallOptions,
): Promise<InstanceFacts | undefined> {
  try {
    return await read.describeInstance(options)
  } catch (error) {
    if (isDenied(error)) return undefined
    throw error
  }
}

async function iamChecks(
  connection: AwsConnection,
  names: ProbeNames,
  judge: (probes: readonly Probe[]) => Promise<PermissionCheck[]>,
  options: CallOptions,
): Promise<PermissionCheck[]> {
  const provider = await judge(providerProbes(names))
  const roleName = await findReservedRole(connection, options)
  const roles =
    roleName === undefined
      ? untold(roleProbes(names), says.noRole)
      : await judge(roleProbes({ ...names, roleName }))
  const changes = unprobed.map(
    (one) => ({ ...one, verdict: 'unknown', says: says.cannotTry }) satisfies PermissionCheck,
  )
  return [...provider, ...roles, ...changes]
}

async function findReservedRole(
  connection: AwsConnection,
  options: CallOptions,
): Promise<string | undefined> {
  try {
    const { Roles } = await connection.call('iam', 'ListRoles', options, ({ iam }, abortSignal) =>
      iam.send(new ListRolesCommand({ PathPrefix: reservedPath, MaxItems: 100 }), { abortSignal }),
    )
    return Roles?.find(({ RoleName }) => RoleName !== undefined && /^[\w+=,.@-]{1,64}$/.test(RoleName))
      ?.RoleName
  } catch (error) {
    if (error instanceof AwsCallError && error.failure !== 'unauthorized') return undefined
    throw error
  }
}

async function inTurn(
  connection: AwsConnection,
  probes: readonly Probe[],
  options: CallOptions,
): Promise<PermissionCheck[]> {
  const checks: PermissionCheck[] = []
  for (const probe of probes) checks.push(await judgeProbe(connection, probe, options))
  return checks
}

async function judgeProbe(
  connection: AwsConnection,
  { service, operation, block, send }: Probe,
  options: CallOptions,
): Promise<PermissionCheck> {
  const action = actionOf({ service, operation })
  try {
    await connection.call(service, operation, options, send)
    return { action, block, verdict: 'allowed', says: 'AWS answered' }
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error
    switch (error.failure) {
      case 'unauthorized':
        throw error
      case 'denied':
        return { action, block, verdict: 'denied', says: error.message }
      case 'not_found':
        return {
          action,
          block,
          verdict: 'allowed',
          says: `AWS answered ${error.awsCode} about something that does not exist, as it should`,
        }
      default:
        return { action, block, verdict: 'unknown', says: `AWS answered ${error.awsCode}: ${error.message}` }
    }
  }
}

function asDelegated(one: PermissionCheck): PermissionCheck {
  if (one.action !== 'sso:ListAccountAssignmentsForPrincipal') return one
  return { ...one, verdict: 'unknown', says: says.delegated }
}

function untold(probes: readonly Probe[], why: string): PermissionCheck[] {
  return probes.map((probe) => ({
    action: actionOf(probe),
    block: probe.block,
    verdict: 'unknown',
    says: why,
  }))
}

function actionOf({ service, operation }: Pick<Probe, 'service' | 'operation'>): string {
  return `${prefixes[service]}:${operation}`
}
