/**
 * @module Many members of a list at once: names that were pasted, a table, the members of another list, and whom to
 * take out. What can be done is done in one transaction; what cannot is told with its line, and a dry run tells the
 * same and keeps nothing.
 */
import type { z } from 'zod'
import type { ChangeMembersAnswer, changeMembersRequest } from '../../api/contract/access-lists.js'
import type { AccessListMember } from '../../core/access-list/access-list.js'
import { readMemberCsv } from '../../core/access-list/member-csv.js'
import { maxBulkNames, parsePastedNames } from '../../core/access-list/parse-names.js'
import { createSuggestions } from '../../core/access-list/suggest-names.js'
import { GatewayError } from '../../core/error.js'
import type { Authority } from '../authority.js'
import type { RequestOrigin } from '../context.js'
import { limitPerson } from '../people/limits.js'
import type { CatalogView } from '../resources/catalog-view.js'
import type { ResourceDeps } from '../resources/deps.js'
import { inTransaction } from '../resources/in-transaction.js'
import { confirmListChange } from './confirm-list-change.js'
import {
  commitEdit,
  invalidInput,
  keyOf,
  placeMember,
  readEnd,
  takeMember,
  type MemberEdit,
  type MemberKey,
} from './edit-members.js'
import { completeWish, sayMemberChanges, type WrittenMember } from './member-change.js'
import type { RefusedMember } from './member-events.js'
import { editAs } from './put-member.js'
import { tellingRefusal } from './refused-change.js'
import { findRemovalEffect } from './removal-effect.js'
import { assertReadsList, limitPreviews, loadViewer, seesUsers } from './rights.js'

export type ChangeMembersInput = z.infer<typeof changeMembersRequest>

/** One who is to be in, with the line that says so. */
interface Wish extends WrittenMember {
  readonly line: number | undefined
}

interface Wishes {
  readonly wishes: readonly Wish[]
  readonly refused: ChangeMembersAnswer['refused']
  readonly notes?: readonly string[]
}

/** Unknown names for which like ones are looked for. */
const maxSuggested = 50
const maxNotes = 200

/**
 * @throws GatewayError `FORBIDDEN`, `NOT_FOUND`, `MANAGED_ELSEWHERE`, `REVIEW_OVERDUE`, `LIST_FULL`,
 * `TOO_MANY_ATTEMPTS`, `INVALID_INPUT`, `INVALID_RESOURCE`, and as `confirmChange`; what is wrong
 * with single members is in the answer.
 */
export async function changeMembers(
  deps: ResourceDeps,
  list: string,
  input: ChangeMembersInput,
  authority: Authority,
  origin: RequestOrigin | undefined,
): Promise<ChangeMembersAnswer> {
  if (input.dryRun) await limitPreviews(deps, authority)
  else await limitPerson(deps, 'bulk', authority.name)
  await deps.catalog.read()
  const isTaking = [input.names, input.csv, input.copyFrom].every((source) => source === undefined)
  const event = isTaking ? 'access_list.member.delete' : 'access_list.member.create'
  const wanted = { list, event, dryRun: input.dryRun } as const
  return await tellingRefusal(deps, wanted, authority, origin, () =>
    changeIn(deps, { list, input, authority, origin }),
  )
}

async function changeIn(
  deps: ResourceDeps,
  {
    list,
    input,
    authority,
    origin,
  }: {
    readonly list: string
    readonly input: ChangeMembersInput
    readonly authority: Authority
    readonly origin: RequestOrigin | undefined
  },
): Promise<ChangeMembersAnswer> {
  return await inTransaction(deps.store, input.dryRun, async (tx) => {
    const edit = await editAs(deps, tx, list, authority)
    const { wishes, refused, notes = [] } = await readWishes(deps, edit, input, authority)
    const answer: ChangeMembersAnswer = {
      added: [],
      updated: [],
      removed: [],
      alreadyIn: [],
      unchanged: 0,
      refused,
      unknown: [],
      notes: [...notes],
      dryRun: input.dryRun,
    }
    for (const { kind, name } of input.remove) {
      const one = { kind, name, line: undefined, action: 'delete' } as const
      const done = await refusing(edit, answer, one, () => takeMember(edit, { kind, name }))
      if (done === undefined) continue
      answer.removed.push({ kind, name })
      if (isKnownToAwsAlone(done, edit.catalog) && answer.notes.length < maxNotes)
        answer.notes.push(cannotReturn(name))
    }
    const users = createUserNames(edit.catalog, seesUsers(authority))
    await placeAll(edit, { wishes, users, addUnknown: input.addUnknown }, answer)
    const tellsPeople = input.dryRun && edit.sightOf(list) === 'all'
    if (tellsPeople && answer.removed.length > 0) answer.effect = await findRemovalEffect(edit)
    await commitEdit(deps, edit, origin)
    const { done } = edit
    const changes = done.create.length + done.update.length + done.delete.length > 0
    if (changes && !input.dryRun) await confirmListChange(deps, edit, authority)
    return answer
  })
}

