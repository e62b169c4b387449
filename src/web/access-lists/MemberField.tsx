/**
 * @module The name of a person or of a list to put in, found at the server: people by their names, as far as who may
 * change members learns of them; lists among those that the reader sees, by title or name.
 */
import type { Ref } from 'react'
import { findCandidates, listCardsPage, type MemberKey } from '../api/access-lists.js'
import { NameField, type Finder } from '../forms/NameField.js'

interface MemberFieldProps {
  /** The list that is changed; it is not offered to itself. */
  list: string
  kind: MemberKey['kind']
  label: string
  description?: string
  value: string
  onChange: (value: string) => void
  inputRef?: Ref<HTMLInputElement>
  error?: React.ReactNode
}

const maxOffered = 8

export function MemberField({ list, kind, ...field }: MemberFieldProps) {
  return (
    <NameField
      kind={kind === 'list' ? 'access_list' : 'user'}
      find={kind === 'list' ? findsLists(list) : findsPeople(list)}
      {...field}
    />
  )
}

function findsPeople(list: string): Finder {
  return {
    key: `candidates of ${list}`,
    least: 2,
    ask: (search, signal) => findCandidates(list, search, signal),
  }
}

/** Those whose members the reader sees: only these can be nested and copied. */
function findsLists(list: string): Finder {
  return {
    key: `lists beside ${list}`,
    least: 0,
    ask: async (search, signal) =>
      (await listCardsPage({ search, limit: 3 * maxOffered }, signal)).items
        .filter(({ name, userCount }) => name !== list && userCount !== undefined)
        .slice(0, maxOffered)
        .map(({ name, title }) => ({ name, ...(title !== name && { description: title }) })),
  }
}

/** The list that somebody means by its name or, where only one has it, by its title; else what they wrote. */
export async function nameOfList(written: string): Promise<string> {
  const { items } = await listCardsPage({ search: written, limit: 200 })
  if (items.some(({ name }) => name === written)) return written
  const same = items.filter(({ title }) => title.toLowerCase() === written.toLowerCase())
  return same.length === 1 ? (same[0]?.name ?? written) : written
}
