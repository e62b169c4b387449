/**
 * @module Everything that one person reaches in an account, by which ways, and what would give them the rest: lists to
 * join, roles to be given, permission sets to ask for. People may always ask about themselves.
 */
import type { z } from 'zod'
import type { explainAccountAnswer } from '../../api/contract/insight.js'
import { emptyBits, eachBit, type Bits } from '../../core/bits.js'
import { AccountRoles } from '../../core/insight/account-roles.js'
import { findAccountHolders, type HoldersInput } from '../../core/insight/account-holders.js'
import { listHolderPaths } from '../../core/insight/holder-paths.js'
import { findOpenings, type Opening } from '../../core/insight/openings.js'
import { rolesOfPeople, type PersonRoles } from '../../core/insight/roles-of-people.js'
import { splitPairKey } from '../../core/identity-center/observation.js'
import { assignmentRoleName } from '../../core/inventory/assignment-role.js'
import { indexInventory } from '../../core/inventory/inventory-index.js'
import type { Account, PermissionSet } from '../../core/inventory/inventory.js'
import { GatewayError } from '../../core/error.js'
import { formatInstant, type Instant } from '../../core/time.js'
import { loadViewer, rightsOn, type Viewer } from '../access-lists/rights.js'
import { sayRequestLocked } from '../access-requests/locked.js'
import type { Authority } from '../authority.js'
import { mayOnResource } from '../resources/may.js'
import { shownDocument } from '../resources/present.js'
import { readResource } from '../resources/read.js'
import {
  collectHolders,
  collectPeople,
  type Collected,
  type CollectedHolders,
  type InsightDeps,
} from './collect.js'
import { judgeRequests, reviewersOf } from './requestable.js'
import { applicationForAws, needsAt, tellSet, tellSignIn } from './tell.js'
import { findSubject, rolesThatCount, tellSubject } from './who-can.js'

export interface ExplainAccountInput {
  readonly user: string
  readonly account: string
  readonly permissionSet?: string | undefined
}

type Answer = z.infer<typeof explainAccountAnswer>

/** Permission sets that somebody may ask for are told up to this number. */
const maxRequestable = 10

/** @throws GatewayError `FORBIDDEN`, `NOT_FOUND`, `INVALID_RESOURCE` for a user that cannot be read. */
export async function explainAccount(
  deps: InsightDeps,
  { user, ...input }: ExplainAccountInput,
  authority: Authority,
): Promise<Answer> {
  if (authority.name !== user) await readResource(deps, { kind: 'user', name: user }, authority)
  const collected = await collectPeople(deps)
  const { catalog } = collected
  const person = rolesOfPeople(collected.people).find(({ name }) => name === user)
  if (person === undefined) {
    throw new GatewayError(
      'INVALID_RESOURCE',
      `user "${user}" cannot be read as it is stored, so it gives no access; correct the document`,
    )
  }
  const subject = findSubject(deps, catalog, input, authority)
  // An account was given, so that it is one.
  if (subject.kind !== 'account') throw new GatewayError('INVALID_INPUT', 'give an account')
  const { account, permissionSet } = subject
  const holdersInput = await collectHolders(deps, collected, account.id)
  const { holders, refused } = findAccountHolders(holdersInput, { account, permissionSet, user })
  const holder = holders[0] ?? refused[0]
  const viewer = await loadViewer(deps, deps.store, catalog, authority)
  const shown = holder && listHolderPaths(holder, collected.paths)
  const application = applicationForAws(catalog)
  const held = holder?.sets ?? emptyBits(catalog.inventory.permissionSets.length)
  const denied = holder?.denied ?? emptyBits(catalog.inventory.permissionSets.length)
  const asked = { account, permissionSet, held, denied }
  const moreAccess = shown?.moreSets ?? 0
  const count = (shown?.sets.length ?? 0) + moreAccess
  return {
    user,
    subject: tellSubject(subject),
    says: sayVerdict(user, subject, count, person.lock !== undefined),
    ...(person.lock !== undefined && { locked: true as const }),
    ...(holder?.isUnclear === true && { unclear: true as const }),
    ...(application !== undefined && {
      signIn: tellSignIn(needsAt(catalog, application, rolesThatCount(person))),
    }),
    access: (shown?.sets ?? []).map((set) => tellSet(viewer, user, set)),
    ...(moreAccess > 0 && { moreAccess }),
    denied: namesOf(denied, collected),
    ...(await tellLockedRequests(deps, collected, holdersInput, user, subject)),
    openings: {
      ...openingsFor(deps, viewer, collected, holdersInput, asked),
      ...(await requestableFor(deps, collected, person, asked)),
    },
  }
}

interface Asked {
  readonly account: Account
  readonly permissionSet: PermissionSet | undefined
  readonly held: Bits
  readonly denied: Bits
}

function sayVerdict(
  user: string,
  { account, permissionSet }: Pick<Asked, 'account' | 'permissionSet'>,
  count: number,
  isLocked: boolean,
): string {
  const where = `${account.name} (${account.id})`
  const locked = isLocked ? ' A lock is in force, so nothing of it counts for now.' : ''
  if (permissionSet !== undefined) {
    const has = count > 0 ? 'has' : 'does not have'
    return `${user} ${has} ${permissionSet.name} on ${where}.${locked}`
  }
  if (count === 0) return `${user} has nothing in ${where}.${locked}`
  return `${user} has ${count} permission set${count === 1 ? '' : 's'} in ${where}.${locked}`
}

