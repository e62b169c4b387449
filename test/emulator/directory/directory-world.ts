/**
 * A context without HTTP, with a clock that stands still and ids that can be told beforehand: what the tests of the
 * directory's rules start from.
 */
import { EmulatorContext } from '../../../src/emulator/context.js'
import type { DirectoryProblem, DirectoryResult } from '../../../src/emulator/directory/result.js'
import { defaultSettings, type Settings } from '../../../src/emulator/settings.js'
import type { Organisation } from '../../../src/emulator/state/organisation.js'
import type { Contents } from '../../../src/emulator/state/tables.js'
import type { UserAttributes } from '../../../src/emulator/state/user.js'
import { ManualClock } from '../../../src/lib/clock.js'
import { createLogger } from '../../../src/lib/logger.js'
import type { Random } from '../../../src/lib/random.js'
import { organisation } from '../identitystore/store-world.js'

export const by = 'arn:aws:iam::111111111111:user/admin'
export const startAt = Date.parse('2026-11-22T12:00:00Z')

/** Counts up. */
export function countingRandom(): Random {
  let count = 0
  const bytes = (size: number): Buffer => {
    const buffer = Buffer.alloc(Math.max(size, 4))
    buffer.writeUInt32BE(++count)
    return buffer.subarray(0, size)
  }
  return {
    bytes,
    uuid: () => `${bytes(4).toString('hex')}-0000-4000-8000-000000000000`,
    secret: () => bytes(32).toString('base64url'),
  }
}

export function openDirectory(settings: Partial<Settings> = {}, contents: Contents = {}): EmulatorContext {
  const start: Organisation = {
    ...organisation,
    contents: { ...organisation.contents, ...contents },
    settings: { ...defaultSettings, ...settings },
  }
  return new EmulatorContext(start, {
    clock: new ManualClock(startAt),
    random: countingRandom(),
    logger: createLogger('silent'),
    publicUrl: 'http://127.0.0.1',
  })
}

export function person(userName: string, more: Partial<UserAttributes> = {}): UserAttributes {
  return {
    userName,
    active: true,
    displayName: userName,
    name: { givenName: userName, familyName: 'Test' },
    ...more,
  }
}

/** The row; fails the test where the change was refused. */
export function accepted<Row>(result: DirectoryResult<Row>): Row {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.problem)}`)
  return result.row
}

/** The problem; fails the test where the change was made. */
export function problemOf(result: DirectoryResult<unknown>): DirectoryProblem {
  if (result.ok) throw new Error(`accepted: ${JSON.stringify(result.row)}`)
  return result.problem
}
