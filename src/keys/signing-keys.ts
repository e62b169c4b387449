/**
 * @module Signing keys by purpose. The first is made at first use; then `addNext` publishes a second one, which
 * relying parties import while the first still signs, and `promoteNext` lets it sign. Keys live in the store, sealed;
 * this object holds them open for as long as the store says so and looks again after a short while, since another
 * replica may have changed them. A private key leaves only as a KeyObject and is never logged.
 */
import { createPrivateKey, type KeyObject } from 'node:crypto'
import { buildEvent, type AuditFacts } from '../core/audit/event.js'
import { GatewayError } from '../core/error.js'
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
}

export interface ManagedSigningKeys extends SigningKeys {
  /** Every key of the purpose with its state, oldest first, retired ones included: they verify what they signed. */
  list(): Promise<PublicKeyRecord[]>
  /**
   * Makes the key that will sign after the current one and publishes its certificate.
   * @throws GatewayError `ALREADY_EXISTS` when one is waiting.
   */
  addNext(actor?: string): Promise<PublicKeyRecord>
  /**
   * Lets the waiting key sign and retires the current one. Relying parties must know the new one by then.
   * @throws GatewayError `NOT_FOUND` when none is waiting.
   */
  promoteNext(actor?: string): Promise<PublicKeyRecord>
}

export type PublicKeyRecord = Omit<StoredKey, 'sealedPrivateKey'>

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

  const create = async (tx: StoreTransaction, key: StoredKey, user: string | undefined) => {
    await tx.keys.create(key)
    const fields = { purpose, key_id: key.id, state: key.state }
    await appendEvent(tx, { event: 'signing_key.create', success: true, user, fields })
  }

  async function read(): Promise<Snapshot> {
    let keys = await store.keys.list(purpose)
    if (!keys.some(isCurrent)) {
      // Made outside the transaction, since RSA takes a while; a replica that was quicker wins.
      const first: StoredKey = { ...(await order()), state: 'current' }
      await store.transaction(async (tx) => {
        if (!(await tx.keys.list(purpose)).some(isCurrent)) await create(tx, first, undefined)
      })
      options.onCommit?.()
      keys = await store.keys.list(purpose)
    }
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

    async addNext(actor) {
      await latest()
      const next: StoredKey = { ...(await order()), state: 'next' }
      await store.transaction(async (tx) => {
        const waiting = (await tx.keys.list(purpose)).find(isNext)
        if (waiting) {
          throw new GatewayError(
            'ALREADY_EXISTS',
            `a next ${purpose} key is waiting already (${waiting.id}); promote it before you add another`,
            { id: waiting.id },
          )
        }
        await create(tx, next, actor)
      })
      forget()
      options.onCommit?.()
      return publicPart(next)
    },

    async promoteNext(actor) {
      const promoted = await store.transaction(async (tx) => {
        const keys = await tx.keys.list(purpose)
        const next = keys.find(isNext)
        if (next === undefined) {
          throw new GatewayError('NOT_FOUND', `no next ${purpose} key is waiting; add one first`, { purpose })
        }
        const retired = keys.filter(isCurrent).map(({ id }) => id)
        for (const id of retired) await tx.keys.setState(id, 'retired')
        await tx.keys.setState(next.id, 'current')
        const fields = { purpose, key_id: next.id, state: 'current', retired_key_ids: retired }
        await appendEvent(tx, { event: 'signing_key.update', success: true, user: actor, fields })
        return publicPart({ ...next, state: 'current' })
      })
      forget()
      options.onCommit?.()
      return promoted
    },
  }
}

function isCurrent({ state }: StoredKey): boolean {
  return state === 'current'
}

function isNext({ state }: StoredKey): boolean {
  return state === 'next'
}

function publicPart({
  id,
  purpose,
  state,
  publicKeyPem,
  certificatePem,
  createdAt,
  notAfter,
}: StoredKey): PublicKeyRecord {
  return { id, purpose, state, publicKeyPem, certificatePem, createdAt, notAfter }
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
