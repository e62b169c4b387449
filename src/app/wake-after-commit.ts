/**
 * @module The same store, which tells when a transaction was committed, and when one has written mail or something for
 * webhooks: whoever sends is woken by what was written, not by whoever wrote it.
 */
import type { OutboxMessage, OutboxStore, Store, StoreTransaction } from '../store/store.js'

type Channel = OutboxMessage['channel']

export interface Wakes {
  readonly onCommit: () => void
  /** Something new waits in this channel of the outbox. */
  readonly onMessage: (channel: Channel) => void
}

export function wakeAfterCommit(store: Store, { onCommit, onMessage }: Wakes): Store {
  const transaction: Store['transaction'] = async (work) => {
    let written = new Set<Channel>()
    const result = await store.transaction(async (tx) => {
      // The work may run twice, and only what its last run wrote is there.
      written = new Set()
      return await work(watched(tx, written))
    })
    onCommit()
    for (const channel of written) onMessage(channel)
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

function watched(tx: StoreTransaction, written: Set<Channel>): StoreTransaction {
  const add: OutboxStore['add'] = async (messages) => {
    const added = await tx.outbox.add(messages)
    if (added > 0) for (const { channel } of messages) written.add(channel)
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
