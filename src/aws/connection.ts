/**
 * @module The five clients of the SDK with one set of credentials, and the one way in which the adapters call them:
 * through the governor, in a bounded time, without retries of the SDK's own, failures made `AwsCallError`.
 */
import { IAMClient } from '@aws-sdk/client-iam'
import { IdentitystoreClient } from '@aws-sdk/client-identitystore'
import { OrganizationsClient } from '@aws-sdk/client-organizations'
import { SSOAdminClient, type SSOAdminClientConfig } from '@aws-sdk/client-sso-admin'
import { STSClient } from '@aws-sdk/client-sts'
import { AwsCallError, type AwsService, type CallGovernor, type CallOptions } from '../core/governor/call.js'
import { second } from '../core/time.js'
import { withTimeLimit } from '../lib/time-limit.js'
import type { Timers } from '../lib/timers.js'
import {
  assumeRole,
  assumeRoleWithWebIdentity,
  chainHolder,
  sessionHolder,
  type AwsKeys,
  type ConnectionCredentials,
  type CredentialHolder,
  type StsCall,
} from './credentials.js'
import { asAwsCallError, isDenied, isExpired } from './errors.js'

/** An HttpHandler of the SDK, or the options of its own one. */
export type AwsRequestHandler = NonNullable<SSOAdminClientConfig['requestHandler']>

export interface ConnectionOptions {
  readonly instanceArn: string
  readonly region: string
  readonly credentials: ConnectionCredentials
  readonly governor: CallGovernor
  readonly timers: Timers
  /** Instead of HTTP through Node's own agent. */
  readonly requestHandler?: AwsRequestHandler | undefined
  /** Instead of AWS's addresses; the SDK's own variables (`AWS_ENDPOINT_URL` ...) work without this. */
  readonly endpoints?: Readonly<Partial<Record<Exclude<AwsService, 'scim'>, string>>> | undefined
}

export interface AwsClients {
  readonly ssoAdmin: SSOAdminClient
  readonly identitystore: IdentitystoreClient
  readonly organizations: OrganizationsClient
  readonly iam: IAMClient
  readonly sts: STSClient
}

export interface AwsConnection {
  readonly instanceArn: string
  readonly timers: Timers
  /**
   * One call.
   * @throws AwsCallError; the reason of a signal that was aborted before it began; what the source of tokens throws
   */
  readonly call: <T>(
    service: Exclude<AwsService, 'scim'>,
    operation: string,
    options: CallOptions,
    send: (clients: AwsClients, signal: AbortSignal) => Promise<T>,
  ) => Promise<T>
  credentialsExpireAt(): number | undefined
  close(): void
}

/** The longest that one call may take; the answers that we ask for come within two. */
const callMs = 10 * second
/** Answered instead of a result where the credentials ended while the call waited for its turn. */
const outOfDate = Symbol('credentials ended')

/** Makes the clients; nothing is sent before the first call. */
export function openConnection(options: ConnectionOptions): AwsConnection {
  const { governor, timers } = options

  async function attempt<T>(
    service: AwsService,
    operation: string,
    { deadline }: CallOptions,
    signal: AbortSignal,
    send: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const left = deadline === undefined ? callMs : Math.min(callMs, deadline - timers.now())
    if (left <= 0) throw tooLate(service, operation)
    try {
      return await withTimeLimit(timers, left, signal, send)
    } catch (error) {
      throw asAwsCallError(error, service, operation)
    }
  }

  const stsCall: StsCall = (operation, callOptions, send) =>
    governor.run({ service: 'sts', operation, priority: callOptions.priority }, callOptions, (signal) =>
      attempt('sts', operation, callOptions, signal, send),
    )
  const { holder, chainSts } = openCredentials(options, stsCall)
  const clients = openClients(options, () => Promise.resolve(holder.current()))

  return {
    instanceArn: options.instanceArn,
    timers,
    async call(service, operation, callOptions, send) {
      let renewed = false
      for (let pass = 0; ; pass += 1) {
        const keys = await holder.ready()
        try {
          const call = { service, operation, priority: callOptions.priority }
          const result = await governor.run(call, callOptions, async (signal) => {
            const endsAt = keys.expiration?.getTime() ?? Infinity
            // The second time AWS may judge: a chain whose keys are old by our clock only must not turn for ever.
            if (pass === 0 && endsAt <= timers.now()) return outOfDate
            return attempt(service, operation, callOptions, signal, (limit) => send(clients, limit))
          })
          if (result !== outOfDate) return result
        } catch (error) {
          if (isDenied(error)) holder.doubt(keys)
          // Refused before anything was done, so that one more attempt is safe.
          if (renewed || !isExpired(error) || !holder.forget(keys)) throw error
          renewed = true
        }
      }
    },
    credentialsExpireAt: () => holder.expireAt(),
    close() {
      const { ssoAdmin, identitystore, organizations, iam, sts } = clients
      for (const client of [ssoAdmin, identitystore, organizations, iam, sts, chainSts]) client.destroy()
    },
  }
}

