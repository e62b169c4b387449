/**
 * @module The test of a SCIM endpoint and its token: reaches it, reads, and writes a user who can do nothing, which is
 * taken away again whatever happened between. Says what is left behind where that fails.
 */
import { AwsCallError, type CallOptions } from '../../core/governor/call.js'
import type { Timers } from '../../lib/timers.js'
import { isAnswer } from './errors.js'
import type { ScimClient, ScimTestResult, ScimTestStep } from './scim-client.js'

export interface ScimTestDeps {
  readonly client: ScimClient
  readonly timers: Timers
  /** A name part that nobody has: letters and digits. */
  readonly unique: () => string
}

type StepName = ScimTestStep['name']

/** What AWS has just been told may be read a moment later. */
const readBackWaitsMs = [0, 500, 1000, 2000]
const changedName = 'Gatehouse connection test (changed)'

/** Never throws for what the endpoint does; the steps say it. Steps that were not come to are left out. */
export async function testScim(deps: ScimTestDeps, options: CallOptions): Promise<ScimTestResult> {
  const { client } = deps
  // The top-level name is reserved (RFC 2606), so that nobody has this address.
  const userName = `gatehouse-test-${deps.unique()}@gatehouse.invalid`
  const steps: ScimTestStep[] = []
  const step = async (name: StepName, says: string, act: () => Promise<void>): Promise<boolean> => {
    try {
      await act()
      steps.push({ name, ok: true, says })
      return true
    } catch (error) {
      steps.push({ name, ok: false, says: wordsOf(error), ...adviceOn(error) })
      return false
    }
  }
  const result = (): ScimTestResult => ({ ok: steps.every(({ ok }) => ok), steps })

  if (!(await reach(client, userName, steps, options))) return result()
  let id: string | undefined
  const created = await step('create', `created the inactive user ${userName}`, async () => {
    id = (await createUser(client, userName, options)).id
  })
  if (created && id !== undefined) {
    const userId = id
    const isRead = await step('read_back', 'read the user back', () =>
      readBack(deps, userName, userId, options),
    )
    if (isRead) {
      await step('change', 'changed the user', () =>
        client.updateUser(userId, { displayName: changedName }, options),
      )
    }
  }
  await cleanUp(client, userName, id, steps, options)
  return result()
}

async function reach(
  client: ScimClient,
  userName: string,
  steps: ScimTestStep[],
  options: CallOptions,
): Promise<boolean> {
  try {
    await client.findUser(userName, options)
    steps.push({ name: 'reach', ok: true, says: 'the endpoint answers' })
    steps.push({ name: 'read', ok: true, says: 'the token may read users' })
    return true
  } catch (error) {
    const answered = isAnswer(error)
    if (answered) steps.push({ name: 'reach', ok: true, says: 'the endpoint answers' })
    steps.push({ name: answered ? 'read' : 'reach', ok: false, says: wordsOf(error), ...adviceOn(error) })
    return false
  }
}

function createUser(client: ScimClient, userName: string, options: CallOptions) {
  const attributes = {
    userName,
    displayName: 'Gatehouse connection test',
    givenName: 'Connection',
    familyName: 'Test',
    email: userName,
  }
  return client.createUser({ attributes, active: false, externalId: userName }, options)
}

async function readBack(
  { client, timers }: ScimTestDeps,
  userName: string,
  id: string,
  options: CallOptions,
): Promise<void> {
  for (const wait of readBackWaitsMs) {
    await timers.sleep(wait, options.signal)
    const user = await client.findUser(userName, options)
    if (user === undefined) continue
    if (user.id !== id) throw new Error(`the user ${userName} has another id than the one that was created`)
    if (user.active === true) throw new Error(`the user ${userName} was created inactive and is active`)
    return
  }
  throw new Error(`the user ${userName} was created and cannot be found`)
}

/** Also after a create whose outcome is not known: then the user is looked for first. */
async function cleanUp(
  client: ScimClient,
  userName: string,
  id: string | undefined,
  steps: ScimTestStep[],
  options: CallOptions,
): Promise<void> {
  try {
    const left = id ?? (await client.findUser(userName, options))?.id
    if (left === undefined) return
    await client.deleteUser(left, options)
    steps.push({ name: 'clean_up', ok: true, says: `removed the user ${userName}` })
  } catch (error) {
    const says = `the user ${userName} may be left behind in Identity Center; it is inactive: ${wordsOf(error)}`
    const remedy = `Remove ${userName} in Identity Center, under Users, if it is there.`
    steps.push({ name: 'clean_up', ok: false, says, remedy })
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : 'failed for an unknown reason'
}

/** What a person can do about it; nothing where only AWS can, or nobody knows. */
function adviceOn(error: unknown): { readonly remedy?: string } {
  if (!(error instanceof AwsCallError)) return {}
  switch (error.failure) {
    case 'unauthorized':
      return {
        remedy:
          'See that the endpoint and the token were copied whole, and that the token has not ended or been deleted. Otherwise make a new one in the AWS console: IAM Identity Center, Settings, Automatic provisioning, Access tokens.',
      }
    case 'not_found':
      return {
        remedy:
          'There is no SCIM at that address: copy the SCIM endpoint again, in the AWS console under IAM Identity Center, Settings, Automatic provisioning.',
      }
    case 'denied':
      return { remedy: 'See that automatic provisioning is on in the AWS console.' }
    case 'throttled':
      return { remedy: 'Wait a minute and test again.' }
    case 'quota':
      return { remedy: 'Identity Center has no room for another user: remove one there, then test again.' }
    case 'unknown_outcome':
      return { remedy: 'See that the gateway reaches that host, then test again.' }
    case 'already_exists':
    case 'conflict':
    case 'invalid':
      return {}
  }
}
