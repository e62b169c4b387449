/**
 * @module Changes of account assignments, begun and followed to their end. AWS works on them asynchronously and takes
 * no client token: a change whose end was not seen is an unknown outcome, never a success and never begun again here.
 */
import {
  CreateAccountAssignmentCommand,
  DeleteAccountAssignmentCommand,
  DescribeAccountAssignmentCreationStatusCommand,
  DescribeAccountAssignmentDeletionStatusCommand,
  type AccountAssignmentOperationStatus,
} from '@aws-sdk/client-sso-admin'
import { AwsCallError, type CallOptions } from '../core/governor/call.js'
import { wordsOfRefusal } from '../core/governor/error-words.js'
import { splitPairKey } from '../core/identity-center/observation.js'
import { minute, second } from '../core/time.js'
import type { AwsClients, AwsConnection } from './connection.js'
import type {
  AssignmentChange,
  AssignmentOutcome,
  AssignmentWriter,
  IdentityCenterReader,
} from './identity-center.js'
import { forms } from './parse.js'
import { principalTypes } from './reader.js'
import { Slots } from './slots.js'

const service = 'sso-admin'
/**
 * AWS takes 15 outstanding creations, older documents say 10; the rest is left to others. Of deletions it publishes no
 * such limit: access that ends does not wait until AWS has ended an earlier one, which takes it seconds.
 */
const mostUnderWay = { create: 10, delete: 40 }
/** How long a change is followed where the caller sets no deadline, or renews it. */
const followMs = 5 * minute
const pollWaits = { firstMs: 200, mostMs: 5 * second }
const conflictWaits = { firstMs: 500, mostMs: 8 * second }

/** The end of a deletion whose user or group is gone already (terraform-provider-aws#19341). */
const assigneeGone = /\b404\b.{0,40}the (?:USER|GROUP) assignee .{1,80} (?:was )?not found/i

export function assignmentWriter(connection: AwsConnection, read: IdentityCenterReader): AssignmentWriter {
  const slots = new Slots(mostUnderWay)
  return {
    apply(change, options) {
      const key = `${change.principalKind}/${change.principalId}/${change.pair}`
      const turn = { key, kind: change.change }
      return slots.run(turn, options, () => carryOut(connection, read, change, options))
    },
  }
}

async function carryOut(
  connection: AwsConnection,
  read: IdentityCenterReader,
  change: AssignmentChange,
  options: CallOptions,
): Promise<AssignmentOutcome> {
  const until = options.deadline ?? connection.timers.now() + followMs
  const bounded = { ...options, deadline: until }
  const begun = await begin(connection, read, change, bounded)
  if ('status' in begun) return begun
  return follow(connection, change, begun, bounded)
}

/** A change that AWS took. */
interface Begun {
  readonly requestId: string
  readonly first: AccountAssignmentOperationStatus
}

/** Begins the change, again while AWS says that an earlier one has not ended. */
async function begin(
  connection: AwsConnection,
  read: IdentityCenterReader,
  change: AssignmentChange,
  options: CallOptions & { readonly deadline: number },
): Promise<Begun | AssignmentOutcome> {
  const waits = growing(conflictWaits)
  for (;;) {
    try {
      const first = await send(connection, change, options)
      const requestId = first?.RequestId
      if (first === undefined || typeof requestId !== 'string' || !forms.requestId.test(requestId)) {
        throw lost(change, 'the answer has no request to follow')
      }
      return { requestId, first }
    } catch (error) {
      if (!(error instanceof AwsCallError)) throw error
      if (await isDone(read, change, error, options)) return succeeded(error.requestId ?? '')
      if (error.failure !== 'conflict') throw error
      const wait = waits()
      if (connection.timers.now() + wait >= options.deadline) throw error
      await connection.timers.sleep(wait, options.signal)
    }
  }
}

/** Whether a refusal says that there is nothing left to do. */
async function isDone(
  read: IdentityCenterReader,
  change: AssignmentChange,
  error: AwsCallError,
  options: CallOptions,
): Promise<boolean> {
  // Without its instance, account, permission set or principal there is no assignment either.
  if (change.change === 'delete') return error.failure === 'not_found'
  // What AWS answers to a create of what exists is not documented; its words only make us look.
  const saysThere = error.failure === 'conflict' && /\bexists?\b/i.test(error.message)
  if (error.failure !== 'already_exists' && !saysThere) return false
  return isThere(read, change, options)
}

/** By principal, and by pair for a delegated administrator, who may not ask by principal. */
async function isThere(
  read: IdentityCenterReader,
  { principalKind, principalId, pair }: AssignmentChange,
  options: CallOptions,
): Promise<boolean> {
  try {
    return (await read.listAssignmentsOfPrincipal(principalKind, principalId, options)).includes(pair)
  } catch (error) {
    if (!(error instanceof AwsCallError) || error.failure !== 'denied') throw error
    const rows = await read.listAssignmentsOfPair(pair, options)
    return rows.some((row) => row.principalKind === principalKind && row.principalId === principalId)
  }
}

