/**
 * @module A process that is killed in the middle of its work: `node crash-child.ts URL before|after` dies by
 * SIGKILL inside its transaction, or right after it. Started by `sqlite.test.ts`.
 */
import { openStore } from '../../src/store/sql/open.js'
import { anEvent } from './builders.js'

const [url = '', moment] = process.argv.slice(2)
const store = await openStore({ url })
await store.transaction(async (tx) => {
  await tx.audit.append(anEvent('the last words'))
  if (moment === 'before') process.kill(process.pid, 'SIGKILL')
})
process.kill(process.pid, 'SIGKILL')
