/**
 * @module A process that dies by SIGKILL: `node crash-child.ts URL before|after UID` appends an audit event and is gone
 * before the end of its transaction, or right after it.
 */
import { buildEvent } from '../../src/core/audit/event.js'
import { openStore } from '../../src/store/sql/open.js'

const [url = '', moment, uid = ''] = process.argv.slice(2)
const store = await openStore({ url })
await store.transaction(async (tx) => {
  await tx.audit.append(
    buildEvent({ event: 'user.login', success: true }, { clusterName: 'test', uid, now: 1_795_341_600_000 }),
  )
  if (moment === 'before') process.kill(process.pid, 'SIGKILL')
})
process.kill(process.pid, 'SIGKILL')
