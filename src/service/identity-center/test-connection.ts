/**
 * @module Proves that AWS lets us in: who we are there, which instance it is, and which of the actions that features
 * need are allowed. Changes nothing. A refusal is an answer with words, not an error.
 */
import type { ConnectionTestAnswer } from '../../api/contract/identity-center.js'
import { isCode } from '../../core/error.js'
import { AwsCallError } from '../../core/governor/call.js'
import type { InstanceFacts, PermissionCheck } from '../../aws/identity-center.js'
import type { IdentityCenterDeps } from './deps.js'
import { findPlugin } from './find-plugin.js'
import { findOtherInstance } from './other-instance.js'
import { keepTested } from './trust.js'
import { sayAwsFailure } from './words.js'

const options = { priority: 'interactive' } as const

const delegatedLimits: readonly string[] = [
  'From a delegated administrator account AWS lets nobody change assignments in the management account, nor assign a permission set that is provisioned there: those stay as they are and are shown.',
  'Assignments are read by account and permission set, since AWS lets only the management account ask by person: a full look takes longer.',
]

/** @throws GatewayError `NOT_FOUND` where there is no such plugin. */
export async function testConnection(
  deps: Pick<IdentityCenterDeps, 'catalog' | 'clock' | 'store' | 'syncs'>,
  name: string,
): Promise<ConnectionTestAnswer> {
  const { settings, catalog } = await findPlugin(deps, name)
  const sync = await deps.syncs.of(name)
  try {
    const identityCenter = await sync.connect()
    const instance = await identityCenter.read.describeInstance(options)
    const permissions = await identityCenter.permissions.check(options)
    const answer = answerOf(instance, permissions)
    const { identityStoreId } = instance
    const tested = { letIn: true, denied: deniedBlocks(permissions), identityStoreId }
    await keepTested(deps, settings, { ...answer, ...tested })
    const serviceProvider =
      settings.serviceProvider === undefined
        ? undefined
        : catalog.serviceProviderByName(settings.serviceProvider)
    const other =
      serviceProvider === undefined
        ? undefined
        : await findOtherInstance(deps.store, settings, serviceProvider)
    // The connection is good, and what was set up for it is not.
    return other === undefined ? answer : { ...answer, ok: false, says: `${answer.says} But ${other}.` }
  } catch (error) {
    const says = sayWhy(error)
    if (says === undefined) throw error
    await keepTested(deps, settings, { ok: false, says, letIn: isLetIn(error) })
    return { ok: false, says, limits: [], permissions: [] }
  }
}

/** A service that refuses a call knows who calls: the role was taken on before. */
function isLetIn(error: unknown): boolean {
  return error instanceof AwsCallError && error.service !== 'sts' && error.failure === 'denied'
}

/** What AWS refused, or what of the settings keeps us from asking it; undefined for what is neither. */
function sayWhy(error: unknown): string | undefined {
  if (error instanceof AwsCallError) return sayAwsFailure(error)
  return isCode(error, 'INVALID_INPUT') ? error.message : undefined
}

function deniedBlocks(permissions: readonly PermissionCheck[]): string[] {
  const denied = permissions.filter(({ verdict }) => verdict === 'denied')
  return [...new Set(denied.map(({ block }) => block))].sort()
}

function answerOf(instance: InstanceFacts, permissions: readonly PermissionCheck[]): ConnectionTestAnswer {
  const standing = standingOf(instance)
  const missing = permissions.filter(({ block, verdict }) => verdict === 'denied' && block === 'base')
  const blocks = deniedBlocks(permissions).filter((block) => block !== 'base')
  const ok = missing.length === 0 && instance.status === 'ACTIVE'
  return {
    ok,
    says: sayOutcome(instance, missing, permissions),
    instance: {
      instanceArn: instance.instanceArn,
      identityStoreId: instance.identityStoreId,
      ownerAccountId: instance.ownerAccountId,
      status: instance.status,
      callerArn: instance.callerArn,
      callerAccountId: instance.callerAccountId,
      ...(instance.managementAccountId !== undefined && {
        managementAccountId: instance.managementAccountId,
      }),
      standing,
    },
    limits: [
      ...(standing === 'delegated_administrator' ? delegatedLimits : []),
      ...blocks.flatMap((block) => blockLimits[block] ?? []),
    ],
    permissions: permissions.map((permission) => ({ ...permission })),
  }
}

function standingOf({
  callerAccountId,
  managementAccountId,
}: InstanceFacts): 'management_account' | 'delegated_administrator' | 'unknown' {
  if (managementAccountId === undefined) return 'unknown'
  return callerAccountId === managementAccountId ? 'management_account' : 'delegated_administrator'
}

function sayOutcome(
  { status, callerArn }: InstanceFacts,
  missing: readonly PermissionCheck[],
  permissions: readonly PermissionCheck[],
): string {
  if (status !== 'ACTIVE') return `AWS says that the instance is ${status}; it has to be ACTIVE.`
  if (missing.length === 0) return `Connected as ${callerArn}: ${sayCounts(permissions)}.`
  const names = missing.slice(0, 5).map(({ action }) => action)
  const more = missing.length - names.length
  return (
    `Connected as ${callerArn}, but AWS refuses ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}. ` +
    'Run the set-up script again; it brings the policy up to date.'
  )
}

/** Of what was not tried nothing is claimed: it is counted and named. */
function sayCounts(permissions: readonly PermissionCheck[]): string {
  const allowed = permissions.filter(({ verdict }) => verdict === 'allowed').length
  const untold = permissions.filter(({ verdict }) => verdict === 'unknown').map(({ action }) => action)
  const counted = `${allowed} ${allowed === 1 ? 'action is' : 'actions are'} allowed`
  return untold.length === 0
    ? counted
    : `${counted}; of ${untold.length} it cannot be told without changing something, or for the reason given with them (${untold.join(', ')})`
}

/** What is done without where an optional block of the set-up script is missing. */
const blockLimits: Readonly<Record<string, string>> = {
  management_account:
    'Without the block management_account, assignments in the management account are neither made nor taken back: they stay as they are and are shown.',
  ous_and_tags:
    'Without the block ous_and_tags, accounts are shown without organisational units and tags, and roles cannot go by them.',
  delegated_administrator:
    'Without the block delegated_administrator, it is not known whether this account is a delegated administrator.',
}
