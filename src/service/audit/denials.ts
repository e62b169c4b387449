/**
 * @module Refusals of somebody known, as audit events: who wanted to do what and was not allowed to. The answer does
 * not wait for the event and does not hang on it; the log has every refusal anyway. Of one person or machine user
 * those are written that `RefusalCounts` lets through.
 */
import { GatewayError } from '../../core/error.js'
import type { RequestOrigin, ServiceContext } from '../context.js'
import { recordRefusal } from '../people/record.js'
import { RefusalCounts } from './refusal-counts.js'

export interface RefusedUse {
  /** Who asked, where the edge knows it. */
  readonly user: string | undefined
  readonly error: unknown
  readonly method: string
  /** The pattern of the route: what stands in a path may be a secret. */
  readonly path: string
  /** As roles write it, `user:update`; undefined where the route asks for none. */
  readonly right: string | undefined
  readonly origin: RequestOrigin
}

type DenialDeps = Pick<ServiceContext, 'store' | 'clock' | 'random' | 'logger' | 'clusterName'>

export class DenialLog {
  readonly #deps: DenialDeps
  readonly #counts = new RefusalCounts()

  constructor(deps: DenialDeps) {
    this.#deps = deps
  }

  /** Writes the event of a refusal that is worth one, in a transaction of its own. Never throws. */
  async record({ user, error, method, path, right, origin }: RefusedUse): Promise<void> {
    const denial = readDenial(error, user)
    const leftOut = denial && this.#counts.count(denial.user, this.#deps.clock.now())
    if (denial === undefined || leftOut === undefined) return
    const fields = {
      ...denial.fields,
      right: denial.right ?? right,
      method,
      path,
      ...(leftOut > 0 && { left_out: leftOut }),
    }
    try {
      await recordRefusal(this.#deps, { event: 'access.denied', user: denial.user, fields }, origin)
    } catch (failure) {
      const { requestId } = origin
      this.#deps.logger.error(
        { requestId, err: failure },
        'the audit event of a refusal could not be written',
      )
    }
  }
}

/** What to write of an error; undefined for one that is no refusal of somebody known, or has its event already. */
function readDenial(error: unknown, actor: string | undefined) {
  if (!(error instanceof GatewayError)) return undefined
  const { code, details } = error
  if (code === 'LOCKED') {
    // Those who use a locked token or link are told by the use case; a refused sign-in has an event of its own.
    const { user, locks } = details
    if (typeof user !== 'string' || !Array.isArray(locks)) return undefined
    const names = locks.filter((name) => typeof name === 'string')
    return { user, right: undefined, fields: { error_code: code, locks: names } }
  }
  // Of several documents one may be refused for its rights and another for what stands in it.
  const denied = details['denied'] ?? (code === 'FORBIDDEN' ? details : undefined)
  if (actor === undefined || typeof denied !== 'object' || denied === null) return undefined
  if (details['auditReference'] !== undefined) return undefined
  const { resource, verb, name } = denied as Readonly<Record<string, unknown>> // checked below
  const right = typeof resource === 'string' && typeof verb === 'string' ? `${resource}:${verb}` : undefined
  const resourceName = typeof name === 'string' ? { name: name.slice(0, 200) } : {}
  return { user: actor, right, fields: { error_code: 'FORBIDDEN', ...resourceName } }
}
