import { expect, test } from 'vitest'
import { Slots } from '../../src/aws/slots.js'

/** Work that ends when told to. */
function held(): { readonly work: () => Promise<void>; readonly end: () => void } {
  let end: () => void = () => undefined
  const done = new Promise<void>((resolve) => (end = resolve))
  return { work: () => done, end: () => end() }
}

test('urgent changes go before bulk work that waited longer', async () => {
  const slots = new Slots(1)
  const order: string[] = []
  const first = held()
  const running = slots.run('a', { priority: 'bulk' }, first.work)
  const rest = (['bulk', 'normal', 'interactive', 'scan', 'interactive'] as const).map((priority, at) =>
    slots.run(`k${at}`, { priority }, async () => void order.push(`${priority} ${at}`)),
  )
  first.end()
  await Promise.all([running, ...rest])
  expect(order).toEqual(['interactive 2', 'interactive 4', 'normal 1', 'bulk 0', 'scan 3'])
})

test('a busy key holds back its own work and nobody else', async () => {
  const slots = new Slots(2)
  const order: string[] = []
  const first = held()
  const running = slots.run('a', { priority: 'normal' }, first.work)
  const same = slots.run('a', { priority: 'interactive' }, async () => void order.push('same'))
  await slots.run('b', { priority: 'normal' }, async () => void order.push('other'))
  first.end()
  await Promise.all([running, same])
  expect(order).toEqual(['other', 'same'])
})

test('work that fails gives its turn to the next', async () => {
  const slots = new Slots(1)
  await expect(slots.run('a', { priority: 'normal' }, () => Promise.reject(new Error('no')))).rejects.toThrow(
    'no',
  )
  await expect(slots.run('a', { priority: 'normal' }, () => Promise.resolve(1))).resolves.toBe(1)
})

test('whoever stopped waiting is passed over', async () => {
  const slots = new Slots(1)
  const first = held()
  const stop = new AbortController()
  const running = slots.run('a', { priority: 'normal' }, first.work)
  const left = slots.run('a', { priority: 'normal', signal: stop.signal }, () => Promise.resolve('never'))
  const next = slots.run('a', { priority: 'normal' }, () => Promise.resolve('next'))
  stop.abort(new Error('gone'))
  await expect(left).rejects.toThrow('gone')
  first.end()
  await running
  expect(await next).toBe('next')
})
