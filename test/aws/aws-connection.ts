/**
 * A connection of ours to the emulator, as the demo organisation's administrator unless told otherwise.
 */
import { connectIdentityCenter } from '../../src/aws/connect.js'
import type { ConnectionOptions } from '../../src/aws/connection.js'
import type { IdentityCenter } from '../../src/aws/identity-center.js'
import { AwsCallError, type CallOptions } from '../../src/core/governor/call.js'
import { systemClock } from '../../src/lib/clock.js'
import { systemTimers, type Timers } from '../../src/lib/timers.js'
import { adminKey, demo, demoRegion, type AwsWorld, type Credentials } from '../emulator/aws-world.js'
import { passThroughGovernor, type RecordingGovernor } from '../support/pass-through-governor.js'

export const normal: CallOptions = { priority: 'normal' }

/** Sleeps move the clock of the emulator, so that what takes AWS time takes a test none. */
export class WorldTimers implements Timers {
  readonly #world: AwsWorld
  readonly waits: number[] = []
  /** Time limits wait in real time: they are there for answers that never come. */
  readonly #real = systemTimers(systemClock)

  constructor(world: AwsWorld) {
    this.#world = world
  }

  now(): number {
    return this.#world.clock.now()
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    // A limit of a call (10 s, or what is left of a deadline) is no wait of anybody's.
    if (signal !== undefined) return this.#real.sleep(ms, signal)
    this.waits.push(ms)
    if (ms <= 0) return
    await this.#world.advance(ms)
  }
}

export interface Connected {
  readonly identityCenter: IdentityCenter
  readonly governor: RecordingGovernor
  readonly timers: WorldTimers
}

export function connect(
  world: AwsWorld,
  options: Partial<ConnectionOptions> & { readonly keys?: Credentials; readonly retries?: number } = {},
): Connected {
  const timers = new WorldTimers(world)
  const governor = passThroughGovernor({ retries: options.retries ?? 0, timers })
  const { keys = adminKey } = options
  const identityCenter = connectIdentityCenter({
    instanceArn: demo.instanceArn,
    region: demoRegion,
    credentials: { kind: 'ambient', chain: () => Promise.resolve({ ...keys }) },
    governor,
    timers,
    endpoints: endpointsOf(world.url),
    ...options,
  })
  return { identityCenter, governor, timers }
}

export function endpointsOf(url: string): NonNullable<ConnectionOptions['endpoints']> {
  return { 'sso-admin': url, identitystore: url, organizations: url, iam: url, sts: url }
}

/** The error of a call that has to fail. */
export async function failureOf(work: Promise<unknown>): Promise<AwsCallError> {
  try {
    await work
  } catch (error) {
    if (error instanceof AwsCallError) return error
    throw error
  }
  throw new Error('the call succeeded')
}
