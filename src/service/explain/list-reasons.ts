/**
 * @module What access lists have to do with an explanation: which role comes from which list and by which path, and
 * which lists give nothing and why. A list that whoever asks may not read is told of without its name.
 */
import { whyNotWords } from '../../core/access-list/judge-person.js'
import { pathWords } from '../../core/access-list/hierarchy.js'
import type { Reason } from '../../core/role/decision.js'
import type { Role } from '../../core/role/role.js'
import type { EffectiveUser, SkippedList } from '../access/effective.js'
import type { AccessDeps } from '../access/holder.js'
import type { Authority } from '../authority.js'
import type { CatalogView } from '../resources/catalog-view.js'
import { mayOnResource } from '../resources/may.js'
import { shownDocument } from '../resources/present.js'

/** Longer lists help nobody. */
const maxShortcomings = 10

export interface ListReasonsInput {
  readonly effective: EffectiveUser
  readonly catalog: CatalogView
  readonly authority: Authority
  /** Whether a role has anything to do with what is asked: of others nothing is said. */
  readonly matters: (role: Role) => boolean
}

export function listReasons(deps: Pick<AccessDeps, 'kinds'>, input: ListReasonsInput): Reason[] {
  const { effective, catalog } = input
  const tell = (path: readonly string[]): string => tellPath(deps, input, path)
  const reasons = effective.given.flatMap(({ side, path, grants }) =>
    mattering(input, grants.roles).map(({ name }): Reason => {
      const as = side === 'owner' ? 'as an owner ' : ''
      return {
        role: name,
        rule: 'access_lists',
        effect: 'allow',
        says: `Role "${name}" comes ${as}through ${tell(path)}.`,
      }
    }),
  )
  const skipped = effective.skipped
    .filter(({ why, grants }) => why.kind === 'unreadable' || mattering(input, grants.roles).length > 0)
    .map(({ why, path }) => without(`The roles of ${tell(path)} do not count: ${skippedWords(why)}.`))
  const lacking = [
    ...[...effective.notMember].map(([list, not]) => ({
      not,
      roles: catalog.accessList(list)?.grants.roles,
    })),
    ...[...effective.notOwner].map(([list, not]) => ({
      not,
      roles: catalog.accessList(list)?.ownerGrants.roles,
    })),
  ]
    .filter(({ roles }) => mattering(input, roles ?? []).length > 0)
    .slice(0, maxShortcomings)
    .map(({ not: { path, why } }) => {
      const words = whyNotWords(why, (name) => catalog.withRoleNames({ roles: [name] }).roles[0] ?? name)
      const remedy = why.kind === 'frozen' ? 'its review lets them in' : 'add it to the user'
      return without(`${effective.own.name} does not count in ${tell(path)}: ${words}; ${remedy}.`)
    })
  return [...reasons, ...skipped, ...lacking]
}

function without(says: string): Reason {
  return { rule: 'access_lists', effect: 'no_match', says }
}

function mattering({ catalog, matters }: ListReasonsInput, names: readonly string[]): Role[] {
  return catalog.rolesOf({ roles: names }).roles.filter(matters)
}

function skippedWords(why: SkippedList['why']): string {
  switch (why.kind) {
    case 'overdue':
      return 'its review is overdue'
    case 'unreadable':
      return 'it cannot be read as it is stored'
    case 'missing_roles':
      return `it names roles that do not exist: ${why.roles.join(', ')}`
  }
}

/** A person knows the lists that they are in themselves. */
function tellPath(
  { kinds }: Pick<AccessDeps, 'kinds'>,
  { catalog, authority, effective }: ListReasonsInput,
  path: readonly string[],
): string {
  const mayRead = (name: string): boolean => {
    if (authority.kind === 'person' && authority.name === effective.own.name) return true
    const parsed = catalog.parsed('access_list').get(name)
    const definition = kinds.find('access_list')
    const document = parsed && definition && shownDocument(definition, parsed, catalog)
    return mayOnResource(authority, { resource: 'access_list', verb: 'read' }, document).effect === 'allow'
  }
  if (!path.every(mayRead)) return 'an access list'
  return `access list ${pathWords(path)}`
}
