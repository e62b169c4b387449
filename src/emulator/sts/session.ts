/**
 * @module Sessions of roles: temporary credentials that work on every service with the role's policies as they are
 * at each call, until they end.
 */
import { AwsError } from '../aws/error.js'
import { toIsoSeconds, type Call } from '../aws/operation.js'
import { notEmulated } from '../iam/errors.js'
import { uniqueId } from '../iam/unique-id.js'
import { checkPolicy } from '../iam/policy-document.js'
import { roleKey, type Credential, type IamRole } from '../state/iam.js'

/** More sessions at a time than any test needs; those that ended are forgotten when there are as many. */
const sessionCapacity = 10_000
const chainedSeconds = 3600
/** Characters that AWS allots to the policies of a session. */
const packedSize = 2048

export interface SessionRequest {
  readonly role: IamRole
  readonly sessionName: string
  /** One hour where the caller named none. */
  readonly durationSeconds: number | undefined
  readonly policy: string | undefined
  /** The caller has a role's session itself. */
  readonly isChained: boolean
}

export interface Session {
  readonly AssumedRoleUser: { readonly Arn: string; readonly AssumedRoleId: string }
  readonly Credentials: Readonly<Record<string, string>>
  /** Percent of what AWS allots; absent without a policy. */
  readonly PackedPolicySize: number | undefined
}

/** @throws AwsError where the duration or the policy is not one that the role's session may have */
export function startSession({ context, now }: Call, request: SessionRequest): Session {
  const { role, sessionName, policy } = request
  const seconds = checkDuration(request)
  const packed = policy === undefined ? undefined : checkSessionPolicy(policy)
  makeRoom(context, now)
  const expiresAt = Math.floor(now / 1000) * 1000 + seconds * 1000
  const credential = {
    accessKeyId: uniqueId(context.random, 'ASIA', 16),
    secretAccessKey: context.random.bytes(30).toString('base64'),
    sessionToken: context.random.bytes(96).toString('base64'),
    expiresAt,
    accountId: role.accountId,
    arn: `arn:aws:sts::${role.accountId}:assumed-role/${role.name}/${sessionName}`,
    userId: `${role.id}:${sessionName}`,
    roleKey: roleKey(role.accountId, role.name),
    ...(policy !== undefined && { sessionPolicies: [policy] }),
  } satisfies Credential
  context.commit({ table: 'credentials', put: credential })
  return {
    AssumedRoleUser: { Arn: credential.arn, AssumedRoleId: credential.userId },
    Credentials: {
      AccessKeyId: credential.accessKeyId,
      SecretAccessKey: credential.secretAccessKey,
      SessionToken: credential.sessionToken,
      Expiration: toIsoSeconds(expiresAt),
    },
    PackedPolicySize: packed,
  }
}

function checkDuration({ role, durationSeconds = 3600, isChained }: SessionRequest): number {
  if (isChained && durationSeconds > chainedSeconds) {
    throw new AwsError(
      'ValidationError',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    )
  }
  if (durationSeconds > role.maxSessionSeconds) {
    throw new AwsError(
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    )
  }
  return durationSeconds
}

/** Percent of the allotted size. */
function checkSessionPolicy(policy: string): number {
  const percent = Math.ceil((policy.length / packedSize) * 100)
  if (percent > 100) {
    throw new AwsError(
      'PackedPolicyTooLarge',
      `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`,
    )
  }
  checkPolicy(policy, 'identity')
  return percent
}

function makeRoom(context: Call['context'], now: number): void {
  const sessions = context.state.tables.credentials.by('session', 'role')
  if (sessions.size < sessionCapacity) return
  for (const { accessKeyId, expiresAt = 0 } of sessions.rows()) {
    if (expiresAt <= now) context.commit({ table: 'credentials', delete: accessKeyId })
  }
  if (context.state.tables.credentials.by('session', 'role').size >= sessionCapacity) {
    throw notEmulated(`more than ${sessionCapacity} sessions at a time`)
  }
}
