/** @module Which stretch of the audit log retention removes next. */
import { expect, test } from 'vitest'
import { choosePruneHead, type PruneLimits } from '../../../src/core/audit/retention.js'
import { day } from '../../../src/core/time.js'

/** One head a day, each over ten events: 10 on day 0, 20 on day 1, up to 100 on day 9. */
const heads = Array.from({ length: 10 }, (_, at) => ({ sequence: (at + 1) * 10, signedAt: at * day }))
const limits: PruneLimits = {
  first: 1,
  newestHead: 100,
  now: 36 * day,
  retentionDays: 30,
  keptBack: undefined,
  atMost: 1000,
}

test.each<[string, Partial<PruneLimits>, number | undefined]>([
  ['the newest head that is older than the retention', {}, 60],
  ['nothing before anything is old enough', { now: 30 * day }, undefined],
  ['never the newest head', { now: 1000 * day }, 90],
  ['nothing where there is one head alone', { now: 1000 * day, newestHead: 10 }, undefined],
  ['nothing that a sink has not taken', { keptBack: 40 }, 30],
  ['nothing while a sink has taken nothing', { keptBack: 1 }, undefined],
  ['a stretch of a bounded size', { atMost: 25 }, 20],
  ['a stretch that is larger where heads are far apart', { atMost: 1 }, 10],
  ['what comes after what went', { first: 21, atMost: 10 }, 30],
  ['nothing that went already', { first: 61 }, undefined],
])('%s', (_, change, wanted) => {
  expect(choosePruneHead(heads, { ...limits, ...change })?.sequence).toBe(wanted)
})
