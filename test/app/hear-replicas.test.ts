/** What a replica does with notices of others: at once, and not for each of many. */
import { expect, onTestFinished, test, vi } from 'vitest'
import { hearReplicas } from '../../src/app/hear-replicas.js'

function hearing() {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const done: string[] = []
  const heard = hearReplicas({
    look: () => void done.push('look'),
    chain: () => void done.push('chain'),
    send: (channel) => void done.push(channel),
  })
  return { done, ...heard }
}

test('a commit is looked at at once, a burst once more, and events of the dead are chained a little later', () => {
  const { hear, done } = hearing()
  for (let times = 0; times < 50; times++) hear('commit')
  expect(done).toEqual(['look'])
  vi.advanceTimersByTime(999)
  expect(done).toEqual(['look', 'look'])
  vi.advanceTimersByTime(1)
  expect(done).toEqual(['look', 'look', 'chain'])
  hear('commit')
  expect(done.at(-1)).toBe('look')
})

test('mail and webhooks are sent at once', () => {
  const { hear, done } = hearing()
  hear('mail')
  hear('webhook')
  expect(done).toEqual(['mail', 'webhook'])
})

test('events of one that died without a word are chained within a minute; afterwards nothing is done any more', async () => {
  const heard = hearing()
  vi.advanceTimersByTime(60_000)
  expect(heard.done).toEqual(['chain'])
  heard.hear('commit')
  await heard[Symbol.asyncDispose]()
  vi.advanceTimersByTime(120_000)
  expect(heard.done).toEqual(['chain', 'look'])
})
