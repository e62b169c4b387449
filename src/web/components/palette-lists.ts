/** @module Access lists in the palette: those that the person sees, and for those they own what owners do with them. */
import { useQuery } from '@tanstack/react-query'
import type { ListCard } from '../../api/contract/access-lists.js'
import { listSearchQuery } from '../api/access-lists.js'
import { pagePaths } from '../path-builder.js'
import type { Found, FoundPart } from './palette-search.js'

const perSearch = 5
/** "review on call" finds the list On call. */
const verbs = /^(?:review|add (?:people )?to|history of)\s+(?=\S)/i

export function useListSearch(text: string, isOn: boolean): FoundPart & { readonly searching: boolean } {
  const search = text.replace(verbs, '')
  const lists = useQuery({ ...listSearchQuery(search, perSearch), enabled: isOn && search !== '' })
  const items = isOn && search !== '' ? (lists.data?.items ?? []) : []
  const actions = items.flatMap(actionsOf)
  const named = text === search ? [] : actions.filter(({ title }) => startsAs(title, text))
  return {
    // Whoever names an action wants that first.
    found: [...named, ...items.map(toFound), ...actions.filter((one) => !named.includes(one))],
    isFresh: !lists.isPlaceholderData,
    searching: lists.isFetching,
  }
}

function startsAs(title: string, text: string): boolean {
  const [verb = ''] = text.split(/\s/)
  return title.toLowerCase().startsWith(verb.toLowerCase())
}

function toFound({ name, title }: ListCard): Found {
  return {
    kind: 'Access list',
    title,
    more: title === name ? undefined : name,
    to: pagePaths.accessList(name),
  }
}

/** Of lists that somebody owns; the pages themselves say where somebody may do it by a role. */
function actionsOf({ name, title, type, mine, review }: ListCard): Found[] {
  if (mine.owner === 'none') return []
  const isDue = review.state === 'soon' || review.state === 'overdue'
  return [
    {
      kind: 'Action',
      title: `Review ${title}`,
      more: isDue ? 'due' : undefined,
      to: pagePaths.accessListReview(name),
    },
    ...(type === 'standard'
      ? [
          {
            kind: 'Action',
            title: `Add people to ${title}`,
            to: pagePaths.accessList(name, { view: 'members' }),
          },
        ]
      : []),
    { kind: 'Action', title: `History of ${title}`, to: pagePaths.accessList(name, { view: 'history' }) },
  ]
}
