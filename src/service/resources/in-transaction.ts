/** @module Work that is kept, or, in a dry run, done as far as the commit and then rolled back. */
import { GatewayError } from '../../core/error.js'
import type { Store, StoreTransaction } from '../../store/store.js'

/** Answers what `work` answers, whether or not it is kept. */
export async function inTransaction<T>(
  store: Store,
  dryRun: boolean,
  work: (tx: StoreTransaction) => Promise<T>,
): Promise<T> {
  if (!dryRun) return await store.transaction(work)
  const rollBack = new GatewayError('INTERNAL', 'a dry run is rolled back')
  let done: { readonly result: T } | undefined
  try {
    await store.transaction(async (tx) => {
      done = { result: await work(tx) }
      throw rollBack
    })
  } catch (error) {
    if (error !== rollBack || done === undefined) throw error
    return done.result
  }
  throw rollBack
}
