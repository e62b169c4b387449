/** @module Signing keys on the wire: public halves only. */
import type { SigningKeysAnswer } from '../api/contract.js'
import { GatewayError } from '../core/error.js'
import type { KeyRolloverPurpose } from '../core/key/rollover.js'
import { formatInstant } from '../core/time.js'
import type { DescribedKeys } from '../service/keys/describe-keys.js'

/** The purpose that a path names. @throws GatewayError `NOT_FOUND`. */
export function keyPurposeOf(kind: string | undefined): KeyRolloverPurpose {
  if (kind === 'saml' || kind === 'audit' || kind === 'oidc') return kind
  throw new GatewayError(
    'NOT_FOUND',
    `there are no keys of the kind "${(kind ?? '').slice(0, 40)}"; there are saml, audit and oidc`,
  )
}

export function toSigningKeysAnswer({
  purpose,
  keys,
  phase,
  possible,
  advice,
}: DescribedKeys): SigningKeysAnswer {
  return {
    kind: purpose,
    keys: keys.map(({ id, state, fingerprint, certificatePem, createdAt, notAfter }) => ({
      id,
      state,
      ...(fingerprint !== undefined && { fingerprint }),
      ...(certificatePem !== undefined && { certificatePem }),
      createdAt: formatInstant(createdAt),
      ...(notAfter !== undefined && { notAfter: formatInstant(notAfter) }),
    })),
    phase,
    possible: [...possible],
    advice: [...advice],
  }
}
