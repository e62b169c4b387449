/**
 * How many sessions there are, and that a seeded run gives the same ones twice.
 */
import { GetRoleCommand } from '@aws-sdk/client-iam'
import { AssumeRoleCommand } from '@aws-sdk/client-sts'
import { describe, expect, test } from 'vitest'
import { ManualClock } from '../../../src/lib/clock.js'
import { createLogger } from '../../../src/lib/logger.js'
import { systemRandom } from '../../../src/lib/random.js'
import type { Call } from '../../../src/emulator/aws/operation.js'
import { EmulatorContext } from '../../../src/emulator/context.js'
import { seededRandom } from '../../../src/emulator/seeded-random.js'
import type { IamRole } from '../../../src/emulator/state/iam.js'
import { emptyOrganisation } from '../../../src/emulator/state/organisation.js'
import { startSession } from '../../../src/emulator/sts/session.js'
import { AwsWorld, demo } from '../aws-world.js'
import { startTime } from '../portal.js'
import { makeRole, policy } from './support.js'

const role: IamRole = {
  accountId: '111111111111',
  name: 'deployer',
  path: '/',
  id: 'AROAAAAAAAAAAAAAAAAAA',
  maxSessionSeconds: 43_200,
  trustPolicy: '{}',
  inlinePolicies: {},
  attachedPolicies: [],
  tags: {},
  createdAt: startTime,
}

function fill(count: number): { readonly context: EmulatorContext; call(now: number): Call } {
  const context = new EmulatorContext(emptyOrganisation, {
    clock: new ManualClock(startTime),
    random: systemRandom,
    logger: createLogger('silent'),
    publicUrl: 'http://127.0.0.1:1',
  })
  const [caller] = context.state.tables.credentials.rows()
  if (caller === undefined) throw new Error('there is no key')
  const call = (now: number): Call => ({ context, caller, region: 'us-east-1', requestId: '', now })
  for (let made = 0; made < count; made++) start(call(startTime), made % 2 === 0 ? 900 : 3600)
  return { context, call }
}

const start = (call: Call, durationSeconds: number): unknown =>
  startSession(call, { role, sessionName: 'job', durationSeconds, policy: undefined, isChained: false })

describe('sessions', () => {
  test('that ended make room for new ones, and those that run stay', () => {
    const { context, call } = fill(10_000)
    const { credentials } = context.state.tables
    start(call(startTime + 900_000), 900)
    expect(credentials.by('session', 'role').size).toBe(5_001)
    expect(credentials.rows().every(({ expiresAt = Infinity }) => expiresAt > startTime + 900_000)).toBe(true)
    // The long-lived key of the organisation is no session.
    expect(credentials.size).toBe(5_002)
  })

  test('that run are not dropped: one too many is refused aloud', () => {
    const { context, call } = fill(10_000)
    expect(() => start(call(startTime), 900)).toThrow(
      'more than 10000 sessions at a time is not built in this emulator',
    )
    expect(context.state.tables.credentials.by('session', 'role').size).toBe(10_000)
  })

  test('and roles are the same twice with the same seed', async () => {
    const run = async (): Promise<unknown> => {
      await using world = await AwsWorld.open({ random: seededRandom(7) })
      const trust = policy({
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${demo.management}:root` },
        Action: 'sts:AssumeRole',
      })
      const RoleArn = await makeRole(world, 'deployer', trust)
      const { Role } = await world.clients.iam.send(new GetRoleCommand({ RoleName: 'deployer' }))
      const { $metadata: _, ...answer } = await world.clients.sts.send(
        new AssumeRoleCommand({ RoleArn, RoleSessionName: 'job' }),
      )
      return { Role, answer }
    }
    expect(await run()).toEqual(await run())
  })
})
