/**
 * @module Steps of the self-check about Identity Center: set-up, import, the first plan, and that what is said here
 * reaches AWS, and nothing else does. They go from a gateway that is not connected to one that is no more.
 */
import { membersAnswer, paths, preflightAnswer, previewAnswer, uninstallAnswer } from '../api/contract.js'
import {
  callAws,
  groupNamed,
  identityStoreId,
  instanceArn,
  isMember,
  pairsOf,
  readAws,
  whoHasWhat,
  type AwsState,
} from './aws-console.js'
import {
  applyPlan,
  approveHeld,
  begin,
  connectAws,
  giveScimToken,
  importAws,
  pluginPath,
  putResource,
  readPlan,
  readStatus,
  settle,
  until,
} from './connect.js'
import { directorySteps } from './directory-steps.js'
import { listSteps } from './list-steps.js'
import { requestSteps } from './request-steps.js'
import { webhookSteps } from './webhook-steps.js'
import { expect, type Stage, type Step } from './stage.js'

export const syncSteps: readonly Step[] = [
  ['the gateway signs in to AWS with a token of its own issuer', connectAws],
  ['a preview says what is imported and what not', preview],
  ['the import takes over every group and changes nothing in AWS', takeOver],
  ['the pre-flight says who could sign in', preflight],
  ['the SCIM token is tried before it is kept', giveScimToken],
  ['the first plan takes nothing from anybody, and is applied', firstPlan],
  ['a member added here is in the group in AWS, and out again', membership],
  ['a grant taken from a list ends in AWS', grantOfList],
  ...listSteps,
  ['a role held directly is an assignment of the person', directRole],
  ...requestSteps,
  ...webhookSteps,
  ...directorySteps,
  ['a lock deactivates the user in AWS', lock],
  ['what somebody adds in AWS to what is ours is taken back', drift],
  ['a group deleted in AWS comes back with its members and assignments', restore],
  ['a second plan is empty', empty],
  ['uninstalling leaves everyone the access that they have', uninstall],
]

const sets = 'arn:aws:sso:::permissionSet/ssoins-6987b2c41e0fa35d'
const administratorAccess = `${sets}/ps-1a2b3c4d5e6f7081`
const readOnlyAccess = `${sets}/ps-3c4d5e6f708192a3`
const billing = `${sets}/ps-5e6f708192a3b4c5`
const production = '555555555555'
const sandbox = '777777777777'

async function preview({ world, admin }: Stage): Promise<string> {
  const { counts, notImported } = previewAnswer.parse(
    await admin.api(world.gatewayUrl, 'GET', pluginPath(paths.awsicPreview)),
  )
  const { accounts, groups, users } = counts
  expect(accounts.found === 7 && groups.found === 4 && users.found === 8, JSON.stringify(counts))
  return `${groups.imported} of ${groups.found} groups, ${accounts.imported} accounts; ${notImported.length} sorts of things stay out`
}

async function takeOver(stage: Stage): Promise<string> {
  const before = await readAws(stage.world)
  await importAws(stage)
  const after = await readAws(stage.world)
  expect(JSON.stringify(after) === JSON.stringify(before), 'something changed in AWS')
  const members = await membersOf(stage, 'developers')
  expect(members.includes('gone@example.com'), `developers has the members ${members.join(', ')}`)
  return `${after.groups.length} groups are access lists, developers with ${members.length} members`
}

async function membersOf({ world, admin }: Stage, list: string): Promise<string[]> {
  const path = paths.listMembers.replace(':name', list)
  const { items } = membersAnswer.parse(await admin.api(world.gatewayUrl, 'GET', path))
  return items.map(({ name }) => name)
}

async function preflight({ world, admin }: Stage): Promise<string> {
  const { says, users } = preflightAnswer.parse(
    await admin.api(world.gatewayUrl, 'GET', pluginPath(paths.awsicPreflight)),
  )
  const missing = users.find(({ userName }) => userName === 'auditor@example.com')
  expect(
    missing !== undefined && missing.verdict !== 'ok',
    'it misses auditor@example.com, who has no user here',
  )
  return says
}

