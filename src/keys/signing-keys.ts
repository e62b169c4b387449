/**
 * @module Signing keys by purpose. The first is made at first use; then `addNext` publishes a second one, which
 * relying parties import while the first still signs, `promoteNext` lets it sign, and `finish` forgets the first; the
 * order is that of `core/key/rollover.ts`. Keys live in the store, sealed;
 * this object holds them open for as long as the store says so and looks again after a short while, since another
 * replica may have changed them. A private key leaves only as a KeyObject and is never logged.
 */
import { createPrivateKey, type KeyObject } from 'node:crypto'
import { buildEvent, type AuditFacts } from '../core/audit/event.js'
import { GatewayError } from '../core/error.js'
import { possibleSteps, rolloverPhase, type RolloverStep } from '../core/key/rollover.js'
import { second, type DurationMs, type Instant } from '../core/time.js'
import type { Clock } from '../lib/clock.js'
import type { Random } from '../lib/random.js'
import type { KeyPurpose, Store, StoredKey, StoreTransaction } from '../store/store.js'
import type { Sealer, SigningKey, SigningKeys } from './keys.js'
import { makeKey, sealContext } from './make-key.js'

export interface SigningKeysOptions {
  readonly store: Store
  readonly sealer: Sealer
  readonly clock: Clock
  readonly random: Random
  readonly purpose: KeyPurpose
  readonly clusterName: string
  /** CN of certificates; the cluster's name where left out. */
  readonly commonName?: string
  /** How long a change that another replica made may go unnoticed. */
  readonly maxAgeMs?: DurationMs
  /** Called after a commit that appended an audit event. */
  readonly onCommit?: () => void
  /**
   * Asked before a waiting key begins to sign: rejects while those who verify do not know it yet (T13). Runs outside
   * of any transaction, since it may ask other machines.
   */
  readonly beforeSwitch?: (next: PublicKeyRecord) => Promise<void>
}

export interface ManagedSigningKeys extends SigningKeys {
  /** Every key of the purpose with its state, oldest first, retired ones included: they verify what they signed. */
  list(): Promise<PublicKeyRecord[]>
  /**
   * Makes the key that will sign after the current one and publishes its certificate. `fields` go into the audit event
   * beside what is said of the key, here and below.
   * @throws GatewayError `KEY_PHASE` unless the rollover is in the phase for it, here and below.
   */
  addNext(actor?: string, fields?: EventFields): Promise<PublicKeyRecord>
  /** Lets the waiting key sign and retires the current one. Relying parties must know the new one by then. */
  promoteNext(actor?: string, fields?: EventFields): Promise<PublicKeyRecord>
  /** Deletes the waiting key. */
  cancelNext(actor?: string, fields?: EventFields): Promise<void>
  /** Deletes retired private keys: of audit keys the public half stays, because signed heads stay too. */
  finish(actor?: string, fields?: EventFields): Promise<void>
}

export type PublicKeyRecord = Omit<StoredKey, 'sealedPrivateKey'> & {
  /** Whether the private half is gone. */
  readonly isWiped: boolean
}

type EventFields = NonNullable<AuditFacts['fields']>

/** In place of a sealed private key that was deleted. */
const wiped = ''

interface Snapshot {
  readonly readAt: Instant
  readonly keys: readonly StoredKey[]
}