function openCredentials(
  options: ConnectionOptions,
  call: StsCall,
): { readonly holder: CredentialHolder; readonly chainSts: STSClient } {
  const { credentials, timers } = options
  const now = (): number => timers.now()
  if (credentials.kind === 'web_identity') {
    // The call is not signed; without keys of its own the client cannot fall back to those of the environment.
    const chainSts = new STSClient({ ...configOf(options, 'sts'), credentials: noKeys })
    return { holder: sessionHolder(now, assumeRoleWithWebIdentity(chainSts, call, credentials)), chainSts }
  }
  const { chain, assumeRoleArn } = credentials
  const chainSts = new STSClient({
    ...configOf(options, 'sts'),
    ...(chain !== undefined && { credentials: unmemoized(chain) }),
  })
  const ambient = chainHolder(chain ?? (() => chainSts.config.credentials()))
  if (assumeRoleArn === undefined) return { holder: ambient, chainSts }
  const assume = assumeRole(chainSts, call, assumeRoleArn)
  const assumeReady = async (callOptions: CallOptions): Promise<AwsKeys> => {
    await ambient.ready()
    return assume(callOptions)
  }
  return { holder: sessionHolder(now, assumeReady), chainSts }
}

function openClients(options: ConnectionOptions, keys: () => Promise<AwsKeys>): AwsClients {
  const credentials = unmemoized(keys)
  return {
    ssoAdmin: new SSOAdminClient({ ...configOf(options, 'sso-admin'), credentials }),
    identitystore: new IdentitystoreClient({ ...configOf(options, 'identitystore'), credentials }),
    organizations: new OrganizationsClient({ ...configOf(options, 'organizations'), credentials }),
    iam: new IAMClient({ ...configOf(options, 'iam'), credentials }),
    sts: new STSClient({ ...configOf(options, 'sts'), credentials }),
  }
}

function configOf(
  { region, endpoints, requestHandler }: ConnectionOptions,
  service: Exclude<AwsService, 'scim'>,
) {
  const endpoint = endpoints?.[service]
  return {
    region,
    // Retries are the governor's (T23): nothing below it may repeat a write.
    maxAttempts: 1,
    retryMode: 'standard',
    requestHandler: requestHandler ?? { connectionTimeout: 5 * second, requestTimeout: 3 * callMs },
    ...(endpoint !== undefined && { endpoint }),
  }
}

/** The SDK keeps keys by the computer's clock unless a provider says that it does so itself; ours go by `Timers`. */
function unmemoized(provider: () => Promise<AwsKeys>): () => Promise<AwsKeys> {
  return Object.assign(() => provider(), { memoized: true })
}

async function noKeys(): Promise<AwsKeys> {
  throw new Error('this call needs no credentials')
}

function tooLate(service: AwsService, operation: string): AwsCallError {
  return new AwsCallError({
    failure: 'unknown_outcome',
    service,
    operation,
    awsCode: 'Deadline',
    message: `${service} ${operation}: not begun, for its time was over`,
  })
}
