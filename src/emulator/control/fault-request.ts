/**
 * @module The body of `POST /_emulator/faults`: which operation, which of its calls, how often, and what happens to them.
 * A body that could never hit anything is refused, with what may have been meant.
 */
import { z } from 'zod'
import { invalidInput } from '../error.js'
import type { FaultMoment, FaultRequest } from '../faults/fault-plan.js'
import { matchOperations, nearOperations } from '../faults/operation-pattern.js'
import { operationsIn } from '../faults/operations.js'
import { parseBody } from './body.js'

const plainKinds = ['throttle', 'error', 'expired-token', 'reset-before', 'reset-after', 'truncate'] as const
const kinds = [...plainKinds, 'slow', 'region-down']

const Body = z
  .strictObject({
    /** `<service>:<Operation>`; `*` stands for any run of characters. */
    operation: z.string().min(1).max(100).optional(),
    at: z.int().min(1).max(1_000_000).optional(),
    probability: z.number().positive().max(1).optional(),
    seed: z.int().min(0).max(0xffff_ffff).optional(),
    times: z.int().min(1).max(1_000_000).nullable().optional(),
    fault: z.discriminatedUnion(
      'kind',
      [
        z.strictObject({ kind: z.enum(plainKinds) }),
        z.strictObject({ kind: z.literal('slow'), delayMs: z.int().min(0).max(600_000) }),
        z.strictObject({ kind: z.literal('region-down'), region: z.string().min(1).max(32) }),
      ],
      { error: `must be an object whose kind is one of ${kinds.join(', ')}` },
    ),
  })
  .superRefine((body, issues) => {
    const refuse = (path: string, message: string): void =>
      issues.addIssue({ code: 'custom', path: [path], message })
    if (body.at !== undefined && body.probability !== undefined)
      refuse('probability', 'goes without at: either the nth call or a chance')
    if (body.seed !== undefined && body.probability === undefined)
      refuse('seed', 'is of no use without probability')
    if (body.fault.kind !== 'region-down') {
      if (body.operation === undefined) refuse('operation', 'is missing; * means every operation')
      return
    }
    if (body.operation !== undefined)
      refuse('operation', 'region-down hits every operation in its Region: leave operation out')
    for (const name of ['at', 'probability', 'times'] as const) {
      if (body[name] !== undefined)
        refuse(name, 'does not go with region-down, which lasts until it is removed')
    }
  })

/** @throws EmulatorError that lists what does not fit */
export function parseFaultRequest(
  body: unknown,
  operations: readonly string[],
  instanceRegion: string,
): FaultRequest {
  const { operation = '*', at = 1, probability, seed = 0, times = 1, fault } = parseBody(Body, body)
  if (fault.kind === 'region-down') {
    const hit = operationsIn(fault.region, instanceRegion, operations)
    if (hit.length === 0) throw emptyRegion(fault.region, instanceRegion)
    return { operation, operations: new Set(hit), when: { at: 1 }, times: null, fault }
  }
  const hit = matchOperations(operation, operations)
  if (hit.length === 0) throw unknownOperation(operation, operations)
  const when: FaultMoment = probability === undefined ? { at } : { probability, seed }
  return { operation, operations: new Set(hit), when, times, fault }
}

function emptyRegion(region: string, instanceRegion: string): Error {
  return invalidInput(
    `fault.region: nothing is in ${region}; the instance is in ${instanceRegion}, Organizations and IAM in us-east-1`,
  )
}

function unknownOperation(pattern: string, operations: readonly string[]): Error {
  const services = [...new Set(operations.map((name) => name.split(':')[0]))]
  const near = nearOperations(pattern, operations)
  const hint =
    near.length > 0 ? `did you mean ${near.join(', ')}?` : `the services are ${services.join(', ')}`
  return invalidInput(`operation: no operation is called "${pattern}"; ${hint}`)
}