/** Makes the object for one purpose; nothing is read or made before its first use. */
export function createSigningKeys(options: SigningKeysOptions): ManagedSigningKeys {
  const { store, sealer, clock, random, purpose, clusterName } = options
  const maxAgeMs = options.maxAgeMs ?? 5 * second
  const opened = new Map<string, SigningKey>()
  let snapshot: Snapshot | undefined
  let reading: Promise<Snapshot> | undefined

  /** What is being read may be older than a change of ours, so nobody is given it any more. */
  function forget(): void {
    snapshot = undefined
    reading = undefined
  }

  const order = () =>
    makeKey({ purpose, commonName: options.commonName ?? clusterName, now: clock.now(), random, sealer })

  const appendEvent = async (tx: StoreTransaction, facts: AuditFacts) => {
    const envelope = { clusterName, uid: random.uuid(), now: clock.now() }
    await tx.audit.append(buildEvent(facts, envelope))
  }

  const create = async (
    tx: StoreTransaction,
    key: StoredKey,
    user: string | undefined,
    more: EventFields | undefined,
  ) => {
    await tx.keys.create(key)
    const fields = { ...more, purpose, key_id: key.id, state: key.state }
    await appendEvent(tx, { event: 'signing_key.create', success: true, user, fields })
  }

  const tellDeletion = async (
    tx: StoreTransaction,
    key: StoredKey,
    user: string | undefined,
    more: EventFields | undefined,
  ) => {
    const fields = { ...more, purpose, key_id: key.id, state: key.state }
    await appendEvent(tx, { event: 'signing_key.delete', success: true, user, fields })
  }

  /** Runs a step of the rollover in a transaction of its own, if it is possible now. */
  async function takeStep<T>(
    step: RolloverStep,
    work: (tx: StoreTransaction, keys: readonly StoredKey[]) => Promise<T>,
  ): Promise<T> {
    const result = await store.transaction(async (tx) => {
      const keys = await tx.keys.list(purpose)
      const phase = rolloverPhase(keys.map(publicPart))
      const possible = possibleSteps(phase)
      if (!possible.includes(step)) {
        const message = `the ${purpose} keys are ${phase}, so "${step}" is not possible now; possible: ${possible.join(', ')}`
        throw new GatewayError('KEY_PHASE', message, { purpose, phase, possible })
      }
      return await work(tx, keys)
    })
    forget()
    options.onCommit?.()
    return result
  }

  async function read(): Promise<Snapshot> {
    let keys = await store.keys.list(purpose)
    if (!keys.some(isCurrent)) {
      // Made outside the transaction, since RSA takes a while; a replica that was quicker wins.
      const first: StoredKey = { ...(await order()), state: 'current' }
      await store.transaction(async (tx) => {
        if (!(await tx.keys.list(purpose)).some(isCurrent)) await create(tx, first, undefined, undefined)
      })
      options.onCommit?.()
      keys = await store.keys.list(purpose)
    }
    // A key that was deleted, here or by another replica, is not held open any longer.
    for (const id of opened.keys()) if (!keys.some((key) => key.id === id && !isWiped(key))) opened.delete(id)
    return { readAt: clock.now(), keys }
  }

  /** Several callers share one reading. */
  async function latest(): Promise<Snapshot> {
    if (snapshot && Math.abs(clock.now() - snapshot.readAt) < maxAgeMs) return snapshot
    const mine = (reading ??= read())
    try {
      const result = await mine
      if (reading === mine) snapshot = result
      return result
    } finally {
      if (reading === mine) reading = undefined
    }
  }

  async function openKey(stored: StoredKey): Promise<SigningKey> {
    const known = opened.get(stored.id)
    if (known) return known
    const pem = await sealer.unseal(stored.sealedPrivateKey, sealContext(purpose, stored.id))
    const { id, publicKeyPem, certificatePem } = stored
    const key: SigningKey = { id, privateKey: parsePrivateKey(pem, id), publicKeyPem, certificatePem }
    opened.set(id, key)
    return key
  }

  return {
    async current() {
      const stored = (await latest()).keys.find(isCurrent)
      if (stored === undefined) throw new GatewayError('INTERNAL', `there is no current ${purpose} key`)
      return await openKey(stored)
    },

    async publishedCertificates() {
      const { keys } = await latest()
      return [...keys.filter(isCurrent), ...keys.filter(isNext)].flatMap(
        ({ certificatePem }) => certificatePem ?? [],
      )
    },

    async list() {
      await latest()
      return (await store.keys.list(purpose)).map(publicPart)
    },

    async addNext(actor, fields) {
      await latest()
      const next: StoredKey = { ...(await order()), state: 'next' }
      return await takeStep('prepare', async (tx) => {
        await create(tx, next, actor, fields)
        return publicPart(next)
      })
    },

    async promoteNext(actor, more) {
      const checked = (await store.keys.list(purpose)).find(isNext)
      if (checked !== undefined) await options.beforeSwitch?.(publicPart(checked))
      return await takeStep('switch', async (tx, keys) => {
        const next = keys.find(isNext)
        if (next === undefined) throw new GatewayError('INTERNAL', `no next ${purpose} key is waiting`)
        if (next.id !== checked?.id) {
          const message = `another next ${purpose} key was made meanwhile; look at it and switch again`
          throw new GatewayError('CONFLICT', message, { purpose })
        }
        const retired = keys.filter(isCurrent).map(({ id }) => id)
        for (const id of retired) await tx.keys.setState(id, 'retired')
        await tx.keys.setState(next.id, 'current')
        const fields = { ...more, purpose, key_id: next.id, state: 'current', retired_key_ids: retired }
        await appendEvent(tx, { event: 'signing_key.update', success: true, user: actor, fields })
        return publicPart({ ...next, state: 'current' })
      })
    },

    async cancelNext(actor, fields) {
      await takeStep('cancel', async (tx, keys) => {
        for (const key of keys.filter(isNext)) {
          await tx.keys.delete(key.id)
          await tellDeletion(tx, key, actor, fields)
        }
      })
    },

    async finish(actor, fields) {
      await takeStep('finish', async (tx, keys) => {
        for (const key of keys.filter((one) => isRetired(one) && !isWiped(one))) {
          await tx.keys.delete(key.id)
          if (purpose === 'audit') await tx.keys.create({ ...key, sealedPrivateKey: wiped })
          await tellDeletion(tx, key, actor, fields)
        }
      })
    },
  }
}

function isCurrent({ state }: StoredKey): boolean {
  return state === 'current'
}

function isNext({ state }: StoredKey): boolean {
  return state === 'next'
}

function isRetired({ state }: StoredKey): boolean {
  return state === 'retired'
}

function isWiped({ sealedPrivateKey }: StoredKey): boolean {
  return sealedPrivateKey === wiped
}

function publicPart(key: StoredKey): PublicKeyRecord {
  const { id, purpose, state, publicKeyPem, certificatePem, createdAt, notAfter } = key
  return { id, purpose, state, publicKeyPem, certificatePem, createdAt, notAfter, isWiped: isWiped(key) }
}

function parsePrivateKey(pem: string, id: string): KeyObject {
  try {
    return createPrivateKey(pem)
  } catch {
    // No cause: an error of the parser could quote what it read.
    throw new GatewayError('INTERNAL', `the signing key ${id} is stored in a form that cannot be read`, {
      id,
    })
  }
}
