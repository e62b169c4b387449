/** @module The items of the basket, each with what speaks against it. */
import { ActionIcon, Text } from '@mantine/core'
import { CrossIcon } from '../ui/Icons.js'
import { keyOf, removeItems, type BasketItem } from './basket.js'
import type { ChangeBasket } from './use-basket.js'

interface BasketItemsProps {
  items: readonly BasketItem[]
  /** Words by place. */
  problems: ReadonlyMap<number, string>
  change: ChangeBasket
}

export function BasketItems({ items, problems, change }: BasketItemsProps) {
  return (
    <ul className="gh-basket-items" aria-label="What you ask for">
      {items.map((item, at) => (
        <li key={keyOf(item.input)} data-refused={problems.has(at)}>
          <div>
            <Text size="sm" fw={500}>
              {item.title}
            </Text>
            <Text size="xs" c="dimmed">
              {item.more}
            </Text>
            {problems.has(at) ? (
              <Text size="xs" c="red" role="alert">
                {problems.get(at)}
              </Text>
            ) : null}
          </div>
          <ActionIcon
            size="sm"
            aria-label={`Leave out ${item.title}`}
            onClick={() => change((before) => removeItems(before, new Set([keyOf(item.input)])))}
          >
            <CrossIcon />
          </ActionIcon>
        </li>
      ))}
    </ul>
  )
}
