/**
 * @module One call of the AWS services or of SCIM, from its first byte to its last: counted, hit by a fault where a
 * test asked for one, held to the limits, answered, and told in the event stream.
 */
import type { Request, Response } from 'express'
import { setTimeout as wait } from 'node:timers/promises'
import type { EmulatorContext } from './context.js'
import type { Fault } from './faults/fault-plan.js'

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Error code, for the event stream. */
  readonly error?: string
}

/** Faults that take the place of an answer. */
export type AnsweredFault = 'throttle' | 'error' | 'expired-token' | 'region-down'

export interface Identity {
  /** Who calls, for the counts. */
  readonly caller: string
  /** Whether the caller could be told; those who could not are refused by `run`, and take no tokens. */
  readonly known: boolean
  /** The caller's account, for limits that count by account. */
  readonly accountId?: string
}

/** `Who` is what the protocol's authentication finds. */
export interface CallPlan<Who> {
  /** `<service>:<Operation>`, such as `sso-admin:ListInstances` or `scim:PatchGroup`. */
  readonly operation: string
  readonly requestId: string
  /** Throws nothing. Asked on arrival, for the counts, and again after a delay, whose answer is the one that counts. */
  authenticate(): Who
  identityOf(who: Who): Identity
  /**
   * Renders every expected failure itself. Where it waits, it has no effect if the state was replaced meanwhile; what
   * it answers then is not sent.
   */
  run(who: Who): Promise<Answer>
  /** The answer that this protocol gives to a fault, or to a caller over the limit. */
  refuse(fault: AnsweredFault): Answer
}

/**
 * A call that a reset overtakes is neither carried out in the new state nor answered: its connection breaks, as if the
 * emulator had been started anew. An error in the protocol's form would say that somebody had judged the call.
 */
export async function answerCall<Who>(
  context: EmulatorContext,
  req: Request,
  res: Response,
  plan: CallPlan<Who>,
): Promise<void> {
  context.settle()
  const { operation, requestId } = plan
  const began = context.state
  let who = plan.authenticate()
  const { caller } = plan.identityOf(who)
  context.calls.count(operation, caller)
  const fault = context.faults.next(operation)
  if (fault !== undefined) {
    context.events.emit({ type: 'fault', at: context.clock.now(), operation, fault: fault.kind })
    if (fault.kind === 'slow') {
      await wait(fault.delayMs, undefined, { ref: false })
      context.settle()
      who = plan.authenticate()
    }
  }
  if (fault?.kind === 'reset-before' || context.state !== began) {
    req.socket.resetAndDestroy()
    return
  }
  const answer = isAnswered(fault) ? plan.refuse(fault.kind) : await runWithinLimits(context, plan, who)
  if (context.state !== began) {
    req.socket.resetAndDestroy()
    return
  }
  const { status, error } = answer
  context.events.emit({
    type: 'call',
    at: context.clock.now(),
    operation,
    caller,
    status,
    ...(error !== undefined && { error }),
    requestId,
  })
  if (fault?.kind === 'reset-after') req.socket.resetAndDestroy()
  else send(res, answer, fault?.kind === 'truncate')
}

async function runWithinLimits<Who>(
  context: EmulatorContext,
  plan: CallPlan<Who>,
  who: Who,
): Promise<Answer> {
  const { operation } = plan
  const { known, accountId } = plan.identityOf(who)
  const within =
    !known || !context.settings.limits || context.limits.take(operation, context.clock.now(), 1, accountId)
  return within ? await plan.run(who) : plan.refuse('throttle')
}

function isAnswered(fault: Fault | undefined): fault is Fault & { readonly kind: AnsweredFault } {
  return fault !== undefined && ['throttle', 'error', 'expired-token', 'region-down'].includes(fault.kind)
}

/** A truncated answer promises its whole length and ends in the middle; one without a body is lost altogether. */
function send(res: Response, { status, headers, body }: Answer, truncate: boolean): void {
  const length = Buffer.byteLength(body)
  if (truncate && length < 2) {
    res.destroy()
    return
  }
  res.writeHead(status, { ...headers, 'Content-Length': length })
  if (!truncate) {
    // As text: Node then writes head and body at once.
    res.end(body)
    return
  }
  res.write(Buffer.from(body).subarray(0, Math.floor(length / 2)), () => res.destroy())
}
