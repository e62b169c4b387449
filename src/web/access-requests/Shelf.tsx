/** @module What is at hand for the next request: favourites, saved templates, what was asked for last. */
import { ActionIcon, Menu } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { ShelfAnswer } from '../../api/contract/access-requests.js'
import { forgetRequests, shelfQuery, takeOffShelf } from '../api/access-requests.js'
import { formatCount } from '../ui/format.js'
import { CrossIcon, StarIcon } from '../ui/Icons.js'
import { FormError } from '../ui/States.js'
import { addItems, basketItem, keyOf, type Basket, type BasketItem } from './basket.js'
import type { ChangeBasket } from './use-basket.js'

type Template = ShelfAnswer['items'][number]

/** Chips of one sort that are shown at once. */
const fewChips = 4

export function Shelf({ basket, change }: { basket: Basket; change: ChangeBasket }) {
  const shelf = useQuery(shelfQuery)
  const remove = useMutation({
    mutationFn: ({ kind, name }: Template) => takeOffShelf(kind, name),
    onSuccess: forgetRequests,
  })
  const has = new Set(basket.items.map(({ input }) => keyOf(input)))
  const items = shelf.data?.items ?? []
  const favourites = items
    .filter(({ kind }) => kind === 'favourite')
    .flatMap(({ shown }) => shown.map(basketItem))
  const starred = new Set(favourites.map(({ input }) => keyOf(input)))
  const recents = (shelf.data?.recents ?? [])
    .map(basketItem)
    .filter(({ input }) => !starred.has(keyOf(input)))
  const templates = items.filter(({ kind }) => kind === 'template')
  if (favourites.length + recents.length + templates.length === 0) return null
  const chips = (title: string, of: readonly BasketItem[], icon = false) =>
    of.length === 0 ? null : (
      <div className="gh-shelf" role="group" aria-label={title}>
        <span className="gh-shelf-title">{title}</span>
        {of.slice(0, fewChips).map((item) => {
          const key = keyOf(item.input)
          return (
            <button
              key={key}
              type="button"
              className="gh-chip"
              aria-pressed={has.has(key)}
              title={item.more}
              onClick={() => change((before) => addItems(before, [item]))}
            >
              {icon ? <StarIcon filled /> : null}
              {item.title}
            </button>
          )
        })}
        {of.length > fewChips ? (
          <Menu position="bottom-start">
            <Menu.Target>
              <button type="button" className="gh-chip">
                {of.length - fewChips} more …
              </button>
            </Menu.Target>
            <Menu.Dropdown>
              {of.slice(fewChips).map((item) => (
                <Menu.Item
                  key={keyOf(item.input)}
                  onClick={() => change((before) => addItems(before, [item]))}
                >
                  {item.title}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        ) : null}
      </div>
    )
  return (
    <div className="gh-shelves">
      {chips('Favourites', favourites, true)}
      {chips('Asked for last', recents)}
      {templates.length === 0 ? null : (
        <div className="gh-shelf" role="group" aria-label="Templates">
          <span className="gh-shelf-title">Templates</span>
          {templates.map((template) => (
            <span key={template.name} className="gh-shelf-template">
              <button
                type="button"
                className="gh-chip"
                onClick={() => change((before) => fromTemplate(before, template))}
              >
                {template.name}{' '}
                <span className="gh-chip-count">{formatCount(template.items.length, 'item')}</span>
              </button>
              <ActionIcon
                size="sm"
                aria-label={`Forget the template ${template.name}`}
                onClick={() => remove.mutate(template)}
                loading={remove.isPending && remove.variables.name === template.name}
              >
                <CrossIcon />
              </ActionIcon>
            </span>
          ))}
        </div>
      )}
      <FormError error={remove.error} />
    </div>
  )
}

/** What a person has written already stays. */
function fromTemplate(basket: Basket, { items, shown, reason, duration }: Template): Basket {
  const known = new Map(shown.map((one) => [keyOf(basketItem(one).input), basketItem(one)]))
  const added = addItems(
    basket,
    items.map((input) => known.get(keyOf(input)) ?? { input, title: titleOfInput(input), more: '' }),
  )
  return {
    ...added,
    reason: added.reason.trim() === '' ? reason : added.reason,
    duration: added.duration ?? duration,
  }
}

function titleOfInput(input: BasketItem['input']): string {
  return input.kind === 'assignment' ? `${input.permissionSet} on ${input.account}` : input.name
}