async function firstPlan(stage: Stage): Promise<string> {
  const before = whoHasWhat(await readAws(stage.world))
  const { counts, effects } = await applyPlan(stage)
  const losers = effects.filter(({ change }) => change === 'loses')
  expect(losers.length === 0, `it would take from ${losers.map(({ person }) => person).join(', ')}`)
  const after = new Set(whoHasWhat(await readAws(stage.world)))
  const lost = before.filter((line) => !after.has(line))
  expect(lost.length === 0, `lost: ${lost.join('; ')}`)
  await until('the plan is empty', async () => (await readPlan(stage)).total === 0)
  const changes = counts.reduce((sum, { all }) => sum + all, 0)
  return `${changes} changes; ${before.length} accesses before, ${after.size} after, none lost`
}

async function membership(stage: Stage): Promise<string> {
  const { world, admin } = stage
  const [group, person] = ['security-auditors', 'nolabels@example.com']
  const path = paths.listMember
    .replace(':name', group)
    .replace(':kind', 'user')
    .replace(':member', encodeURIComponent(person))
  const members = paths.listMembers.replace(':name', group)
  const member = { kind: 'user', name: person, reason: 'self-check' }
  await admin.api(world.gatewayUrl, 'POST', members, member)
  await inAws(stage, `${person} is in ${group}`, (state) => isMember(state, group, person))
  await admin.api(world.gatewayUrl, 'DELETE', path)
  await inAws(stage, `${person} is out of ${group}`, (state) => !isMember(state, group, person))
  return `${person} was in ${group}, and is not any more`
}

async function grantOfList(stage: Stage): Promise<string> {
  const { world, admin } = stage
  const path = '/v1/resources/access_list/developers'
  const stored = documentOf(await admin.api(world.gatewayUrl, 'GET', path))
  const text = JSON.stringify(stored)
  const role = /"(ReadOnlyAccess-on-production-555555555555|assignment\/555555555555\/[^"]*)"/.exec(text)?.[0]
  if (role === undefined) throw new Error(`developers does not grant read access to production: ${text}`)
  const without = text.replace(`${role},`, '').replace(`,${role}`, '')
  const pair = `${production} ${readOnlyAccess}`
  const has = (state: AwsState) => pairsOf(state, groupNamed(state, 'developers')?.id).includes(pair)
  await putResource(stage, objectOf(without))
  await inAws(stage, 'the group developers has nothing in production', (state) => !has(state))
  const { revision: _, ...metadata } = objectOf(JSON.stringify(stored.metadata))
  await putResource(stage, { ...stored, metadata })
  await inAws(stage, 'the group developers is back in production', has)
  return 'developers lost production with the grant, and has it again'
}

async function directRole(stage: Stage): Promise<string> {
  const person = 'nolabels@example.com'
  const path = `/v1/resources/user/${encodeURIComponent(person)}`
  const stored = documentOf(await stage.admin.api(stage.world.gatewayUrl, 'GET', path))
  const spec = objectOf(JSON.stringify(stored.spec))
  const { revision: _, ...metadata } = objectOf(JSON.stringify(stored.metadata))
  const pair = `${sandbox} ${billing}`
  const has = (state: AwsState) => {
    const user = state.users.find(({ userName }) => userName === person)
    return pairsOf(state, user?.id).includes(pair)
  }
  const roles = Array.isArray(spec.roles) ? (spec.roles as unknown[]) : []
  const more = { ...spec, roles: [...roles, 'Billing-on-sandbox-777777777777'] }
  await putResource(stage, { ...stored, metadata, spec: more })
  await inAws(stage, `${person} has Billing in sandbox`, has)
  await putResource(stage, { ...stored, metadata })
  await inAws(stage, `${person} has Billing in sandbox no more`, (state) => !has(state))
  return `${person} had Billing in sandbox as long as the role`
}

async function lock(stage: Stage): Promise<string> {
  const { world, admin } = stage
  const person = 'v7off@example.com'
  const isActive = (state: AwsState) =>
    state.users.some(({ userName, active }) => userName === person && active)
  await putResource(stage, {
    kind: 'lock',
    version: 'v2',
    metadata: { name: 'self-check-aws' },
    spec: { target: { user: person }, message: 'a trial', ttl: '1h' },
  })
  try {
    await inAws(stage, `${person} is inactive`, (state) => !isActive(state))
    await inAws(stage, `${person} is in no group`, (state) => !isMember(state, 'developers', person))
  } finally {
    await admin.api(world.gatewayUrl, 'DELETE', '/v1/resources/lock/self-check-aws')
  }
  await inAws(stage, `${person} is back`, (state) => isActive(state) && isMember(state, 'developers', person))
  return `${person} was inactive in AWS, and is back`
}

