/**
 * @module Ids and stamps of rows of the directory.
 */
import type { EmulatorContext } from '../context.js'
import type { Stamps } from '../state/user.js'

/** An id of the form that identity stores give out today: a UUID whose third part begins with 7. */
export function newId(context: EmulatorContext): string {
  const uuid = context.random.uuid()
  return `${uuid.slice(0, 14)}7${uuid.slice(15)}`
}

/** Stamps of a row that `by` (an ARN, or `SCIM`) makes now. */
export function stampNew(context: EmulatorContext, by: string): Stamps {
  const at = context.clock.now()
  return { createdAt: at, updatedAt: at, createdBy: by, updatedBy: by }
}

/** Stamps of a row that `by` changes now: its making stays as it was. */
export function stampChange(context: EmulatorContext, { createdAt, createdBy }: Stamps, by: string): Stamps {
  return {
    createdAt,
    updatedAt: context.clock.now(),
    ...(createdBy !== undefined && { createdBy }),
    updatedBy: by,
  }
}
