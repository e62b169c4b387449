/** Replicas hear of each other's commits, also after their connections were broken. */
import { expect, onTestFinished, test, vi } from 'vitest'
import { createLogger } from '../../src/lib/logger.js'
import { openNotices } from '../../src/store/sql/notices.js'
import { queryPostgres } from '../support/postgres.js'
import { openRelay } from '../support/relay.js'
import { postgresEngine } from './engines.js'

const times = { retryMs: 10, longestRetryMs: 50, tryEveryMs: 50, answerMs: 200 }
const connected = ['commit', 'mail', 'webhook']

/** Notices of one replica, and what it has heard since it was connected. */
async function replica(url: string) {
  const heard: string[] = []
  const notices = openNotices({
    url,
    logger: createLogger('silent'),
    onNotice: (topic) => void heard.push(topic),
    times,
  })
  onTestFinished(() => notices[Symbol.asyncDispose]())
  await vi.waitFor(() => expect(heard).toEqual(connected))
  heard.length = 0
  return { notices, heard }
}

test('what one tells, the others hear and it does not; another gateway in the same database does not either', async () => {
  const url = await postgresEngine.newUrl()
  const [one, two] = [await replica(url), await replica(url)]
  const stranger = await replica(await postgresEngine.newUrl())
  one.notices.tell('commit')
  await vi.waitFor(() => expect(two.heard).toEqual(['commit']))
  two.notices.tell('mail')
  await vi.waitFor(() => expect(one.heard).toEqual(['mail']))
  expect([two.heard, stranger.heard]).toEqual([['commit'], []])
})

test('a burst is told at once and then once more', async () => {
  const url = await postgresEngine.newUrl()
  const [one, two] = [await replica(url), await replica(url)]
  for (let times = 0; times < 100; times++) one.notices.tell('commit')
  one.notices.tell('webhook')
  await vi.waitFor(() => expect(two.heard).toContain('webhook'))
  expect(two.heard).toEqual(['commit', 'commit', 'webhook'])
})

test('a connection that the server ends is made again, and everything is looked at once', async () => {
  const url = await postgresEngine.newUrl()
  const { heard } = await replica(url)
  await queryPostgres(
    url,
    `select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'gatehouse notices' and datname = current_database()`,
  )
  await vi.waitFor(() => expect(heard).toEqual(connected))
})

test('a network that is gone is noticed, and what was told meanwhile is told afterwards', async () => {
  const url = await postgresEngine.newUrl()
  const relay = await openRelay(url)
  const [one, two] = [await replica(relay.url), await replica(url)]
  await relay.hold()
  one.notices.tell('mail')
  // Longer than it takes to be noticed, so that a first attempt in the held network has failed, too.
  await new Promise((resolve) => setTimeout(resolve, 600))
  expect([one.heard, two.heard]).toEqual([[], []])
  await relay.mend()
  await vi.waitFor(() => expect(two.heard).toEqual(['mail']), 5000)
  expect(one.heard).toEqual(connected)
})

test('SQLite has nobody to tell', async () => {
  const heard: string[] = []
  await using notices = openNotices({
    url: 'sqlite::memory:',
    logger: createLogger('silent'),
    onNotice: (topic) => void heard.push(topic),
  })
  notices.tell('commit')
  expect(heard).toEqual([])
})
