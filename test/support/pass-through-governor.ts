/**
 * A governor that lets every call through at once and writes it down. A throttled call fails, as any other; with
 * `retries` it is made again, after the wait that AWS named or none.
 */
import { AwsCallError, type AwsCall, type CallGovernor } from '../../src/core/governor/call.js'
import type { Timers } from '../../src/lib/timers.js'

export interface RecordingGovernor extends CallGovernor {
  readonly calls: AwsCall[]
  /** How often each operation was made, attempts counted. */
  count(operation: string): number
  /** The most calls that were under way at a time. */
  readonly mostAtOnce: () => number
}

export function passThroughGovernor(
  options: { readonly retries?: number; readonly timers?: Timers } = {},
): RecordingGovernor {
  const calls: AwsCall[] = []
  let underWay = 0
  let most = 0
  return {
    calls,
    count: (operation) => calls.filter((call) => call.operation === operation).length,
    mostAtOnce: () => most,
    async run(call, { signal }, make) {
      for (let left = options.retries ?? 0; ; left -= 1) {
        calls.push(call)
        underWay += 1
        most = Math.max(most, underWay)
        try {
          return await make(signal ?? new AbortController().signal)
        } catch (error) {
          const again = error instanceof AwsCallError && error.failure === 'throttled' && left > 0
          if (!again) throw error
          await options.timers?.sleep(error.retryAfterMs ?? 0)
        } finally {
          underWay -= 1
        }
      }
    },
  }
}
