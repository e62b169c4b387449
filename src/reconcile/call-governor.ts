/**
 * @module Makes calls to AWS when it is their turn. It repeats what AWS refused because of its limits, which is the one
 * failure that surely changed nothing, and once a read whose connection broke, which changes nothing either: AWS closes
 * idle connections, and one that is taken up again at that moment breaks. Every other failure is the caller's.
 */
import {
  AwsCallError,
  type AwsCall,
  type AwsService,
  type CallGovernor,
  type CallOptions,
} from '../core/governor/call.js'
import { Governor, type GovernorFacts, type Ticket } from '../core/governor/governor.js'
import type { Instant } from '../core/time.js'
import type { Timers } from '../lib/timers.js'

/** Refusals of one call in a row after which its caller hears of it. */
const mostAttempts = 12
const isRead = /^(?:Describe|Get|List)/
/** Codes of Node and of its fetch for a connection that the other side closed. */
const broken: readonly string[] = ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']

export interface RunningGovernor extends CallGovernor {
  describe(): GovernorFacts
  /** For ever: whoever waits for a turn hears of it, and nothing sleeps any more. Calls under way end by themselves. */
  stop(): void
}

interface Turn {
  readonly ticket: Ticket
  readonly deadline: Instant | undefined
  readonly begin: () => void
  readonly giveUp: (error: Error) => void
}

export function createCallGovernor(options: {
  readonly timers: Timers
  /** See `PluginSettings.rateShare`. */
  readonly rateShare: number
}): RunningGovernor {
  const { timers } = options
  const governor = new Governor(options)
  const turns = new Map<Ticket, Turn>()
  const timed = new Set<Turn>()
  /** Services of which a repeated read broke, too: they are away, and asked no more often than callers want. */
  const silent = new Set<AwsService>()
  let sleeping: AbortController | undefined
  let isStopped = false

  /** Begins what may begin, then sleeps until more may. */
  function pump(): void {
    const now = timers.now()
    for (const turn of timed) {
      if (turn.deadline === undefined || now < turn.deadline) continue
      forget(turn.ticket)
      governor.cancel(turn.ticket)
      turn.giveUp(tooLate(turn.ticket.call))
    }
    for (const ticket of governor.begin(now)) {
      turns.get(ticket)?.begin()
      forget(ticket)
    }
    sleeping?.abort()
    sleeping = undefined
    const at = nextLook(now)
    if (at === undefined) return
    const sleep = new AbortController()
    sleeping = sleep
    timers.sleep(Math.max(at - now, 1), sleep.signal).then(
      () => {
        if (sleeping === sleep) pump()
      },
      () => undefined,
    )
  }

  function nextLook(now: Instant): Instant | undefined {
    let at = governor.nextAt(now)
    for (const { deadline } of timed) {
      if (deadline !== undefined && (at === undefined || deadline < at)) at = deadline
    }
    return at
  }

  function forget(ticket: Ticket): void {
    const turn = turns.get(ticket)
    if (turn !== undefined) timed.delete(turn)
    turns.delete(ticket)
  }

  async function turnOf(call: AwsCall, { deadline, signal }: CallOptions): Promise<Ticket> {
    signal?.throwIfAborted()
    if (isStopped) throw stopped()
    if (deadline !== undefined && timers.now() >= deadline) throw tooLate(call)
    const ticket = governor.enqueue(call, timers.now())
    let stop: (() => void) | undefined
    try {
      await new Promise<void>((begin, giveUp) => {
        const turn = { ticket, deadline, begin, giveUp }
        turns.set(ticket, turn)
        if (deadline !== undefined) timed.add(turn)
        stop = () => {
          forget(ticket)
          governor.cancel(ticket)
          giveUp(signal?.reason instanceof Error ? signal.reason : new Error('stopped'))
        }
        signal?.addEventListener('abort', stop, { once: true })
        pump()
      })
    } finally {
      if (stop !== undefined) signal?.removeEventListener('abort', stop)
    }
    return ticket
  }

  return {
    run: async (call, callOptions, make) => {
      const { signal = new AbortController().signal } = callOptions
      let isRepeated = false
      for (let attempt = 1; ; attempt++) {
        const ticket = await turnOf(call, callOptions)
        try {
          const result = await make(signal)
          governor.succeeded(ticket)
          silent.delete(call.service)
          return result
        } catch (error) {
          if (!(error instanceof AwsCallError)) throw error
          const { service, operation } = call
          const isBroken = broken.includes(error.awsCode)
          if (!isBroken) silent.delete(service)
          else if (isRepeated) silent.add(service)
          else if (isRead.test(operation) && !silent.has(service)) {
            isRepeated = true
            governor.repeated(ticket)
            continue
          }
          if (error.failure !== 'throttled') throw error
          governor.throttled(ticket, error.retryAfterMs, timers.now())
          if (attempt >= mostAttempts) throw error
        }
      }
    },
    describe: () => governor.describe(timers.now()),
    stop: () => {
      isStopped = true
      sleeping?.abort()
      sleeping = undefined
      for (const turn of [...turns.values()]) {
        forget(turn.ticket)
        governor.cancel(turn.ticket)
        turn.giveUp(stopped())
      }
    },
  }
}

function stopped(): Error {
  return new Error('calls to AWS are not made here any more')
}

/** Like a refusal because of limits: it was not made, so nothing changed. */
function tooLate({ service, operation }: AwsCall): AwsCallError {
  return new AwsCallError({
    failure: 'throttled',
    service,
    operation,
    awsCode: 'NotBegun',
    message: `${operation} was not begun: its turn did not come in the time that was left`,
  })
}
