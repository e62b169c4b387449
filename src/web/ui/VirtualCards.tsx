/**
 * @module Cards of any number, as many beside each other as there is room for, or rows: only those in view exist, more
 * are read when their place comes into view. They scroll with the page, and each tells its number in the whole.
 */
import { Text } from '@mantine/core'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useLayoutEffect, useRef, useState, type ReactNode, type RefObject } from 'react'

interface VirtualCardsProps<Item> {
  label: string
  items: readonly Item[]
  itemKey: (item: Item) => string
  children: (item: Item, index: number) => ReactNode
  /** The least width of a card, in pixels; without it there is one in a line. */
  minWidth?: number
  /** Height of most, in pixels. */
  estimate: number
  gap?: number
  /** Of all, where it is known; more than are loaded. */
  total?: number | undefined
  hasMore: boolean
  loadingMore: boolean
  onMore: () => void
}

/** Lines before the end at which the next page is asked for. */
const ahead = 8

export function VirtualCards<Item>({
  label,
  items,
  itemKey,
  children,
  minWidth,
  estimate,
  gap = 0,
  total,
  hasMore,
  loadingMore,
  onMore,
}: VirtualCardsProps<Item>) {
  const frame = useRef<HTMLDivElement>(null)
  const { top, columns } = usePlace(frame, minWidth, gap)
  const virtual = useWindowVirtualizer({
    count: Math.ceil(items.length / columns),
    estimateSize: () => estimate,
    overscan: 6,
    scrollMargin: top,
    gap,
    getItemKey: (line) => {
      const first = items[line * columns]
      return first === undefined ? line : `${columns} ${itemKey(first)}`
    },
  })
  const lines = virtual.getVirtualItems()
  const last = lines.at(-1)?.index ?? 0
  const wanted = hasMore && !loadingMore && (last + ahead) * columns >= items.length
  useEffect(() => {
    if (wanted) onMore()
    // Also where an answer has come and was not enough, without a moment in between that wants nothing.
  }, [wanted, onMore, items.length])
  return (
    <>
      <div
        role="list"
        aria-label={label}
        ref={frame}
        style={{ position: 'relative', height: virtual.getTotalSize() }}
      >
        {lines.map((line) => (
          <div
            key={line.key}
            ref={virtual.measureElement}
            data-index={line.index}
            className="gh-card-line"
            style={{
              gap,
              gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
              transform: `translateY(${line.start - virtual.options.scrollMargin}px)`,
            }}
          >
            {items.slice(line.index * columns, (line.index + 1) * columns).map((item, at) => {
              const index = line.index * columns + at
              return (
                <div
                  key={itemKey(item)}
                  role="listitem"
                  aria-setsize={hasMore ? (total ?? -1) : items.length}
                  aria-posinset={index + 1}
                >
                  {children(item, index)}
                </div>
              )
            })}
          </div>
        ))}
      </div>
      {hasMore && total !== undefined ? (
        <Text size="sm" c="dimmed" role="status" mt="sm">
          {items.length.toLocaleString('en')} of {total.toLocaleString('en')}
        </Text>
      ) : null}
    </>
  )
}

/** Where the frame begins on the page, and how many cards fit beside each other in it. */
function usePlace(frame: RefObject<HTMLDivElement | null>, minWidth: number | undefined, gap: number) {
  const [place, setPlace] = useState({ top: 0, columns: 1 })
  useLayoutEffect(() => {
    const element = frame.current
    if (element === null) return
    const measure = () => {
      const { top, width } = element.getBoundingClientRect()
      const columns = minWidth === undefined ? 1 : Math.max(1, Math.floor((width + gap) / (minWidth + gap)))
      const next = { top: Math.round(top + window.scrollY), columns }
      setPlace((before) => (before.top === next.top && before.columns === next.columns ? before : next))
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [frame, minWidth, gap])
  return place
}