/** Asks for the state until the change has ended. Once it was begun every failure is an unknown outcome. */
async function follow(
  connection: AwsConnection,
  change: AssignmentChange,
  { requestId, first }: Begun,
  options: CallOptions & { readonly deadline: number },
): Promise<AssignmentOutcome> {
  const { timers } = connection
  const { renewDeadline } = options
  const end = renewDeadline === undefined ? options.deadline : timers.now() + followMs
  const waits = growing(pollWaits)
  let status: AccountAssignmentOperationStatus | undefined = first
  // What is to begin goes before a look at what has begun; the later look finds more often that it has ended.
  let priority = options.priority === 'interactive' ? 'follow' : options.priority
  for (;;) {
    if (status?.Status === 'SUCCEEDED') return succeeded(requestId)
    if (status?.Status === 'FAILED') return failed(change, requestId, status.FailureReason)
    const wait = waits()
    if (timers.now() + wait >= end) throw lost(change, 'AWS still works on it', requestId)
    try {
      await timers.sleep(wait, options.signal)
      // AWS may take longer than a lease lasts; each look is a call of its own.
      const deadline = (await renewDeadline?.()) ?? options.deadline
      status = await ask(connection, change, requestId, { ...options, priority, deadline })
    } catch (error) {
      const words = error instanceof Error ? error.message : 'it was stopped'
      // Only a look failed: looking again is harmless.
      const again = error instanceof AwsCallError && ['unknown_outcome', 'throttled'].includes(error.failure)
      if (!again || options.signal?.aborted === true) throw lost(change, words, requestId)
      // Its turn did not come behind what is urgent: what has begun is not left without its end for that.
      if (error.failure === 'throttled') priority = 'follow'
    }
  }
}

function send(
  { call, instanceArn }: AwsConnection,
  { change, principalKind, principalId, pair }: AssignmentChange,
  options: CallOptions,
): Promise<AccountAssignmentOperationStatus | undefined> {
  const { accountId, permissionSetArn } = splitPairKey(pair)
  const input = {
    InstanceArn: instanceArn,
    TargetId: accountId,
    TargetType: 'AWS_ACCOUNT' as const,
    PermissionSetArn: permissionSetArn,
    PrincipalType: principalTypes[principalKind],
    PrincipalId: principalId,
  }
  const create = async ({ ssoAdmin }: AwsClients, abortSignal: AbortSignal) =>
    (await ssoAdmin.send(new CreateAccountAssignmentCommand(input), { abortSignal }))
      .AccountAssignmentCreationStatus
  const remove = async ({ ssoAdmin }: AwsClients, abortSignal: AbortSignal) =>
    (await ssoAdmin.send(new DeleteAccountAssignmentCommand(input), { abortSignal }))
      .AccountAssignmentDeletionStatus
  return change === 'create'
    ? call(service, 'CreateAccountAssignment', options, create)
    : call(service, 'DeleteAccountAssignment', options, remove)
}

function ask(
  { call, instanceArn }: AwsConnection,
  { change }: AssignmentChange,
  requestId: string,
  options: CallOptions,
): Promise<AccountAssignmentOperationStatus | undefined> {
  const InstanceArn = instanceArn
  const creation = async ({ ssoAdmin }: AwsClients, abortSignal: AbortSignal) => {
    const input = { InstanceArn, AccountAssignmentCreationRequestId: requestId }
    const answer = await ssoAdmin.send(new DescribeAccountAssignmentCreationStatusCommand(input), {
      abortSignal,
    })
    return answer.AccountAssignmentCreationStatus
  }
  const deletion = async ({ ssoAdmin }: AwsClients, abortSignal: AbortSignal) => {
    const input = { InstanceArn, AccountAssignmentDeletionRequestId: requestId }
    const answer = await ssoAdmin.send(new DescribeAccountAssignmentDeletionStatusCommand(input), {
      abortSignal,
    })
    return answer.AccountAssignmentDeletionStatus
  }
  return change === 'create'
    ? call(service, 'DescribeAccountAssignmentCreationStatus', options, creation)
    : call(service, 'DescribeAccountAssignmentDeletionStatus', options, deletion)
}

function succeeded(requestId: string): AssignmentOutcome {
  return { status: 'succeeded', reason: undefined, requestId }
}

function failed({ change }: AssignmentChange, requestId: string, reason: unknown): AssignmentOutcome {
  const words = wordsOfRefusal(reason, 'AWS gave no reason')
  if (change === 'delete' && assigneeGone.test(words)) return succeeded(requestId)
  return { status: 'failed', reason: words, requestId }
}

function lost({ change }: AssignmentChange, why: string, requestId?: string): AwsCallError {
  return new AwsCallError({
    failure: 'unknown_outcome',
    service,
    operation: change === 'create' ? 'CreateAccountAssignment' : 'DeleteAccountAssignment',
    awsCode: 'NotFollowed',
    message: `the end of the change was not seen: ${why}`,
    requestId,
  })
}

/** Waits that double, up to the most. */
function growing({ firstMs, mostMs }: { readonly firstMs: number; readonly mostMs: number }): () => number {
  let next = firstMs
  return () => {
    const wait = next
    next = Math.min(mostMs, next * 2)
    return wait
  }
}
