/**
 * @module What a person is about to ask for. It outlives a reload and an error, stays in this tab, and is kept apart for
 * each person who signs in to it. What is read back is read as what anybody could have written there.
 */
import type { RequestableInput, RequestableShown } from '../../api/contract/access-requests.js'
import { inputOf, titleOf } from '../ui/request-words.js'

export interface BasketItem {
  readonly input: RequestableInput
  /** "ReadOnly on production". */
  readonly title: string
  readonly more: string
}

export interface Basket {
  readonly items: readonly BasketItem[]
  readonly reason: string
  /** As the API writes it; the default without it. */
  readonly duration: string | undefined
  /** RFC 3339; at once without it. */
  readonly startAt: string | undefined
}

export const emptyBasket: Basket = { items: [], reason: '', duration: undefined, startAt: undefined }
/** As many as a request may have. */
export const maxItems = 200

/** Tells items apart: `assignment/ACCOUNT/SET`, `role/NAME`, `app/NAME`. */
export function keyOf(input: RequestableInput): string {
  return input.kind === 'assignment'
    ? `assignment/${input.account}/${input.permissionSet}`
    : `${input.kind}/${input.name}`
}

export function basketItem(shown: RequestableShown): BasketItem {
  return { input: inputOf(shown), ...titleOf(shown) }
}

/** What was there stays as it was; what is too much is left out. */
export function addItems(basket: Basket, items: readonly BasketItem[]): Basket {
  const known = new Map(basket.items.map((item) => [keyOf(item.input), item]))
  for (const item of items) {
    const key = keyOf(item.input)
    if (!known.has(key) && known.size < maxItems) known.set(key, item)
  }
  return { ...basket, items: [...known.values()] }
}

export function removeItems(basket: Basket, keys: ReadonlySet<string>): Basket {
  return { ...basket, items: basket.items.filter(({ input }) => !keys.has(keyOf(input))) }
}

export function toggleItem(basket: Basket, item: BasketItem): Basket {
  const key = keyOf(item.input)
  return basket.items.some(({ input }) => keyOf(input) === key)
    ? removeItems(basket, new Set([key]))
    : addItems(basket, [item])
}

/** The basket that was written, without what is not of its form. */
export function parseBasket(text: string | null): Basket {
  let value: unknown
  try {
    value = JSON.parse(text ?? '')
  } catch {
    return emptyBasket
  }
  if (!isRecord(value)) return emptyBasket
  const { items, reason, duration, startAt } = value
  const read = Array.isArray(items) ? items.map(parseItem).filter((item) => item !== undefined) : []
  return addItems(
    {
      items: [],
      reason: typeof reason === 'string' ? reason : '',
      duration: typeof duration === 'string' ? duration : undefined,
      startAt: typeof startAt === 'string' ? startAt : undefined,
    },
    read,
  )
}

function parseItem(value: unknown): BasketItem | undefined {
  if (!isRecord(value) || !isRecord(value['input'])) return undefined
  const { kind, name, account, permissionSet } = value['input']
  const { title, more } = value
  const words = { title: typeof title === 'string' ? title : '', more: typeof more === 'string' ? more : '' }
  if (kind === 'assignment' && typeof account === 'string' && typeof permissionSet === 'string') {
    return { input: { kind, account, permissionSet }, ...words }
  }
  if ((kind === 'role' || kind === 'app') && typeof name === 'string')
    return { input: { kind, name }, ...words }
  return undefined
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

const placeOf = (user: string) => `gatehouse.basket.${user}`

export function readBasket(user: string): Basket {
  return parseBasket(sessionStorage.getItem(placeOf(user)))
}

export function writeBasket(user: string, basket: Basket): void {
  try {
    sessionStorage.setItem(placeOf(user), JSON.stringify(basket))
  } catch {
    // A full or forbidden storage: the basket lives as long as its page.
  }
}
