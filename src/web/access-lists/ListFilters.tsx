/** @module Which access lists are shown, with how many there are of each, in which order and how; all of it in the URL. */
import { NativeSelect, SegmentedControl, TextInput } from '@mantine/core'
import type { ListCardsAnswer } from '../../api/contract/access-lists.js'
import type { ListFilter, ListSort } from '../api/access-lists.js'
import { SearchIcon } from '../ui/Icons.js'
import { filterTitles, listFilters, type ListsView } from './use-lists-view.js'

interface ListFiltersProps {
  view: ListsView
  counts: ListCardsAnswer['counts'] | undefined
  isWide: boolean
}

export function ListFilters({ view, counts, isWide }: ListFiltersProps) {
  return (
    <>
      <div className="gh-chips" role="group" aria-label="Which lists">
        {listFilters.map((filter: ListFilter) => (
          <button
            key={filter}
            type="button"
            className="gh-chip"
            aria-pressed={view.filter === filter}
            onClick={() => view.change({ filter })}
          >
            {filterTitles[filter]}{' '}
            <span className="gh-chip-count">{counts ? counts[filter].toLocaleString('en') : '…'}</span>
          </button>
        ))}
      </div>
      <div className="gh-list-tools">
        <TextInput
          aria-label="Search access lists"
          placeholder="Search title, name or description"
          leftSection={<SearchIcon />}
          value={view.text}
          onChange={(event) => view.type(event.currentTarget.value)}
          style={{ flex: '1 1 220px', maxWidth: 340 }}
        />
        <NativeSelect
          aria-label="Sorted by"
          value={view.sort}
          onChange={(event) => view.change({ sort: event.currentTarget.value === 'due' ? 'due' : 'title' })}
          data={sorts}
        />
        {isWide ? (
          <SegmentedControl
            aria-label="Shown as"
            value={view.isTable ? 'table' : 'cards'}
            onChange={(value) => view.change({ view: value === 'table' ? 'table' : undefined })}
            data={[
              { value: 'cards', label: 'Cards' },
              { value: 'table', label: 'Table' },
            ]}
          />
        ) : null}
      </div>
    </>
  )
}

const sorts: { value: ListSort; label: string }[] = [
  { value: 'title', label: 'By title' },
  { value: 'due', label: 'By next review' },
]
