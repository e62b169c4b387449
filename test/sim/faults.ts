/** What goes wrong at AWS during a history, by the seed: every fault that the emulator knows, on any operation. */
import { services } from '../../src/emulator/aws/mount.js'
import type { Fault } from '../../src/emulator/faults/fault-plan.js'
import { listOperations } from '../../src/emulator/faults/operations.js'
import type { Prng } from '../../src/emulator/prng.js'
import type { SimWorld } from './world.js'

const operations = listOperations(services)
const writes = operations.filter((name) => /:(?:Create|Delete|Patch)/.test(name))

/** Not `slow`, which waits for real: every call takes its time here anyway. */
const kinds = ['throttle', 'error', 'reset-before', 'reset-after', 'truncate', 'expired-token'] as const

/** Adds one fault; answers in words which. */
export function addFault({ aws, organisation }: SimWorld, prng: Prng): string {
  const fault: Fault = prng.chance(0.05)
    ? { kind: 'region-down', region: organisation.instance.region }
    : { kind: prng.pick(kinds) }
  const many = fault.kind !== 'region-down' && fault.kind !== 'expired-token' && prng.chance(0.4)
  const hit =
    many || fault.kind === 'region-down' ? operations : [prng.pick(prng.chance(0.7) ? writes : operations)]
  const seed = prng.next()
  const when = many ? { probability: prng.pick([0.05, 0.2, 0.5]), seed } : { at: 1 + prng.below(3) }
  const times = fault.kind === 'expired-token' ? 1 : 1 + prng.below(many ? 20 : 3)
  const operation = hit.length === 1 ? (hit[0] ?? '') : '*'
  aws.context.faults.add({ operation, operations: new Set(hit), when, times, fault })
  return `${times} times ${fault.kind} on ${operation} ${JSON.stringify(when)}`
}