/** Whom import found in a group, and who is no user here: the membership alone says who they are in AWS (T18). */
function isKnownToAwsAlone({ kind, name, awsUserId }: AccessListMember, catalog: CatalogView): boolean {
  return kind === 'user' && awsUserId !== undefined && !catalog.parsed('user').has(name)
}

const cannotReturn = (name: string): string =>
  `${name} is no user of Gatehouse, and is a member because the import found them in AWS. Once removed they cannot be put ` +
  'back into the group in AWS from here until they are a user of Gatehouse.'

async function placeAll(
  edit: MemberEdit,
  {
    wishes,
    users,
    addUnknown,
  }: { readonly wishes: readonly Wish[]; readonly users: UserNames; readonly addUnknown: boolean },
  answer: ChangeMembersAnswer,
): Promise<void> {
  for (const written of wishes) {
    const { line, kind } = written
    const name = kind === 'user' ? (users.find(written.name) ?? written.name) : written.name
    if (name !== written.name) answer.notes.push(`${written.name} is taken for the user ${name}.`)
    const wish = { ...written, name }
    const isNew = kind === 'user' && !users.has(name) && !edit.members.has(keyOf(wish))
    if (isNew && !addUnknown) {
      const suggestions = answer.unknown.length < maxSuggested ? users.suggest(name) : []
      answer.unknown.push({ ...lineOf(line), name, suggestions })
      continue
    }
    const before = edit.members.get(keyOf(wish))
    const action = before === undefined ? 'create' : 'update'
    const one = { kind, name, line, action } as const
    const placed = await refusing(edit, answer, one, () => placeMember(edit, completeWish(edit, wish)))
    if (placed === undefined) continue
    if (before === undefined) answer.added.push({ kind, name })
    else if (placed.action === 'none') answer.alreadyIn.push({ kind, name })
    else answer.updated.push({ kind, name, changes: sayMemberChanges(before, placed.member) })
    if (isNew)
      answer.notes.push(`There is no user "${name}" yet; whoever is given that name will be a member.`)
  }
  answer.unchanged = answer.alreadyIn.length
  answer.notes.splice(maxNotes)
}

/** Does one part; a refusal of it is told, and the others go on. */
async function refusing<T>(
  { refused }: Pick<MemberEdit, 'refused'>,
  answer: ChangeMembersAnswer,
  one: MemberKey & { readonly line: number | undefined; readonly action: RefusedMember['action'] },
  work: () => T | Promise<T>,
): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof GatewayError) || error.status >= 500) throw error
    // One cause for all of them is said once, as the answer to everything.
    if (error.code === 'REVIEW_OVERDUE' || error.code === 'LIST_FULL') throw error
    const problem = problemOf(error)
    refused.push({ action: one.action, kind: one.kind, name: one.name, error })
    answer.refused.push({ ...lineOf(one.line), name: one.name.slice(0, 200), problem })
    return undefined
  }
}

/** For people who fill in a field or a cell: what is wrong with it, without the name that programs give it. */
function problemOf({ message, details }: GatewayError): string {
  const written = /^(expiresAt|name|reason): (.*)$/su.exec(message)
  if (written === null || details['fields'] === undefined) return message
  const [, field, says = message] = written
  if (field === 'expiresAt') return says.startsWith('lies') ? 'the end lies in the past' : `the end ${says}`
  return field === 'reason' ? `the reason ${says}` : says
}

function lineOf(line: number | undefined): { line?: number } {
  return line === undefined ? {} : { line }
}