/** What the person is told of a locked request is what its page says of the lock. */
async function tellLockedRequests(
  { store }: InsightDeps,
  { catalog, now }: Collected,
  { lockedGrants }: CollectedHolders,
  user: string,
  { account, permissionSet }: Pick<Asked, 'account' | 'permissionSet'>,
): Promise<Pick<Answer, 'lockedRequests'>> {
  const { permissionSets, setByArn } = indexInventory(catalog.inventory)
  const found = new Map<string, { until: Instant; names: string[] }>()
  for (const grant of lockedGrants) {
    const { accountId, permissionSetArn } = splitPairKey(grant.pair)
    if (grant.user !== user || accountId !== account.id) continue
    if (permissionSet !== undefined && permissionSetArn !== permissionSet.arn) continue
    const name = permissionSets[setByArn.get(permissionSetArn) ?? -1]?.name ?? permissionSetArn
    const of = found.get(grant.request)
    if (of === undefined) found.set(grant.request, { until: grant.until, names: [name] })
    else of.names.push(name)
  }
  const lockedRequests: NonNullable<Answer['lockedRequests']> = []
  for (const [id, { until, names }] of found) {
    const request = await store.accessRequests.find(id)
    const locked = request && (await sayRequestLocked(store, catalog, request, now))
    if (locked === undefined) continue
    const end = formatInstant(until)
    const says = `Request ${id} would give ${names.join(', ')} until ${end}, and gives nothing now. ${locked}`
    lockedRequests.push({ request: id, permissionSets: names, until: end, says })
  }
  return lockedRequests.length > 0 ? { lockedRequests } : {}
}

function namesOf(bits: Bits, { catalog }: Collected): string[] {
  const { permissionSets } = indexInventory(catalog.inventory)
  const names: string[] = []
  eachBit(bits, (place) => {
    const name = permissionSets[place]?.name
    if (name !== undefined && names.length < 100) names.push(name)
  })
  return names
}

function openingsFor(
  { kinds }: InsightDeps,
  viewer: Viewer,
  { catalog }: Collected,
  input: HoldersInput,
  { account, permissionSet, held, denied }: Asked,
): Omit<Answer['openings'], 'requestable' | 'moreRequestable'> {
  const readsRole = { resource: 'role', verb: 'read' }
  const roles = catalog.roles().flatMap(({ value }) => {
    if (value.allow.accountAssignments.length === 0) return []
    const parsed = catalog.parsed('role').get(value.name)
    const document = parsed && shownDocument(kinds.known.role, parsed, catalog)
    return mayOnResource(viewer.authority, readsRole, document).effect === 'allow'
      ? [{ name: value.name, accountAssignments: value.allow.accountAssignments.length }]
      : []
  })
  const lists = catalog
    .accessLists()
    .map(({ value }) => value)
    .filter(({ name, grants }) => grants.roles.length > 0 && rightsOn(viewer, name).sight !== 'none')
  const found = findOpenings({
    here: new AccountRoles(input, { account, permissionSet }),
    inventory: catalog.inventory,
    held,
    denied,
    lists,
    roles,
  })
  const tell = ({ name, sets, moreSets }: Opening) => ({
    name,
    sets: sets.map((set) => set.name),
    ...(moreSets > 0 && { moreSets }),
  })
  return {
    lists: found.lists.map((one) => ({
      ...tell(one),
      title: catalog.accessList(one.name)?.title ?? one.name,
    })),
    ...(found.moreLists > 0 && { moreLists: found.moreLists }),
    roles: found.roles.map(tell),
    ...(found.moreRoles > 0 && { moreRoles: found.moreRoles }),
  }
}

async function requestableFor(
  deps: InsightDeps,
  collected: Collected,
  person: PersonRoles,
  { account, permissionSet, held }: Asked,
): Promise<Pick<Answer['openings'], 'requestable' | 'moreRequestable'>> {
  const { catalog } = collected
  const user = catalog.user(person.name)
  const { roles } = rolesThatCount(person)
  const judge = user && judgeRequests(collected, { ...user, traits: person.traits }, roles)
  if (judge === undefined) return { requestable: [] }
  const { permissionSets, setByArn } = indexInventory(catalog.inventory)
  const has = new Set<number>()
  eachBit(held, (place) => has.add(place))
  const reviewers = reviewersOf(deps, collected)
  const wanted = permissionSet === undefined ? permissionSets : [permissionSet]
  const requestable: Answer['openings']['requestable'] = []
  let more = 0
  for (const set of wanted) {
    const place = setByArn.get(set.arn)
    if (place === undefined || has.has(place)) continue
    const asked = { kind: 'assignment', accountId: account.id, permissionSetArn: set.arn } as const
    const verdict = judge.judge(asked)
    if (!verdict.ok) continue
    if (requestable.length >= maxRequestable) {
      more += 1
      continue
    }
    requestable.push({
      permissionSet: { arn: set.arn, name: set.name },
      roles:
        verdict.terms.roles.length > 0
          ? [...verdict.terms.roles]
          : [assignmentRoleName({ account, permissionSet: set })],
      ...(await reviewers(person.name, asked, verdict.terms)),
    })
  }
  return { requestable, ...(more > 0 && { moreRequestable: more }) }
}
