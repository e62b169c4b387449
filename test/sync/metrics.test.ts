/** What `/metrics` tells after a sync that really worked, and that its document names the same. */
import { readFileSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import { renderMetrics } from '../../src/http/metrics.js'
import { readStatuses } from '../../src/service/identity-center/status.js'
import { minute } from '../../src/core/time.js'
import { plugin, scanned, settle, SyncWorld } from '../reconcile/sync-world.js'
import { team } from './in-aws.js'
import { serve, type ServedWorld } from './served-world.js'

const prefix = 'gatehouse_identity_center_'
let world: SyncWorld
let served: ServedWorld
afterEach(async () => {
  await world.timers.sleep(20_000)
  await world[Symbol.asyncDispose]()
})

async function metrics(): Promise<{
  readonly text: string
  readonly of: (line: string) => number | undefined
}> {
  const statuses = await readStatuses(served.deps)
  const { text } = await renderMetrics({ statuses, unreadable: [] }, world.timers.now())
  return {
    text,
    of: (line) => {
      const [name, labels] = line.split(' ')
      const more = labels === undefined ? '' : `,${labels}`
      const start = `${prefix}${name}{plugin="${plugin}"${more}} `
      const found = text.split('\n').find((one) => one.startsWith(start))
      return found === undefined ? undefined : Number(found.slice(start.length))
    },
  }
}

/** Works until nothing is left that can be done; the import came first. */
async function inStep(): Promise<void> {
  await world.store.notes.put(`aws-identity-center/${plugin}/imported`, { at: 0 })
  await scanned(world, served.runner)
  await settle(served.runner)
}

test('health, calls, throttled calls, ages, token, drift and errors have their values after a sync', async () => {
  world = await SyncWorld.open()
  served = serve(world)
  await team(3)(world)
  await world.fault('scim:CreateUser', 'throttle', 2)
  await inStep()
  const well = await metrics()
  expect(well.of('health health="healthy"')).toBe(1)
  expect(well.of('health health="failing"')).toBe(0)
  expect(well.of('credentials_ok')).toBe(1)
  expect(well.of('scim_token_days_left slot="1"')).toBe(115)
  expect(well.of('last_sync_success')).toBe(1)
  expect(well.of('objects_in_error')).toBe(0)
  expect(well.of('drift')).toBe(0)
  expect(['ready', 'held', 'open'].map((state) => well.of(`actions state="${state}"`))).toEqual([0, 0, 0])
  expect(well.of('queue')).toBe(0)
  expect(well.of('throttled_total service="scim"')).toBe(2)
  expect(well.of('throttled_total service="sso-admin"')).toBe(0)
  // Three users, a group and its members, and the two that were refused.
  expect(well.of('calls_total service="scim"')).toBeGreaterThanOrEqual(6)
  expect(well.of('calls_total service="sso-admin"')).toBeGreaterThan(5)
  expect(well.of('service_rate service="scim"')).toBeGreaterThan(0)

  const [syncAge = 0, scanAge = 0] = [well.of('last_sync_age_seconds'), well.of('last_scan_age_seconds')]
  await world.aws.advance(minute)
  const older = await metrics()
  expect(older.of('last_sync_age_seconds')).toBe(syncAge + 60)
  expect(older.of('last_scan_age_seconds')).toBe(scanAge + 60)
  expect(older.text).not.toContain('example.com')

  await world.fault('scim:CreateUser', 'error', null)
  await world.user('late@example.com')
  await served.runner.cycle()
  const ill = await metrics()
  expect(ill.of('objects_in_error')).toBe(1)
  expect(ill.of('last_sync_success')).toBe(0)
  expect(ill.of('health health="healthy"')).toBe(0)
})

test('the document names every metric that is exported, with its labels, and no other', async () => {
  world = await SyncWorld.open()
  served = serve(world)
  await team(1)(world)
  await inStep()
  const { text } = await metrics()
  const exported = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name]) => name)
  const document = readFileSync(new URL('../../docs/identity-center.md', import.meta.url), 'utf8')
  const rows = [...document.matchAll(/^\| `(gatehouse_\w+)` \| ([^|]+) \| ([^|]+) \|$/gm)]
  expect(rows.map(([, name]) => name).sort()).toEqual([...exported].sort())
  for (const [, name = '', unit = '', says = ''] of rows) {
    expect(`${unit}${says}`.trim()).not.toBe('')
    if (name.endsWith('_seconds') || name.endsWith('_seconds_left')) expect(unit).toBe('seconds')
    if (name.includes('_days_')) expect(unit).toBe('days')
    const labels = new Set(
      [...text.matchAll(new RegExp(`^${name}\\{plugin="[^"]*",(\\w+)=`, 'gm'))].map(([, label]) => label),
    )
    for (const label of labels) expect([name, says.includes(`\`${label}\``)]).toEqual([name, true])
  }
})
