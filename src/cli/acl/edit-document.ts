/**
 * @module The document of an access list as the options of `acl create` and `acl update` want it. What no option speaks
 * of stays as it is stored, fields that this program does not know too; the gateway judges what comes of it.
 */
import { z } from 'zod'
import { GatewayError } from '../../core/error.js'

/** What options say. Of the lists the first are put in and those that begin with `remove` are taken out. */
export interface ListEdit {
  readonly title?: string
  readonly description?: string
  readonly type?: string
  readonly owner?: readonly string[]
  readonly removeOwner?: readonly string[]
  readonly ownerList?: readonly string[]
  readonly removeOwnerList?: readonly string[]
  readonly grant?: readonly string[]
  readonly removeGrant?: readonly string[]
  readonly grantTrait?: readonly string[]
  readonly removeGrantTrait?: readonly string[]
  readonly ownerGrant?: readonly string[]
  readonly removeOwnerGrant?: readonly string[]
  readonly requireRole?: readonly string[]
  readonly removeRequiredRole?: readonly string[]
  readonly requireTrait?: readonly string[]
  readonly removeRequiredTrait?: readonly string[]
  readonly reviewEvery?: string
  readonly reviewDay?: string
}

const owner = z.union([
  z.string().transform((name) => ({ name })),
  z.looseObject({ name: z.string(), membership_kind: z.unknown().optional() }),
])
const holdings = z.looseObject({
  roles: z.array(z.string()).optional(),
  traits: z.record(z.string(), z.array(z.string())).optional(),
})
type Holdings = z.infer<typeof holdings>

/** As the gateway stores it, which is the shortest form of what people write. */
const storedSpec = z.looseObject({
  owners: z.array(owner).optional(),
  grants: holdings.optional(),
  owner_grants: holdings.optional(),
  membership_requires: holdings.optional(),
  audit: z.looseObject({ recurrence: z.looseObject({}).optional() }).optional(),
})

/** @throws GatewayError `INVALID_INPUT` for something to take out that is not there. */
export function editSpec(stored: unknown, edit: ListEdit): Record<string, unknown> {
  const spec = storedSpec.parse(stored)
  const owners = editOwners(spec.owners ?? [], edit)
  const recurrence = {
    ...(edit.reviewEvery !== undefined && { frequency: `${edit.reviewEvery}months` }),
    ...(edit.reviewDay !== undefined && { day_of_month: edit.reviewDay }),
  }
  // The date that is stored follows from the recurrence that was; without it the gateway works it out anew.
  const { next_audit_date: _, ...audit } = spec.audit ?? {}
  return {
    ...spec,
    ...(edit.title !== undefined && { title: edit.title }),
    ...(edit.description !== undefined && { description: edit.description }),
    ...(edit.type !== undefined && { type: edit.type }),
    ...(owners.length > 0 || spec.owners !== undefined ? { owners } : {}),
    ...editHoldings('grants', spec.grants, {
      roles: [edit.grant, edit.removeGrant],
      traits: [edit.grantTrait, edit.removeGrantTrait],
    }),
    ...editHoldings('owner_grants', spec.owner_grants, { roles: [edit.ownerGrant, edit.removeOwnerGrant] }),
    ...editHoldings('membership_requires', spec.membership_requires, requirementsOf(edit)),
    ...(Object.keys(recurrence).length > 0 && {
      audit: { ...audit, recurrence: { ...spec.audit?.recurrence, ...recurrence } },
    }),
  }
}

type Change = readonly [added: readonly string[] | undefined, removed: readonly string[] | undefined]
interface HoldingsChange {
  readonly roles?: Change
  readonly traits?: Change
}

export function requirementsOf(edit: ListEdit): HoldingsChange {
  return {
    roles: [edit.requireRole, edit.removeRequiredRole],
    traits: [edit.requireTrait, edit.removeRequiredTrait],
  }
}

/** Whether nothing but what is asked of members is spoken of, which owners may change without a right on the document. */
export function asksOnly(edit: ListEdit): boolean {
  const own = ['requireRole', 'removeRequiredRole', 'requireTrait', 'removeRequiredTrait']
  const given = Object.entries(edit).flatMap(([option, value]) => (value === undefined ? [] : [option]))
  return given.length > 0 && given.every((option) => own.includes(option))
}

function editOwners(
  stored: readonly z.infer<typeof owner>[],
  edit: ListEdit,
): readonly Readonly<Record<string, unknown>>[] {
  const isList = (one: Readonly<Record<string, unknown>>) => one['membership_kind'] === 'list'
  const known = { user: [] as string[], list: [] as string[] }
  for (const one of stored) known[isList(one) ? 'list' : 'user'].push(one.name)
  const users = change('owner', known.user, [edit.owner, edit.removeOwner])
  const lists = change('owner that is a list', known.list, [edit.ownerList, edit.removeOwnerList])
  const stay = stored.filter((one) => (isList(one) ? lists : users).includes(one.name))
  return [
    ...stay,
    ...users.filter((name) => !known.user.includes(name)).map((name) => ({ name })),
    ...lists.filter((name) => !known.list.includes(name)).map((name) => ({ name, membership_kind: 'list' })),
  ]
}

function editHoldings(
  field: string,
  stored: Holdings | undefined,
  changes: HoldingsChange,
): Readonly<Record<string, unknown>> {
  const edited = changeHoldings(field, stored ?? {}, changes)
  return stored === undefined && edited.roles.length === 0 && Object.keys(edited.traits).length === 0
    ? {}
    : { [field]: { ...stored, ...edited } }
}

/** @throws GatewayError `INVALID_INPUT`. */
export function changeHoldings(
  field: string,
  { roles = [], traits = {} }: Pick<Holdings, 'roles' | 'traits'>,
  {
    roles: roleChange = [undefined, undefined],
    traits: traitChange = [undefined, undefined],
  }: HoldingsChange,
): { readonly roles: string[]; readonly traits: Record<string, string[]> } {
  const pairs = Object.entries(traits).flatMap(([trait, values]) =>
    values.map((value) => `${trait}=${value}`),
  )
  const after = new Map<string, string[]>()
  for (const pair of change(`trait in ${field}`, pairs, traitChange)) {
    const [, trait, value] = /^([^=]+)=(.*)$/s.exec(pair) ?? []
    if (trait === undefined || value === undefined) {
      throw new GatewayError('INVALID_INPUT', `"${pair}" is not of the form KEY=VALUE`)
    }
    after.set(trait, [...(after.get(trait) ?? []), value])
  }
  return { roles: change(`role in ${field}`, roles, roleChange), traits: Object.fromEntries(after) }
}

/** A name that was mistyped is told, and not taken for one that is gone already. */
function change(what: string, stored: readonly string[], [added = [], removed = []]: Change): string[] {
  const unknown = removed.find((name) => !stored.includes(name))
  if (unknown !== undefined) {
    const there = stored.length === 0 ? 'there is none' : `there is ${stored.join(', ')}`
    throw new GatewayError('INVALID_INPUT', `"${unknown}" is no ${what}; ${there}`)
  }
  return [...new Set([...stored.filter((name) => !removed.includes(name)), ...added])]
}
