import { expect, test } from 'vitest'
import { Slots } from '../../src/aws/slots.js'

/** Work that ends when told to. */
function held(): { readonly work: () => Promise<void>; readonly end: () => void } {
  let end: () => void = () => undefined
  const done = new Promise<void>((resolve) => (end = resolve))
  return { work: () => done, end: () => end() }
}

test('urgent changes go before bulk work that waited longer', async () => {
  const slots = new Slots({ change: 1 })
  const order: string[] = []
  const first = held()
  const running = slots.run({ key: 'a', kind: 'change' }, { priority: 'bulk' }, first.work)
  const rest = (['bulk', 'normal', 'interactive', 'scan', 'interactive'] as const).map((priority, at) =>
    slots.run(
      { key: `k${at}`, kind: 'change' },
      { priority },
      async () => void order.push(`${priority} ${at}`),
    ),
  )
  first.end()
  await Promise.all([running, ...rest])
  expect(order).toEqual(['interactive 2', 'interactive 4', 'normal 1', 'bulk 0', 'scan 3'])
})

test('a busy key holds back its own work and nobody else', async () => {
  const slots = new Slots({ change: 2 })
  const order: string[] = []
  const first = held()
  const running = slots.run({ key: 'a', kind: 'change' }, { priority: 'normal' }, first.work)
  const same = slots.run(
    { key: 'a', kind: 'change' },
    { priority: 'interactive' },
    async () => void order.push('same'),
  )
  await slots.run({ key: 'b', kind: 'change' }, { priority: 'normal' }, async () => void order.push('other'))
  first.end()
  await Promise.all([running, same])
  expect(order).toEqual(['other', 'same'])
})

test('work that fails gives its turn to the next', async () => {
  const slots = new Slots({ change: 1 })
  await expect(
    slots.run({ key: 'a', kind: 'change' }, { priority: 'normal' }, () => Promise.reject(new Error('no'))),
  ).rejects.toThrow('no')
  await expect(
    slots.run({ key: 'a', kind: 'change' }, { priority: 'normal' }, () => Promise.resolve(1)),
  ).resolves.toBe(1)
})

test('whoever stopped waiting is passed over', async () => {
  const slots = new Slots({ change: 1 })
  const first = held()
  const stop = new AbortController()
  const running = slots.run({ key: 'a', kind: 'change' }, { priority: 'normal' }, first.work)
  const left = slots.run({ key: 'a', kind: 'change' }, { priority: 'normal', signal: stop.signal }, () =>
    Promise.resolve('never'),
  )
  const next = slots.run({ key: 'a', kind: 'change' }, { priority: 'normal' }, () => Promise.resolve('next'))
  stop.abort(new Error('gone'))
  await expect(left).rejects.toThrow('gone')
  first.end()
  await running
  expect(await next).toBe('next')
})

test('each kind has places of its own, and a key is busy for both', async () => {
  const slots = new Slots({ create: 1, delete: 1 })
  const order: string[] = []
  const first = held()
  const creating = slots.run({ key: 'a', kind: 'create' }, { priority: 'bulk' }, first.work)
  const same = slots.run({ key: 'a', kind: 'delete' }, { priority: 'interactive' }, async () => {
    order.push('same key')
  })
  const next = slots.run({ key: 'b', kind: 'create' }, { priority: 'interactive' }, async () => {
    order.push('same kind')
  })
  await slots.run({ key: 'b', kind: 'delete' }, { priority: 'bulk' }, async () => void order.push('other'))
  first.end()
  await Promise.all([creating, same, next])
  expect(order).toEqual(['other', 'same key', 'same kind'])
})
