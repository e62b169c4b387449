import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { problemsOf } from '../../src/web/access-requests/ask-problems.js'
import {
  addItems,
  emptyBasket,
  keyOf,
  maxItems,
  parseBasket,
  removeItems,
  toggleItem,
  type BasketItem,
} from '../../src/web/access-requests/basket.js'
import { ApiProblem } from '../../src/web/api/client.js'

const role = (name: string): BasketItem => ({ input: { kind: 'role', name }, title: name, more: 'Role' })
const pair = (account: string, permissionSet: string): BasketItem => ({
  input: { kind: 'assignment', account, permissionSet },
  title: `${permissionSet} on ${account}`,
  more: account,
})

describe('a basket', () => {
  test('has each item once, in the order in which they came', () => {
    const basket = addItems(emptyBasket, [role('a'), pair('1', 's'), role('a')])
    expect(basket.items.map(({ input }) => keyOf(input))).toEqual(['role/a', 'assignment/1/s'])
    expect(toggleItem(basket, role('a')).items).toEqual([pair('1', 's')])
    expect(toggleItem(toggleItem(basket, role('b')), role('b'))).toEqual(basket)
  })

  test('keeps the rest when items are taken out, and takes no more than a request may have', () => {
    const basket = { ...addItems(emptyBasket, [role('a'), role('b')]), reason: 'INC-1' }
    expect(removeItems(basket, new Set(['role/a']))).toEqual({ ...basket, items: [role('b')] })
    const many = Array.from({ length: maxItems + 5 }, (_, at) => role(`r${at}`))
    expect(addItems(emptyBasket, many).items).toHaveLength(maxItems)
  })

  test('a role and an application of one name are two items', () => {
    const app: BasketItem = { input: { kind: 'app', name: 'a' }, title: 'a', more: 'Application' }
    expect(addItems(emptyBasket, [role('a'), app]).items).toHaveLength(2)
  })
})

describe('what was written into the storage of the browser', () => {
  test('is read back as it was', () => {
    const basket = {
      ...addItems(emptyBasket, [role('a'), pair('1', 's')]),
      reason: 'INC-1',
      duration: '2h',
      startAt: '2026-11-23T10:00:00.000Z',
    }
    expect(parseBasket(JSON.stringify(basket))).toEqual(basket)
  })

  test.each([
    ['nothing', null],
    ['no JSON', '{'],
    ['another value', '[1]'],
    ['null', 'null'],
    [
      'items of another form',
      '{"items":[null,7,{"input":{"kind":"x","name":"y"}},{"input":{"kind":"role"}}]}',
    ],
    ['items that are no list', '{"items":{"length":3}}'],
    ['texts that are none', '{"items":[],"reason":{},"duration":4,"startAt":[]}'],
  ])('is empty where there is %s', (_, text) => {
    expect(parseBasket(text)).toEqual(emptyBasket)
  })

  test('whatever it is, a basket comes of it', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(Array.isArray(parseBasket(text).items)).toBe(true)
      }),
    )
  })
})

describe('what the server says against a request', () => {
  const refused = (...fields: { path: string; message: string }[]) =>
    new ApiProblem({
      type: 'urn:x',
      title: 'Not allowed',
      status: 403,
      code: 'REQUEST_NOT_ALLOWED',
      detail: 'No.',
      fields,
    })

  test('stands at its item, and nowhere else', () => {
    const { items, rest } = problemsOf(refused({ path: 'body.items.3', message: 'Not that one.' }))
    expect([[...items], rest]).toEqual([[[3, 'Not that one.']], undefined])
  })

  test('stands below all where it is about something else, or no answer came', () => {
    const error = refused(
      { path: 'body.items.0', message: 'Not that one.' },
      { path: 'body.duration', message: 'Too long.' },
    )
    expect(problemsOf(error)).toEqual({ items: new Map([[0, 'Not that one.']]), rest: error })
    const other = refused({ path: 'body.items.x', message: 'What?' })
    expect(problemsOf(other)).toEqual({ items: new Map(), rest: other })
    const down = new Error('down')
    expect(problemsOf(down)).toEqual({ items: new Map(), rest: down })
    expect(problemsOf(undefined).rest).toBeUndefined()
  })
})
