/**
 * One simulated process of the gateway: it shares the store with others and can be killed between any two steps. What it
 * had begun at the store is still written, as by a server that got the request; it never learns of it.
 */
import type { Timers } from '../../../src/lib/timers.js'
import type { Store, StoreTransaction } from '../../../src/store/store.js'
import type { Life, Scheduler } from './scheduler.js'

/** Hears what a process writes. */
export interface Listen {
  /** What it adds to `told` is called once the transaction is durable. */
  readonly listen: (tx: StoreTransaction, told: (() => void)[]) => StoreTransaction
  readonly note: (document: unknown) => void
}

/** Awaited by the dead. */
export const never = <T>(): Promise<T> => new Promise<T>(() => undefined)

export class SimProcess implements Life {
  readonly name: string
  readonly timers: Timers
  readonly store: Store
  #alive = true
  /** How far its clock is from the true time. */
  skewMs = 0
  readonly #scheduler: Scheduler
  /** Steps that are left until it dies; undefined for one that lives on. */
  #stepsLeft: number | undefined
  /** The same until it stalls, and for how long. */
  #stall: { stepsLeft: number; readonly ms: number } | undefined
  #stalledUntil = 0

  constructor(name: string, scheduler: Scheduler, store: Store, listen?: Listen) {
    this.name = name
    this.#scheduler = scheduler
    this.timers = {
      now: () => scheduler.clock.now() + this.skewMs,
      sleep: async (ms, signal) => {
        if (!this.#alive) await never()
        await scheduler.sleep(this, ms, signal)
        await this.goOn()
      },
    }
    this.store = mortalStore(store, this, listen)
  }

  get isAlive(): boolean {
    return this.#alive
  }

  kill(): void {
    this.#alive = false
  }

  /** Dies at the step of this number from now on, counted from 1. */
  dieAfter(steps: number): void {
    this.#stepsLeft = steps
  }

  /** At that step everything in it stands still for so long, and then goes on as if nothing had been. */
  stallAfter(steps: number, ms: number): void {
    this.#stall = { stepsLeft: steps, ms }
  }

  /** The crash hook: a step of a change begins or ends. */
  readonly onStep = async (): Promise<void> => {
    if (this.#stepsLeft !== undefined && --this.#stepsLeft <= 0) this.kill()
    if (this.#stall !== undefined && --this.#stall.stepsLeft <= 0) {
      this.#stalledUntil = this.#scheduler.clock.now() + this.#stall.ms
      this.#stall = undefined
    }
    await this.goOn()
  }

  readonly goOn = async (): Promise<void> => {
    if (!this.#alive) await never()
    const rest = this.#stalledUntil - this.#scheduler.clock.now()
    if (rest > 0) await this.#scheduler.sleep(this, rest)
    if (!this.#alive) await never()
  }
}

/** Answers only while the process lives. */
function mortalStore(store: Store, life: SimProcess, listen: Listen | undefined): Store {
  const wrapped = new WeakMap<object, object>()
  const wrap = (target: object): object => {
    const known = wrapped.get(target)
    if (known !== undefined) return known
    const methods = new Map<PropertyKey, unknown>()
    const proxy = new Proxy(target, {
      get(inner, name) {
        if (methods.has(name)) return methods.get(name)
        const value: unknown = Reflect.get(inner, name, inner)
        if (typeof value === 'object' && value !== null) return wrap(value)
        if (typeof value !== 'function') return value
        const method = (...args: unknown[]) => {
          if (!life.isAlive) return never()
          const result: unknown = Reflect.apply(value, inner, args)
          return result instanceof Promise ? whileAlive(result, life) : result
        }
        methods.set(name, method)
        return method
      },
    })
    wrapped.set(target, proxy)
    return proxy
  }
  // A proxy of a store answers everything that the store does.
  return wrap(listen === undefined ? store : listeningStore(store, listen)) as Store
}

function listeningStore(store: Store, { listen, note }: Listen): Store {
  const { notes: inner } = store
  const notes: Store['notes'] = {
    find: (name) => inner.find(name),
    delete: (name) => inner.delete(name),
    put: async (name, document) => {
      await inner.put(name, document)
      note(document)
    },
  }
  const transaction: Store['transaction'] = async (work) => {
    const told: (() => void)[] = []
    const result = await store.transaction((tx) => work(listen(tx, told)))
    for (const tell of told) tell()
    return result
  }
  return new Proxy(store, {
    get: (target, name) => {
      if (name === 'transaction') return transaction
      if (name === 'notes') return notes
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

async function whileAlive(result: Promise<unknown>, life: SimProcess): Promise<unknown> {
  try {
    const value = await result
    await life.goOn()
    return value
  } catch (error) {
    await life.goOn()
    throw error
  }
}
