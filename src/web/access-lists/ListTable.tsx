/** @module Access lists as a table. */
import { Text } from '@mantine/core'
import { Link } from 'react-router'
import type { ListCard } from '../../api/contract/access-lists.js'
import { pagePaths } from '../path-builder.js'
import { partWords, sizeWords } from '../ui/access-list-words.js'
import { BreakableName } from '../ui/BreakableName.js'
import { VirtualTable, type Column } from '../ui/VirtualTable.js'
import { ListBadges } from './ListCardTile.js'
import { OwnerNames } from './OwnerNames.js'

interface ListTableProps {
  cards: readonly ListCard[]
  total: number | undefined
  hasMore: boolean
  loadingMore: boolean
  onMore: () => void
}

export function ListTable({ cards, ...paging }: ListTableProps) {
  return (
    <VirtualTable
      label="Access lists"
      rows={cards}
      rowKey={({ name }) => name}
      columns={columns}
      {...paging}
    />
  )
}

const columns: readonly Column<ListCard>[] = [
  {
    key: 'title',
    title: 'List',
    width: 'minmax(0, 2fr)',
    cell: ({ name, title, problem, description }) => (
      <>
        <Link to={pagePaths.accessList(name)} className="gh-row-link">
          <BreakableName value={title} />
        </Link>
        <Text size="xs" c={problem ? 'red' : 'dimmed'} className="gh-clamp" lineClamp={1}>
          {problem ?? description}
        </Text>
      </>
    ),
  },
  {
    key: 'owners',
    title: 'Owners',
    width: 'minmax(0, 1.2fr)',
    wide: true,
    cell: (card) => (
      <span className="gh-clamp">
        <OwnerNames {...card} />
      </span>
    ),
  },
  {
    key: 'size',
    title: 'Members',
    width: '130px',
    wide: true,
    cell: (card) => sizeWords(card) ?? '–',
  },
  {
    key: 'part',
    title: 'Your part',
    width: 'minmax(0, 0.9fr)',
    wide: true,
    cell: (card) => partWords(card).join('; ') || '–',
  },
  {
    key: 'state',
    title: 'State',
    width: 'minmax(220px, 1.3fr)',
    cell: (card) => (
      <div className="gh-badges">
        <ListBadges card={card} />
      </div>
    ),
  },
]
