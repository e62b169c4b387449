import { describe, expect, test } from 'vitest'
import { Slots } from '../../src/authn/slots.js'

/** Tasks that end when told, with a count of those that run. */
function tasks(slots: Slots) {
  const seen = { running: 0, peak: 0, started: [] as number[] }
  const ends: (() => void)[] = []
  const start = (id: number): Promise<void> =>
    slots.run(async () => {
      seen.started.push(id)
      seen.running += 1
      seen.peak = Math.max(seen.peak, seen.running)
      await new Promise<void>((resolve) => ends.push(resolve))
      seen.running -= 1
    })
  const endOne = async (): Promise<void> => {
    ends.shift()?.()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { seen, start, endOne }
}

describe('slots', () => {
  test('newcomers that arrive while others finish neither overtake nor exceed the size', async () => {
    const { seen, start, endOne } = tasks(new Slots(2, 100))
    const all = [1, 2, 3, 4].map(start)
    for (let id = 5; id <= 12; id++) {
      await endOne()
      all.push(start(id))
    }
    for (let i = 0; i < 12; i++) await endOne()
    await Promise.all(all)
    expect(seen.peak).toBe(2)
    expect(seen.started).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
  })

  test('a task that fails gives its slot back', async () => {
    const slots = new Slots(1, 1)
    const fail = () => slots.run(() => Promise.reject(new Error('no')))
    for (let i = 0; i < 3; i++) await expect(fail()).rejects.toThrow('no')
    expect(await slots.run(() => Promise.resolve('yes'))).toBe('yes')
  })

  test('a full queue refuses at once, and takes new ones when it has room', async () => {
    const slots = new Slots(1, 1)
    const { start, endOne } = tasks(slots)
    const first = start(1)
    const second = start(2)
    await expect(start(3)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('too many'),
    })
    await endOne()
    const fourth = start(4)
    await endOne()
    await endOne()
    await Promise.all([first, second, fourth])
  })
})
