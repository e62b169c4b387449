/**
 * @module The same store, which tells when a transaction was committed, and when one has written something for
 * webhooks: whoever sends is woken by what was written, not by whoever wrote it.
 */
import type { OutboxStore, Store, StoreTransaction } from '../store/store.js'

export interface Wakes {
  readonly onCommit: () => void
  /** Something new waits for webhooks. */
  readonly onWebhook: () => void
}

export function wakeAfterCommit(store: Store, { onCommit, onWebhook }: Wakes): Store {
  const transaction: Store['transaction'] = async (work) => {
    let writes = false
    const noteWrite = (): void => {
      writes = true
    }
    const result = await store.transaction(async (tx) => {
      writes = false
      return await work(watched(tx, noteWrite))
    })
    onCommit()
    if (writes) onWebhook()
    return result
  }
  return new Proxy(store, {
    get(target, name) {
      if (name === 'transaction') return transaction
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(target) : value
    },
  })
}

function watched(tx: StoreTransaction, noteWrite: () => void): StoreTransaction {
  const add: OutboxStore['add'] = async (messages) => {
    const added = await tx.outbox.add(messages)
    if (added > 0 && messages.some(({ channel }) => channel === 'webhook')) noteWrite()
    return added
  }
  const outbox = new Proxy(tx.outbox, {
    get(target, name) {
      if (name === 'add') return add
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(target) : value
    },
  })
  return { ...tx, outbox }
}
