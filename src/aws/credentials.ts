/**
 * @module The credentials of one connection: the SDK's own chain, a role assumed with it, or a role assumed with a
 * token of our issuer. Roles are renewed before their sessions end; a burst of callers makes one call. Credentials and
 * tokens appear in no error.
 */
import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  type Credentials as StsCredentials,
  type STSClient,
} from '@aws-sdk/client-sts'
import type { AwsService, CallOptions } from '../core/governor/call.js'
import { AwsCallError } from '../core/governor/call.js'
import { minute, type Instant } from '../core/time.js'
import { asAwsCallError, badAnswer } from './errors.js'

/** Keys as the SDK takes them. */
export interface AwsKeys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  readonly expiration?: Date
}

export type ConnectionCredentials =
  | {
      readonly kind: 'ambient'
      /** A role that is assumed with what the chain finds. */
      readonly assumeRoleArn?: string | undefined
      /** Instead of the SDK's own chain. */
      readonly chain?: (() => Promise<AwsKeys>) | undefined
    }
  | {
      readonly kind: 'web_identity'
      readonly roleArn: string
      /** 2 to 64 of `[\w+=,.@-]`; it stands in AWS's trail. */
      readonly sessionName: string
      /** A fresh token of our issuer; asked for once for each renewal. */
      readonly token: () => Promise<string>
    }

/** How the holder makes its own calls of sts: through the governor, with a time limit, errors made ours. */
export type StsCall = <T>(
  operation: string,
  options: CallOptions,
  send: (signal: AbortSignal) => Promise<T>,
) => Promise<T>

export interface CredentialHolder {
  /** Keys that do not end soon. @throws AwsCallError, `unauthorized` where there are none */
  ready(): Promise<AwsKeys>
  /** The keys that `ready` answered last, for signing. */
  current(): AwsKeys
  /** AWS said that these have ended. Answers whether others can be had. */
  forget(keys: AwsKeys): boolean
  /** AWS allowed something not: where they are of a role that was made anew since, only others can have its rights. */
  doubt(keys: AwsKeys): void
  expireAt(): Instant | undefined
}

/** Sessions are renewed this long before their end, or at half of a shorter life. */
const renewBefore = 5 * minute
/** A refusal makes no new session of one that is younger: many things are refused for good. */
const doubtAfter = minute
const sessionSeconds = 3600
/** All callers wait for a renewal, so that it has neither the priority nor the deadline of the one who came first. */
const renewal: CallOptions = { priority: 'interactive' }
/** Beside this name AWS's trail shows the role. */
const assumedSessionName = 'gatehouse'

/** What the SDK's chain finds; it renews by itself, so nothing is kept here but the end. */
export function chainHolder(chain: () => Promise<AwsKeys>): CredentialHolder {
  let last: AwsKeys | undefined
  return {
    async ready() {
      try {
        last = await chain()
        return last
      } catch (error) {
        throw noCredentials(error)
      }
    },
    current: () => last ?? missing(),
    forget: () => false,
    doubt: () => undefined,
    expireAt: () => last?.expiration?.getTime(),
  }
}

/** A role's session that `assume` begins. `now` is our clock, by which the session is renewed. */
export function sessionHolder(
  now: () => Instant,
  assume: (options: CallOptions) => Promise<AwsKeys>,
): CredentialHolder {
  interface Session {
    readonly keys: AwsKeys
    readonly beganAt: Instant
    readonly renewAt: Instant
    readonly endsAt: Instant
    /** Its role may be gone, and another one of its name be there. */
    readonly isDoubted: boolean
  }
  let session: Session | undefined
  let renewing: Promise<AwsKeys> | undefined

  async function renew(): Promise<AwsKeys> {
    const began = now()
    const keys = await assume(renewal)
    const endsAt = keys.expiration?.getTime() ?? began + sessionSeconds * 1000
    if (endsAt <= now()) {
      const message = `the session that AWS gave ended at ${new Date(endsAt).toISOString()} by our clock; is it right?`
      throw unauthorized('AssumeRole', 'ClockSkew', message)
    }
    const renewAt = endsAt - Math.min(renewBefore, (endsAt - began) / 2)
    session = { keys, beganAt: began, endsAt, renewAt, isDoubted: false }
    return keys
  }

  return {
    async ready() {
      if (session !== undefined && !session.isDoubted && now() < session.renewAt) return session.keys
      renewing ??= renew().finally(() => (renewing = undefined))
      try {
        return await renewing
      } catch (error) {
        // The old session is good until its end: a renewal that fails early costs nothing.
        if (session !== undefined && !session.isDoubted && now() < session.endsAt) return session.keys
        throw error
      }
    },
    current: () => session?.keys ?? missing(),
    forget(keys) {
      if (session?.keys === keys) session = undefined
      return true
    },
    doubt(keys) {
      if (session?.keys !== keys || now() - session.beganAt < doubtAfter) return
      session = { ...session, isDoubted: true }
    },
    expireAt: () => session?.endsAt,
  }
}

/** Begins a session of a role with the credentials of `sts`. */
export function assumeRole(sts: STSClient, call: StsCall, roleArn: string) {
  return async (options: CallOptions): Promise<AwsKeys> => {
    const input = { RoleArn: roleArn, RoleSessionName: assumedSessionName, DurationSeconds: sessionSeconds }
    const answer = await call('AssumeRole', options, (signal) =>
      sts.send(new AssumeRoleCommand(input), { abortSignal: signal }),
    )
    return parseKeys(answer.Credentials, 'AssumeRole')
  }
}

/** Begins a session of a role with a token of our issuer; the call carries no signature. */
export function assumeRoleWithWebIdentity(
  sts: STSClient,
  call: StsCall,
  source: Extract<ConnectionCredentials, { readonly kind: 'web_identity' }>,
) {
  return async (options: CallOptions): Promise<AwsKeys> => {
    const token = await source.token()
    const input = {
      RoleArn: source.roleArn,
      RoleSessionName: source.sessionName,
      WebIdentityToken: token,
      DurationSeconds: sessionSeconds,
    }
    const answer = await call('AssumeRoleWithWebIdentity', options, (signal) =>
      sts.send(new AssumeRoleWithWebIdentityCommand(input), { abortSignal: signal }),
    )
    return parseKeys(answer.Credentials, 'AssumeRoleWithWebIdentity')
  }
}

function parseKeys(credentials: StsCredentials | undefined, operation: string): AwsKeys {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = credentials ?? {}
  if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined) {
    throw badAnswer('sts', operation, 'no credentials')
  }
  if (!(Expiration instanceof Date) || Number.isNaN(Expiration.getTime())) {
    throw badAnswer('sts', operation, 'credentials without an end')
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration: Expiration,
  }
}

function noCredentials(error: unknown): AwsCallError {
  const service: AwsService = 'sts'
  const { message, awsCode } = asAwsCallError(error, service, 'credentials of the environment')
  return unauthorized('GetCallerIdentity', awsCode, message)
}

function unauthorized(operation: string, awsCode: string, message: string): AwsCallError {
  return new AwsCallError({ failure: 'unauthorized', service: 'sts', operation, awsCode, message })
}

function missing(): never {
  throw new Error('credentials are used before they are ready')
}