async function drift(stage: Stage): Promise<string> {
  const { world } = stage
  const before = await readAws(world)
  const group = groupNamed(before, 'developers')?.id
  const stranger = before.users.find(({ userName }) => userName === 'newcomer@example.com')?.id
  await callAws(world, 'SWBExternalService.CreateAccountAssignment', {
    InstanceArn: instanceArn,
    TargetId: sandbox,
    TargetType: 'AWS_ACCOUNT',
    PermissionSetArn: administratorAccess,
    PrincipalType: 'GROUP',
    PrincipalId: group,
  })
  await callAws(world, 'AWSIdentityStore.CreateGroupMembership', {
    IdentityStoreId: identityStoreId,
    GroupId: group,
    MemberId: { UserId: stranger },
  })
  const pair = `${sandbox} ${administratorAccess}`
  await inAws(stage, 'the assignment made by hand is there', (state) => pairsOf(state, group).includes(pair))
  await begin(stage, paths.awsicScan)
  await inAws(stage, 'the assignment made by hand is gone', (state) => !pairsOf(state, group).includes(pair))
  const isIn = (state: AwsState) => isMember(state, 'developers', 'newcomer@example.com')
  await inAws(stage, 'the member added by hand is out', (state) => !isIn(state))
  return 'an assignment and a member of developers, both made by hand, were taken back'
}

async function restore(stage: Stage): Promise<string> {
  const { world } = stage
  const before = await readAws(world)
  const access = whoHasWhat(before)
  const gone = groupNamed(before, 'security-auditors')?.id
  for (const row of before.assignments.filter(({ principalId }) => principalId === gone)) {
    await callAws(world, 'SWBExternalService.DeleteAccountAssignment', {
      InstanceArn: instanceArn,
      TargetId: row.accountId,
      TargetType: 'AWS_ACCOUNT',
      PermissionSetArn: row.permissionSetArn,
      PrincipalType: 'GROUP',
      PrincipalId: gone,
    })
  }
  await inAws(stage, 'the assignments are gone', (state) => pairsOf(state, gone).length === 0)
  await callAws(world, 'AWSIdentityStore.DeleteGroup', { IdentityStoreId: identityStoreId, GroupId: gone })
  await begin(stage, paths.awsicScan)
  await approveHeld(stage)
  await inAws(stage, 'everyone has what they had', (state) => whoHasWhat(state).join() === access.join())
  return 'security-auditors is there again, and everyone has what they had'
}

async function empty(stage: Stage): Promise<string> {
  await begin(stage, paths.awsicScan)
  await until('the plan is empty', async () => (await readPlan(stage)).total === 0)
  await settle(stage)
  const { health, says, errors } = await readStatus(stage)
  expect(errors.length === 0, `objects in error: ${JSON.stringify(errors).slice(0, 300)}`)
  return `${health}: ${says}`
}

async function uninstall({ world, admin }: Stage): Promise<string> {
  const path = pluginPath(paths.awsicUninstall)
  const before = whoHasWhat(await readAws(world))
  const { removes, dangling } = uninstallAnswer.parse(await admin.api(world.gatewayUrl, 'GET', path))
  const request = { confirm: 'aws-identity-center', stillIdentitySource: true }
  await admin.api(world.gatewayUrl, 'POST', path, request)
  await until('the plugin is gone', async () => {
    const list = JSON.stringify(await admin.api(world.gatewayUrl, 'GET', '/v1/resources/plugin'))
    return !list.includes('"aws-identity-center"')
  })
  const after = whoHasWhat(await readAws(world))
  expect(after.join() === before.join(), 'somebody’s access changed')
  return `${removes.length} sorts of things went here, ${dangling.length} references are listed, ${after.length} accesses stay in AWS`
}

/** Waits until AWS is so. */
async function inAws({ world }: Stage, what: string, holds: (state: AwsState) => boolean): Promise<void> {
  await until(what, async () => holds(await readAws(world)))
}

function documentOf(answer: unknown): Record<string, unknown> {
  const document =
    answer !== null && typeof answer === 'object' && 'document' in answer ? answer.document : {}
  return objectOf(JSON.stringify(document))
}

function objectOf(json: string): Record<string, unknown> {
  const value: unknown = JSON.parse(json)
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
