/** @module The owners of a list in a line: the first few, and how many more. */
import type { ListCard } from '../../api/contract/access-lists.js'

const shown = 2

export function OwnerNames({ owners, ownerCount }: Pick<ListCard, 'owners' | 'ownerCount'>) {
  if (ownerCount === 0) return <>no owner</>
  const named = owners.slice(0, shown)
  const more = ownerCount - named.length
  return (
    <>
      {named
        .map(({ kind, name, title }) => (kind === 'list' ? `everyone in ${title ?? name}` : name))
        .join(', ')}
      {more > 0 ? ` and ${more} more` : ''}
    </>
  )
}
