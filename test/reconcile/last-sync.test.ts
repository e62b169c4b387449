/** What the status says of the last cycle. */
import { expect, test } from 'vitest'
import type { Action } from '../../src/core/plan/plan.js'
import type { ExecuteResult } from '../../src/reconcile/execute.js'
import { Failures } from '../../src/reconcile/failures.js'
import { sayLastSync } from '../../src/reconcile/last-sync.js'

type Failed = ExecuteResult['failed'][number]

const action: Action = {
  ...{ key: 'link.forget a', kind: 'link.forget', priority: 'normal', after: [], because: '' },
  principal: { kind: 'user', name: 'a', awsId: '1' },
}
const failed = (failure: Failed['failure']): Failed => ({
  ...{ action, failure },
  words: { says: 'it failed', remedy: 'try again' },
})

function say(succeeded: number, failures: readonly Failed['failure'][]) {
  const result: ExecuteResult = {
    ...{ succeeded, failed: failures.map(failed), ended: new Set(['one', 'two']) },
    ...{ stopped: undefined, wasInterrupted: false, held: undefined },
  }
  const progress = { lastSync: undefined }
  const memory = { progress, failures: new Failures([]) } as unknown as Parameters<
    typeof sayLastSync
  >[2]['memory']
  const said = sayLastSync(result, 0, { memory, isDone: false, now: 0 })
  return [said?.success, said?.says]
}

test('what the limits put off is no failure, as long as they let anything through', () => {
  expect(say(9, ['throttled', 'throttled'])).toEqual([
    true,
    '9 changes made, 0 failed. The limits of AWS put off 2, which follow.',
  ])
  expect(say(9, ['throttled', 'denied'])).toEqual([
    false,
    '9 changes made, 1 failed. The limits of AWS put off 1, which follow.',
  ])
  expect(say(0, ['throttled'])).toEqual([false, '0 changes made, 1 failed.'])
  expect(say(1, [])).toEqual([true, '1 change made, 0 failed.'])
})
