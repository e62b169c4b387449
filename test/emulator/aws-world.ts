/**
 * An emulator with an organisation, a clock that stands still, and the official AWS clients in front of it over HTTP.
 */
import { IAMClient } from '@aws-sdk/client-iam'
import { IdentitystoreClient } from '@aws-sdk/client-identitystore'
import { OrganizationsClient } from '@aws-sdk/client-organizations'
import { SSOAdminClient } from '@aws-sdk/client-sso-admin'
import { STSClient } from '@aws-sdk/client-sts'
import { ManualClock } from '../../src/lib/clock.js'
import { createLogger } from '../../src/lib/logger.js'
import { systemRandom, type Random } from '../../src/lib/random.js'
import { startEmulator, type Emulator } from '../../src/emulator/main.js'
import type { Settings } from '../../src/emulator/settings.js'
import type { Organisation } from '../../src/emulator/state/organisation.js'
import { demoFile, startTime } from './portal.js'

/** The key pair of AWS's documents; in the demo organisation it may do everything. */
export const adminKey = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
}
export const demoRegion = 'eu-central-1'
export const demo = {
  instanceArn: 'arn:aws:sso:::instance/ssoins-6987b2c41e0fa35d',
  identityStoreId: 'd-99672f1c0b',
  readOnlyArn: 'arn:aws:sso:::permissionSet/ssoins-6987b2c41e0fa35d/ps-3c4d5e6f708192a3',
  billingArn: 'arn:aws:sso:::permissionSet/ssoins-6987b2c41e0fa35d/ps-5e6f708192a3b4c5',
  management: '111111111111',
  production: '555555555555',
  sandbox: '777777777777',
  adaId: '53c4a8e2-20b1-70f5-8d13-0a6f1e2b9c01',
  devId: '53c4a8e2-20b1-70f5-8d13-0a6f1e2b9c02',
} as const

export interface Clients {
  readonly ssoAdmin: SSOAdminClient
  readonly identitystore: IdentitystoreClient
  readonly organizations: OrganizationsClient
  readonly iam: IAMClient
  readonly sts: STSClient
}

export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

export interface WorldOptions {
  readonly orgFile?: string
  readonly organisation?: Organisation
  readonly settings?: Partial<Settings>
  readonly issuers?: ReadonlyMap<string, string>
  readonly random?: Random
}

export class AwsWorld implements AsyncDisposable {
  readonly clock: ManualClock
  readonly emulator: Emulator
  readonly url: string
  /** Clients of the administrator; they make one attempt each, so that a refusal is seen. */
  readonly clients: Clients

  private constructor(emulator: Emulator, clock: ManualClock) {
    this.emulator = emulator
    this.url = emulator.url
    this.clock = clock
    this.clients = this.clientsOf(adminKey)
  }

  /** The demo organisation, with the limits off, where the options say nothing else. */
  static async open(options: WorldOptions = {}): Promise<AwsWorld> {
    const clock = new ManualClock(startTime)
    const emulator = await startEmulator({
      listen: '127.0.0.1:0',
      clock,
      logger: createLogger('silent'),
      random: options.random ?? systemRandom,
      settings: { limits: false, ...options.settings },
      ...(options.organisation === undefined
        ? { orgFile: options.orgFile ?? demoFile }
        : { organisation: options.organisation }),
      ...(options.issuers !== undefined && { issuers: options.issuers }),
    })
    return new AwsWorld(emulator, clock)
  }

  clientsOf(credentials: Credentials, region: string = demoRegion): Clients {
    const config = { endpoint: this.url, region, credentials, maxAttempts: 1 }
    return {
      ssoAdmin: new SSOAdminClient(config),
      identitystore: new IdentitystoreClient(config),
      organizations: new OrganizationsClient(config),
      iam: new IAMClient(config),
      sts: new STSClient(config),
    }
  }

  /** A control call; answers the parsed body, or undefined where there is none. */
  async control(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.url}/_emulator/${path}`, {
      method,
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`)
    return text === '' ? undefined : (JSON.parse(text) as unknown)
  }

  /** Moves the clock as `POST /_emulator/clock/advance` does: what is due on the way happens at its time. */
  async advance(ms: number): Promise<void> {
    await this.control('POST', 'clock/advance', { seconds: ms / 1000 })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of Object.values(this.clients) as { destroy(): void }[]) client.destroy()
    await this.emulator.close()
  }
}

/** An AWS JSON call made by hand, for requests that the SDK would not send; the signature has the right form only. */
export async function sendJson(
  url: string,
  target: string,
  body: string,
  options: {
    readonly signingName?: string
    readonly region?: string
    readonly headers?: Record<string, string>
  } = {},
): Promise<{ readonly status: number; readonly headers: Headers; readonly body: unknown }> {
  const { signingName = 'sso', region = demoRegion } = options
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': target,
      'x-amz-date': '20261122T120000Z',
      authorization: authorization(signingName, region),
      ...options.headers,
    },
    body,
  })
  return {
    status: response.status,
    headers: response.headers,
    body: JSON.parse(await response.text()) as unknown,
  }
}

/** A Query call made by hand. */
export async function sendQuery(
  url: string,
  form: Readonly<Record<string, string>>,
  signingName: 'iam' | 'sts',
): Promise<{ readonly status: number; readonly headers: Headers; readonly body: string }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'x-amz-date': '20261122T120000Z', authorization: authorization(signingName, 'us-east-1') },
    body: new URLSearchParams(form),
  })
  return { status: response.status, headers: response.headers, body: await response.text() }
}

function authorization(signingName: string, region: string): string {
  return (
    `AWS4-HMAC-SHA256 Credential=${adminKey.accessKeyId}/20261122/${region}/${signingName}/aws4_request, ` +
    `SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=${'0'.repeat(64)}`
  )
}
