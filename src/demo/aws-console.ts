/**
 * @module What somebody does in AWS by hand, in the console or with its command line: the role that trusts the gateway,
 * changes behind the gateway's back, and a look at who has what. Requests go to the emulator alone; it wants a signature
 * of the right form and does not verify it.
 */
import { z } from 'zod'
import type { World } from './world.js'

/** The key pair of AWS's own documents, which may do everything in the sample organisation. */
const accessKey = 'AKIAIOSFODNN7EXAMPLE'
const region = 'eu-central-1'
const scope = '20261122'

export const instanceArn = 'arn:aws:sso:::instance/ssoins-6987b2c41e0fa35d'
export const identityStoreId = 'd-99672f1c0b'
export const instanceRegion = region

function authorization(service: string): Readonly<Record<string, string>> {
  return {
    'x-amz-date': `${scope}T120000Z`,
    authorization:
      `AWS4-HMAC-SHA256 Credential=${accessKey}/${scope}/${region}/${service}/aws4_request, ` +
      `SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
  }
}

/** A call of sso-admin or identitystore. @throws Error with what AWS answered. */
export async function callAws(
  world: World,
  target: `SWBExternalService.${string}` | `AWSIdentityStore.${string}`,
  input: Readonly<Record<string, unknown>>,
): Promise<void> {
  const response = await fetch(world.emulatorUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': target,
      ...authorization(target.startsWith('SWB') ? 'sso' : 'identitystore'),
    },
    body: JSON.stringify(input),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${target} answered ${response.status}: ${text.slice(0, 300)}`)
}

/** A call of iam; answers the XML. @throws Error with what AWS answered. */
export async function callIam(world: World, form: Readonly<Record<string, string>>): Promise<string> {
  const response = await fetch(world.emulatorUrl, {
    method: 'POST',
    headers: authorization('iam'),
    body: new URLSearchParams({ Version: '2010-05-08', ...form }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${form.Action ?? ''} answered ${response.status}: ${text.slice(0, 300)}`)
  return text
}

/** A new SCIM token, as the console makes one, and where it is for. */
export async function makeScimToken(
  world: World,
): Promise<{ readonly endpoint: string; readonly token: string }> {
  const response = await fetch(`${world.emulatorUrl}/_emulator/scim/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
  return z.object({ endpoint: z.string(), token: z.string() }).parse(await response.json())
}

const awsState = z.object({
  users: z.array(z.object({ id: z.string(), userName: z.string(), active: z.boolean() })),
  groups: z.array(z.object({ id: z.string(), displayName: z.string() })),
  memberships: z.array(z.object({ id: z.string(), groupId: z.string(), userId: z.string() })),
  assignments: z.array(
    z.object({
      principalType: z.enum(['USER', 'GROUP']),
      principalId: z.string(),
      accountId: z.string(),
      permissionSetArn: z.string(),
    }),
  ),
})
export type AwsState = z.infer<typeof awsState>

/** What is in Identity Center now. */
export async function readAws(world: World): Promise<AwsState> {
  const url = `${world.emulatorUrl}/_emulator/state?only=users,groups,memberships,assignments`
  return awsState.parse(await (await fetch(url)).json())
}

/** `person account permission-set-ARN`, sorted: who has what, by whatever way. */
export function whoHasWhat({ users, memberships, assignments }: AwsState): readonly string[] {
  const names = new Map(users.map(({ id, userName }) => [id, userName]))
  const holders = ({ principalType, principalId }: AwsState['assignments'][number]) =>
    principalType === 'USER'
      ? [principalId]
      : memberships.filter(({ groupId }) => groupId === principalId).map(({ userId }) => userId)
  const lines = assignments.flatMap((assignment) =>
    holders(assignment).map(
      (id) => `${names.get(id) ?? id} ${assignment.accountId} ${assignment.permissionSetArn}`,
    ),
  )
  return [...new Set(lines)].sort()
}

export function groupNamed({ groups }: AwsState, name: string): AwsState['groups'][number] | undefined {
  return groups.find(({ displayName }) => displayName === name)
}

export function isMember(state: AwsState, group: string, user: string): boolean {
  const { id: groupId } = groupNamed(state, group) ?? {}
  const { id: userId } = state.users.find(({ userName }) => userName === user) ?? {}
  return state.memberships.some((row) => row.groupId === groupId && row.userId === userId)
}

/** Pairs that this principal has itself: `account permission-set-ARN`. */
export function pairsOf({ assignments }: AwsState, principalId: string | undefined): readonly string[] {
  return assignments
    .filter((row) => row.principalId === principalId)
    .map(({ accountId, permissionSetArn }) => `${accountId} ${permissionSetArn}`)
    .sort()
}
