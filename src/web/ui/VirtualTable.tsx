/**
 * @module A table of any length: only the rows in view exist, more are read when their place comes into view. It
 * scrolls with the page. Every row tells its number, so that assistive technology knows where it is in the whole.
 */
import { Box, Button, Text } from '@mantine/core'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { memo, useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react'
import { SortHeader, type SortOrder } from './SortHeader.js'

export interface Column<Row> {
  readonly key: string
  readonly title: string
  /** Of the grid: `minmax(0, 2fr)`, `110px`. */
  readonly width: string
  readonly cell: (row: Row) => ReactNode
  /** Left out where the window is narrow. */
  readonly wide?: boolean
  /** For a column by which people may sort; the order is kept outside. */
  readonly sort?: { readonly order: SortOrder; readonly onSort: () => void }
}

interface VirtualTableProps<Row> {
  label: string
  rows: readonly Row[]
  rowKey: (row: Row) => string
  columns: readonly Column<Row>[]
  /** Of all rows, where it is known; more than are loaded. */
  total?: number | undefined
  hasMore: boolean
  loadingMore: boolean
  onMore: () => void
}

const rowHeight = 45
/** Rows before the end at which the next page is asked for. */
const ahead = 20

export function VirtualTable<Row>({
  label,
  rows,
  rowKey,
  columns,
  total,
  hasMore,
  loadingMore,
  onMore,
}: VirtualTableProps<Row>) {
  const body = useRef<HTMLDivElement>(null)
  const [top, setTop] = useState(0)
  useLayoutEffect(() => {
    if (body.current) setTop(body.current.getBoundingClientRect().top + window.scrollY)
  }, [])
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollMargin: top,
    getItemKey: (at) => {
      const row = rows[at]
      return row === undefined ? at : rowKey(row)
    },
  })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  const wanted = hasMore && !loadingMore && last >= rows.length - ahead
  useEffect(() => {
    if (wanted) onMore()
    // Also where an answer has come and was not enough, without a moment in between that wants nothing.
  }, [wanted, onMore, rows.length])
  const template = columns.map(({ width }) => width).join(' ')
  const narrow = columns.filter(({ wide }) => !wide).map(({ width }) => width)
  return (
    <>
      <Box
        role="table"
        aria-label={label}
        aria-rowcount={hasMore ? (total ?? -1) : rows.length + 1}
        className="gh-panel gh-vtable"
        __vars={{ '--gh-columns': template, '--gh-columns-narrow': narrow.join(' ') }}
      >
        <div role="rowgroup" className="gh-vtable-head">
          <div role="row" className="gh-vtable-row" aria-rowindex={1}>
            {columns.map(({ key, title, wide, sort }) => (
              <div key={key} role="columnheader" data-wide={wide} aria-sort={sort?.order}>
                {sort ? <SortHeader title={title} order={sort.order} onSort={sort.onSort} /> : title}
              </div>
            ))}
          </div>
        </div>
        <div
          role="rowgroup"
          ref={body}
          style={{ position: 'relative', height: virtual.getTotalSize() }}
          className="gh-vtable-body"
        >
          {items.map((item) => {
            const row = rows[item.index]
            if (row === undefined) return null
            return (
              <div
                key={item.key}
                role="row"
                ref={virtual.measureElement}
                data-index={item.index}
                aria-rowindex={item.index + 2}
                className="gh-vtable-row"
                style={{ transform: `translateY(${item.start - virtual.options.scrollMargin}px)` }}
              >
                <Cells row={row} columns={columns} />
              </div>
            )
          })}
        </div>
      </Box>
      <div className="gh-vtable-foot" hidden={!hasMore && total === undefined}>
        <Text size="sm" c="dimmed" role="status">
          {rows.length.toLocaleString('en')}
          {total === undefined
            ? hasMore
              ? ' loaded, more follow'
              : ''
            : ` of ${total.toLocaleString('en')}`}
        </Text>
        {hasMore ? (
          <Button variant="default" size="xs" onClick={onMore} loading={loadingMore}>
            Load more
          </Button>
        ) : null}
      </div>
    </>
  )
}

/** Drawn once for each row: each step of a wheel comes back to the rows that stay in view. */
const Cells = memo(CellsOf) as typeof CellsOf

function CellsOf<Row>({ row, columns }: { row: Row; columns: readonly Column<Row>[] }): ReactNode {
  return columns.map(({ key, cell, wide }, at) => (
    <div key={key} role={at === 0 ? 'rowheader' : 'cell'} data-wide={wide}>
      {cell(row)}
    </div>
  ))
}
