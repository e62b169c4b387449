/** @module Whether somebody, or a list, of this name exists, and else which names are like it: for what people type. */
import { createSuggestions } from '../../core/access-list/suggest-names.js'
import { listCardsPage } from '../api/access-lists.js'
import { searchResources } from '../api/resources.js'

/** As many as the server tells in one answer. */
const most = 200
/** Whoever mistypes a name has its beginning right, mostly. */
const beginning = 3

export interface Near {
  readonly exists: boolean
  /** At most three. */
  readonly suggestions: readonly string[]
}

export async function findNear(kind: 'user' | 'list', name: string): Promise<Near> {
  const find = kind === 'user' ? findUsers : findLists
  const named = await find(name)
  if (named.includes(name)) return { exists: true, suggestions: [] }
  const like = await find(name.slice(0, beginning))
  return { exists: false, suggestions: createSuggestions([...new Set([...named, ...like])])(name) }
}

async function findUsers(search: string): Promise<string[]> {
  const found = await searchResources('user', { search, limit: most }, new AbortController().signal)
  return found.map(({ name }) => name)
}

async function findLists(search: string): Promise<string[]> {
  return (await listCardsPage({ search, limit: most })).items.map(({ name }) => name)
}
