/**
 * @module Tells where the rollover of a purpose's signing keys stands, what can be done now, and what to upload where.
 * Certificates and IDs only; private keys never come here.
 */
import { X509Certificate } from 'node:crypto'
import {
  adviseRollover,
  possibleSteps,
  rolloverPhase,
  type KeyRolloverPurpose,
  type RolloverPhase,
  type RolloverStep,
} from '../../core/key/rollover.js'
import { awsPreset } from '../../core/saml/attributes.js'
import type { PublicKeyRecord } from '../../keys/signing-keys.js'
import type { KeysDeps } from './deps.js'

export type DescribedKey = PublicKeyRecord & {
  /** SHA-256 of the certificate in colon-separated hex, as AWS and openssl show it. */
  readonly fingerprint: string | undefined
}

export interface DescribedKeys {
  readonly purpose: KeyRolloverPurpose
  /** The one that signs first, then next, then retired ones, newest first. */
  readonly keys: readonly DescribedKey[]
  readonly phase: RolloverPhase
  readonly possible: readonly RolloverStep[]
  readonly advice: readonly string[]
}

const ranks = { current: 0, next: 1, retired: 2 } as const

export async function describeKeys(deps: KeysDeps, purpose: KeyRolloverPurpose): Promise<DescribedKeys> {
  const keys = (await deps.managedKeys[purpose].list()).sort(
    (a, b) => ranks[a.state] - ranks[b.state] || b.createdAt - a.createdAt,
  )
  const serviceProviders = await deps.catalog.listServiceProviders()
  const phase = rolloverPhase(keys)
  return {
    purpose,
    keys: keys.map((key) => ({ ...key, fingerprint: fingerprintOf(key.certificatePem) })),
    phase,
    possible: possibleSteps(phase),
    advice: adviseRollover({
      purpose,
      phase,
      metadataUrl: `${deps.publicUrl}/saml/idp/metadata`,
      applications: serviceProviders.map(({ value }) => ({
        name: value.name,
        isIdentityCenter: value.preset === awsPreset,
      })),
      notAfter: keys.find(({ state }) => state === 'current')?.notAfter,
      now: deps.clock.now(),
    }),
  }
}

function fingerprintOf(certificatePem: string | undefined): string | undefined {
  return certificatePem === undefined ? undefined : new X509Certificate(certificatePem).fingerprint256
}
