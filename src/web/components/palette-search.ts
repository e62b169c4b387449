/**
 * @module What the palette finds: pages and actions at once, people, roles, accounts and every other kind of resource
 * by search at the server, as far as the person may read them.
 */
import { useDebouncedValue } from '@mantine/hooks'
import { useQueries, useQuery } from '@tanstack/react-query'
import type { KindAnswer, ResourceItem } from '../../api/contract.js'
import { accountSearchQuery } from '../api/access.js'
import { appsQuery } from '../api/queries.js'
import { kindsQuery, resourceSearchQuery } from '../api/resources.js'
import { rights, useRight } from '../api/session.js'
import { pagePaths } from '../path-builder.js'
import { startUpper } from '../ui/format.js'
import { useNavigation } from './Navigation.js'
import { useListSearch } from './palette-lists.js'

export interface Found {
  /** What it is, in a word: "Page", "Role", "Account". */
  readonly kind: string
  readonly title: string
  readonly more?: string | undefined
  readonly to: string
  /** The gateway itself answers this path. */
  readonly load?: true
  /** Goes on inside the palette: the next text names whom to lock. */
  readonly then?: 'lock'
}

export type PaletteMode = 'all' | 'lock'

export interface Search {
  readonly found: readonly Found[]
  /** The first of them, once it is an answer to this text: until then what is shown may be that of the text before. */
  readonly first: Found | undefined
  readonly searching: boolean
}

/** What one source found; not fresh while it still shows what an earlier text found. */
export interface FoundPart {
  readonly found: readonly Found[]
  readonly isFresh: boolean
}

const pauseMs = 150
const perKind = 5

export function useSearch(text: string, mode: PaletteMode): Search {
  const wanted = text.trim()
  const [settled] = useDebouncedValue(wanted, pauseMs)
  const near = useNear(wanted)
  const kinds = (useQuery(kindsQuery).data ?? []).filter(
    // Lists are found for everybody who sees some, by their titles too.
    ({ name, verbs }) =>
      verbs.includes('list') && name !== 'access_list' && (mode === 'all' || name === 'user'),
  )
  const asks = settled !== '' || mode === 'lock'
  const lists = useQueries({
    queries: kinds.map((kind) => ({ ...resourceSearchQuery(kind.name, settled, perKind), enabled: asks })),
  })
  const mayListRoles = useRight(rights.listRoles)
  const accounts = useQuery({
    ...accountSearchQuery(settled, perKind),
    enabled: settled !== '' && mode === 'all' && mayListRoles,
  })
  const accessLists = useListSearch(settled, mode === 'all' && asks)
  const isSettled = settled === wanted
  const resources = kinds.map((kind, at): FoundPart & { readonly kind: string } => ({
    kind: kind.name,
    found: (asks ? (lists[at]?.data ?? []) : []).map((item) => toFound(kind, item, mode)),
    isFresh: isSettled && lists[at]?.isPlaceholderData === false,
  }))
  const parts: readonly FoundPart[] = [
    { found: mode === 'all' ? near : [], isFresh: true },
    ...resources.filter(({ kind }) => kind === 'user'),
    { found: accessLists.found, isFresh: isSettled && accessLists.isFresh },
    // Before the roles: an account has hundreds of them, each with its name.
    {
      found: (settled === '' || mode !== 'all' ? [] : (accounts.data?.items ?? [])).map(
        ({ id, name }): Found => ({
          kind: 'Account',
          title: name,
          more: id,
          to: pagePaths.roles({ q: id, origin: 'system' }),
        }),
      ),
      isFresh: isSettled && !accounts.isPlaceholderData,
    },
    ...resources.filter(({ kind }) => kind !== 'user'),
  ]
  const leading = parts.find(({ found }) => found.length > 0)
  const searching =
    !isSettled || lists.some(({ isFetching }) => isFetching) || accounts.isFetching || accessLists.searching
  return {
    found: unique(parts.flatMap(({ found }) => found)),
    first: leading?.isFresh ? leading.found[0] : undefined,
    searching,
  }
}

/** What is known without asking: pages, actions, the applications of this person. */
function useNear(wanted: string): Found[] {
  const pages = useNavigation()
  const apps = useQuery(appsQuery)
  const actions = useActions()
  const all: Found[] = [
    ...pages.map(({ title, to }) => ({ kind: 'Page', title, to })),
    { kind: 'Page', title: 'Reviews due', to: pagePaths.accessLists({ filter: 'due' }) },
    ...actions,
    ...(apps.data ?? [])
      .filter(({ allowed }) => allowed)
      .map(({ title, loginUrl }) => ({
        kind: 'Sign in',
        title,
        to: loginUrl,
        load: true as const,
      })),
  ]
  return all.filter(({ title }) => title.toLowerCase().includes(wanted.toLowerCase()))
}

function useActions(): Found[] {
  const mayCreateRoles = useRight(rights.createRoles)
  const mayLock = useRight(rights.createLocks)
  const mayListUsers = useRight(rights.listUsers)
  const mayCreateLists = useRight(rights.createAccessLists)
  return [
    ...(mayCreateRoles ? [{ kind: 'Action', title: 'New role', to: pagePaths.newRole() }] : []),
    ...(mayCreateLists ? [{ kind: 'Action', title: 'New access list', to: pagePaths.newAccessList() }] : []),
    ...(mayLock && mayListUsers
      ? [{ kind: 'Action', title: 'Lock a person …', to: pagePaths.users(), then: 'lock' as const }]
      : []),
  ]
}

function toFound(
  kind: KindAnswer,
  item: Pick<ResourceItem, 'name' | 'description' | 'columns'>,
  mode: PaletteMode,
) {
  const found: Found = {
    kind: mode === 'lock' ? 'Lock' : startUpper(kind.title),
    title: item.name,
    // A lock is known by what it is on.
    more: item.description ?? (kind.name === 'lock' ? item.columns['target'] : undefined),
    to: hrefOf(kind.name, item.name, mode),
  }
  return found
}

function hrefOf(kind: string, name: string, mode: PaletteMode): string {
  if (kind === 'user') return pagePaths.user(name, mode === 'lock' ? { do: 'lock' } : {})
  if (kind === 'saml_idp_service_provider') return pagePaths.serviceProvider(name)
  return kind === 'role' ? pagePaths.role(name) : pagePaths.resource(kind, name)
}

/** What tells one from another, whatever else is found: its place alone would change with what comes later. */
export function keyOf({ kind, to }: Pick<Found, 'kind' | 'to'>): string {
  return `${kind} ${to}`
}

/** One entry for each place. */
function unique(found: readonly Found[]): Found[] {
  return [...new Map(found.toReversed().map((one) => [keyOf(one), one])).values()].reverse()
}