/** @throws GatewayError `INVALID_INPUT` where not exactly one source is given, or none and nobody is taken out. */
async function readWishes(
  deps: ResourceDeps,
  edit: MemberEdit,
  input: ChangeMembersInput,
  authority: Authority,
): Promise<Wishes> {
  const { names, csv, copyFrom } = input
  const sources = [names, csv, copyFrom].filter((source) => source !== undefined).length
  if (sources > 1) throw invalidInput('names', 'give one of names, csv and copyFrom')
  if (sources === 0 && input.remove.length === 0) throw invalidInput('names', 'nobody is named')
  const expiresAt = readEnd(input.expiresAt)
  const reason = saidOf(input.reason)
  if (names !== undefined) {
    const { names: pasted, problems } = parsePastedNames(names)
    return {
      wishes: pasted.map((one) => ({ ...one, kind: 'user', expiresAt, reason })),
      refused: [...problems],
    }
  }
  if (csv !== undefined) {
    const { rows, problems, ignored } = readMemberCsv(csv)
    const notes = ignored.map((column) => `The column ${column} is not read.`)
    const wishes = rows.map((row) => ({
      ...row,
      expiresAt: row.expiresAt === 'never' ? null : row.expiresAt,
      reason: saidOf(row.reason),
    }))
    return { wishes, refused: [...problems], notes }
  }
  return copyFrom === undefined
    ? { wishes: [], refused: [] }
    : await copied(deps, edit, { copyFrom, expiresAt, reason }, authority)
}

/** An empty field says nothing, as one that is left out. */
function saidOf(reason: string): string | undefined {
  return reason === '' ? undefined : reason
}

/**
 * The members of another list that count now, as they are named there; not the list that they are copied to. Whoever is
 * in that one already stays as they are there.
 */
async function copied(
  deps: ResourceDeps,
  { tx, catalog, list, now, members: there }: MemberEdit,
  {
    copyFrom,
    expiresAt,
    reason,
  }: Pick<WrittenMember, 'expiresAt' | 'reason'> & { readonly copyFrom: string },
  authority: Authority,
): Promise<Wishes> {
  assertReadsList(await loadViewer(deps, tx, catalog, authority), copyFrom)
  const members = await tx.members.list(copyFrom)
  const wishes = members
    .filter(
      (member) => (member.expiresAt === undefined || now < member.expiresAt) && member.name !== list.name,
    )
    .map(({ kind, name, ...member }) => {
      const one = { line: undefined, kind, name }
      const before = there.get(keyOf(one))
      return before !== undefined && (before.expiresAt === undefined || now < before.expiresAt)
        ? { ...one, expiresAt: undefined, reason: undefined }
        : { ...one, expiresAt: expiresAt ?? member.expiresAt, reason: reason ?? member.reason }
    })
  if (wishes.length <= maxBulkNames) return { wishes, refused: [] }
  throw invalidInput('copyFrom', `at most ${maxBulkNames} members can be added at a time`)
}

interface UserNames {
  readonly has: (name: string) => boolean
  /**
   * The user who is meant by a name in any case, or, for whoever sees users, by an address; undefined where none, or
   * more than one, is.
   */
  readonly find: (written: string) => string | undefined
  /** By names alone, as `find-candidates.ts` finds people: for whoever may change members. */
  readonly suggest: (name: string) => string[]
}

const addressTraits = ['email', 'mail'] as const

function createUserNames(catalog: CatalogView, sees: boolean): UserNames {
  const names = catalog.parsed('user')
  let byAddress: Map<string, string | undefined> | undefined
  let suggest: ((name: string) => string[]) | undefined
  return {
    has: (name) => names.has(name),
    find: (written) => {
      if (names.has(written)) return written
      const alike = catalog.lookAlike(written)
      if (alike !== undefined || !sees) return alike
      byAddress ??= indexAddresses(catalog)
      return byAddress.get(written.toLowerCase())
    },
    suggest: (name) => (suggest ??= createSuggestions(names.keys()))(name),
  }
}

/** An address that two users have names nobody. */
function indexAddresses(catalog: CatalogView): Map<string, string | undefined> {
  const users = new Map<string, string | undefined>()
  for (const { value } of catalog.users()) {
    for (const address of addressTraits.flatMap((trait) => value.traits[trait] ?? [])) {
      const key = address.toLowerCase()
      users.set(key, users.has(key) && users.get(key) !== value.name ? undefined : value.name)
    }
  }
  return users
}
